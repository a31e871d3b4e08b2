"""For the tests of Translate: models without torch, the page, and pictures."""

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from studio.pages.translate import TranslatePage
from studio.translating import Translating
from tests.studio.pages.translate_parts import GREEN, GREY, RED, FakeModels


@pytest.fixture
def models(monkeypatch, tmp_path):
    fake = FakeModels(tmp_path / "runs")
    monkeypatch.setattr("studio.library.list_runs", lambda _root: tuple(fake.runs))
    monkeypatch.setattr(
        Translating, "translate", lambda _self, r, **_told: fake.translate(r)
    )
    return fake


@pytest.fixture
def page(qtbot, session, models):
    """The page as it is shown first, its runs listed."""
    page = TranslatePage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    with qtbot.waitSignal(session.library.runs_listed):
        page.show()
    return page


@pytest.fixture
def painter(models):
    """A run of 600 steps that is there before the page is."""
    return models.add_run("Painter", 600)


@pytest.fixture
def pictures(tmp_path):
    """a.png 40×30 red, b.jpg 21×33 green, c.png 8×8 grey."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.new("RGB", (40, 30), RED).save(folder / "a.png")
    Image.new("RGB", (21, 33), GREEN).save(folder / "b.jpg", quality=95)
    Image.new("RGB", (8, 8), GREY).save(folder / "c.png")
    return folder


@pytest.fixture
def save_to(monkeypatch, tmp_path):
    """The folder that the dialog answers with."""
    folder = tmp_path / "Results"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))
    return folder
