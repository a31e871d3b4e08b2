"""The latent space of a run, found on disk and made ready for use.

Shapes: N = codes or pictures, L = latent dimensions, S = side of a picture, C = 1 for
grey or 3. Pictures are uint8 (N, S, S, 3), also where they were learnt in grey; codes
float32 (N, L); labels int64 (N,).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.base import Decoder, Engine, Evaluator, Prior, UncertainEncoder
from engines.catalogue import engine_entry
from engines.data.images import Rgb, Shape, grey, resize
from engines.errors import RunError
from engines.latent.mixing import Codes, truncate
from engines.model import load_engine
from engines.pixels import to_float, to_pictures
from engines.runs.folder import RunFolder
from engines.training.device import DeviceChoice
from engines.training.watcher import MEASURE_BATCH

Labels: TypeAlias = NDArray[np.int64]
"""Classes of pictures, (N,), from 0."""

PIECE = MEASURE_BATCH
"""Pictures that are made at once, and looked at as in the measures of a run."""


@dataclass(kw_only=True, slots=True)
class Space:
    """A latent space with what makes its points pictures. For one thread at a time.

    Attributes:
        path: The run folder that it comes from.
        name: What the user calls the run.
        step: The training step of its weights.
        engine: Its networks, loaded; a `Decoder`.
        classes: The names of the classes that pictures can be asked for of; none where
            no classes were learnt.
        shape: How pictures were made square for training.
    """

    path: Path
    name: str
    step: int
    engine: Engine
    classes: tuple[str, ...] = ()
    shape: Shape = "cut"

    @property
    def decoder(self) -> Decoder:
        """The engine, as what makes pictures."""
        return cast("Decoder", self.engine)

    @property
    def latent_dim(self) -> int:
        """L."""
        return self.decoder.latent_dim

    @property
    def prior(self) -> Prior:
        """What each number of a code is drawn from."""
        return self.decoder.prior

    @property
    def image_size(self) -> int:
        """S, in pixels."""
        return self.engine.config.image_size

    @property
    def channels(self) -> int:
        """C of what it learnt; pictures are always RGB."""
        return self.engine.config.channels

    @property
    def can_encode(self) -> bool:
        """Whether `encode` finds the code of a picture."""
        return isinstance(self.engine, UncertainEncoder)

    def draw(self, count: int, seed: int, truncation: float = 1.0) -> Codes:
        """Draw (count, L) codes from the prior; the same *seed* gives the same ones.

        The first codes are the same however many are drawn.

        Args:
            count: How many.
            seed: Of the random stream.
            truncation: See `engines.latent.mixing.truncate`.
        """
        rng = torch.Generator().manual_seed(seed)
        # One by one: torch draws many at once in another order than few.
        drawn = [self.decoder.sample_prior(1, rng) for _ in range(count)]
        codes = torch.cat([torch.empty(0, self.latent_dim), *drawn]).numpy()
        return truncate(codes, truncation)

    def decode(self, codes: Codes, labels: Labels | None = None) -> Rgb:
        """Make the pictures of *codes*, (N, S, S, 3), in memory for a few at once.

        The same request gives the same pictures to the bit, on the same machine with
        the same number of threads. Floating-point sums depend on how many pictures are
        made at once, hence requests of `PIECE` codes or more are made in pieces of
        exactly that many: there a code gives the same picture to the bit whatever is
        asked for beside it. Fewer are made as they come, for speed, and may differ
        from that in rare pixels by one level of 255.

        Args:
            codes: (N, L).
            labels: (N,), each one the place of a name in `classes`; needed where there
                are classes, else None.
        """
        side = self.image_size
        return np.concatenate(
            [np.empty((0, side, side, 3), np.uint8), *self.pieces(codes, labels)]
        )

    def pieces(self, codes: Codes, labels: Labels | None = None) -> Iterator[Rgb]:
        """`decode`, a few pictures at a time, each made when it is asked for."""
        z = torch.from_numpy(np.ascontiguousarray(codes, np.float32))
        wanted = None if labels is None else torch.from_numpy(np.asarray(labels))
        for first in range(0, len(z), PIECE):
            # The last piece reaches back into the one before, to be as large.
            start = max(0, min(first, len(z) - PIECE))
            rows = slice(start, start + PIECE)
            kinds = None if wanted is None else wanted[rows]
            made = to_pictures(self.decoder.decode(z[rows], kinds))
            yield made[first - start :]

    def encode(self, pictures: Rgb) -> tuple[Codes, Codes]:
        """Find where *pictures* (N, S, S, 3) are in the space.

        Returns:
            The means of q(z|x) and its standard deviations, (N, L) each.

        Raises:
            RunError: Its engine has no encoder.
        """
        if not isinstance(self.engine, UncertainEncoder):
            raise RunError(
                f"'{self.name}' cannot look up where a picture is: it learnt only to "
                "make pictures. Search for the closest one instead (invert)."
            )
        parts = [self.engine.posterior(x) for x in self._seen(pictures)]
        empty = torch.empty(0, self.latent_dim)
        mean, deviation = (
            torch.cat([empty, *(part[n].float().cpu() for part in parts)]).numpy()
            for n in (0, 1)
        )
        return mean, deviation

    def evaluate(self, pictures: Rgb) -> dict[str, NDArray[np.float32]]:
        """What the engine says of *pictures* (N, S, S, 3), as the run's measures do.

        Returns:
            (N,) by the catalogue's names; {} for an engine that judges no pictures.
        """
        if not isinstance(self.engine, Evaluator):
            return {}
        parts = [self.engine.evaluate(x) for x in self._seen(pictures)]
        return {
            name: torch.cat([part[name] for part in parts]).cpu().numpy()
            for name in (parts[0] if parts else ())
        }

    def fitted(self, picture: Rgb) -> Rgb:
        """A picture of any size as training would have shown it, (S, S, 3)."""
        return resize(picture, self.image_size, self.shape)

    def as_learnt(self, pictures: Rgb) -> Rgb:
        """*pictures* (N, S, S, 3) in grey where it learnt grey, else themselves."""
        return to_pictures(self.floats(pictures))

    def floats(self, pictures: Rgb) -> Tensor:
        """*pictures* (N, S, S, 3) as the networks see them, (N, C, S, S) in [-1, 1]."""
        if self.channels == 1:
            pictures = np.stack([grey(picture) for picture in pictures])
        return to_float(pictures, self.engine.compute.device)

    def refresh(self, weights: Mapping[str, Tensor], step: int) -> None:
        """Go on with other weights of the same run: `Engine.weights()` at *step*."""
        self.engine.load_weights(weights)
        self.step = step

    def _seen(self, pictures: Rgb) -> Iterator[Tensor]:
        """`floats`, a few pictures at a time."""
        for first in range(0, len(pictures), PIECE):
            yield self.floats(pictures[first : first + PIECE])


def load_space(
    path: Path, *, step: int | None = None, device: DeviceChoice = "auto"
) -> Space:
    """Load the latent space of a run.

    Args:
        path: The run folder.
        step: The step to take the weights of; None for the newest whole.
        device: Where to compute.

    Raises:
        RunError: It is not a run, its engine has no latent space, or the weights are
            not there or damaged.
        DeviceError: The device is not there.
    """
    run = RunFolder.open(path)
    entry = engine_entry(run.info.engine)
    if entry.translates:
        raise RunError(
            f"{entry.title} translates pictures; it has no latent space to explore. "
            "Choose a run of a VAE, a DCGAN or a WGAN."
        )
    engine, at = load_engine(run, step=step, device=device)
    assert isinstance(engine, Decoder)
    return Space(
        path=path,
        name=run.info.name,
        step=at,
        engine=engine,
        classes=run.info.data.classes if engine.classes else (),
        shape=engine.config.shape,
    )
