"""A real session on folders of its own, and small real pictures."""

import numpy as np
import pytest
from PIL import Image

from studio.session import Session
from studio.settings import SettingsFile


@pytest.fixture
def settings(tmp_path):
    """Settings that keep everything inside the test's own folder."""
    file = SettingsFile(tmp_path / "settings")
    file.value = file.value.model_copy(update={"runs_folder": tmp_path / "runs"})
    return file


@pytest.fixture
def session(qapp, settings):
    """A session without pictures; no thread of it outlives the test."""
    session = Session(settings)
    yield session
    assert session.shut_down(10_000)


@pytest.fixture
def write_pairs(tmp_path):
    """Writes a folder of pairs: one colour each in outline/, another in colour/."""

    def write(name="Houses", count=20, sides=("outline", "colour")):
        folder = tmp_path / name
        for number, side in enumerate(sides):
            (folder / side).mkdir(parents=True)
            for index in range(count):
                rgb = np.full((8, 8, 3), 40 * number + index, np.uint8)
                Image.fromarray(rgb).save(folder / side / f"house {index:02d}.png")
        return folder

    return write
