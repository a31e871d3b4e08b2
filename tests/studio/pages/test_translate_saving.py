"""Tests for studio.pages.translate_saving, on the Translate page."""

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from engines.data.images import decode
from tests.studio.pages.translate_parts import GREY, RED, add, counts, negative


def test_save_all_writes_every_result_under_its_name(
    qtbot, painter, page, session, pictures, save_to
):
    (pictures / "broken.png").write_text("no")
    add(qtbot, page, pictures)

    with qtbot.waitSignal(session.library.saved):
        qtbot.mouseClick(page.save_all_button, Qt.MouseButton.LeftButton)

    assert sorted(p.name for p in save_to.iterdir()) == ["a.png", "b.jpg", "c.png"]
    saved = decode(save_to / "a.png")
    assert saved.shape == (30, 40, 3)
    assert (saved == negative(RED)).all()
    assert decode(save_to / "b.jpg").shape == (33, 21, 3)
    assert page.saving.toast.words() == "3 pictures saved in Results"
    assert page.save_all_button.text() == "Save all"
    assert page.save_all_button.isEnabled()


def test_saving_beside_the_originals_replaces_nothing(
    qtbot, painter, page, session, pictures, monkeypatch
):
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *_args: str(pictures)
    )
    original = (pictures / "a.png").read_bytes()
    add(qtbot, page, pictures / "a.png")

    with qtbot.waitSignal(session.library.saved):
        qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    assert (pictures / "a.png").read_bytes() == original
    assert (decode(pictures / "a-2.png") == negative(RED)).all()
    assert page.saving.toast.words() == "a-2.png saved in pictures"


def test_a_folder_that_cannot_be_made_is_told(
    qtbot, painter, page, session, pictures, save_to
):
    save_to.write_text("a file is in the way")
    add(qtbot, page, pictures / "a.png")
    with qtbot.waitSignal(session.library.saved):
        page.save_all()
    assert "cannot be made" in page.message.sentence()
    assert page.save_all_button.isEnabled()


def test_two_pictures_of_one_name_are_both_saved(
    qtbot, painter, page, session, pictures, save_to
):
    other = pictures / "other"
    other.mkdir()
    Image.new("RGB", (4, 4), GREY).save(other / "a.png")
    add(qtbot, page, pictures / "a.png", other / "a.png")
    assert counts(page) == ("2 of 2", "done")

    with qtbot.waitSignal(session.library.saved):
        page.save_all()

    assert decode(save_to / "a.png").shape == (30, 40, 3)
    assert decode(save_to / "a-2.png").shape == (4, 4, 3)
