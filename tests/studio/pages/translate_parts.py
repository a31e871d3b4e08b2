"""Parts of the tests of Translate: a model that makes negatives, and ways to look."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from engines.data.images import thumbnail
from engines.errors import RunError
from engines.runs.folder import DataInfo, RunInfo, Versions
from engines.runs.listing import RunSummary
from studio.inputs import read
from studio.translating import Translation, shown

RED, GREEN, GREY = (200, 30, 40), (20, 160, 60), (120, 120, 120)


def negative(colour):
    return tuple(255 - value for value in colour)


class FakeModels:
    """Stands for torch: negatives, with the step of the run's newest checkpoint."""

    def __init__(self, folder):
        self.folder = folder
        self.runs = []
        self.requests = []
        self.problem = ""
        self.has_critic = True
        self.gate = threading.Event()
        self.gate.set()

    def add_run(
        self, name, step, state="completed", engine="pix2pix", steps=None, **settings
    ):
        info = RunInfo(
            name=name,
            engine=engine,
            config={"image_size": 64, "held_out": 0.1, **settings},
            data=DataInfo(
                folder=str(self.folder / "gone"),
                name="pairs",
                kind="folders",
                a_name="sketch",
                b_name="photo",
                fingerprint="",
                training_pictures=9,
                held_out_pictures=1,
            ),
            versions=Versions(studio="0", torch="0", python="0"),
            seed=0,
            threads=1,
            created=datetime(2026, 1, 1, tzinfo=UTC),
            steps=2000,
        )
        summary = RunSummary(
            path=self.folder / name,
            info=info,
            state=state,
            problem="",
            thumbnail=None,
            modified=info.created,
            size_bytes=1,
            kept_step=step,
            weight_steps=steps or (step,),
        )
        self.runs = [summary, *(r for r in self.runs if r.path != summary.path)]
        return summary.path

    def translate(self, request):
        self.requests.append(request)
        assert self.gate.wait(5)
        run = next((r for r in self.runs if r.path == request.model), None)
        if run is None:
            raise RunError("That run is gone.")
        if self.problem:
            raise RunError(self.problem)
        before = read(request.source)
        result = replace(before, pixels=255 - before.pixels)
        if request.step is not None:  # earlier weights paint darker
            result = replace(before, pixels=result.pixels // 2)
        wants_back = request.wants_back
        wants_belief = request.wants_belief and self.has_critic
        return Translation(
            request=request,
            before=shown(before),
            after=shown(result),
            result=result,
            thumbnail=thumbnail(result.rgb(), 184, 120),
            step=request.step or run.kept_step,
            seconds=0.084,
            answer=request.answer and shown(read(request.answer)),
            back=shown(before) if wants_back else None,
            cycle_error=0.125 if wants_back else None,
            belief=np.full((2, 3), 0.25, np.float32) if wants_belief else None,
        )

    def names(self):
        return [request.name for request in self.requests]


def add(qtbot, page, *paths):
    """Add files and wait until all are translated or refused."""
    with qtbot.waitSignal(page._session.library.pictures_found):
        page.add_files(list(paths))
    settle(qtbot, page)


def settle(qtbot, page):
    strip = page.pictures.view.strip
    qtbot.waitUntil(
        lambda: (
            page.pictures._asking.request is None
            and strip.count() == len(page.pictures.films)
        )
    )


def colours(page):
    """What the stage shows a quarter and three quarters across, at mid height."""
    image = page.pictures.view.stage.grab().toImage()
    room = image.size()
    found = []
    for x in (0.4, 0.6):
        pixel = image.pixelColor(int(x * room.width()), int(0.3 * room.height()))
        found.append((pixel.red(), pixel.green(), pixel.blue()))
    return found


def counts(page):
    return page.pictures.view.count.text(), page.pictures.view.count_words.text()
