"""Large pictures in overlapping tiles, blended into one another where they overlap.

A pixel near the edge of a tile is made without knowing what lies beyond. So of an
overlap, the quarter next to each tile's edge is not used, and over the half between
one tile fades into the next. Tiles come in bands, so that beside the picture and the
result only one band is kept in memory.

Shapes: H, W = sides of the picture, T = side of a tile, C = channels.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.errors import Cancelled

Floats: TypeAlias = NDArray[np.float32]

Make: TypeAlias = Callable[[slice, slice], Floats]
"""What a tile becomes: its rows and columns among those shown, to (T, T, C)."""

MIN_OVERLAP, MAX_OVERLAP = 64, 256  # pixels
_UNUSED = 4  # the share of an overlap, next to an edge, that is not used: 1/4


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Line:
    """Where tiles stand along one side of a picture, and how much each counts there.

    Attributes:
        side: Pixels of the picture.
        pixels: Which of them are shown, in order: all, mirrored at both ends until
            tiles fit.
        before: How many are shown before the first.
        tile: How many a tile shows.
        starts: Where in `pixels` each tile starts.
        shares: (tiles, tile) float32; over all tiles they add up to 1 at every pixel.
    """

    side: int
    pixels: NDArray[np.intp]
    before: int
    tile: int
    starts: tuple[int, ...]
    shares: Floats

    @classmethod
    def of(
        cls,
        side: int,
        tile: int,
        overlap: int,
        multiple: int,
        *,
        smallest: int = 1,
        least: int = 1,
    ) -> "Line":
        """Cover *side* pixels with tiles.

        Args:
            side: Pixels of the picture.
            tile: Pixels of a tile at most, a multiple of *multiple*. Smaller ones are
                taken where as many of them do.
            overlap: Pixels that neighbours share, at least, where *multiple* allows.
            multiple: Tiles start at multiples of this, so that layers with a stride
                see each pixel as they would in the whole picture; only a tile of
                this very size is moved by half of it.
            smallest: Pixels that one of several tiles has at least.
            least: Pixels to show at least.
        """
        length = _rounded_up(max(side, least), multiple)
        before = (length - side) // 2
        ends = (before, length - side - before)
        pixels = np.pad(np.arange(side), ends, mode="reflect")
        overlap = _rounded_up(overlap, multiple)
        tile = min(tile, length)
        tiles = 1 + -(-(length - tile) // _step(tile, overlap))
        even = _rounded_up(-(-(length + (tiles - 1) * overlap) // tiles), multiple)
        tile = min(tile, max(even, _rounded_up(smallest, multiple)))
        step = _step(tile, overlap)
        starts = (*range(0, length - tile, step), length - tile)
        shares = np.zeros((len(starts), tile), np.float32)
        total = np.zeros(length, np.float32)
        for number, start in enumerate(starts):
            shares[number] = _fade(
                tile, tile - step, left=number > 0, right=number < len(starts) - 1
            )
            total[start : start + tile] += shares[number]
        for number, start in enumerate(starts):
            shares[number] /= total[start : start + tile]
        return cls(
            side=side,
            pixels=pixels,
            before=before,
            tile=tile,
            starts=starts,
            shares=shares,
        )

    @property
    def places(self) -> list[slice]:
        """Of each tile, its part of `pixels`."""
        return [slice(start, start + self.tile) for start in self.starts]

    def inside(self, first: int, end: int) -> slice:
        """Of `pixels` from *first* to *end*, those that are no mirror images."""
        last = min(end, self.before + self.side)
        return slice(max(0, self.before - first), last - first)


def _rounded_up(pixels: int, multiple: int) -> int:
    return -(-pixels // multiple) * multiple


def _step(tile: int, overlap: int) -> int:
    """From one tile to the next; by half of one that is all overlap."""
    return tile - overlap if tile > overlap else max(1, tile // 2)


def _fade(tile: int, overlap: int, *, left: bool, right: bool) -> Floats:
    """(tile,) from 0 at the edges that have a neighbour to 1 behind the overlap."""
    unused = overlap // _UNUSED
    distance = np.arange(tile, dtype=np.float32) + 0.5 - unused
    rise = np.clip(distance / max(1, overlap - 2 * unused), 0, 1)
    shares = np.ones(tile, np.float32)
    if left:
        shares *= rise
    if right:
        shares *= rise[::-1]
    return shares


def overlap_for(reach: int, tile: int) -> int:
    """Pixels that tiles should share where a pixel depends on others *reach* away.

    Four times the reach makes tiles exact. Where that is more than a tile can afford,
    what far pixels still change is little, and fades.
    """
    return min(max(4 * reach, MIN_OVERLAP), MAX_OVERLAP, tile // 2)


def blended(
    rows: Line,
    columns: Line,
    make: Make,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Floats]:
    """Make a picture tile by tile, from the top.

    Args:
        rows: Where tiles stand along H.
        columns: Where they stand along W.
        make: Makes one tile.
        progress: Gets (tiles done, in all) after each.
        cancelled: Asked before each.

    Yields:
        Bands of finished rows, (rows, W, C), H together; each is gone with the next.

    Raises:
        Cancelled: *cancelled* said so.
    """
    band: Floats | None = None  # unfinished rows, from the top of the current tiles
    done, total = 0, len(rows.starts) * len(columns.starts)
    ends = (*rows.starts[1:], len(rows.pixels))
    middle = columns.inside(0, len(columns.pixels))
    for down, share_down, end in zip(rows.places, rows.shares, ends, strict=True):
        for across, share in zip(columns.places, columns.shares, strict=True):
            if cancelled():
                raise Cancelled
            made = make(down, across)
            if band is None:
                size = (rows.tile, len(columns.pixels), made.shape[2])
                band = np.zeros(size, np.float32)
            band[:, across] += made * (share_down[:, None] * share)[..., None]
            done += 1
            progress(done, total)
        assert band is not None
        yield band[rows.inside(down.start, end), middle]
        finished = end - down.start
        band[:-finished] = band[finished:]  # what the next tiles begin with
        band[-finished:] = 0
