"""Tests for engines.nets.patchgan."""

import pytest
import torch

from engines.nets.patchgan import patchgan, receptive_field


def build(patch, image_size=256, width=4):
    return patchgan(
        channels=6, width=width, patch=patch, image_size=image_size, norm="batch"
    )


@pytest.mark.parametrize(
    ("patch", "pixels"), [("1", 1), ("16", 16), ("70", 70), ("image", 286)]
)
def test_one_logit_sees_the_patch_of_the_paper(patch, pixels):
    assert receptive_field(build(patch)) == pixels


@pytest.mark.parametrize(("patch", "field"), [("1", 1), ("16", 16), ("70", 70)])
def test_what_lies_outside_the_patch_has_no_influence(patch, field):
    # Batch norm in eval mode is pointwise, so the gradient shows the field itself.
    network = build(patch, 128).eval()
    x = torch.randn(1, 6, 128, 128, requires_grad=True)
    logits = network(x)
    middle = logits.shape[-1] // 2
    logits[0, 0, middle, middle].backward()
    seen = (x.grad.abs().sum(dim=(0, 1)) > 0).nonzero()
    span = (seen.max(dim=0).values - seen.min(dim=0).values + 1).tolist()
    assert span == [field, field]


@pytest.mark.parametrize("patch", ["1", "16", "70", "image"])
@pytest.mark.parametrize("size", [32, 64, 128])
def test_every_patch_fits_every_picture_size(patch, size):
    logits = build(patch, size)(torch.zeros(2, 6, size, size))
    assert logits.shape[:2] == (2, 1)
    assert logits.shape[-1] >= 1


def test_the_70_pixel_critic_has_the_parameters_of_the_paper():
    # C64-C128-C256-C512, kernels of 4, bias without norm, scale and shift with it.
    network = build("70", width=64)
    by_hand = (
        (6 * 64 * 16 + 64)
        + (64 * 128 * 16 + 2 * 128)
        + (128 * 256 * 16 + 2 * 256)
        + (256 * 512 * 16 + 2 * 512)
        + (512 * 16 + 1)
    )
    assert sum(p.numel() for p in network.parameters()) == by_hand
