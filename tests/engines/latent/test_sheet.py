"""Tests for engines.latent.sheet: pictures with their codes, found again."""

import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engines.errors import Cancelled, LatentError, PictureError, RunError
from engines.latent import sheet as sheets
from engines.latent.sheet import read_codes, write_sheet


@pytest.fixture
def saved(vae, tmp_path):
    codes = vae.draw(20, seed=1)
    write_sheet(tmp_path / "sheet.png", vae, codes)
    return tmp_path / "sheet.png"


def changed(path, **values):
    """*path* saved again, as it is but for some of its texts."""
    with Image.open(path) as image:
        image.load()
        info = PngInfo()
        for key, value in {**image.text, **values}.items():
            if value is not None:
                info.add_text(key, value, zip=True)
        image.save(path, pnginfo=info)
    return path


def header_with(path, **values):
    with Image.open(path) as image:
        return json.dumps({**json.loads(image.text["latent-codes"]), **values})


def test_codes_and_pictures_come_back_to_the_bit(vae, saved):
    codes = vae.draw(20, seed=1)
    found = read_codes(saved)
    assert found.codes.dtype == np.float32
    np.testing.assert_array_equal(found.codes, codes)
    np.testing.assert_array_equal(found.pictures, vae.decode(codes))
    assert (found.labels, found.run, found.step) == (None, "Digits vae", 400)
    found.check(vae)


def test_codes_of_a_sheet_make_its_pictures_again_to_the_bit(gan, tmp_path):
    codes, labels = gan.draw(50, seed=1), np.arange(50) % 10
    write_sheet(tmp_path / "sheet.png", gan, codes, labels, columns=10)
    found = read_codes(tmp_path / "sheet.png")
    found.check(gan)
    np.testing.assert_array_equal(found.labels, labels)
    again = gan.decode(found.codes, found.labels)
    np.testing.assert_array_equal(again, found.pictures)
    few = [3, 40, 17]
    alone = gan.decode(found.codes[few], found.labels[few])
    assert np.abs(alone.astype(int) - found.pictures[few]).max() <= 1


def test_any_program_sees_a_grid_of_pictures(vae, saved):
    with Image.open(saved) as image:
        pixels = np.asarray(image)
    assert pixels.shape == (4 * 30 - 2, 5 * 30 - 2, 3)  # 20 pictures, 5 in a row
    expected = vae.decode(vae.draw(20, seed=1))
    np.testing.assert_array_equal(pixels[:28, :28], expected[0])
    np.testing.assert_array_equal(pixels[90:118, 30:58], expected[16])
    assert (pixels[:, 28:30] == 255).all()


def test_the_last_row_may_be_short(vae, tmp_path):
    write_sheet(tmp_path / "sheet.png", vae, vae.draw(7, seed=0), columns=3)
    assert len(read_codes(tmp_path / "sheet.png").pictures) == 7
    with Image.open(tmp_path / "sheet.png") as image:
        assert (np.asarray(image)[60:, 30:] == 255).all()


def test_codes_of_many_numbers_take_several_chunks(painted, tmp_path):
    space = painted(np.random.default_rng(0).standard_normal((784, 500)) / 28)
    codes = space.draw(900, seed=0)  # 1.8 MB
    write_sheet(tmp_path / "sheet.png", space, codes)
    with Image.open(tmp_path / "sheet.png") as image:
        assert "latent-codes-3" in image.text
    np.testing.assert_array_equal(read_codes(tmp_path / "sheet.png").codes, codes)


def test_it_is_told_how_far_it_is_and_can_be_stopped(vae, tmp_path):
    told, path = [], tmp_path / "sheet.png"
    write_sheet(path, vae, vae.draw(40, 0), progress=lambda *n: told.append(n))
    assert told == [(16, 40), (32, 40), (40, 40)]
    before = path.read_bytes()
    with pytest.raises(Cancelled):
        write_sheet(path, vae, vae.draw(40, 1), cancelled=lambda: True)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_saved_is_said(vae, tmp_path, monkeypatch):
    with pytest.raises(LatentError, match="no pictures to save"):
        write_sheet(tmp_path / "a.png", vae, vae.draw(0, 0))
    with pytest.raises(RunError, match="cannot be written"):
        write_sheet(tmp_path / "no" / "a.png", vae, vae.draw(1, 0))
    with monkeypatch.context() as patch:
        patch.setattr(sheets, "MAX_PIXELS", 10_000)
        with pytest.raises(LatentError, match=r"16 pictures of 28 .*Save fewer"):
            write_sheet(tmp_path / "a.png", vae, vae.draw(16, 0))
    monkeypatch.setattr(sheets, "_MOST", 320)
    with pytest.raises(LatentError, match="at most 10 at once"):
        write_sheet(tmp_path / "a.png", vae, vae.draw(11, 0), columns=11)
    assert not list(tmp_path.iterdir())


def test_pictures_without_codes_are_refused(tmp_path):
    for name in ("plain.png", "photo.jpg"):
        Image.new("RGB", (40, 40)).save(tmp_path / name)
        with pytest.raises(LatentError, match=f"'{name}' has no codes in it"):
            read_codes(tmp_path / name)
    (tmp_path / "text.png").write_text("words")
    with pytest.raises(PictureError, match="not a picture"):
        read_codes(tmp_path / "text.png")


@pytest.mark.parametrize(
    "values",
    [
        {"latent-codes": "{"},
        {"latent-codes": None},
        {"latent-codes-1": None},
        {"latent-codes-1": "not base64!"},
        {"latent-codes-1": "AAAA"},
        {"latent-codes-1": "//////" * 140 + "//////" * 2 + "/w=="},
    ],
    ids=str,
)
def test_changed_texts_are_noticed(saved, values):
    with pytest.raises(LatentError, match="cut or changed after it was saved"):
        read_codes(changed(saved, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"count": 19},
        {"count": 0},
        {"latent_dim": 2**60},
        {"columns": 4},
        {"image_size": "large"},
        {"labels": [1, 2]},
        {"labels": [-1] * 20},
    ],
    ids=str,
)
def test_changed_headers_are_noticed(saved, values):
    header = header_with(saved, **values)
    with pytest.raises(LatentError, match="cut or changed after it was saved"):
        read_codes(changed(saved, **{"latent-codes": header}))


def test_a_sheet_that_was_cut_is_noticed(saved):
    with Image.open(saved) as image:
        info = PngInfo()
        for key, value in image.text.items():
            info.add_text(key, value)
        image.crop((0, 0, 60, 60)).save(saved, pnginfo=info)
    with pytest.raises(LatentError, match="cut or changed"):
        read_codes(saved)


def test_a_newer_version_is_named(saved):
    header = header_with(saved, version=2)
    with pytest.raises(LatentError, match="saved by a newer version"):
        read_codes(changed(saved, **{"latent-codes": header}))


def test_codes_of_another_space_are_refused(vae, gan, saved, tmp_path):
    with pytest.raises(LatentError, match=r"8 numbers each, those of 'Digits dcgan'"):
        read_codes(saved).check(gan)
    write_sheet(tmp_path / "a.png", gan, gan.draw(1, 0), np.array([9]))
    codes = read_codes(tmp_path / "a.png")
    gan.classes = gan.classes[:9]
    with pytest.raises(LatentError, match="learnt other classes than"):
        codes.check(gan)
