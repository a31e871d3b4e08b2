"""Tests for engines.latent.film: every kind of film, read back frame by frame."""

import numpy as np
import pytest
from PIL import Image, ImageSequence

from engines.errors import Cancelled, LatentError, RunError
from engines.latent.film import write_film


def frames(count=6, side=16):
    """Four colours that wander; no frame is like another."""
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [40, 40, 40]], np.uint8)
    rows = np.arange(side)[:, None] // 4
    return [colours[(rows + np.arange(side) // 4 + n) % 4] for n in range(count)][
        :count
    ]


def varied(count=6):
    rng = np.random.default_rng(0)
    return list(rng.integers(0, 256, (count, 16, 16, 3), dtype=np.uint8))


def read(path):
    with Image.open(path) as image:
        found = [
            (np.asarray(frame.convert("RGB")), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(image)
        ]
        return [frame for frame, _ in found], [ms for _, ms in found], image.info


def test_a_gif_shows_every_frame_again_and_again(tmp_path):
    write_film(tmp_path / "a.gif", iter(frames()), 6, frames_per_s=20)
    shown, durations, info = read(tmp_path / "a.gif")
    np.testing.assert_array_equal(shown, frames())
    assert durations == [50] * 6
    assert info["loop"] == 0


def test_a_gif_of_many_colours_is_close_to_them(tmp_path):
    write_film(tmp_path / "a.gif", varied(), 6)
    shown, _, _ = read(tmp_path / "a.gif")
    assert np.abs(np.asarray(shown, int) - varied()).mean() < 5  # 256 of 256 pixels


def test_a_webp_loses_nothing(tmp_path):
    write_film(tmp_path / "a.webp", iter(varied()), 6, frames_per_s=30)
    shown, durations, info = read(tmp_path / "a.webp")
    np.testing.assert_array_equal(shown, varied())
    assert durations == [33] * 6
    assert info["loop"] == 0


def test_a_strip_has_all_frames_side_by_side(tmp_path):
    write_film(tmp_path / "a.png", iter(varied(3)), 3)
    strip = np.asarray(Image.open(tmp_path / "a.png"))
    assert strip.shape == (16, 3 * 16 + 2 * 2, 3)
    for n, frame in enumerate(varied(3)):
        np.testing.assert_array_equal(strip[:, 18 * n : 18 * n + 16], frame)
    assert (strip[:, 16:18] == 255).all()


def test_a_folder_has_a_picture_for_each_frame_in_order(tmp_path):
    write_film(tmp_path / "new" / "film", iter(varied()), 6)
    files = sorted((tmp_path / "new" / "film").iterdir())
    assert [file.name for file in files[:2]] == ["00001.png", "00002.png"]
    np.testing.assert_array_equal([np.asarray(Image.open(f)) for f in files], varied())
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["film"]


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a"])
def test_frames_can_be_enlarged(tmp_path, name):
    write_film(tmp_path / name, frames(1), 1, zoom=3)
    path = tmp_path / name / "00001.png" if name == "a" else tmp_path / name
    (shown, *_), *_ = read(path)
    expected = frames(1)[0].repeat(3, axis=0).repeat(3, axis=1)
    np.testing.assert_array_equal(shown, expected)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a"])
def test_it_tells_how_far_it_is_and_leaves_nothing_when_stopped(tmp_path, name):
    told = []
    write_film(tmp_path / name, iter(frames()), 6, progress=lambda *n: told.append(n))
    assert told == [(n, 6) for n in range(1, 7)]

    folder = tmp_path / "other"
    folder.mkdir()
    taken = []

    def watched():
        for frame in frames():
            taken.append(frame)
            yield frame

    with pytest.raises(Cancelled):
        write_film(folder / name, watched(), 6, cancelled=lambda: len(taken) > 3)
    assert len(taken) == 4
    assert not list(folder.iterdir())


def test_a_film_stopped_leaves_the_one_before_as_it_was(tmp_path):
    write_film(tmp_path / "a.gif", frames(), 6)
    before = (tmp_path / "a.gif").read_bytes()
    with pytest.raises(Cancelled):
        write_film(tmp_path / "a.gif", frames(), 6, cancelled=lambda: True)
    assert (tmp_path / "a.gif").read_bytes() == before


def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(
        LatentError, match=r"end in \.gif, \.webp, \.png, or be a folder"
    ):
        write_film(tmp_path / "a.mp4", frames(), 6)
    with pytest.raises(LatentError, match="at least one frame"):
        write_film(tmp_path / "a.gif", [], 0)
    with pytest.raises(LatentError, match="is there already"):
        write_film(tmp_path, frames(), 6)
    with pytest.raises(RunError, match="cannot be written"):
        write_film(tmp_path / "no" / "a.gif", frames(), 6)
