"""What the Data page says of pictures: what they are for, and whether they suffice."""

from collections import Counter

from PySide6.QtCore import QCoreApplication

from engines.data.sets import PictureSet, Use

FEW, ENOUGH = 50, 2_000  # pairs to learn from
FEW_IN_STYLE, ENOUGH_IN_STYLE = 50, 500
FEW_SINGLE, ENOUGH_SINGLE = 200, 5_000


def use_words(use: Use) -> str:
    """A use in a few words, as a choice says it."""
    words: dict[Use, str] = {
        "pairs": _tr("Matching pairs"),
        "styles": _tr("Two styles"),
        "single": _tr("Pictures of one kind"),
        "colourise": _tr("Add colour"),
        "sharpen": _tr("Sharpen"),
        "fill": _tr("Fill holes"),
        "edges": _tr("Lines to picture"),
        "denoise": _tr("Remove noise"),
    }
    return words[use]


def reason(pictures: PictureSet) -> str:
    """Why its engine suits *pictures*, and whether there are enough of them."""
    if pictures.kind == "styles":
        return f"{_why_styles(pictures)} {_enough_styles(pictures)}"
    count = len(pictures.training)
    if pictures.kind == "single":
        return f"{_why_single(pictures)} {_enough_single(count)}"
    return f"{_why_pairs(pictures)} {_enough_pairs(count)}"


# ----------------------------------------------------------------------------
# Why.


def _why_pairs(pictures: PictureSet) -> str:
    if pictures.task is None:
        return _tr("You have matching pairs, so it can learn from the right answer.")
    made = {
        "colourise": _tr("It learns to add colour: the inputs are yours in grey."),
        "sharpen": _tr("It learns to sharpen: the inputs are yours, blurred."),
        "fill": _tr("It learns to fill holes: the inputs are yours with grey holes."),
        "edges": _tr("It learns to paint: the inputs are outlines of yours."),
        "denoise": _tr("It learns to remove noise: the inputs are yours with noise."),
    }
    return made[pictures.task]


def _why_styles(pictures: PictureSet) -> str:
    if "pairs" in pictures.uses:
        return _tr("Two styles: it learns to turn each into the other, without pairs.")
    return _tr("Two styles, no pairs: it learns to turn each into the other.")


def _why_single(pictures: PictureSet) -> str:
    if not pictures.classes:
        return _tr("Pictures of one kind: it learns to make new ones like them.")
    words = _tr("Pictures in {n} classes: it learns to make new ones like them.")
    return words.format(n=f"{len(pictures.classes):,}")


# ----------------------------------------------------------------------------
# Enough?


def _enough_pairs(count: int) -> str:
    if count < FEW:
        words = _tr(
            "With only {n} to learn from it will know them by heart and do badly on "
            "others; a few hundred are better."
        )
    elif count < ENOUGH:
        words = _tr("{n} are few for 256 pixels; 64 is a good start.")
    else:
        words = _tr("{n} are enough for 256 pixels, if you have the time.")
    return words.format(n=f"{count:,}")


def _enough_styles(pictures: PictureSet) -> str:
    counts = Counter(item.group for item in pictures.training)
    place = min((0, 1), key=lambda group: counts[group])
    count, style = counts[place], pictures.groups[place]
    if count < FEW_IN_STYLE:
        words = _tr(
            "With only {n} in {style} it cannot tell what the style is; a few hundred "
            "are better."
        )
    elif count < ENOUGH_IN_STYLE:
        words = _tr("{n} in {style} are few for 256 pixels; 64 is a good start.")
    else:
        words = _tr("There are enough of both.")
    return words.format(n=f"{count:,}", style=style)


def _enough_single(count: int) -> str:
    if count < FEW_SINGLE:
        words = _tr(
            "With only {n} to learn from it will copy them; a thousand are better."
        )
    elif count < ENOUGH_SINGLE:
        words = _tr("{n} are enough for small pictures, such as 32 or 64 pixels.")
    else:
        words = _tr("{n} are plenty.")
    return words.format(n=f"{count:,}")


def _tr(text: str) -> str:
    return QCoreApplication.translate("data_words", text)
