"""Tests for studio.translating."""

import numpy as np
import pytest
from PIL import Image

from engines.data.images import decode, thumbnail
from engines.data.sets import Source
from engines.errors import PictureError
from studio.translating import (
    Translating,
    Translation,
    TranslationRequest,
    pictures_among,
)


def never():
    return False


def result(tmp_path, name, value):
    picture = np.full((4, 6, 3), value, np.uint8)
    request = TranslationRequest(run=tmp_path, source=picture, name=name)
    return Translation(
        request=request,
        before=picture,
        after=picture,
        thumbnail=picture,
        step=1,
        seconds=0.0,
    )


def test_files_are_taken_as_they_are_and_folders_searched(tmp_path):
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    for path in (folder / "b.png", folder / "deeper" / "a.png"):
        Image.new("RGB", (2, 2)).save(path)
    (folder / "notes.txt").write_text("no picture")
    (tmp_path / "bare").mkdir()

    found, problems = pictures_among(
        [tmp_path / "list.txt", folder, tmp_path / "bare"], cancelled=never
    )

    files = [tmp_path / "list.txt", folder / "b.png", folder / "deeper" / "a.png"]
    assert found == tuple(Source(path) for path in files)
    assert len(problems) == 1
    assert problems[0].startswith("The folder 'bare' is empty.")


def test_saving_tells_how_far_it_is_and_adds_numbers(tmp_path):
    told = []
    items = [result(tmp_path, "a.gif", 10), result(tmp_path, "a.png", 20)]

    saved = Translating().save(
        items, tmp_path / "out", progress=told.append, cancelled=never
    )

    assert saved.written == (tmp_path / "out/a.png", tmp_path / "out/a-2.png")
    assert saved.problems == ()
    assert told == [(0, 2), (1, 2)]
    assert (decode(saved.written[1]) == 20).all()


def test_saving_names_what_fails_and_goes_on(tmp_path, monkeypatch):
    def refuse(_self, request):
        raise PictureError(None, "is cut off")

    monkeypatch.setattr(Translating, "translate", refuse)
    good = result(tmp_path, "a.png", 10)

    saved = Translating().save(
        [good.request, good], tmp_path, progress=lambda _counts: None, cancelled=never
    )

    assert saved.problems == ("The picture is cut off.",)
    assert saved.written == (tmp_path / "a.png",)


def test_saving_stops_between_two_pictures(tmp_path):
    told = []
    items = [result(tmp_path, f"{k}.png", k) for k in range(3)]
    saved = Translating().save(
        items, tmp_path, progress=told.append, cancelled=lambda: len(told) == 1
    )
    assert saved.written == (tmp_path / "0.png",)


@pytest.mark.parametrize("shape", [(400, 100, 3), (100, 400, 3), (3, 2, 3)])
def test_a_thumbnail_has_exactly_its_size(shape):
    assert thumbnail(np.zeros(shape, np.uint8), 184, 120).shape == (120, 184, 3)


def test_a_thumbnail_shows_the_middle():
    picture = np.zeros((100, 400, 3), np.uint8)
    picture[:, 150:250] = 200  # just the square in the middle
    small = thumbnail(picture, 50, 50)
    assert (small[:, 2:-2] == 200).all()
    assert (small[:, [0, -1]] > 150).all()  # the filter reaches over the edge
