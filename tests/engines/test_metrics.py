"""Tests for engines.metrics, against torchmetrics and by hand."""

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
