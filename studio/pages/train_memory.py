"""Says before a run that it needs more memory than there is, and what would fit."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engines.training.reports import DryRun
from studio.session import Session
from studio.widgets.message_bar import MessageBar


class MemoryBar(MessageBar):
    """Hidden while the settings fit; its link sets as many pictures per step as do."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Follow the settings of the next run in *session*."""
        super().__init__("warn", parent=parent)
        self._session = session
        self._dry_run: DryRun | None = None

        session.estimated.connect(self._on_estimated)
        session.engine_changed.connect(self._on_engine_changed)
        session.config_changed.connect(self._show)
        self.action_clicked.connect(self._on_action_clicked)

    @Slot(object)
    def _on_estimated(self, estimate: tuple[str, DryRun]) -> None:
        name, dry_run = estimate
        if name == "current":
            self._dry_run = dry_run
            self._show()

    @Slot()
    def _on_engine_changed(self) -> None:
        self._dry_run = None
        self._show()

    @Slot()
    def _show(self) -> None:
        found, asked = self._dry_run, self._session.config.batch_size
        if found is None or asked <= found.largest_batch:
            self.clear()
        elif not found.largest_batch:
            words = self.tr(
                "Not even one picture per step fits into memory. Choose a smaller "
                "picture size or a narrower network."
            )
            self.show_message("warn", words)
        else:
            words = self.tr(
                "{0} pictures per step do not fit into memory. At most {1} do."
            ).format(asked, found.largest_batch)
            action = self.tr("Take {0}").format(found.largest_batch)
            self.show_message("warn", words, action=action)

    @Slot()
    def _on_action_clicked(self) -> None:
        assert self._dry_run is not None, "the link comes with it"
        config, most = self._session.config, self._dry_run.largest_batch
        self._session.set_config(config.changed(batch_size=most))
