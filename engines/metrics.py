"""How close pictures are to their targets, and sets of pictures to one another.

Offline: no networks, no downloads. Pictures are float (B, C, H, W) in [-1, 1].
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from engines.pixels import as_floats

PEAK = 2.0  # the range of values from -1 to 1

# ----------------------------------------------------------------------------
# A picture and its target: one value a picture, (B,).


def l1(x: Tensor, y: Tensor) -> Tensor:
    """Mean absolute difference, from 0 (same) to 2 (black for white)."""
    return (x - y).abs().mean(dim=(1, 2, 3))


def psnr(x: Tensor, y: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB, at most 100 (identical pictures)."""
    mse = (x - y).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(PEAK**2 / mse.clamp_min(PEAK**2 * 1e-10))


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Structural similarity, 1 for identical pictures (Wang et al. 2004).

    Gaussian window of 11 pixels, sigma 1.5, K1 = 0.01, K2 = 0.03, over the positions
    where the window fits. Sides must be at least 11 pixels.
    """
    channels = x.shape[1]
    window = _gaussian(11, 1.5, x).expand(channels, 1, 11, 11)

    def mean(v: Tensor) -> Tensor:
        return F.conv2d(v, window, groups=channels)

    mu_x, mu_y = mean(x), mean(y)
    var_x = mean(x * x) - mu_x**2
    var_y = mean(y * y) - mu_y**2
    cov = mean(x * y) - mu_x * mu_y
    c1, c2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    similarity = ((2 * mu_x * mu_y + c1) * (2 * cov + c2)) / (
        (mu_x**2 + mu_y**2 + c1) * (var_x + var_y + c2)
    )
    return similarity.mean(dim=(1, 2, 3))


def _gaussian(size: int, sigma: float, like: Tensor) -> Tensor:
    """A normalised (size, size) window."""
    offsets = torch.arange(size, dtype=like.dtype, device=like.device) - size // 2
    line = torch.exp(-(offsets**2) / (2 * sigma**2))
    square = torch.outer(line, line)
    return square / square.sum()


# ----------------------------------------------------------------------------
# Sliced Wasserstein distance of two sets (Karras et al. 2018, section 5).

PATCH = 7  # side in pixels
PATCHES = 128  # a picture and level
DIRECTIONS = 128
REPEATS = 4
SMALLEST_SIDE = 16
# A channel of less contrast than this (an eighth of a grey level) counts as flat.
FLAT = 1e-3
# Pictures taken apart at once, so that large ones need little memory.
PIECE = 32


def sliced_wasserstein(x: Tensor, y: Tensor, rng: torch.Generator) -> float:
    """How differently two sets of pictures are made up of patches: 0 for equal sets.

    The mean of `sliced_wasserstein_levels`. Two halves of one set do not score 0 but
    what chance makes of them, the less the more pictures there are.

    Args:
        x: (N, C, S, S) in [-1, 1], S at least 14.
        y: (M, C, S, S). Of the larger set the first min(N, M) pictures count.
        rng: On the CPU; draws places and directions, so that a seed repeats a value.
    """
    levels = sliced_wasserstein_levels(x, y, rng)
    return sum(levels.values()) / len(levels)


def sliced_wasserstein_levels(
    x: Tensor, y: Tensor, rng: torch.Generator
) -> dict[int, float]:
    """The distance at each level of a Laplacian pyramid, times 1000, by its side.

    As in the paper: from the full side down to 16 pixels, 128 patches of 7 × 7 a
    picture and level, each set normalised by the mean and standard deviation of its
    channels (so an even shift of brightness or contrast is not seen), 4 × 128 random
    directions. Sides are halved until they are at most 16. The paper takes 16,384
    pictures; fewer give higher values, so compare only values of as many.

    Args:
        x: As for `sliced_wasserstein`.
        y: As for `sliced_wasserstein`.
        rng: As for `sliced_wasserstein`.
    """
    count = min(len(x), len(y))
    places = torch.rand(count, PATCHES, 2, generator=rng)  # of patches, 0 .. 1
    patches_x, patches_y = (_patches(v[:count], places) for v in (x, y))
    return {
        side: 1000 * projected_distance(_normalised(one), _normalised(other), rng)
        for (side, one), other in zip(
            patches_x.items(), patches_y.values(), strict=True
        )
    }


def projected_distance(a: Tensor, b: Tensor, rng: torch.Generator) -> float:
    """Sliced Wasserstein-1 distance of points *a* and *b*, both (N, D).

    In one dimension the best transport matches sorted points; the mean of that over
    random directions is the distance (Rabin et al. 2011).
    """
    total = 0.0
    for _ in range(REPEATS):
        directions = torch.randn(a.shape[1], DIRECTIONS, generator=rng)
        directions = F.normalize(directions, dim=0).to(a)
        one, other = _sorted(directions.T @ a.T), _sorted(directions.T @ b.T)
        total += one.sub_(other).abs_().mean().item()
    return total / REPEATS


def laplacian_pyramid(x: Tensor) -> list[Tensor]:
    """Split pictures into details of ever larger size (Burt & Adelson 1983).

    Returns:
        (B, C, S, S), (B, C, S/2, S/2), ...: what blurring took away at each size, and
        last the blurred picture itself, of a side of at most 16.
    """
    levels = []
    while x.shape[-1] > SMALLEST_SIDE:
        small = _blurred(x)[:, :, ::2, ::2]
        spread = torch.zeros_like(x)
        spread[:, :, ::2, ::2] = 4 * small  # three of four pixels are empty
        levels.append(x - _blurred(spread))
        x = small
    return [*levels, x]


def _blurred(x: Tensor) -> Tensor:
    """Binomial filter of 5 × 5 pixels, the border mirrored."""
    line = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]).to(x) / 16
    channels = x.shape[1]
    window = torch.outer(line, line).expand(channels, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), window, groups=channels)


def _patches(x: Tensor, places: Tensor) -> dict[int, Tensor]:
    """Patches (N * PATCHES, C, 49) of each level, by the level's side."""
    found: dict[int, list[Tensor]] = {}
    for piece, where in zip(
        torch.split(x, PIECE), torch.split(places, PIECE), strict=True
    ):
        for level in laplacian_pyramid(piece.float()):
            found.setdefault(level.shape[-1], []).append(_cut_out(level, where))
    return {side: torch.cat(parts) for side, parts in found.items()}


