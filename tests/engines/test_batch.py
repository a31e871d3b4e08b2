"""Tests for engines.batch: counts, what stays, and how a batch ends."""

import errno
import hashlib
import os
import shutil
import tracemalloc
from dataclasses import replace

import psutil
import pytest
import torch
from PIL import Image

from engines import batch
from engines.batch import translate_batch
from engines.batch_plan import plan
from engines.data.images import decode, picture_size
from engines.errors import Cancelled, PictureError, RunError
from engines.options import Options
from engines.training import runner
from engines.training.controls import Controls
from engines.translation import load_model, translate_picture

SIZE = (12, 9)


@pytest.fixture(autouse=True)
def negative(monkeypatch):
    """The model makes negatives; the options that it was used with."""
    used = []

    def translate(_model, picture, options, *, cancelled, progress):
        used.append(options)
        if cancelled():
            raise Cancelled
        progress(1, 2)
        progress(2, 2)
        return replace(picture, pixels=255 - picture.pixels)

    monkeypatch.setattr(batch, "translate_picture", translate)
    return used


def write(path, number):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", SIZE, colour(number)).save(path)
    return path


def colour(number):
    return (number % 256, number // 256, 7)


@pytest.fixture
def five(tmp_path):
    """0.png to 4.png in "in"; 2.png is damaged."""
    for number in range(5):
        write(tmp_path / "in" / f"{number}.png", number)
    (tmp_path / "in" / "2.png").write_bytes(b"no picture")
    return tmp_path / "in"


def run(made, **more):
    return list(translate_batch(None, made, **more))


def states(reports):
    return " ".join(report.state for report in reports)


def hashes(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in files}


# ----------------------------------------------------------------------------
# What is reported.


def test_each_picture_is_told_of_and_a_bad_one_ends_nothing(five, tmp_path):
    reports = run(plan([five], tmp_path / "out"))
    assert states(reports) == "done done failed done done"
    assert [report.source.name for report in reports] == [f"{k}.png" for k in range(5)]
    bad = reports[2]
    assert bad.written is None
    assert bad.problem.startswith("is not a picture")
    assert decode(reports[3].written)[0, 0].tolist() == [252, 255, 248]
    last = reports[-1].standing
    assert (last.done, last.skipped, last.failed, last.total) == (4, 0, 1, 5)
    assert last.finished == 5


def test_options_reach_the_model(five, tmp_path, negative):
    options = Options(direction="BtoA", noise_seed=3)
    run(plan([five / "0.png"], tmp_path / "out"), options=options)
    assert negative == [options]


def test_a_pictures_depth_alpha_and_place_are_kept(tmp_path):
    (tmp_path / "in").mkdir()
    Image.new("RGBA", (3, 2), (10, 20, 30, 40)).save(tmp_path / "in" / "a.png")
    run(plan([tmp_path / "in"], tmp_path / "out"))
    with Image.open(tmp_path / "out" / "a.png") as result:
        assert (result.mode, result.size) == ("RGBA", (3, 2))
        assert result.getpixel((0, 0)) == (245, 235, 225, 40)


def test_pictures_are_shown_once_they_are_saved(five, tmp_path):
    shown = []

    def show(source, before, after):
        assert len(list((tmp_path / "out").iterdir())) == len(shown) + 1
        assert (tmp_path / "out" / source.name).exists()
        shown.append((before.pixels[0, 0, 0], after.pixels[0, 0, 0]))

    run(plan([five], tmp_path / "out"), show=show)
    assert shown == [(0, 255), (1, 254), (3, 252), (4, 251)]


def test_the_bar_never_falls_and_ends_full(five, tmp_path):
    told = []
    made = plan([five], tmp_path / "out")
    for report in translate_batch(None, made, progress=told.append):
        told.append(report.standing)
    fractions = [standing.fraction for standing in told]
    # Two tiles a picture, of which the damaged one has none, and their ends.
    halves = [0.1, 0.2, 0.2, 0.3, 0.4, 0.4, 0.6, 0.7, 0.8, 0.8, 0.9, 1.0, 1.0]
    assert fractions == pytest.approx(halves)


def test_tiles_that_begin_anew_do_not_take_the_bar_back(five, tmp_path, monkeypatch):
    def translate(_model, picture, _options, *, progress, **_more):
        for done, total in ((1, 2), (1, 8), (8, 8)):
            progress(done, total)
        return picture

    monkeypatch.setattr(batch, "translate_picture", translate)
    told = []
    run(plan([five / "0.png", five / "1.png"], tmp_path / "out"), progress=told.append)
    assert [s.fraction for s in told] == pytest.approx([0.25, 0.25, 0.5, 0.75, 0.75, 1])


def test_time_left_is_by_what_was_done_so_far(five, tmp_path):
    write(tmp_path / "out" / "0.png", 0)
    now = [100.0]
    made = plan([five], tmp_path / "out", existing="skip")
    lefts = []
    for report in translate_batch(None, made, clock=lambda: now[0]):
        lefts.append(report.standing.left_s)
        now[0] += 3
    # Nothing is known at once; then 3 s for the first of four, 6 s for two, ...
    assert lefts == [None, 9, 6, 3, 0]
    assert report.standing.elapsed_s == 12


def test_other_programs_get_their_cores(five, tmp_path, monkeypatch):
    """Asked before each of three looks at a picture: before it and after two tiles."""
    shares = iter([2, 2, 1, 2, 2, 2])

    class Share:
        threads = None

        def __init__(self, most):
            assert most == 2

        def look(self):
            self.threads = next(shares)

    used = []
    monkeypatch.setattr(batch, "Sharing", Share)
    monkeypatch.setattr(batch, "cores", lambda: 2)
    monkeypatch.setattr(torch, "set_num_threads", used.append)
    allowed = iter([2, 1, 2, 2, 1, 2])
    two = [five / "0.png", five / "1.png"]
    run(plan(two, tmp_path / "out"), threads=lambda: next(allowed))
    assert used == [2, 1, 1, 2, 1, 2]


# ----------------------------------------------------------------------------
# What is there already.


def test_what_is_skipped_is_no_work(five, tmp_path):
    out = tmp_path / "out"
    run(plan([five], out))
    before = hashes(out)
    reports = run(plan([five], out, existing="skip"))
    assert states(reports) == "skipped skipped failed skipped skipped"
    assert reports[0].written == out / "0.png"
    assert [r.standing.fraction for r in reports] == [0, 0, 1, 1, 1]
    assert hashes(out) == before

    (five / "2.png").unlink()
    (report, *_) = run(plan([five], out, existing="skip"))
    assert report.standing.fraction == 1


def test_what_came_since_the_plan_is_skipped_or_stepped_around(five, tmp_path):
    out = tmp_path / "out"
    skipping, numbering = (plan([five], out, existing=e) for e in ("skip", "number"))
    write(out / "0.png", 99)
    before = hashes(out)
    assert states(run(skipping)) == "skipped done failed done done"
    names = [report.written.name for report in run(numbering) if report.written]
    assert names == ["0-2.png", "1-2.png", "3-2.png", "4-2.png"]
    assert before.items() <= hashes(out).items()


def test_originals_stay_also_through_links(five, tmp_path):
    out = five / "out"
    out.mkdir()
    os.link(five / "0.png", out / "0.png")
    os.symlink(five / "1.png", out / "1.png")
    before = hashes(five)
    run(plan([five], out))
    run(plan([five], out, existing="skip"))
    assert before.items() <= hashes(five).items()


# ----------------------------------------------------------------------------
# How it ends.


def test_cancelled_between_two_pictures(five, tmp_path):
    seen = []
    made = plan([five], tmp_path / "out")
    for report in translate_batch(None, made, cancelled=lambda: len(seen) == 2):
        seen.append(report)
    assert states(seen) == "done done"
    assert sorted(os.listdir(tmp_path / "out")) == ["0.png", "1.png"]


def test_cancelled_within_a_picture(five, tmp_path):
    seen = []
    asked = iter([False, False, False, True])  # before and within each
    made = plan([five], tmp_path / "out")
    for report in translate_batch(None, made, cancelled=lambda: next(asked)):
        seen.append(report)
    assert states(seen) == "done"
    assert os.listdir(tmp_path / "out") == ["0.png"]


def test_a_folder_that_cannot_be_made(five, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(RunError, match=r"out' cannot be made .*Choose another folder"):
        run(plan([five], tmp_path / "out"))


def test_a_full_disk_ends_it_with_one_sentence(five, tmp_path, monkeypatch):
    real = batch.write_picture

    def full(path, picture):
        if path.name == "1.png":
            cause = OSError(errno.ENOSPC, "No space left on device")
            raise PictureError(path, "could not be saved: the disk is full") from cause
        real(path, picture)

    monkeypatch.setattr(batch, "write_picture", full)
    reports = translate_batch(None, plan([five], tmp_path / "out"))
    assert next(reports).state == "done"
    with pytest.raises(RunError, match=r"is full\. Free some space.*are kept"):
        next(reports)
    assert os.listdir(tmp_path / "out") == ["0.png"]


def test_a_full_disk_is_known_where_the_encoder_does_not_tell(
    five, tmp_path, monkeypatch
):
    def fail(path, _picture):
        raise PictureError(path, "could not be saved: encoder error -2")

    usage = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(batch, "write_picture", fail)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(RunError, match="is full"):
        run(plan([five], tmp_path / "out"))


@pytest.mark.parametrize("gone", ["in", "out"])
def test_a_folder_that_goes_away_ends_it_with_one_sentence(five, tmp_path, gone):
    reports = translate_batch(None, plan([five], tmp_path / "out"))
    next(reports)
    (tmp_path / gone).rename(tmp_path / "elsewhere")
    with pytest.raises(RunError, match=rf"{gone}' is not there any more"):
        next(reports)
    assert not (tmp_path / gone).exists()


def test_a_file_that_goes_away_is_one_failure(five, tmp_path):
    made = plan([five], tmp_path / "out")
    (five / "1.png").unlink()
    reports = run(made)
    assert states(reports) == "done failed failed done done"
    assert reports[1].problem == "is not there any more"


def test_a_name_too_long_to_be_saved_is_one_failure(five, tmp_path):
    write(five / f"{'n' * 250}.png", 1)
    reports = run(plan([five], tmp_path / "out", pattern="{name} translated"))
    assert states(reports) == "done done failed done done failed"
    assert reports[-1].problem.startswith("gets a name that is too long")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "needs more memory than is free"),
        (RuntimeError("DefaultCPUAllocator: not enough memory"), "needs more memory"),
        (RuntimeError("Odd."), "could not be translated: Odd"),
        (PictureError(None, "is odd"), "is odd"),
    ],
)
def test_a_picture_that_breaks_the_model_is_one_failure(
    five, tmp_path, monkeypatch, error, words
):
    def translate(_model, picture, *_options, **_more):
        if picture.pixels[0, 0, 0] == 1:
            raise error
        return picture

    monkeypatch.setattr(batch, "translate_picture", translate)
    reports = run(plan([five], tmp_path / "out"))
    assert states(reports) == "done failed failed done done"
    assert reports[1].problem.startswith(words)


