"""What people do on Translate, with models that were really trained."""

import re
import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from engines.data.picture_files import Picture, read_picture, write_picture
from engines.interop.published_write import write_published
from engines.options import Options
from engines.runs.folder import RunFolder
from engines.training.reports import Saved, Started
from engines.translation import load_model, translate_picture
from studio import model_jobs
from studio.pages.translate_export import ExportDialog
from studio.session import JobState
from tests.journeys.acts import (
    LEFT,
    click,
    count,
    drop,
    newest,
    try_sample,
    wait_for,
)
from tests.journeys.trained import train, write_pairs

DESCRIPTION = 0x010E  # the number of a field of EXIF


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with pairs and with the runs "Houses" and "Seasons"."""
    folder = tmp_path_factory.mktemp("trained")
    pairs = write_pairs(folder / "pairs")
    train("pix2pix", "Houses", pairs, folder / "runs" / "houses")
    train("cyclegan", "Seasons", pairs, folder / "runs" / "seasons", residual_blocks=6)
    return folder


@pytest.fixture
def studio(start_studio, trained, tmp_path, qtbot):
    """The studio on Translate, where Houses is chosen."""
    shutil.copytree(trained / "runs", tmp_path / "runs")
    studio = start_studio()
    studio.window.show_page("translate")
    page = studio.window.translate
    page.use_run(tmp_path / "runs" / "houses")
    wait_for(qtbot, lambda: page.models.chosen and page.models.wanted is None)
    assert page.models.chosen.name == "Houses"
    return studio


@pytest.fixture
def page(studio):
    return studio.window.translate


@pytest.fixture
def results(tmp_path, monkeypatch):
    """The folder that every dialog answers with."""
    folder = tmp_path / "Results"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    return folder


def wait_for_results(qtbot, page, many):
    """Wait until the stage shows a result, and *many* pictures have one."""
    films = page.pictures.films
    wait_for(qtbot, lambda: films.done == many and is_settled(page))


def is_settled(page):
    return page.pictures._asking.request is None and page.pictures.view.stage.has_both()


def pixels_on(page, side):
    """The left (0) or right (1) picture of the stage, (H, W, 3)."""
    return pixels_of(page.pictures.view.stage.image(side))


def pixels_of(image):
    image = image.convertToFormat(image.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def words_on_stage(page):
    return page.pictures.view.stage.accessibleDescription()


def pick(box, words):
    """Choose a row of a list as one does by keyboard."""
    rows = [box.itemText(row) for row in range(box.count())]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(rows.index(words)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == words


def use_held_out(qtbot, page):
    click(page.empty.held_out_button)
    wait_for_results(qtbot, page, 1)  # of ten pairs, one was held out


# ----------------------------------------------------------------------------
# Pictures.


def test_files_and_folders_come_in_and_go_out_as_they_were(
    qtbot, page, studio, tmp_path, results
):
    rng = np.random.default_rng(1)
    deep = Picture(
        pixels=rng.integers(0, 65536, (23, 51, 3), np.uint16),
        alpha=rng.integers(0, 65536, (23, 51), np.uint16),
    )
    write_picture(tmp_path / "deep.png", deep)
    exif = Image.Exif()
    exif[DESCRIPTION] = "A house in spring"
    more = tmp_path / "more" / "inside"
    more.mkdir(parents=True)
    Image.new("RGB", (37, 64), (0, 0, 255)).save(more / "photo.jpg", exif=exif)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")

    drop(
        studio.window, tmp_path / "deep.png", tmp_path / "more", tmp_path / "broken.png"
    )
    wait_for_results(qtbot, page, 2)
    assert page.pictures.view.count_words.text() == "done, 1 refused"
    assert "broken.png" in page.message.sentence()
    assert pixels_on(page, 1).shape == (23, 51, 3)

    pick(page.pictures.panel.format, "TIFF")
    with qtbot.waitSignal(studio.session.library.saved, timeout=30_000):
        click(page.save_all_button)
    assert sorted(path.name for path in results.iterdir()) == ["deep.tif", "photo.tif"]
    saved = read_picture(results / "deep.tif")
    assert saved.depth == 16
    assert (saved.alpha == deep.alpha).all()
    assert saved.pixels.shape == deep.pixels.shape
    assert (saved.pixels != deep.pixels).mean() > 0.9
    with Image.open(results / "photo.tif") as photo:
        assert photo.size == (37, 64)
        assert photo.getexif()[DESCRIPTION] == "A house in spring"


def test_a_result_is_compared_with_the_answer_other_weights_and_another_model(
    qtbot, page, trained
):
    use_held_out(qtbot, page)
    view, panel = page.pictures.view, page.pictures.panel
    before, after = pixels_on(page, 0), pixels_on(page, 1)
    assert before.tolist() != after.tolist()

    pick(panel.compare.box, "The right answer")
    click(view.mode.button("side"))
    assert "Right answer on the left, Result on the right." in words_on_stage(page)
    name = page.pictures.films[0].name
    answer = np.asarray(Image.open(trained / "pairs" / "photos" / name))
    assert (pixels_on(page, 0) == answer).all()
    assert (pixels_on(page, 1) == after).all()

    click(view.mode.button("difference"))
    wait_for(qtbot, lambda: "On average" in words_on_stage(page))
    apart = np.abs(answer.astype(int) - after).max(axis=2)
    mean, largest = re.findall(
        r"On average ([\d.]+), at most (\d+)", words_on_stage(page)
    )[0]
    assert float(mean) == pytest.approx(apart.mean(), rel=0.005)
    assert int(largest) == apart.max()

    steps = RunFolder.open(page.models.chosen.path).weight_steps()
    assert len(steps) >= 3
    pick(panel.compare.box, "Its earlier weights")
    click(view.mode.button("slider"))
    wait_for(qtbot, lambda: f"Step {steps[0]:,}" in words_on_stage(page))
    earliest = pixels_on(page, 0)
    panel.compare.weights.slider.setFocus()
    QTest.keyClick(panel.compare.weights.slider, Qt.Key.Key_Right)
    wait_for(qtbot, lambda: f"Step {steps[1]:,}" in words_on_stage(page))
    assert (pixels_on(page, 0) != earliest).any()
    assert (pixels_on(page, 1) == after).all()

    pick(panel.compare.box, "Seasons")
    wait_for(qtbot, lambda: "Seasons" in words_on_stage(page))
    assert (pixels_on(page, 0) != earliest).any()

    view.stage.setFocus()
    QTest.keyPress(view.stage, Qt.Key.Key_Space)
    held = view.stage.grab().toImage()
    QTest.keyRelease(view.stage, Qt.Key.Key_Space)
    assert view.stage.grab().toImage() != held
    pick(panel.compare.box, "Nothing")
    assert (pixels_on(page, 0) == before).all()


def test_my_picture_is_seen_through_the_steps_of_a_run(qtbot, page):
    use_held_out(qtbot, page)
    weights = page.pictures.panel.use.weights
    newest_result = pixels_on(page, 1)
    steps = RunFolder.open(page.models.chosen.path).weight_steps()
    weights.slider.setFocus()
    for key, step in ((Qt.Key.Key_Home, steps[0]), (Qt.Key.Key_End, steps[-1])):
        QTest.keyClick(weights.slider, key)
        words = f"Weights of step {step:,}"
        wait_for(qtbot, lambda w=words: page.pictures.panel.step.text() == w)
        is_newest = (pixels_on(page, 1) == newest_result).all()
        assert is_newest == (step == steps[-1])


def test_a_model_of_two_styles_goes_both_ways_and_back_again(qtbot, page):
    use_held_out(qtbot, page)
    panel = page.pictures.panel
    pick(panel.models, "Seasons")
    wait_for(qtbot, lambda: page.models.chosen.name == "Seasons" and is_settled(page))
    there = pixels_on(page, 1)
    check_the_way_back(page)
    click(panel.use.direction.button("BtoA"))
    wait_for(qtbot, lambda: (pixels_on(page, 1) != there).any() and is_settled(page))
    check_the_way_back(page)
    click(page.pictures.view.mode.button("side"))
    assert "And back again on the right." in words_on_stage(page)


def check_the_way_back(page):
    back = pixels_of(page.pictures.panel.back.view.image())
    apart = np.abs(back.astype(int) - pixels_on(page, 0)).mean() / 255
    percent = re.findall(r"([\d.]+) %", page.pictures.panel.back.words.text())[0]
    assert float(percent) == pytest.approx(100 * apart, abs=0.051)
    assert apart > 0


def test_a_run_that_is_deleted_meanwhile_is_told(qtbot, page, tmp_path):
    use_held_out(qtbot, page)
    shutil.rmtree(tmp_path / "runs" / "houses")
    click(page.pictures.panel.use.scale.button("full"))
    told = "Houses is not there any more. Seasons translates now."
    wait_for(qtbot, lambda: page.message.sentence() == told and is_settled(page))
    assert page.pictures.films[0].translation.request.model.name == "seasons"


# ----------------------------------------------------------------------------
# A drawing.


def test_a_stroke_changes_the_picture_and_undo_brings_it_back(
    qtbot, page, studio, results
):
    click(page.tabs.button("draw"))
    draw, view = page.draw, page.draw.view
    wait_for(qtbot, lambda: draw._starters.pictures and is_drawn(draw))
    assert draw._starters.colours is not None
    drawing, result = view.canvas.drawing.pixels(), view.result.image().copy()

    place = view.canvas.place()
    QTest.mousePress(view.canvas, LEFT, pos=place.topLeft().toPoint() + QPoint(9, 9))
    for share in (0.3, 0.6, 0.9):
        QTest.mouseMove(
            view.canvas,
            (place.topLeft() * (1 - share) + place.bottomRight() * share).toPoint(),
        )
    QTest.mouseRelease(view.canvas, LEFT, pos=place.center().toPoint())
    assert (view.canvas.drawing.pixels() != drawing).any()
    wait_for(qtbot, lambda: view.result.image() != result and is_drawn(draw))

    QTest.keyClick(view.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (view.canvas.drawing.pixels() == drawing).all()
    wait_for(qtbot, lambda: view.result.image() == result)

    with qtbot.waitSignal(studio.session.library.saved, timeout=30_000):
        click(page.save_button)
    with Image.open(results / "drawing.png") as saved:
        assert (np.asarray(saved) == pixels_of(result)).all()
    click(view.keep_button)
    click(page.tabs.button("pictures"))
    wait_for_results(qtbot, page, 1)
    assert page.pictures.films[0].name == "Drawing.png"
    assert (pixels_on(page, 0) == drawing).all()
    assert (pixels_on(page, 1) == pixels_of(result)).all()


def is_drawn(draw):
    """Whether the result is of the drawing as it is now."""
    found = draw.translation()
    now = draw.view.canvas.drawing.pixels()
    return found is not None and (found.request.source.pixels == now).all()


# ----------------------------------------------------------------------------
# A folder.


def test_a_folder_is_cancelled_at_half_and_done_later(
    qtbot, page, studio, tmp_path, monkeypatch
):
    monkeypatch.setattr(model_jobs, "TELL_EVERY_S", 0)
    photos = tmp_path / "Photos"
    for number in range(40):
        below = photos / ("deep" if number % 2 else "")
        below.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 32), (6 * number, 0, 90)).save(below / f"{number}.png")
    (photos / "deep" / "broken.png").write_text("no picture")
    originals = {path: path.read_bytes() for path in photos.rglob("*.png")}
    folder, jobs = page.folder, studio.session.jobs
    out = tmp_path / "Photos translated"

    def cancel_at_half(news):
        if news.standing.finished >= 20 and folder.running.cancel_button.isEnabled():
            click(folder.running.cancel_button)

    click(page.tabs.button("folder"))
    with qtbot.waitSignal(jobs.folder_planned, timeout=30_000):
        drop(studio.window, photos)
    jobs.folder_progressed.connect(cancel_at_half)
    with qtbot.waitSignal(jobs.folder_finished, timeout=30_000) as first:
        click(page.folder.start_button)
    jobs.folder_progressed.disconnect(cancel_at_half)
    done = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    assert first.args[0].cancelled
    assert 20 <= first.args[0].done + len(first.args[0].failures) <= 40
    assert len(done) == first.args[0].done

    with qtbot.waitSignal(jobs.folder_planned, timeout=30_000):
        click(folder.done.again_button)
    with qtbot.waitSignal(jobs.folder_finished, timeout=30_000) as second:
        click(folder.start_button)
    summary = second.args[0]
    assert summary.skipped == len(done)
    assert summary.done == 40 - len(done)
    assert [path.name for path, _ in summary.failures] == ["broken.png"]
    assert len(list(out.rglob("*.png"))) == 40
    assert {path: path.stat().st_mtime_ns for path in done} == done
    assert {path: path.read_bytes() for path in originals} == originals


# ----------------------------------------------------------------------------
# Models of other programs, and for them.


def test_weights_of_others_are_dropped_and_used(qtbot, page, studio, tmp_path):
    seasons = load_model(tmp_path / "runs" / "seasons", device="cpu")
    weights, _ = write_published(seasons.translator, tmp_path)
    wrong = tmp_path / "wrong.pth"
    wrong.write_bytes(b"no weights")
    use_held_out(qtbot, page)

    drop(studio.window, wrong)
    wait_for(qtbot, lambda: "wrong.pth" in page.message.sentence())
    assert page.models.chosen.name == "Houses"

    drop(studio.window, weights)
    wait_for(qtbot, lambda: page.models.chosen.path == weights and is_settled(page))
    assert "6 blocks" in page.pictures.panel.training.text()
    assert page.message.sentence() == ""
    click(page.pictures.panel.use.scale.button("full"))
    wait_for(qtbot, lambda: is_settled(page))
    picture = read_picture(page.pictures.films[0].source.path)
    expected = translate_picture(seasons, picture, Options(scale="full")).rgb()
    apart = np.abs(pixels_on(page, 1).astype(int) - expected)
    assert apart.max() <= 1


def test_a_model_is_written_for_another_program(
    qtbot, page, studio, tmp_path, monkeypatch
):
    use_held_out(qtbot, page)
    file = tmp_path / "houses.onnx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page.pictures.panel.more.menu().actions()[1].trigger()
    dialog = page.findChild(ExportDialog)
    assert dialog.isVisible()
    dialog.choose("chainner")
    with qtbot.waitSignal(studio.session.exchange.exported, timeout=60_000):
        click(dialog.export_button)
    assert file.stat().st_size > 1000
    words = dialog.message.sentence()
    assert words.startswith("houses.onnx")
    found = re.findall(r"the largest difference is ([\d.e-]+) of 255", words)
    assert 0 <= float(found[0]) < 0.5
    sentence = dialog.message._sentence
    assert sentence.height() >= sentence.heightForWidth(sentence.width())
    click(dialog.close_button)
    assert not dialog.isVisible()


# ----------------------------------------------------------------------------
# While a model is learning.


def test_the_picture_on_the_stage_follows_the_model_that_is_learning(
    qtbot, page, studio, tmp_path
):
    session, window = studio.session, studio.window
    Image.new("RGB", (32, 32), (0, 0, 255)).save(tmp_path / "sky.png")
    window.show_page("home")
    reports = try_sample(qtbot, studio)
    wait_for(qtbot, lambda: count(reports, Saved))
    window.show_page("translate")
    page.use_run(newest(reports, Started).folder)
    wait_for(qtbot, lambda: page.models.chosen.is_training)
    drop(window, tmp_path / "sky.png")
    wait_for(qtbot, lambda: page.pictures.view.stage.has_both())

    steps = [page.pictures.films[0].translation.step]
    pictures = [pixels_on(page, 1)]
    for _ in range(3):
        wait_for(qtbot, lambda: page.pictures.films[0].translation.step > steps[-1])
        steps.append(page.pictures.films[0].translation.step)
        pictures.append(pixels_on(page, 1))
    assert session.state is JobState.TRAINING
    assert (pictures[0] != pictures[-1]).any()
    saved = {report.step for report in reports if isinstance(report, Saved)}
    assert not saved.issuperset(steps), "its weights of the moment, not only saved ones"
