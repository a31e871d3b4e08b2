"""Tests for engines.metrics, against torchmetrics, by hand and by theory."""

import math

import numpy as np
import pytest
import torch

from engines import metrics
from engines.interop.torchvision_shim import load_torchvision

load_torchvision()  # torchmetrics imports it, which can fail without the shim
from torchmetrics.functional.image import (  # noqa: E402
    peak_signal_noise_ratio,
    structural_similarity_index_measure,
)


@pytest.fixture
def pictures():
    rng = torch.Generator().manual_seed(3)
    x = torch.rand(3, 3, 40, 33, generator=rng) * 2 - 1
    noise = torch.randn(x.shape, generator=rng) * 0.2
    return x, (x + noise).clamp(-1, 1)


def test_ssim_equals_torchmetrics_where_the_window_fits(pictures):
    # torchmetrics pads and then cuts the border off: the middles are the same maps.
    x, y = pictures
    _, theirs = structural_similarity_index_measure(
        x, y, data_range=2.0, return_full_image=True
    )
    inner = theirs[:, :, 5:-5, 5:-5].mean(dim=(1, 2, 3))
    torch.testing.assert_close(metrics.ssim(x, y), inner, atol=1e-5, rtol=0)


def test_psnr_equals_torchmetrics(pictures):
    x, y = pictures
    for k in range(3):
        theirs = peak_signal_noise_ratio(x[k], y[k], data_range=2.0)
        assert metrics.psnr(x, y)[k].item() == pytest.approx(theirs.item(), abs=1e-4)


def test_identical_pictures_score_best(pictures):
    x, _ = pictures
    torch.testing.assert_close(metrics.ssim(x, x), torch.ones(3))
    torch.testing.assert_close(metrics.psnr(x, x), torch.full((3,), 100.0))
    torch.testing.assert_close(metrics.l1(x, x), torch.zeros(3))


def test_black_against_white_is_a_distance_of_two():
    white = torch.ones(1, 3, 12, 12)
    assert metrics.l1(white, -white).item() == pytest.approx(2.0)
    assert metrics.psnr(white, -white).item() == pytest.approx(0.0, abs=1e-5)


# ----------------------------------------------------------------------------
# Sliced Wasserstein distance.


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def smooth(seed, count=64, side=32, channels=3):
    """Pictures with a structure: a few coarse random cells, enlarged."""
    coarse = torch.rand(count, channels, 4, 4, generator=generator(seed)) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=side, mode="bilinear")


def test_the_distance_of_shifted_points_is_the_mean_length_of_the_shadow():
    # Every projection is shifted by v.u; over random directions u in D dimensions
    # E|v.u| = |v| Gamma(D/2) / (sqrt(pi) Gamma((D+1)/2)).
    dim = 5
    points = torch.randn(500, dim, generator=generator())
    shift = torch.tensor([3.0, 0.0, 0.0, 0.0, 4.0])
    expected = 5 * math.gamma(dim / 2) / (math.sqrt(math.pi) * math.gamma(3))
    found = metrics.projected_distance(points, points + shift, generator(1))
    # 512 directions: the standard error is 2.7 % of the value.
    assert found == pytest.approx(expected, rel=0.08)


def test_on_a_line_every_direction_gives_the_wasserstein_distance():
    # Sorted: -1, 0, 5 and 0, 2, 3 differ by 1, 2, 2; the order given is no matter.
    a = torch.tensor([[5.0], [-1.0], [0.0]])
    b = torch.tensor([[0.0], [3.0], [2.0]])
    assert metrics.projected_distance(a, b, generator()) == pytest.approx(5 / 3)


def test_equal_sets_are_at_distance_zero():
    x = smooth(0)
    assert metrics.sliced_wasserstein(x, x.clone(), generator()) == 0


@pytest.mark.parametrize(("side", "channels"), [(32, 3), (28, 1), (17, 1)])
def test_the_distance_grows_with_the_noise_that_is_added(side, channels):
    x, y = smooth(0, 64, side, channels), smooth(1, 64, side, channels)
    noise = torch.randn(y.shape, generator=generator(2))
    found = [
        metrics.sliced_wasserstein(x, y + strength * noise, generator(3))
        for strength in (0.0, 0.05, 0.2, 0.8)
    ]
    assert found == sorted(found)
    assert found[2] > 1.3 * found[0]
    assert found[3] < 1000  # of patches with a standard deviation of 1


def test_other_pictures_of_a_kind_are_nearer_than_another_kind():
    alike = metrics.sliced_wasserstein(smooth(0), smooth(1), generator())
    two_tone = smooth(1).sign()
    other = metrics.sliced_wasserstein(smooth(0), two_tone, generator())
    assert 0 < alike < 0.6 * other


def test_an_even_shift_of_brightness_and_contrast_is_not_seen():
    x = smooth(0)
    found = metrics.sliced_wasserstein(x, 0.5 * x + 0.3, generator())
    assert found == pytest.approx(0, abs=0.1)


