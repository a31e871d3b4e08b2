"""How the window says lengths of time, points in time, and room on a disk."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def duration(seconds: float) -> str:
    """About how long something takes: "about 40 s", "about 5 min", "about 3 h".

    Args:
        seconds: Not negative. Written as precisely as such an estimate can be.
    """
    if seconds < 5:
        return _tr("a few seconds")
    if seconds < 95:
        return _tr("about {n} s").format(n=_rounded(seconds, 5 if seconds < 30 else 10))
    if seconds < 90 * _MINUTE:
        return _tr("about {n} min").format(n=round(seconds / _MINUTE))
    if seconds < 36 * _HOUR:
        return _tr("about {n} h").format(n=round(seconds / _HOUR))
    return _tr("about {n} days").format(n=round(seconds / _DAY))


def time_left(seconds: float) -> str:
    """About how long it still takes: "about 2 min left"."""
    return _tr("{duration} left").format(duration=duration(seconds))


def ago(then: datetime, now: datetime) -> str:
    """When something was: "12 min ago", "yesterday", "Thursday", "3 Mar 2026".

    Args:
        then: With a time zone, not after *now* but by a clock put back.
        now: With a time zone.
    """
    seconds = (now - then).total_seconds()
    days = (now.astimezone().date() - then.astimezone().date()).days
    if seconds < _MINUTE:
        return _tr("just now")
    if seconds < _HOUR:
        return _tr("{n} min ago").format(n=int(seconds / _MINUTE))
    if days < 1:
        return _tr("{n} h ago").format(n=int(seconds / _HOUR))
    if days == 1:
        return _tr("yesterday")
    local = then.astimezone()
    if days < 7:
        return QLocale.c().dayName(local.isoweekday())
    return f"{local.day} {QLocale.c().monthName(local.month)[:3]} {local.year}"


def disk_room(free_bytes: int) -> str:
    """How much can still be written: "73 GB free"."""
    gigabytes = free_bytes / 1e9
    if gigabytes < 10:
        return _tr("{n} GB free").format(n=f"{gigabytes:.1f}")
    return _tr("{n} GB free").format(n=f"{gigabytes:,.0f}")


def _rounded(value: float, unit: int) -> int:
    return unit * round(value / unit)


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)
