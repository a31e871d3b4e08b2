"""The promise that watching changes nothing: weights are the same without a window."""

from itertools import cycle
from pathlib import Path

import numpy as np
import torch

from engines.catalogue import engine_entry
from engines.data.picture_files import Picture
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.reports import Preview, RunStatus, Saved
from engines.training.runner import run
from studio.session import JobState
from studio.translating import TranslationRequest
from tests.journeys.acts import PATIENCE_MS, count, reports_of, tensors

STEPS = 50
WATCHED = {
    "steps": STEPS,
    "ema_decay": 0.9,
    "save_every_s": 0,  # after every step, so that each can be translated with
}
UNWATCHED = {"preview_every_s": 600, "measure_every_s": 3600, "save_every_s": 3600}


def under_the_window(qtbot, studio, picture):
    """Train while pages are turned and a picture is translated over and over.

    Returns:
        The run's folder, its reports, and the steps whose weights translated the
        picture while the run was going.
    """
    window, session = studio.window, studio.session
    reports, steps = reports_of(studio), []
    pages = cycle(["train", "translate", "home", "data"])

    def on_reported(report):
        window.show_page(next(pages))
        if isinstance(report, Saved):
            run_folder = report.folder.parent.parent
            session.library.translate(
                TranslationRequest(
                    model=run_folder, source=Picture(pixels=picture), name="picture"
                )
            )

    def on_translated(translation):
        if session.state is JobState.TRAINING:
            steps.append(translation.step)

    session.reported.connect(on_reported)
    session.library.translated.connect(on_translated)
    session.set_config(session.config.changed(**WATCHED))
    with qtbot.waitSignal(session.finished, timeout=PATIENCE_MS) as ended:
        session.start()
    (outcome,) = ended.args
    assert (outcome.status, outcome.step) == (RunStatus.COMPLETED, STEPS)
    return outcome.folder, reports, steps


def headless(like: Path, folder: Path):
    """Do the run *like* again, without a window, hardly watched."""
    info = RunFolder.open(like).info
    job = NewRun(
        engine=info.engine,
        config=engine_entry(info.engine).config.checked({**info.config, **UNWATCHED}),
        data=DataChoice(
            folder=Path(info.data.folder),
            sides=info.data.sides,
            direction=info.data.direction,
        ),
        folder=folder,
        name=info.name,
        threads=info.threads,
    )
    *reports, outcome = run(job, Controls())
    assert outcome.status is RunStatus.COMPLETED
    return reports


def test_the_window_changes_no_weight(qtbot, studio, tmp_path):
    session = studio.session
    with qtbot.waitSignal(session.data.opened, timeout=PATIENCE_MS):
        session.data.open_sample("facades")
    picture = np.arange(50 * 70 * 3).astype(np.uint8).reshape(50, 70, 3)

    watched, reports, translated = under_the_window(qtbot, studio, picture)
    alone = headless(watched, tmp_path / "alone")

    assert len(translated) >= 3
    assert count(reports, Preview) > count(alone, Preview)
    assert count(reports, Saved) >= STEPS > count(alone, Saved)
    (steps, ours), (steps_alone, theirs) = tensors(watched), tensors(tmp_path / "alone")
    assert steps == steps_alone == STEPS
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []
