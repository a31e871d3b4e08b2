"""Directions of a latent space in which pictures change in one way.

Each is a unit vector, with the range that codes have along it: sliders and the axes of
a map are made from them.

Shapes: N = codes or pictures, L = latent dimensions, K = directions, F = features.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.data.images import Rgb
from engines.errors import LatentError
from engines.latent.mixing import Codes, mean
from engines.latent.sensitivity import early_features, sensitivity
from engines.latent.space import Space
from engines.training.watch_samples import ACTIVE

Kind: TypeAlias = Literal["pca", "coordinate", "difference", "random"]

# Ranges hold all codes but the outermost: one that stands alone would stretch them.
_OUTERMOST = 0.01
# Of N(0, 1), where no codes are given.
_NORMAL_RANGE = (-2.326, 2.326)

_SAMPLES = 2000  # codes of a prior that ranges are taken from
_SPARE = 50  # more samples of features than numbers of a code
_MOST = 50  # directions that are kept of a decomposition


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Direction:
    """A direction, and how far codes reach along it.

    Attributes:
        name: What it is called until the user gives it a name.
        vector: (L,) of length 1.
        low: Where codes begin along it, as `places_of` gives it; 1 in 100 is below.
        high: Where they end; 1 in 100 is above.
        share: Of the whole that it carries, 0 to 1: of the variance of codes, or of
            features; for a coordinate of the KL, or of how much pictures change.
        kind: How it was found.
        dead: Pictures do not change along it.
    """

    name: str
    vector: Codes
    low: float
    high: float
    share: float
    kind: Kind
    dead: bool = False

    def places_of(self, codes: Codes) -> Codes:
        """Where *codes* (N, L) or (L,) are along it, in units of the code; (N,)."""
        return np.asarray(codes @ self.vector)

    def moved(self, codes: Codes, place: float) -> Codes:
        """*codes* (N, L) or (L,) moved along it to *place*, the rest kept."""
        missing = np.float32(place) - self.places_of(codes)
        return np.asarray(codes + missing[..., None] * self.vector)


def principal(codes: Codes, count: int = _MOST) -> tuple[Direction, ...]:
    """The directions in which *codes* (N, L) vary most, at right angles (PCA).

    At most N - 1 of them, and none along which there is no variance. Each points to
    where its largest number is positive.

    Args:
        codes: Of pictures, say; two or more.
        count: How many at most.

    Raises:
        LatentError: There are fewer than two different codes.
    """
    if len(codes) < 2 or (codes == codes[0]).all():
        raise LatentError("Two different pictures are needed to see how they vary.")
    _, spread, vectors = np.linalg.svd(_centred(codes), full_matrices=False)
    variance = spread**2
    kept = variance > variance[0] * 1e-10  # the rest is rounding
    return tuple(
        _direction(f"Variation {n}", vector, codes, "pca", share)
        for n, (vector, share) in enumerate(
            zip(
                vectors[kept][:count],
                (variance / variance.sum())[kept][:count],
                strict=True,
            ),
            start=1,
        )
    )


def generator_principal(
    space: Space, seed: int = 0, count: int = _MOST
) -> tuple[Direction, ...]:
    """The directions that move the early features of a generator most.

    GANSpace (Härkönen et al. 2020, section 2.2): the principal components of what the
    first layer makes of codes, brought back to the latent space by linear regression.
    There they regress codes on components of samples; here features on codes, which
    has the same result for a layer that is linear, as it is in all our engines, and
    no error of sampling. It is then that of Shen & Zhou 2021 as well.

    Args:
        space: Of any engine.
        seed: Of the samples.
        count: How many at most; there are no more than latent dimensions.
    """
    codes = space.draw(2 * space.latent_dim + _SPARE, seed)
    features = _centred(early_features(space, codes))  # (N, F)
    slopes, *_ = np.linalg.lstsq(_centred(codes), features, rcond=None)  # (L, F)
    # The numbers of a code are drawn independently, all as widely.
    strength, vectors = np.linalg.eigh(slopes @ slopes.T)
    order = np.argsort(-strength)[:count]
    shares = strength[order] / strength.sum()
    drawn = space.draw(_SAMPLES, seed)
    return tuple(
        _direction(f"Variation {n}", vector, drawn, "pca", share)
        for n, (vector, share) in enumerate(
            zip(vectors.T[order], shares, strict=True), start=1
        )
    )


def coordinates(space: Space, pictures: Rgb | None = None) -> tuple[Direction, ...]:
    """The L numbers of a code, those that matter most first.

    With an encoder they are ordered by the KL that they carry over *pictures*; dead
    ones are those that a run does not count as active: the variance of their means is
    not above 0.01 (Burda et al. 2016, section 5.2). Without one, by how strongly
    pictures change with them, see `engines.latent.sensitivity.sensitivity`; dead ones
    carry less than a thousandth of an equal share.

    Args:
        space: Of any engine.
        pictures: (N, S, S, 3), two or more, for an engine that can encode.
    """
    if space.can_encode and pictures is not None:
        codes, deviations = space.encode(pictures)
        variances = deviations.astype(np.float64) ** 2
        kl = 0.5 * (np.square(codes) + variances - 1 - np.log(variances))
        weight = kl.mean(axis=0)  # (L,), nats
        dead = codes.var(axis=0, ddof=1) <= ACTIVE
    else:
        codes = space.draw(_SAMPLES, seed=0)
        weight = sensitivity(space, codes)
        dead = weight <= 1e-3 * weight.mean()
    shares = weight / max(weight.sum(), 1e-30)
    return tuple(
        _direction(
            f"Number {axis + 1}",
            np.eye(space.latent_dim)[axis],
            codes,
            "coordinate",
            float(shares[axis]),
            dead=bool(dead[axis]),
        )
        for axis in np.lexsort((-weight, dead))
    )


def difference(
    with_codes: Codes, without_codes: Codes, name: str = "Difference"
) -> Direction:
    """From the middle of one group to that of another (Larsen et al. 2016).

    Args:
        with_codes: (N, L), codes of pictures that have something.
        without_codes: (N', L), codes of pictures that lack it.
        name: What it is called.

    Raises:
        LatentError: A group is empty, or both have the same middle.
    """
    towards = np.subtract(mean(with_codes), mean(without_codes), dtype=np.float64)
    if not np.linalg.norm(towards) > 0:
        raise LatentError("Both groups are the same. Choose pictures that differ.")
    codes = np.concatenate([with_codes, without_codes])
    share = _share_of_variance(towards, codes)
    return _direction(name, towards, codes, "difference", share)


def random_orthogonal(
    count: int, latent_dim: int, seed: int, codes: Codes | None = None
) -> tuple[Direction, ...]:
    """Draw directions at right angles to each other, each way equally likely.

    By the QR decomposition of Gaussian numbers (Mezzadri 2007, section 5).

    Args:
        count: How many, at most *latent_dim*.
        latent_dim: L.
        seed: Of the random stream.
        codes: (N, L) that ranges and shares are of; of N(0, I) where left out.

    Raises:
        LatentError: So many directions do not fit into the space.
    """
    if count > latent_dim:
        raise LatentError(
            f"A space of {latent_dim} dimensions has no {count} directions at right "
            "angles to each other."
        )
    rng = np.random.default_rng(seed)
    vectors, triangle = np.linalg.qr(rng.standard_normal((latent_dim, count)))
    vectors = vectors * np.sign(np.diag(triangle))
    return tuple(
        _direction(
            f"Random {n}",
            vector,
            codes,
            "random",
            1 / latent_dim if codes is None else _share_of_variance(vector, codes),
        )
        for n, vector in enumerate(vectors.T, start=1)
    )


# ----------------------------------------------------------------------------
# Parts.


def _direction(
    name: str,
    vector: NDArray[np.float64],
    codes: Codes | None,
    kind: Kind,
    share: float,
    *,
    dead: bool = False,
) -> Direction:
    """A direction along *vector* of any length, with the range of *codes* along it."""
    unit = vector / np.linalg.norm(vector)
    if kind == "pca" and unit[np.argmax(np.abs(unit))] < 0:
        unit = -unit
    low, high = _NORMAL_RANGE
    if codes is not None:
        low, high = np.quantile(codes @ unit, (_OUTERMOST, 1 - _OUTERMOST))
    return Direction(
        name=name,
        vector=unit.astype(np.float32),
        low=float(low),
        high=float(high),
        share=float(share),
        kind=kind,
        dead=dead,
    )


def _centred(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """*values* (N, F) without their mean."""
    centred = values.astype(np.float64)
    return np.asarray(centred - centred.mean(axis=0))


def _share_of_variance(vector: NDArray[np.floating], codes: Codes) -> float:
    """How much of the variance of *codes* (N, L) lies along *vector* (L,)."""
    unit = vector / np.linalg.norm(vector)
    whole = codes.var(axis=0).sum()
    return float((codes @ unit).var() / max(whole, 1e-30))
