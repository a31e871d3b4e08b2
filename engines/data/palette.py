"""What to draw with for a model: the colours of the label maps or outlines it learnt.

A label map has a few colours and hardly anything else; an outline has paper, ink and
what lies between them where lines are smoothed. Photographs have neither.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.data.images import Rgb

Colour: TypeAlias = tuple[int, int, int]  # red, green, blue in 0..255
_Colours: TypeAlias = NDArray[np.int64]  # (N, 3)
_Counts: TypeAlias = NDArray[np.int64]  # (N,)

LABELS_COVER = 0.9
"""Part of all pixels that labels take: the rest are smoothed edges between them."""

_LOOKED_AT = 16_000  # pixels of one picture; no label is much smaller than that shows
_MIX_AT_MOST = 0.02  # of all pixels, for a colour that may be but a smoothed edge
_MIX_DISTANCE = 6.0  # from the straight line between two labels, of 255
# Of labels that a JPEG has roughened, far from edges and at them.
_ROUGH, _SPREAD = 12, 48  # of 255, in any channel
_ROUGH_COVER = 0.65  # of the pixels beside the most frequent label
_ROUGH_LEAST = 0.002  # of all pixels
_PAPER_COVERS = 0.5
_PAPER_NEAR = 16  # of 255: paper that a JPEG has roughened
_GREY_CHROMA = 12  # of 255
_SHARP = 0.995


def label_colours(pictures: Sequence[Rgb], limit: int = 24) -> tuple[Colour, ...]:
    """Find the colours of label maps or of line drawings, the most frequent first.

    Args:
        pictures: Inputs of a model, (H, W, 3) uint8 of any sizes, as they were drawn:
            made smaller, labels would blend.
        limit: How many colours to find at most.

    Returns:
        Every label of label maps, paper and ink of line drawings, and nothing where
        the pictures are something else, such as photographs.
    """
    if not pictures:
        return ()
    colours, counts = _counted(pictures)
    # Many greys are one ink on paper, however few of them most pixels have.
    if len(colours) > limit and (drawn := _paper_and_ink(colours, counts)):
        return drawn
    total = int(counts.sum())
    if counts[:limit].sum() < LABELS_COVER * total:
        return _rough_labels(colours, counts, limit)
    return _as_tuples(_without_mixes(colours[:limit], counts[:limit], total))


def border_colour(pictures: Sequence[Rgb]) -> Colour:
    """The colour that is most frequent at the edges of pictures; white without any."""
    if not pictures:
        return (255, 255, 255)
    edges = [
        np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])[None]
        for rgb in pictures
    ]
    colours, _ = _counted(edges)
    return _as_tuples(colours[:1])[0]


def has_soft_edges(pictures: Sequence[Rgb], colours: Sequence[Colour]) -> bool:
    """Whether lines in these drawings are smoothed, so that ink blends into paper.

    Args:
        pictures: Inputs at the size at which the model sees them.
        colours: Their `label_colours`. Edges between several labels are never meant
            to blend, as that would make other labels of them.
    """
    if len(colours) > 2 or not pictures:
        return False
    found, counts = _counted(pictures)
    exact = sum(counts[(found == colour).all(axis=1)].sum() for colour in colours)
    return bool(exact < _SHARP * counts.sum())


def _counted(pictures: Sequence[Rgb]) -> tuple[_Colours, _Counts]:
    """The colours there are and how many pixels have each, most frequent first."""
    keys = np.concatenate([_keys(rgb) for rgb in pictures])
    found, counts = np.unique(keys, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    found = found[order]
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    return colours, counts[order]


def _keys(rgb: Rgb) -> NDArray[np.int64]:
    """The colours of some evenly spread pixels, each as one number."""
    step = max(1, int(np.sqrt(rgb.shape[0] * rgb.shape[1] / _LOOKED_AT)))
    seen = rgb[::step, ::step].reshape(-1, 3).astype(np.int64)
    keys: NDArray[np.int64] = seen @ np.array([1 << 16, 1 << 8, 1])
    return keys


def _rough_labels(colours: _Colours, counts: _Counts, limit: int) -> tuple[Colour, ...]:
    """The colours around which all others gather; () where they do not gather."""
    modes: list[tuple[int, int]] = []  # pixels near a colour, and which colour
    is_left = np.ones(len(colours), np.bool_)
    while len(modes) < limit and is_left.any():
        index = int(is_left.argmax())
        apart = np.abs(colours - colours[index]).max(axis=1)
        modes.append((int(counts[apart <= _ROUGH].sum()), index))
        is_left &= apart > _SPREAD
    modes.sort(reverse=True)
    total, near = int(counts.sum()), [count for count, _ in modes]
    # Many a photograph has one plain background; it is the rest that tells.
    if sum(near[1:]) < _ROUGH_COVER * max(1, total - near[0]):
        return ()
    modes = [mode for mode in modes if mode[0] >= _ROUGH_LEAST * total]
    places = [index for _, index in modes]
    found = _without_mixes(colours[places], np.array(near[: len(modes)]), total, _ROUGH)
    return () if (np.ptp(found, axis=1) <= _GREY_CHROMA).all() else _as_tuples(found)


def _without_mixes(
    colours: _Colours, counts: _Counts, total: int, distance: float = _MIX_DISTANCE
) -> _Colours:
    """Leave out rare colours that lie between two more frequent ones."""
    kept: list[NDArray[np.int64]] = []
    for colour, count in zip(colours, counts, strict=True):
        if count > _MIX_AT_MOST * total or not _is_mix(colour, kept, distance):
            kept.append(colour)
    return np.array(kept)


def _is_mix(
    colour: NDArray[np.int64], of: Sequence[NDArray[np.int64]], distance: float
) -> bool:
    for index, one in enumerate(of):
        for other in of[:index]:
            along = other - one
            part = np.clip((colour - one) @ along / max(1, along @ along), 0, 1)
            if np.linalg.norm(one + part * along - colour) <= distance:
                return True
    return False


def _paper_and_ink(colours: _Colours, counts: _Counts) -> tuple[Colour, ...]:
    """White and black in the order of a drawing in greys, () if it is none."""
    chroma = np.ptp(colours, axis=1)
    if counts[chroma > _GREY_CHROMA].sum() > (1 - _SHARP) * counts.sum():
        return ()
    white, black = (255, 255, 255), (0, 0, 0)
    for paper, ink in ((white, black), (black, white)):
        near = np.abs(colours - paper).max(axis=1) <= _PAPER_NEAR
        if counts[near].sum() >= _PAPER_COVERS * counts.sum():
            return (paper, ink)
    return ()


def _as_tuples(colours: _Colours) -> tuple[Colour, ...]:
    return tuple((int(red), int(green), int(blue)) for red, green, blue in colours)
