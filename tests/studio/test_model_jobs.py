"""Tests for studio.model_jobs: a folder is translated beside everything else."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engines import batch
from engines.data.picture_files import Picture
from engines.options import Options
from studio import model_jobs
from studio.model_jobs import FolderRequest, ModelJobs
from tests.studio.folder_models import LOADING_MS, FakeModel


@pytest.fixture
def model(monkeypatch):
    fake = FakeModel()
    fake.take_the_place_of_all(monkeypatch)
    return fake


@pytest.fixture
def training():
    """Whether a run is training: its one item."""
    return [False]


@pytest.fixture
def jobs(qapp, training):
    jobs = ModelJobs(lambda: training[0])
    yield jobs
    assert jobs.shut_down(10_000)


@pytest.fixture
def request_(tmp_path):
    """Four pictures of the greys 0 to 3; "b.png" is none, "deep" holds the last."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for grey, name in enumerate(("a.png", "b.png", "c.png", "deep/d.png")):
        Image.new("RGB", (6, 4), (grey,) * 3).save(folder / name)
    (folder / "b.png").write_text("no picture")
    return FolderRequest(
        model=tmp_path / "model.pth",
        name="Negative",
        inputs=(folder,),
        out=tmp_path / "out",
        pattern="{name} {step}",
    )


def finished(qtbot, jobs, request):
    """Translate; the summary and all progress."""
    told = []
    jobs.folder_progressed.connect(told.append)
    with qtbot.waitSignal(jobs.folder_finished, timeout=LOADING_MS) as signal:
        jobs.translate_folder(request)
        assert jobs.is_busy
    assert not jobs.is_busy
    return signal.args[0], told


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_folder_is_translated_and_told_of(qtbot, jobs, model, request_):
    planned = []
    jobs.folder_planned.connect(planned.append)
    summary, told = finished(qtbot, jobs, request_)
    assert (summary.done, summary.skipped, summary.total) == (3, 0, 4)
    assert summary.failures[0][0].name == "b.png"
    assert summary.failures[0][1].startswith("is not a picture")
    assert (summary.cancelled, summary.problem) == (False, "")
    assert names(request_.out) == ["a 7.png", "c 7.png", "d 7.png"]
    assert model.loaded == [(request_.model, None)]

    (plan,) = planned
    assert (plan.total, plan.there) == (4, 0)
    assert plan.names == (
        ("a.png", "a 7.png"),
        ("b.png", "b 7.png"),
        ("c.png", "c 7.png"),
    )
    fractions = [news.standing.fraction for news in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    shown = [n for n in told if n.before is not None]
    assert [n.name for n in shown] == ["a.png", "c.png", "d.png"]
    assert [n.before[0, 0, 0] for n in shown] == [0, 2, 3]
    assert [n.after[0, 0, 0] for n in shown] == [255, 253, 252]


def test_options_and_step_reach_the_model(qtbot, jobs, model, request_):
    options = Options(direction="BtoA", scale="full")
    request = replace(request_, options=options, step=5)
    finished(qtbot, jobs, request)
    assert set(model.used) == {options}
    assert model.loaded == [(request.model, 5)]


def test_a_second_pass_goes_on_with_the_first(qtbot, jobs, model, request_):
    finished(qtbot, jobs, request_)
    summary, _ = finished(qtbot, jobs, request_)
    assert (summary.done, summary.skipped, len(summary.failures)) == (0, 3, 1)
    numbered = replace(request_, existing="number")
    summary, _ = finished(qtbot, jobs, numbered)
    assert (summary.done, summary.skipped) == (3, 0)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_cancelling_keeps_what_is_done(qtbot, jobs, model, request_, done):
    model.wait_at = done + 1
    with qtbot.waitSignal(jobs.folder_finished, timeout=LOADING_MS) as signal:
        jobs.translate_folder(request_)
        assert model.waits.wait(LOADING_MS / 1000)
        jobs.cancel()
    (summary,) = signal.args
    assert (summary.cancelled, summary.done, summary.total) == (True, done, 4)
    assert names(request_.out) == ["a 7.png", "c 7.png"][:done]

    summary, _ = finished(qtbot, jobs, request_)
    assert (summary.cancelled, summary.done) == (False, 3 - done)


def test_a_full_disk_is_told_with_what_was_done(
    qtbot, jobs, model, request_, monkeypatch
):
    monkeypatch.setattr(batch, "_is_full", lambda _folder, _cause: True)
    summary, _ = finished(qtbot, jobs, request_)
    assert "is full" in summary.problem
    assert (summary.done, summary.cancelled) == (1, False)  # b.png met the full disk


def test_a_model_that_cannot_be_loaded_is_a_sentence(qtbot, jobs, model, request_):
    with qtbot.waitSignal(jobs.failed, timeout=LOADING_MS) as signal:
        jobs.translate_folder(replace(request_, model=request_.model.parent / "gone"))
    assert signal.args == ["There is no run in 'gone'."]
    assert not jobs.is_busy


def test_shutting_down_ends_the_work_under_way(jobs, model, request_):
    model.wait_at = 1
    jobs.translate_folder(request_)
    assert model.waits.wait(LOADING_MS / 1000)
    assert jobs.shut_down(10_000)
    assert names(request_.out) == []


@pytest.mark.parametrize("is_training", [False, True])
def test_one_thread_beside_a_run_that_trains(
    qtbot, jobs, training, model, request_, monkeypatch, is_training
):
    for module in (model_jobs, batch):
        monkeypatch.setattr(module, "cores", lambda: 2)
    training[0] = is_training
    finished(qtbot, jobs, request_)
    assert model.threads == {1 if is_training else 2}


def test_a_preview_begins_nothing(qtbot, jobs, model, request_):
    request = replace(request_, pattern="{number} {name} {step}", step=12)
    with qtbot.waitSignal(jobs.folder_planned) as signal:
        jobs.preview_folder(request)
    (plan,) = signal.args
    assert plan.names[0] == ("a.png", "1 a 12.png")
    assert not request.out.exists()
    assert model.loaded == []


def test_a_preview_says_what_is_wrong(qtbot, jobs, request_):
    with qtbot.waitSignal(jobs.folder_refused) as signal:
        jobs.preview_folder(replace(request_, pattern="{name}", out=request_.inputs[0]))
    assert "cannot go into 'in' itself" in signal.args[0]


def test_only_the_newest_preview_is_told(qtbot, jobs, request_):
    told = []
    jobs.folder_planned.connect(told.append)
    with qtbot.waitSignal(jobs.folder_planned):
        for pattern in ("{number}", "{ext}", "{name}"):
            jobs.preview_folder(replace(request_, pattern=pattern))
    assert [plan.request.pattern for plan in told] == ["{name}"]


def test_what_is_shown_is_small_and_over_white():
    pixels = np.zeros((1500, 3000, 3), np.uint16)
    alpha = np.zeros((1500, 3000), np.uint16)
    shown = model_jobs._small(Picture(pixels=pixels, alpha=alpha))
    assert shown.shape == (256, 512, 3)
    assert (shown == 255).all()
    assert model_jobs._small(Picture(pixels=shown[:2, :3])).shape == (2, 3, 3)
