"""What a paste or a drop brings: files of this computer, or pixels."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage, QPainter

from studio.session import Rgb
from studio.widgets.drop_zone import local_paths


def paths_in(data: QMimeData) -> list[Path]:
    """The files and folders that *data* names, as links or as lines of text."""
    if found := local_paths(data):
        return found
    lines = (line.strip().strip("\"'") for line in data.text().splitlines())
    paths = (Path(_without_scheme(line)) for line in lines if line)
    return [path for path in paths if path.is_absolute()]


def picture_in(data: QMimeData) -> Rgb | None:
    """The picture that *data* holds as pixels, over white; None without one."""
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    return None if image.isNull() else _to_rgb(image)


def _without_scheme(line: str) -> str:
    return QUrl(line).toLocalFile() if line.startswith("file:") else line


def _to_rgb(image: QImage) -> Rgb:
    image.setDevicePixelRatio(1)  # every pixel counts, wherever it was copied
    flat = QImage(image.size(), QImage.Format.Format_RGB888)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    height, width = flat.height(), flat.width()
    # Rows are padded to whole words of four bytes.
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(height, -1)
    return rows[:, : 3 * width].reshape(height, width, 3).copy()
