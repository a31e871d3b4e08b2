"""Tests for studio.pages.incoming, on the Translate page."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from studio.widgets.drop_veil import DropVeil
from tests.studio.pages.translate_parts import add, settle


def drag(kind, point, data):
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    return kind(point, copy, data, left, Qt.KeyboardModifier.NoModifier)


def test_a_drop_anywhere_adds_files(qtbot, painter, page, session, pictures):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures / "b.jpg"))])
    veil = page.findChild(DropVeil)
    entering = drag(QDragEnterEvent, QPoint(300, 300), data)
    QApplication.sendEvent(page, entering)
    assert entering.isAccepted()
    assert veil.isVisible()
    with qtbot.waitSignal(session.library.pictures_found):
        QApplication.sendEvent(page, drag(QDropEvent, QPointF(300, 300), data))
    settle(qtbot, page)
    assert page.pictures.panel.pixels.text() == "21 × 33"
    assert not veil.isVisible()


@pytest.mark.parametrize("tab", ["pictures", "draw", "folder"])
def test_every_spot_of_the_page_takes_a_drop(
    qtbot, painter, page, session, pictures, tab
):
    add(qtbot, page, pictures / "a.png")
    page.folder.use_inputs([pictures])
    page.tabs.button(tab).click()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures / "b.jpg"))])
    data.setText(str(pictures / "b.jpg"))  # which a field would take as words
    veil = page.findChild(DropVeil)
    shown = [part for part in page.findChildren(QWidget) if part.isVisible()]
    assert len(shown) > 25
    for part in shown:
        veil.hide()
        entering = drag(QDragEnterEvent, part.rect().center(), data)
        entering.ignore()
        QApplication.sendEvent(part, entering)
        assert entering.isAccepted(), part
        assert veil.isVisible(), part
    veil.hide()


def test_the_veil_says_what_a_drop_does(qtbot, painter, page):
    veil = page.findChild(DropVeil)
    assert veil.words() == "Drop to translate with Painter"
    page.tabs.button("draw").click()
    assert veil.words() == "Drop to draw on it"
    page.tabs.button("folder").click()
    assert veil.words() == "Drop to translate all of it"


def test_weights_among_pictures_are_told_apart(
    qtbot, painter, page, pictures, monkeypatch
):
    opened = []
    monkeypatch.setattr(page.exchange, "open_weights", opened.append)
    weights = pictures / "latest_net_G.pth"
    with qtbot.waitSignal(page._session.library.pictures_found):
        page.incoming.files.emit([pictures / "a.png", weights, pictures / "c.png"])
    assert opened == [weights]
    assert [film.name for film in page.pictures.films] == ["a.png", "c.png"]
    settle(qtbot, page)


def test_a_link_from_a_browser_is_explained(painter, page):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    entering = drag(QDragEnterEvent, QPoint(300, 300), data)
    QApplication.sendEvent(page, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(page, drag(QDropEvent, QPointF(300, 300), data))
    assert page.message.sentence().startswith("That is the address of a picture")
    assert not page.findChild(DropVeil).isVisible()


def test_a_picture_from_a_browser_is_taken(qtbot, painter, page):
    image = QImage(6, 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    data.setImageData(image)
    QApplication.sendEvent(page, drag(QDragEnterEvent, QPoint(300, 300), data))
    QApplication.sendEvent(page, drag(QDropEvent, QPointF(300, 300), data))
    settle(qtbot, page)
    assert page.pictures.films[0].name == "Dropped picture.png"
    assert page.pictures.films[0].translation.before.tolist() == [[[0, 0, 255]] * 6] * 4


def test_a_drag_of_words_is_not_taken(qtbot, painter, page):
    data = QMimeData()
    data.setText("only words")
    entering = drag(QDragEnterEvent, QPoint(300, 300), data)
    entering.ignore()
    QApplication.sendEvent(page, entering)
    assert not entering.isAccepted()
    assert not page.findChild(DropVeil).isVisible()


def test_pasted_pixels_stay_transparent(qtbot, painter, page):
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    image.setPixelColor(0, 0, Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)

    qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, page)

    before = page.pictures.films[0].translation.before
    assert before.shape == (3, 5, 4)
    assert before[0, 0].tolist() == [255, 0, 0, 255]
    assert (before.reshape(-1, 4)[1:, 3] == 0).all()


def test_pasted_lines_of_text_are_files(qtbot, painter, page, session, pictures):
    QGuiApplication.clipboard().setText(f'"{pictures / "c.png"}"\nand more words')
    with qtbot.waitSignal(session.library.pictures_found):
        page.paste_button.click()
    settle(qtbot, page)
    assert [film.name for film in page.pictures.films] == ["c.png"]


def test_nothing_to_paste_is_told(painter, page):
    QGuiApplication.clipboard().setText("only words")
    page.incoming.paste()
    assert page.message.sentence().startswith("There is no picture to paste.")


def test_the_dialog_adds_files(qtbot, painter, page, pictures, monkeypatch):
    chosen = [str(pictures / "a.png"), str(pictures / "c.png")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: (chosen, ""))
    with qtbot.waitSignal(page._session.library.pictures_found):
        qtbot.mouseClick(page.empty.open_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert [film.name for film in page.pictures.films] == ["a.png", "c.png"]


def test_what_was_brought_before_is_offered_again(
    qtbot, painter, page, session, pictures
):
    def offered():
        page._sources.aboutToShow.emit()
        return [action.text() for action in page._sources.actions()[4:]]

    assert offered() == ["Nothing yet"]
    for name in ("a.png", "c.png", "a.png"):
        with qtbot.waitSignal(session.library.pictures_found):
            page.add_files([pictures / name])
    qtbot.waitUntil(lambda: offered() == ["a.png", "c.png"])

    with qtbot.waitSignal(session.library.pictures_found):
        page._sources.actions()[5].trigger()
    settle(qtbot, page)
    names = [film.name for film in page.pictures.films]
    assert names == ["a.png", "c.png", "a-2.png", "c-2.png"]
