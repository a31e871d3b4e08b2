"""How the window says lengths of time, points in time, and room for bytes."""

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


def step_time(seconds: float) -> str:
    """How long one step of training takes: "13 ms a step", "0.13 s a step"."""
    if seconds < 0.0995:
        return _tr("{n} ms a step").format(n=f"{1000 * seconds:.2g}")
    digits = 2 if seconds < 0.995 else 1 if seconds < 9.95 else 0
    return _tr("{n} s a step").format(n=f"{seconds:,.{digits}f}")


def memory(needed_bytes: int, free_bytes: int | None) -> str:
    """How much memory something needs, of what is free: "1.1 of 17 GB memory"."""
    needed = _gigabytes(needed_bytes)
    if free_bytes is None:
        return _tr("{n} GB memory").format(n=needed)
    of_free, too_much = (
        _tr("{n} of {all} GB memory"),
        _tr("{n} GB memory, {all} GB free"),
    )
    words = of_free if needed_bytes <= free_bytes else too_much
    return words.format(n=needed, all=_gigabytes(free_bytes))


def disk_room(free_bytes: int) -> str:
    """How much can still be written: "73 GB free"."""
    return _tr("{n} GB free").format(n=_gigabytes(free_bytes))


def _gigabytes(size: int) -> str:
    """Bytes as "1.1", or "17" where there are many."""
    gigabytes = size / 1e9
    return f"{gigabytes:.1f}" if gigabytes < 9.95 else f"{gigabytes:,.0f}"


def _rounded(value: float, unit: int) -> int:
    return unit * round(value / unit)


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)
