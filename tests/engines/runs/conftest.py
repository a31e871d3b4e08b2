"""What several tests of the run folder need."""

from datetime import UTC, datetime

import pytest
import torch

from engines.runs.checkpoints import Checkpoints
from engines.runs.folder import DataInfo, RunInfo, Versions


@pytest.fixture
def info():
    """A run that was just made."""
    return RunInfo(
        engine="pix2pix",
        config={"image_size": 64, "learning_rate": 2e-4},
        data=DataInfo(
            folder="pictures/emoji",
            name="Emoji",
            kind="two folders",
            a_name="black",
            b_name="color",
            fingerprint="0f" * 32,
            training_pictures=90,
            held_out_pictures=10,
        ),
        versions=Versions(studio="0.1.0", torch="2.13.0", python="3.11.4"),
        seed=42,
        threads=2,
        created=datetime(2026, 11, 21, 13, 5, tzinfo=UTC),
        steps=1500,
    )


@pytest.fixture
def checkpoints(tmp_path):
    """An empty folder of checkpoints."""
    return Checkpoints(tmp_path / "checkpoints")


@pytest.fixture
def save(checkpoints):
    """Save a small checkpoint whose values follow from its step."""

    def save(step):
        return checkpoints.save(
            step,
            weights={"g.weight": torch.full((2, 3), float(step))},
            training={"adam.step": torch.tensor(step)},
            state={"step": step, "elapsed_s": 0.1 + 0.2},
            metadata={"engine": "pix2pix"},
        )

    return save