def test_noise_is_found_at_the_level_it_was_added_to():
    x = smooth(0, side=64)
    fine = torch.randn(x.shape, generator=generator(2)) * 0.1
    levels = metrics.sliced_wasserstein_levels(x, x + fine, generator(3))
    assert list(levels) == [64, 32, 16]
    assert levels[64] > 3 * levels[16]


def test_a_set_of_one_colour_has_a_finite_distance():
    # Its patches are all 0, those of the other set have a deviation of 1 a pixel.
    flat = torch.full((64, 3, 32, 32), 0.3)
    found = metrics.sliced_wasserstein(smooth(0), flat, generator())
    assert 300 < found < 1000


def test_the_same_seed_repeats_a_value_and_sets_may_differ_in_number():
    x, y = smooth(0, 40), smooth(1, 64)
    first, second = (metrics.sliced_wasserstein(x, y, generator(5)) for _ in range(2))
    assert first == second
    assert first == metrics.sliced_wasserstein(x, y[:40], generator(5))


@pytest.mark.parametrize("side", [64, 28, 33])
def test_the_levels_of_a_pyramid_add_up_to_the_picture(side):
    x = torch.rand(2, 3, side, side, generator=generator())
    *details, rest = metrics.laplacian_pyramid(x)
    assert rest.shape[-1] <= 16 < rest.shape[-1] * 2
    for detail in reversed(details):
        spread = torch.zeros_like(detail)
        spread[:, :, ::2, ::2] = 4 * rest
        kernel = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256
        padded = np.pad(spread.numpy(), [(0, 0)] * 2 + [(2, 2)] * 2, mode="reflect")
        n = detail.shape[-1]
        blurred = sum(
            kernel[i, j] * padded[:, :, i : i + n, j : j + n]
            for i in range(5)
            for j in range(5)
        )
        rest = detail + torch.from_numpy(blurred).float()
    torch.testing.assert_close(rest, x, atol=1e-5, rtol=0)


def test_an_even_picture_has_no_details():
    *details, rest = metrics.laplacian_pyramid(torch.full((1, 1, 64, 64), 0.4))
    assert all(detail.abs().max() < 1e-6 for detail in details)
    torch.testing.assert_close(rest, torch.full((1, 1, 16, 16), 0.4))


# ----------------------------------------------------------------------------
# Variety and copies.


def test_collapsed_samples_have_no_diversity_and_the_real_ones_one():
    real = smooth(0)
    assert metrics.diversity(real[:1].repeat(40, 1, 1, 1), real) == 0
    assert metrics.diversity(real, real) == pytest.approx(1)
    assert metrics.diversity(0.5 * real, real) == pytest.approx(0.5)


def test_two_kinds_of_samples_are_as_far_apart_as_the_mean_of_all_pairs():
    # Two black, two white: 4 of 6 pairs at distance 2, against 1 of 1.
    black, white = -torch.ones(1, 1, 28, 28), torch.ones(1, 1, 28, 28)
    samples = torch.cat([black, white, black, white])
    found = metrics.diversity(samples, torch.cat([black, white]))
    assert found == pytest.approx(2 / 3)


def test_the_distance_of_thumbnails_is_the_root_mean_square_in_units_of_values():
    black, white = -torch.ones(1, 3, 64, 64), torch.ones(1, 3, 64, 64)
    distance, index = metrics.nearest_distance(
        metrics.thumbnails(black), metrics.thumbnails(white)
    )
    assert distance.item() == pytest.approx(2)
    assert index.tolist() == [0]


def test_a_planted_copy_is_found_among_stored_pictures():
    stored = ((smooth(0, 300) + 1) * 127.5).round().byte()
    samples = smooth(1, 40)
    samples[7] = stored[123].float() / 127.5 - 1
    distance, index = metrics.nearest_distance(
        metrics.thumbnails(samples), metrics.thumbnails(stored)
    )
    assert index[7] == 123
    assert distance[7] == pytest.approx(0, abs=1e-5)
    others = torch.cat([distance[:7], distance[8:]])
    assert others.min() > 0.1
    by_hand = (metrics.thumbnails(stored) - metrics.thumbnails(samples)[3]).norm(dim=1)
    assert distance[3] == pytest.approx(by_hand.min().item(), abs=1e-5)


def test_near_duplicates_counts_those_with_an_earlier_likeness():
    x = smooth(0, 10)
    assert metrics.near_duplicates(x, 0.05) == 0
    noise = torch.randn(3, 3, 32, 32, generator=generator(1)) * 0.02
    again = torch.cat([x, x[[2, 5, 5]] + noise])
    assert metrics.near_duplicates(again, 0.05) == 3
    assert metrics.near_duplicates(x[:1].repeat(6, 1, 1, 1), 0.05) == 5
