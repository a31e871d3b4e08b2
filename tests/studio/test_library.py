"""Tests for studio.library: what is on disk, asked from the window's thread."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from engines.data.sets import Source
from engines.runs.previews import Previews


@pytest.fixture
def library(session):
    return session.library


def test_a_damaged_preview_does_not_hide_those_of_other_runs(qtbot, library, tmp_path):
    runs = [tmp_path / name for name in ("damaged", "whole")]
    for run in runs:
        run.mkdir()
        Previews(run / "previews").save(1, {"now": np.zeros((1, 8, 8, 3), np.uint8)})
    (runs[0] / "previews" / "000001.png").write_bytes(b"no picture")
    found, failed = [], []
    library.run_picture_ready.connect(lambda run, _rgb: found.append(run))
    library.failed.connect(failed.append)
    library.request_run_pictures(runs, 8)
    qtbot.waitUntil(lambda: bool(found))
    assert (found, failed) == ([runs[1]], [])


def test_room_is_measured_where_the_runs_folder_will_be(
    qtbot, library, settings, monkeypatch
):
    runs = settings.value.runs_folder
    asked = []

    def usage(folder):
        asked.append(folder)
        return SimpleNamespace(free=12_345)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert not runs.exists()
    with qtbot.waitSignal(library.disk_measured) as measured:
        library.measure_disk()
    assert measured.args == [12_345]
    assert asked == [runs.parent]


def test_thumbnails_are_of_the_pairs_that_are_named(
    qtbot, session, library, write_pairs
):
    with qtbot.waitSignal(session.data.opened):
        session.data.open(write_pairs(count=4))
    name = session.pictures.items[1].name
    found = []
    library.thumbnail_ready.connect(lambda *picture: found.append(picture))
    library.request_thumbnails(session.pictures, [name, "of another folder"], 4)
    qtbot.waitUntil(lambda: bool(found))
    [(shown, before, after)] = found
    assert shown == name
    # `write_pairs` paints the second of each side in 1 and in 40 + 1.
    assert (before.shape, after.shape) == ((4, 4, 3), (4, 4, 3))
    assert sorted((int(before.max()), int(after.max()))) == [1, 41]


def test_case_pictures_are_of_whole_files_or_of_single_pictures(
    qtbot, library, tmp_path
):
    Image.new("RGB", (60, 30), (200, 0, 0)).save(tmp_path / "red.png")
    (tmp_path / "damaged.png").write_bytes(b"no picture")
    sources = [Source(tmp_path / "damaged.png"), Source(tmp_path / "red.png", "left")]
    found, failed = [], []
    library.case_picture_ready.connect(lambda *picture: found.append(picture))
    library.failed.connect(failed.append)
    library.request_case_pictures(sources, 12)
    qtbot.waitUntil(lambda: bool(found))
    [(source, picture)] = found
    assert (source, failed) == (sources[1], [])
    assert picture.shape == (12, 12, 3)
    assert tuple(picture[6, 6]) == (200, 0, 0)
