"""Tests for the commands that use latent spaces: typed, told and left behind."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageSequence

from engines.cli import main
from engines.commands import watched
from engines.latent.interpolation import walk
from engines.latent.sheet import read_codes
from engines.latent.space import load_space


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def vae(vae_run):
    return load_space(vae_run, device="cpu")


@pytest.fixture
def gan(gan_run):
    return load_space(gan_run, device="cpu")


@pytest.fixture
def typed():
    """Run a command on the CPU; gives its exit code."""

    def run(*words):
        return main([*map(str, words), "--device", "cpu"])

    return run


def frames_of(path):
    with Image.open(path) as image:
        frames = ImageSequence.Iterator(image)
        return np.stack([np.asarray(frame.convert("RGB")) for frame in frames])


# ----------------------------------------------------------------------------
# sample


def test_a_sheet_has_the_pictures_of_a_seed_and_their_codes(typed, vae, here, capsys):
    assert typed("sample", vae.path, "--grid", 3, "--seed", 5, "--out", "s.png") == 0
    assert "Digits vae, step 400: 9 pictures in s.png." in capsys.readouterr().out
    found = read_codes(here / "s.png")
    np.testing.assert_array_equal(found.codes, vae.draw(9, seed=5))
    np.testing.assert_array_equal(found.pictures, vae.decode(found.codes))
    with Image.open("s.png") as image:
        assert image.size == (3 * 30 - 2, 3 * 30 - 2)


def test_safer_pictures_are_nearer_to_the_middle(typed, vae, here):
    words = ("sample", vae.path, "--grid", 2, "--truncation", 0.5, "--out", "s.png")
    assert typed(*words) == 0
    codes = read_codes(here / "s.png").codes
    np.testing.assert_array_equal(codes, vae.draw(4, seed=1) / 2)


def test_where_classes_were_learnt_there_is_a_row_for_each(typed, gan, here):
    assert typed("sample", gan.path, "--grid", 3, "--out", "s.png") == 0
    found = read_codes(here / "s.png")
    assert found.labels.reshape(10, 3).tolist() == [[d] * 3 for d in range(10)]
    codes = found.codes.reshape(10, 3, 6)
    assert (codes == gan.draw(3, seed=1)).all()


def test_a_class_can_be_made_alone(typed, gan, here):
    words = ("sample", gan.path, "--grid", 3, "--of", "7", "--out", "s.png")
    assert typed(*words) == 0
    found = read_codes(here / "s.png")
    assert found.labels.tolist() == [7] * 9
    np.testing.assert_array_equal(found.codes, gan.draw(9, seed=1))


# ----------------------------------------------------------------------------
# walk


def test_a_walk_meets_the_pictures_of_a_sheet(typed, vae, here, capsys):
    typed("sample", vae.path, "--grid", 3, "--out", "s.png")
    words = ("walk", vae.path, "--codes", "s.png#9,2", "--frames", 5, "--zoom", 1)
    assert typed(*words, "--out", "w.webp") == 0
    assert "5 frames in w.webp." in capsys.readouterr().out
    shown, saved = frames_of(here / "w.webp"), read_codes(here / "s.png")
    path = walk(saved.codes[[8, 1]], 5, "spherical")
    np.testing.assert_array_equal(shown, vae.decode(path))
    assert np.abs(shown[[0, -1]].astype(int) - saved.pictures[[8, 1]]).max() <= 1


def test_a_walk_through_chance_goes_there_and_back_gently(typed, vae, here):
    words = ("walk", vae.path, "--seed", 3, "--pins", 3, "--frames", 7, "--ping-pong")
    words += ("--easing", "smooth", "--way", "linear", "--zoom", 2, "--out", "w.webp")
    assert typed(*words) == 0
    path = walk(vae.draw(3, seed=3), 7, ping_pong=True, easing="smooth")
    expected = vae.decode(path).repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_array_equal(frames_of(here / "w.webp"), expected)


def test_each_picture_of_a_sheet_keeps_its_class(typed, gan, here):
    typed("sample", gan.path, "--grid", 2, "--out", "s.png")
    words = ("walk", gan.path, "--codes", "s.png#1,20", "--frames", 4, "--zoom", 1)
    assert typed(*words, "--out", "w.webp") == 0
    codes = read_codes(here / "s.png").codes[[0, 19]]
    path = walk(codes, 4, "spherical")
    expected = gan.decode(path, np.array([0, 0, 9, 9]))
    np.testing.assert_array_equal(frames_of(here / "w.webp"), expected)
    assert typed(*words, "--of", "5", "--out", "five.webp") == 0
    expected = gan.decode(path, np.full(4, 5))
    np.testing.assert_array_equal(frames_of(here / "five.webp"), expected)


@pytest.mark.parametrize("name", ["w.gif", "w.png", "frames"])
def test_small_frames_are_enlarged_in_every_kind_of_film(typed, vae, here, name):
    assert typed("walk", vae.path, "--frames", 4, "--out", name) == 0
    path = here / name / "00004.png" if name == "frames" else here / name
    side = 28 * 9  # about 256
    with Image.open(path) as image:
        wide = 4 * side + 3 * 2 if name == "w.png" else side
        assert image.size == (wide, side)


# ----------------------------------------------------------------------------
# encode and invert


def test_the_codes_of_pictures_are_saved_with_what_they_make(
    typed, vae, digits, here, capsys
):
    files = sorted((digits / "3").glob("*.png"))
    assert typed("encode", vae.path, digits / "3", "--out", "c.png") == 0
    pictures = np.stack([np.asarray(Image.open(f).convert("RGB")) for f in files])
    means, _ = vae.encode(pictures)
    found = read_codes(here / "c.png")
    np.testing.assert_allclose(found.codes, means, atol=1e-5)
    error = np.sqrt(
        np.square((vae.decode(means) - pictures.astype(float)) / 255).mean()
    )
    told = capsys.readouterr().out
    assert "The codes of 40 pictures are in c.png." in told
    assert f"off by {100 * error:.1f} %" in told


def test_files_that_are_no_pictures_are_told_and_the_rest_is_done(
    typed, vae, digits, here, capsys
):
    (here / "a.png").write_text("words")
    words = ("encode", vae.path, "a.png", digits / "3" / "0003.png", "--out", "c.png")
    assert typed(*words) == 1
    assert "a.png is not a picture" in capsys.readouterr().err
    assert len(read_codes(here / "c.png").codes) == 1
    assert typed("encode", vae.path, "a.png", "--out", "none.png") == 1
    assert not (here / "none.png").exists()


def test_a_picture_that_was_made_is_found_again(typed, vae, here, capsys):
    typed("sample", vae.path, "--grid", 1, "--out", "s.png")
    assert typed("invert", vae.path, "s.png", "--steps", 100, "--out", "i.png") == 0
    made, found = read_codes(here / "s.png"), read_codes(here / "i.png")
    error = np.square((made.pictures.astype(float) - found.pictures) / 255).mean()
    assert error < 1e-3  # 30 dB
    assert "that 'Digits vae' can make is in i.png" in capsys.readouterr().out
    with Image.open("i.png") as image:
        assert image.size == (28, 28)


def test_a_picture_is_searched_in_a_class(typed, gan, digits, here):
    words = ("invert", gan.path, digits / "3" / "0003.png", "--steps", 3)
    assert typed(*words, "--of", "3", "--out", "i.png") == 0
    assert read_codes(here / "i.png").labels.tolist() == [3]


# ----------------------------------------------------------------------------
# What cannot be, and what is stopped.


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("sample vae --out a.jpg", 2, "ends in .png; it is 'a.jpg'"),
        ("sample vae --grid 0 --out a.png", 2, "--grid must be from 1 to 1000"),
        ("sample vae --truncation -1 --out a.png", 2, "0 or more; it is -1"),
        ("sample vae --of 3 --out a.png", 2, "learnt no classes. Leave --of out"),
        ("sample gan --of x --out a.png", 2, "learnt no 'x', but: 0, 1, 2"),
        ("sample none --out a.png", 1, "There is no run in 'none'"),
        ("walk vae --pins 1 --out w.gif", 2, "--pins must be 2 or more"),
        ("walk vae --zoom 0 --out w.gif", 2, "--zoom must be 1 or more"),
        ("walk vae --frames-per-s 60 --out w.gif", 2, "up to 50; it is 60"),
        ("walk vae --frames 3 --out w.gif", 1, "needs at least 4 frames"),
        ("walk vae --out w.mp4", 1, "A film can end in .gif"),
        ("walk vae --codes s.png#1,x --out w.gif", 2, "by numbers, as in s.png#3,1"),
        (
            "walk vae --codes s.png#1,5 --out w.gif",
            2,
            "no picture 5 in s.png: it has 4",
        ),
        ("walk vae --codes s.png#0,1 --out w.gif", 2, "no picture 0 in s.png"),
        ("walk gan --codes s.png --out w.gif", 1, "were made with 'Digits vae'"),
        ("walk vae --codes no.png --out w.gif", 1, "is not there any more"),
        ("encode vae --out a.png", 2, "Name at least one picture or folder"),
        ("encode gan s.png --out a.png", 1, "cannot look up where a picture is"),
        ("invert vae s.png --steps 0 --out a.png", 2, "--steps must be 1 or more"),
        ("invert vae no.png --out a.png", 1, "no.png is not there any more"),
    ],
)
def test_what_cannot_be_is_said(
    typed, vae_run, gan_run, here, capsys, words, code, said
):
    typed("sample", vae_run, "--grid", 2, "--out", "s.png")
    places = {"vae": vae_run, "gan": gan_run}
    before = set(here.iterdir())
    capsys.readouterr()
    assert typed(*[places.get(word, word) for word in words.split()]) == code
    assert said in capsys.readouterr().err
    assert set(here.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        "sample vae --out a.png",
        "walk vae --out w.gif",
        "walk vae --out frames",
        "invert vae s.png --out a.png",
    ],
)
def test_ctrl_c_leaves_nothing_half_done(
    typed, vae_run, here, monkeypatch, capsys, words
):
    typed("sample", vae_run, "--grid", 2, "--out", "s.png")
    capsys.readouterr()
    asked = itertools.count()
    monkeypatch.setattr(watched.Watched, "cancelled", lambda _work: next(asked) >= 2)
    places = {"vae": vae_run}
    assert typed(*[places.get(word, word) for word in words.split()]) == 130
    assert [path.name for path in here.iterdir()] == ["s.png"]
    assert capsys.readouterr().out == ""
