"""Finding one's way in a latent space: where the data lie, what directions matter.

Not for the window's thread: it loads torch and a model of its own. Without Qt.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from engines.data.images import Rgb
from engines.data.layouts import understand
from engines.data.making import read_square
from engines.errors import Cancelled, PictureError, StudioError
from engines.latent.directions import (
    Direction,
    coordinates,
    generator_principal,
    principal,
    random_orthogonal,
)
from engines.latent.space import Space, load_space
from engines.runs.folder import RunFolder
from studio.terrain import Terrain

MOST_PICTURES = 1000
"""That are encoded: more change the first directions by less than they differ from one
training run to the next."""
DRAWN = 1000
SEED = 0
PRINCIPAL, SINGLE, RANDOM = 12, 12, 2  # directions of each kind that are offered


def survey(run: Path, *, cancelled: Callable[[], bool]) -> Terrain:
    """Encode the data, or where that cannot be, look at what the prior makes.

    Raises:
        RunError: The run has no latent space, or no whole weights.
        Cancelled: *cancelled* said so.
    """
    torch.set_num_threads(1)  # the map is being made beside it
    space = load_space(run)
    pictures = _pictures(space, cancelled) if space.can_encode else None
    if pictures is not None:
        codes = space.encode(pictures)[0]
        found = principal(codes, PRINCIPAL)
    else:
        codes = space.draw(DRAWN, SEED)
        found = generator_principal(space, SEED, PRINCIPAL)
    if cancelled():
        raise Cancelled
    return Terrain(
        run=run,
        step=space.step,
        image_size=space.image_size,
        classes=space.classes,
        directions=(*found, *_others(space, pictures)),
        codes=codes,
        is_surveyed=True,
    )


def _others(space: Space, pictures: Rgb | None) -> tuple[Direction, ...]:
    """The single numbers that do something, and a few that lead anywhere."""
    single = [d for d in coordinates(space, pictures) if not d.dead]
    count = min(RANDOM, space.latent_dim)
    anywhere = random_orthogonal(count, space.latent_dim, SEED)
    return (*single[:SINGLE], *anywhere)


def _pictures(space: Space, cancelled: Callable[[], bool]) -> Rgb | None:
    """Pictures that it learnt from; None where they are gone, or too few."""
    try:
        pictures = list(_training_pictures(space, cancelled))
    except StudioError:
        return None
    return np.stack(pictures) if len(pictures) > 2 else None


def _training_pictures(space: Space, cancelled: Callable[[], bool]) -> Iterator[Rgb]:
    info = RunFolder.open(space.path).info
    data, config = info.data, info.config
    found = understand(
        Path(data.folder),
        use=data.use,
        sides=data.sides,
        held_out=config["held_out"],
        seed=info.seed,
        direction=data.direction,
        left_out=data.left_out,
        cancelled=cancelled,
    )
    items = found.training
    every = max(1, len(items) // MOST_PICTURES)
    for item in items[::every][:MOST_PICTURES]:
        if cancelled():
            raise Cancelled
        with contextlib.suppress(PictureError):  # it was left out of the run, too
            yield read_square(found, item, space.image_size, space.shape)[0]
