"""Every engine in a whole run: resumed to the bit, watched without any effect."""

import random

import numpy as np
import pytest
from PIL import Image

from engines.catalogue import ENGINES
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun, ResumeRun
from engines.training.reports import Measures, RunStatus
from engines.training.runner import run
from tests.engines.training.whole_runs import (
    assert_same_to_the_bit,
    finish,
    stop_after,
)

STEPS = 12
COMMON = {
    "image_size": 32,
    "steps": STEPS,
    "batch_size": 2,
    "ema_decay": 0.9,
    "crop": True,
    "mirror": True,
    "device": "cpu",
}
GAN = {"generator_width": 4, "critic_width": 4}
LATENT = {**GAN, "latent_dim": 4, "decay_from": 0.5}
CASES = {
    "pix2pix": ("pix2pix", GAN),
    "cyclegan": ("cyclegan", {**GAN, "residual_blocks": 1, "pool_size": 3}),
    "dcgan": ("dcgan", {**LATENT, "critic_steps": 2, "r1_weight": 0.1}),
    "dcgan of kinds": ("dcgan", {**LATENT, "use_labels": True}),
    "wgan": ("wgan", {**LATENT, "critic_steps": 2}),
    "wgan, clipped": ("wgan", {**LATENT, "constraint": "clipping"}),
    "vae": ("vae", {"width": 4, "latent_dim": 4, "kl_warmup": 0.5}),
    "vae, mlp": ("vae", {"network": "mlp", "hidden_width": 8, "latent_dim": 4}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two subfolders of seven pictures: pairs, two styles or two classes."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for side in "AB":
        (folder / side).mkdir()
        for k in range(7):
            coarse = rng.integers(0, 256, (5, 5, 3), dtype=np.uint8)
            picture = Image.fromarray(coarse).resize((40, 36))
            picture.save(folder / side / f"{k}.png")
    return folder


def job_of(case, folder, run_folder):
    name, values = CASES[case]
    return NewRun(
        engine=name,
        config=ENGINES[name].config.checked({**COMMON, **values}),
        data=DataChoice(folder=folder),
        folder=run_folder,
        name=case,
        threads=1,
    )


def test_every_engine_is_here():
    assert {name for name, _values in CASES.values()} == set(ENGINES)


@pytest.mark.parametrize("case", CASES)
def test_stop_and_resume_equals_an_unbroken_run_to_the_bit(case, folder, tmp_path):
    unbroken = job_of(case, folder, tmp_path / "unbroken")
    assert finish(unbroken)[-1].status is RunStatus.COMPLETED
    count = 5 if case in ENGINES else 1
    for k in random.Random(case).sample(range(1, STEPS), count):
        job = job_of(case, folder, tmp_path / f"broken at {k}")
        assert stop_after(job, k).kept_step == k
        outcome = finish(ResumeRun(folder=job.folder))[-1]
        assert (outcome.status, outcome.step) == (RunStatus.COMPLETED, STEPS)
        assert_same_to_the_bit(unbroken.folder, job.folder)


@pytest.mark.parametrize("case", CASES)
def test_watching_changes_nothing_and_measures_what_is_promised(case, folder, tmp_path):
    unwatched, watched = (job_of(case, folder, tmp_path / n) for n in ("no", "yes"))
    finish(unwatched)
    controls, measured = Controls(), set()
    for report in run(watched, controls):
        controls.preview_now()
        controls.save_now()
        if isinstance(report, Measures):
            measured |= report.values.keys()
    assert_same_to_the_bit(unwatched.folder, watched.folder)

    entry = ENGINES[watched.engine]
    promised = {curve.name for curve in entry.measures(watched.config)}
    assert measured <= promised
    assert promised - measured <= {"diversity", "truth", "active"}  # one held-out each
    losses = next(
        e for e in RunFolder.open(watched.folder).events.read() if e["kind"] == "losses"
    )
    assert {curve.name for curve in entry.curves(watched.config)} <= losses.keys()
