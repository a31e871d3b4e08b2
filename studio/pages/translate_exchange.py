"""Opening models of other programs on the Translate page, and writing ours for them."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.exchange import ExportRequest, Target
from studio.model_entry import ModelEntry
from studio.pages.translate_export import ExportDialog
from studio.pages.translate_models import Models
from studio.pages.translate_pictures import PicturesTab
from studio.session import Session

WEIGHTS = (".pth", ".pt")
"""Endings of files that PyTorch saves."""
_REMEMBERED = 8


class ModelExchange(QObject):
    """Asks for files, and tells the shared choice of model what came of it.

    Signals:
        refused: A file cannot be used. (a sentence)
    """

    refused = Signal(str)

    def __init__(
        self, session: Session, models: Models, pictures: PicturesTab, page: QWidget
    ) -> None:
        """Serve the panel of *pictures*; dialogs open over *page*."""
        super().__init__(page)
        self._session, self._models, self._pictures = session, models, pictures
        self._page = page
        pictures.panel.open_weights_clicked.connect(self.choose_weights)
        pictures.panel.export_clicked.connect(self.open_export)
        session.exchange.opened.connect(self._on_opened)
        session.exchange.refused.connect(self.refused)

    @Slot()
    def choose_weights(self) -> None:
        """Let the user choose a file of weights."""
        kinds = " ".join(f"*{ending}" for ending in WEIGHTS)
        name, _ = QFileDialog.getOpenFileName(
            self._page,
            self.tr("Choose a generator, such as latest_net_G.pth"),
            "",
            self.tr("Weights ({0});;All files (*)").format(kinds),
        )
        if name:
            self.open_weights(Path(name))

    def open_weights(self, path: Path) -> None:
        """Use a file of weights, if it is what it should be."""
        self._session.exchange.open_weights(path)

    @Slot(object)
    def _on_opened(self, entry: ModelEntry) -> None:
        self._models.add_file(entry)
        known = self._session.settings.value.weights_files
        others = [path for path in known if path != entry.path]
        recent = (entry.path, *others[: _REMEMBERED - 1])
        self._session.remember(weights_files=recent)

    @Slot()
    def open_export(self) -> None:
        """Offer to write the model in use for another program."""
        entry = self._models.chosen
        if entry is None:
            return
        dialog = ExportDialog(entry.name, self._page)
        exchange = self._session.exchange
        dialog.wanted.connect(self._on_export)
        exchange.exported.connect(dialog.show_exported)
        exchange.failed.connect(dialog.show_failed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str, object)
    def _on_export(self, target: Target, path: Path) -> None:
        entry, use = self._models.chosen, self._pictures.panel.use
        assert entry is not None, "the dialog was opened for a model"
        sources = tuple(film.source for film in self._pictures.films)
        self._session.exchange.export(
            ExportRequest(
                model=entry.path,
                step=use.step(),
                direction=use.options().direction,
                target=target,
                path=path,
                pictures=sources,
            )
        )
