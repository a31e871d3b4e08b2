"""What the user brings to a page: files of this computer, or pixels."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from engines.data.picture_files import Picture
from studio.widgets.drop_veil import DropVeil
from studio.widgets.drop_zone import local_paths


class Incoming(QObject):
    """Lets pictures be dropped anywhere on a page, pasted with the usual keys, chosen.

    Signals:
        files: Files and folders came. (list[Path], never empty)
        picture: A picture came as pixels. (Picture, a name for it)
        nothing_to_paste: The clipboard holds neither.
        only_a_link: What was dropped is the address of something elsewhere.
    """

    files = Signal(list)
    picture = Signal(object, str)
    nothing_to_paste = Signal()
    only_a_link = Signal()

    def __init__(self, page: QWidget) -> None:
        """Watch *page*, which is veiled while something is dragged over it."""
        super().__init__(page)
        self._page = page
        self._veil = DropVeil("", page)
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        shortcut = QShortcut(QKeySequence.StandardKey.Paste, page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.paste)

    def say(self, words: str) -> None:
        """Choose what the veil says: what happens to what is dropped."""
        self._veil.set_words(words)

    @Slot()
    def paste(self) -> None:
        """Tell what the clipboard holds."""
        data = QGuiApplication.clipboard().mimeData()
        if not self._take(data, self.tr("Pasted picture.png")):
            self.nothing_to_paste.emit()

    @Slot()
    def choose(self) -> None:
        """Let the user choose files."""
        kinds = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif *.jp2 *.tga"
        names, _ = QFileDialog.getOpenFileNames(
            self._page,
            self.tr("Choose pictures to translate"),
            "",
            self.tr("Pictures ({0});;All files (*)").format(kinds),
        )
        if names:
            self.files.emit([Path(name) for name in names])

    def choose_folder(self) -> Path | None:
        """Let the user choose a folder of pictures; None for none."""
        title = self.tr("Choose a folder of pictures to translate")
        name = QFileDialog.getExistingDirectory(self._page, title)
        return Path(name) if name else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take part in a drag over the page."""
        if isinstance(event, QDragEnterEvent):  # a kind of QDropEvent: asked first
            data = event.mimeData()
            if paths_in(data) or data.hasImage() or data.hasUrls():
                event.acceptProposedAction()
                self._veil.show()
                self._veil.raise_()
                return True
        elif event.type() == QEvent.Type.DragLeave:
            self._veil.hide()
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self._veil.hide()
            event.acceptProposedAction()
            if not self._take(event.mimeData(), self.tr("Dropped picture.png")):
                self.only_a_link.emit()
            return True
        return super().eventFilter(watched, event)

    def _take(self, data: QMimeData, name: str) -> bool:
        """Tell what *data* holds; False where it holds nothing of use."""
        if paths := paths_in(data):
            self.files.emit(paths)
        elif (picture := picture_in(data)) is not None:
            self.picture.emit(picture, name)
        else:
            return False
        return True


def paths_in(data: QMimeData) -> list[Path]:
    """The files and folders that *data* names, as links or as lines of text."""
    if found := local_paths(data):
        return found
    lines = (line.strip().strip("\"'") for line in data.text().splitlines())
    paths = (Path(_without_scheme(line)) for line in lines if line)
    return [path for path in paths if path.is_absolute()]


def picture_in(data: QMimeData) -> Picture | None:
    """The picture that *data* holds as pixels; None without one."""
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    return None if image.isNull() else _to_picture(image)


def _without_scheme(line: str) -> str:
    return QUrl(line).toLocalFile() if line.startswith("file:") else line


def _to_picture(image: QImage) -> Picture:
    flat = image.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width = flat.height(), flat.width()
    pixels = np.frombuffer(flat.constBits(), np.uint8).reshape(height, width, 4)
    alpha = pixels[..., 3].copy() if image.hasAlphaChannel() else None
    return Picture(pixels=pixels[..., :3].copy(), alpha=alpha)
