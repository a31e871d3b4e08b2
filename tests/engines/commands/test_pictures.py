"""Tests for the command that translates: what is typed, told and left behind."""

import errno
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from engines import batch
from engines.cli import main
from engines.data.images import decode
from engines.errors import PictureError
from engines.interop.published_write import write_published
from engines.options import Options
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.runner import run
from engines.translation import load_model, translate_pixels
from tests.engines.interop.trained_like import without_biases


@pytest.fixture
def trained(new_run, tmp_path, monkeypatch):
    """A run of three steps without dropout, with batch norm; it is where we work."""
    job = new_run(steps=3, dropout=0, norm="batch")
    list(run(job, Controls()))
    monkeypatch.chdir(tmp_path)
    return str(job.folder)


@pytest.fixture
def photos(tmp_path):
    """a.png, deep/b.jpg and deep/bad.png, which is none."""
    (tmp_path / "photos" / "deep").mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(tmp_path / "photos" / "a.png")
    Image.new("RGB", (21, 33), "green").save(tmp_path / "photos" / "deep" / "b.jpg")
    (tmp_path / "photos" / "deep" / "bad.png").write_text("no picture")
    return "photos"


def files(folder="out"):
    found = (path for path in Path(folder).rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_a_folder_keeps_its_tree_and_what_failed_is_listed(trained, photos, capsys):
    assert main(["translate", trained, photos, "--out", "out"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("Negatives, step 3.\n")
    assert told.out.endswith("2 of 3 pictures saved in out.\n")
    bad = Path("photos", "deep", "bad.png")
    assert told.err.splitlines() == [
        f"{bad} is not a picture of a kind that can be read; save it as PNG or JPEG."
    ]
    assert files() == ["a.png", "deep/b.jpg"]
    with Image.open("out/deep/b.jpg") as result:
        assert result.size == (21, 33)


def test_names_and_formats_can_be_chosen(trained, photos, capsys):
    argv = ["translate", trained, photos, "--out", "out", "--format", "webp"]
    main([*argv, "--pattern", "{number} {name} {model} {step}"])
    capsys.readouterr()
    assert files() == ["1 a Negatives 3.webp", "deep/2 b Negatives 3.webp"]


def test_a_second_pass_can_go_on_with_the_first(trained, photos, capsys):
    argv = ["translate", trained, photos, "--out", "photos/out"]
    main(argv)
    before = Path("photos/out/a.png").stat().st_mtime_ns
    Path("photos/deep/bad.png").unlink()
    Image.new("RGB", (8, 8)).save("photos/c.png")
    capsys.readouterr()
    assert main([*argv, "--existing", "skip"]) == 0
    told = capsys.readouterr().out
    assert told.endswith("1 of 3 pictures saved in photos/out. Already there: 2.\n")
    assert files("photos/out") == ["a.png", "c.png", "deep/b.jpg"]
    assert Path("photos/out/a.png").stat().st_mtime_ns == before
    assert main(argv) == 0
    assert "a-2.png" in files("photos/out")


def test_one_picture_says_what_it_is_called(trained, photos, capsys):
    for name in ("a.png", "a-2.png"):
        assert main(["translate", trained, "photos/a.png", "--out", "out"]) == 0
        result = Path("out", name)
        words = f"{Path('photos', 'a.png')} -> {result}\n"
        assert capsys.readouterr().out.endswith(words)
        assert result.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--pattern {nam}", "The name pattern can hold {name}, "),
        ("--tile 0", "--tile must be 1 or more pixels; it is 0."),
        ("--direction BtoA", "'Negatives' translates one way only."),
        ("--noise-seed 1", "'Negatives' has no dropout. Leave --noise-seed out."),
        ("--existing replace", 'Invalid value "replace" for --existing.'),
    ],
)
def test_what_means_nothing_is_refused_in_words(trained, photos, capsys, words, told):
    argv = ["translate", trained, photos, "--out", "out", *words.split()]
    assert main(argv) == 2
    assert told in capsys.readouterr().err
    assert not Path("out").exists()


def test_every_option_reaches_the_model(trained, photos, monkeypatch):
    real, used = batch.translate_picture, []

    def translate(model, picture, options, **more):
        used.append(options)
        return real(model, picture, options, **more)

    monkeypatch.setattr(batch, "translate_picture", translate)
    argv = ["translate", trained, "photos/a.png", "--out"]
    words = ("--scale full", "--scale full --norm picture", "--scale full --tile 64")
    for number, flags in enumerate(words):
        assert main([*argv, str(number), *flags.split()]) == 0
    assert used == [
        Options(scale="full"),
        Options(scale="full", norm="picture"),
        Options(scale="full", tile=64),
    ]
    plain, normed = (Path(f, "a.png").read_bytes() for f in ("0", "1"))
    assert plain != normed


def test_a_full_disk_ends_it_and_counts_what_is_kept(
    trained, photos, capsys, monkeypatch
):
    real = batch.write_picture

    def write(path, picture):
        if path.suffix == ".jpg":
            cause = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise PictureError(path, "could not be saved") from cause
        real(path, picture)

    monkeypatch.setattr(batch, "write_picture", write)
    assert main(["translate", trained, photos, "--out", "out"]) == 1
    told = capsys.readouterr()
    assert "is full. Free some space." in told.err
    assert told.err.count("\n") == 1
    assert told.out.endswith("1 of 3 pictures saved in out.\n")


def test_ctrl_c_keeps_what_is_finished(trained, photos, capsys, monkeypatch):
    real = batch.write_picture

    def write(path, picture):
        real(path, picture)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(batch, "write_picture", write)
    assert main(["translate", trained, photos, "--out", "out"]) == 130
    told = capsys.readouterr()
    assert "Stopping after this picture." in told.err
    assert told.out.endswith("1 of 3 pictures saved in out.\n")
    assert files() == ["a.png"]


def test_a_terminal_shows_how_far_it_is(trained, photos, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    main(["translate", trained, photos, "--out", "out"])
    lines = capsys.readouterr().out.split("\r")
    assert lines[-2].startswith(" 66 %  picture 2 of 3")
    assert lines[-1].startswith("100 %  picture 3 of 3  1 failed")


def test_an_older_step_can_be_asked_for(new_run, tmp_path, monkeypatch, capsys):
    job = new_run(steps=4, save_every_s=0)
    list(run(job, Controls()))
    monkeypatch.chdir(tmp_path)
    step = RunFolder.open(job.folder).checkpoints.steps()[0]
    Image.new("RGB", (8, 8)).save("a.png")
    argv = ["translate", str(job.folder), "a.png", "--out", "out", "--step", str(step)]
    assert main([*argv, "--pattern", "{step}"]) == 0
    assert files() == [f"{step}.png"]
    assert f"step {step}." in capsys.readouterr().out


def test_weights_of_the_published_code_translate_as_the_model_does(
    trained, photos, capsys
):
    model = load_model(Path(trained), device="cpu")
    without_biases(model.translator)
    (weights,) = write_published(model.translator, Path("weights"))
    argv = ["photos/a.png", "--scale", "full", "--out"]
    named = ["--pattern", "{model}", "--format", "tif"]
    assert main(["translate", str(weights), *argv, "theirs", *named]) == 0
    told = capsys.readouterr().out
    (written,) = Path("theirs").iterdir()
    assert f"-> {written}" in told
    before = decode(Path("photos/a.png"))
    ours = translate_pixels(model, before, Options(scale="full"))
    assert abs(ours.astype(int) - decode(written)).max() <= 1

    assert main(["translate", str(weights), *argv, "out", "--pattern", "{step}"]) == 2
    assert "These weights tell no step." in capsys.readouterr().err