# ----------------------------------------------------------------------------
# Two thousand.

BROKEN = (b"", b"no picture", b"\x89PNG\r\n\x1a\nno more", None)  # None: cut off


def two_thousand(folder):
    """Pictures in twenty folders; each hundredth is broken."""
    for number in range(2_000):
        path = write(folder / f"{number // 100:02d}" / f"{number:04d}.png", number)
        if number % 100 == 50:
            content = BROKEN[number // 100 % 4]
            whole = path.read_bytes()
            path.write_bytes(whole[: len(whole) - 30] if content is None else content)
    return folder


def test_two_thousand_cancelled_at_half_and_run_again(tmp_path):
    folder, out = two_thousand(tmp_path / "in"), tmp_path / "in" / "translated"
    originals = hashes(folder)

    first = []
    made = plan([folder], out)
    assert len(made.jobs) == 2_000
    for report in translate_batch(None, made, cancelled=lambda: len(first) == 1_000):
        first.append(report)
    standing = first[-1].standing
    assert (standing.done, standing.skipped, standing.failed) == (990, 0, 10)
    assert standing.fraction == 0.5

    again = plan([folder], out, existing="skip")
    assert (len(again.jobs), again.there) == (2_000, 990)
    fractions = []
    for report in translate_batch(None, again):
        fractions.append(report.standing.fraction)
        if len(fractions) == 1_500:
            tracemalloc.start()
    kept_bytes = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    standing = report.standing
    assert (standing.done, standing.skipped, standing.failed) == (990, 990, 20)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    # 500 pictures have 162 kB of pixels, twice; none of them may stay.
    assert kept_bytes < 150_000

    results = [path for path in out.rglob("*") if path.is_file()]
    assert len(results) == 1_980
    for path in results[::9]:
        assert picture_size(path) == SIZE
        wanted = [255 - value for value in colour(int(path.stem))]
        assert decode(path)[4, 4].tolist() == wanted
    assert {
        path: h for path, h in hashes(folder).items() if out not in path.parents
    } == (originals)


@pytest.mark.slow
def test_two_thousand_with_a_network_take_no_more_memory_than_two_hundred(
    new_run, tmp_path, monkeypatch
):
    monkeypatch.setattr(batch, "translate_picture", translate_picture)
    job = new_run(steps=2)
    list(runner.run(job, Controls()))
    folder = two_thousand(tmp_path / "in")
    model = load_model(job.folder, device="cpu")
    process = psutil.Process()
    resident = []
    for report in translate_batch(model, plan([folder], tmp_path / "out")):
        if report.standing.finished % 200 == 0:
            resident.append(process.memory_info().rss)
    standing = report.standing
    assert (standing.done, standing.skipped, standing.failed) == (1_980, 0, 20)
    # 0.4 MB; all that is computed for a picture, kept each time, would be far more.
    assert resident[-1] - resident[0] < 8e6
