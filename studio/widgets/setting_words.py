"""Settings in words: their values, their ranges, and numbers as people type them."""

from typing import Any

from PySide6.QtCore import QCoreApplication

from engines.configs import Setting


def setting_words(setting: Setting, value: Any) -> str:
    """Write a value as a person reads it: "64 × 64 pixels", "on", "2 s"."""
    if setting.kind == "choice":
        return str(dict(setting.choices).get(value, value))
    if setting.kind == "bool":
        return _tr("on") if value else _tr("off")
    return f"{number_words(value)} {setting.unit}".rstrip()


def number_words(value: float, *, grouped: bool = True) -> str:
    """Write a number in full, with an exponent only where it is tiny.

    Args:
        value: The number.
        grouped: Whether to set commas between thousands. Not in a field: what
            stands there has to be readable by `parse_number`.
    """
    if value != 0 and abs(value) < 1e-4:
        mantissa, exponent = f"{value:.6e}".split("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    return f"{value:,.10g}" if grouped else f"{value:.10g}"


def range_sentence(setting: Setting) -> str:
    """Say what a number setting takes: "Between 0 and 0.1. Usual: 0.0002."."""
    usual = _tr("Usual: {0}.").format(number_words(setting.default))
    if setting.low is not None and setting.high is not None:
        words = _tr("A whole number from {0} to {1}.")
        words = words if setting.kind == "int" else _tr("Between {0} and {1}.")
        rule = words.format(number_words(setting.low), number_words(setting.high))
    elif setting.kind == "int":
        rule = _tr("A whole number.")
    else:
        rule = _tr("A number.")
    return f"{rule} {usual}"


def parse_number(setting: Setting, text: str) -> float | None:
    """Read what was typed; None where it is no number that the setting takes.

    Decimal commas are understood, and in whole numbers spaces and commas between
    thousands.
    """
    plain = "".join(text.split())
    plain = plain.replace(",", "" if setting.kind == "int" else ".")
    try:
        value = int(plain) if setting.kind == "int" else float(plain)
    except ValueError:
        return None
    low = float("-inf") if setting.low is None else setting.low
    high = float("inf") if setting.high is None else setting.high
    return value if low <= value <= high and abs(value) < float("inf") else None


def rounded(value: float, digits: int) -> float:
    """Cut a number to its first *digits* digits, as one would choose it by hand."""
    return float(f"{value:.{digits}g}")


def _tr(words: str) -> str:
    return QCoreApplication.translate("setting_words", words)
