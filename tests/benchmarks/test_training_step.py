"""The plain steps that our engines are measured beside do the same work."""

import pytest
import torch

from benchmarks.training_step import CASES, make, our_step, plain_step, random_pictures

NARROW = {"generator_width": 8, "critic_width": 8}
SMALL = {
    "pix2pix": {**NARROW, "dropout": 0.0},  # drawn from streams of their own
    "cyclegan": {**NARROW, "image_size": 64, "residual_blocks": 2},
    "cyclegan128": {**NARROW, "image_size": 64},
    "dcgan": {**NARROW, "batch_size": 8},
    "wgan": {**NARROW, "batch_size": 4},
    "wgan_gp": {**NARROW, "batch_size": 4},
    "vae": {},
}
# Both of WGAN's draw anew where ours keeps what the critic was last shown, so that
# after the first step they learn from other pictures.
STEPS = {"wgan": 1, "wgan_gp": 1}


@pytest.mark.parametrize("name", CASES)
def test_plain_and_ours_have_the_same_losses(name):
    case = CASES[name]
    engine, plain = make(case, precision="fp32", **SMALL[name])
    rng = torch.Generator().manual_seed(1)
    for _ in range(STEPS.get(name, 3)):
        a, b = random_pictures(engine.config, rng)
        ours, theirs = our_step(case, engine, a, b), plain_step(case, plain, a, b)
        assert ours == pytest.approx(theirs, rel=2e-3, abs=1e-6)
