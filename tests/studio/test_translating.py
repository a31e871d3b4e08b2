"""Tests for studio.translating."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engines.data.images import decode, thumbnail
from engines.data.picture_files import Picture
from engines.errors import PictureError
from engines.training.threads import cores
from studio.translating import (
    Translating,
    Translation,
    TranslationRequest,
)


def never():
    return False


def result(tmp_path, name, value):
    rgb = np.full((4, 6, 3), value, np.uint8)
    picture = Picture(pixels=rgb)
    request = TranslationRequest(model=tmp_path, source=picture, name=name)
    return Translation(
        request=request,
        before=rgb,
        after=rgb,
        result=picture,
        thumbnail=rgb,
        step=1,
        seconds=0.0,
    )


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
    def refuse(_self, request, **_told):
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


@pytest.mark.parametrize(("trains", "threads"), [(True, 1), (False, cores())])
def test_beside_a_run_one_thread_translates(tmp_path, monkeypatch, trains, threads):
    item = result(tmp_path, "a.png", 10)
    used = []
    monkeypatch.setattr(
        Translating, "_model", lambda _self, _run: SimpleNamespace(step=3)
    )

    def translate(_model, picture, _options, **_told):
        used.append(torch.get_num_threads())
        return picture

    monkeypatch.setattr("engines.translation.translate_picture", translate)
    before = torch.get_num_threads()
    try:
        made = Translating(lambda: trains).translate(item.request)
    finally:
        torch.set_num_threads(before)
    assert used == [threads]
    assert made.step == 3