def _cut_out(level: Tensor, places: Tensor) -> Tensor:
    windows = level.unfold(2, PATCH, 1).unfold(3, PATCH, 1)  # (B, C, P, P, 7, 7)
    corners = (places * windows.shape[2]).long().to(level.device)
    pictures = torch.arange(len(level), device=level.device)[:, None]
    patches = windows[pictures, :, corners[..., 0], corners[..., 1]]
    return patches.flatten(0, 1).flatten(2)


def _normalised(patches: Tensor) -> Tensor:
    """(N, C, 49) to (N, C * 49), each channel of mean 0 and standard deviation 1."""
    centred = patches - patches.mean((0, 2), keepdim=True)
    deviation = centred.square().mean((0, 2), keepdim=True).sqrt()
    return centred.div_(deviation.clamp_min(FLAT)).flatten(1)


def _sorted(rows: Tensor) -> Tensor:
    """*rows* in ascending order; the tensor given is no longer of use."""
    if rows.device.type != "cpu":
        return rows.sort(dim=1).values
    rows.numpy().sort(axis=1)  # in place, at 20 times torch's speed
    return rows


# ----------------------------------------------------------------------------
# Variety and copies, by the distance of thumbnails: of pictures shrunk to 16 × 16,
# so that noise and sharpness do not count, the root of the mean squared difference
# (0 the same, 2 black for white).

THUMBNAIL = 16
SHRUNK_AT_ONCE = 1024


def thumbnails(x: Tensor) -> Tensor:
    """Shrink pictures to points (N, C * 256), whose distances are those above.

    Args:
        x: (N, C, S, S), floats in [-1, 1] or uint8 as stored.
    """
    small = [
        F.adaptive_avg_pool2d(
            as_floats(piece) if piece.dtype == torch.uint8 else piece, THUMBNAIL
        )
        for piece in torch.split(x, SHRUNK_AT_ONCE)
    ]
    points = torch.cat(small).flatten(1)
    return points / math.sqrt(points.shape[1])


def diversity(samples: Tensor, real: Tensor) -> float:
    """How varied samples are beside real pictures: 0 all the same, 1 as varied.

    The mean distance of two pictures, over that of two real ones.

    Args:
        samples: (N, C, S, S) in [-1, 1] or uint8, at least two.
        real: (M, C, S, S), at least two, not all the same.
    """
    return _mean_pair(thumbnails(samples)) / _mean_pair(thumbnails(real))


def nearest_distance(samples: Tensor, references: Tensor) -> tuple[Tensor, Tensor]:
    """Look for what a sample was copied from.

    Args:
        samples: `thumbnails` of K pictures.
        references: `thumbnails` of N pictures, such as all it learnt from.

    Returns:
        The distance of each sample to its nearest reference, (K,), and which one
        that is, (K,) int64.
    """
    nearest = torch.cdist(samples, references).argmin(dim=1)
    # Once more without the rounding of cdist's fast way: a copy is at 0.
    return (samples - references[nearest]).norm(dim=1), nearest


def near_duplicates(x: Tensor, threshold: float) -> int:
    """How many of *x*, (N, C, S, S), are within *threshold* of an earlier one."""
    points = thumbnails(x)
    earlier = torch.ones(len(x), len(x), device=x.device).tril(-1).bool()
    close = (_distances(points, points) <= threshold) & earlier
    return int(close.any(dim=1).sum())


def _mean_pair(points: Tensor) -> float:
    n = len(points)
    return _distances(points, points).sum().item() / (n * (n - 1))


def _distances(a: Tensor, b: Tensor) -> Tensor:
    # The faster way by scalar products would give a picture a distance to itself.
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")
