"""The panel beside the pictures: which model, how it is used, compared with what."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.model_entry import ModelEntry
from studio.pages.translate_back import BackAgain
from studio.pages.translate_compare import TranslateCompare
from studio.pages.translate_models import ModelBox, Models
from studio.pages.translate_use import TranslateUse
from studio.translating import Format, Translation
from studio.widgets import buttons
from studio.widgets.card import Card, Divider
from studio.widgets.labels import caption
from studio.widgets.toggle import Toggle

_FORMATS: Sequence[Format] = ("same", ".png", ".jpg", ".webp", ".tif")


class TranslatePanel(Card):
    """What translates, and what is known of the result on the stage.

    Signals:
        changed: The model is to be used in another way.
        looked_at_differently: Something else is to be shown beside the result.
        open_weights_clicked: The user has a model of another program.
        export_clicked: The user wants the model for another program.
    """

    changed = Signal()
    looked_at_differently = Signal()
    open_weights_clicked = Signal()
    export_clicked = Signal()

    def __init__(self, models: Models, parent: QWidget | None = None) -> None:
        """Show the chosen one of *models*, and whatever becomes of it."""
        super().__init__(parent)
        self._models = models
        self.models = ModelBox(models)
        self.more = buttons.tool(
            "dots-three-vertical", self.tr("Models of other programs")
        )
        self.training = caption()
        self.use = TranslateUse()
        self.compare = TranslateCompare()
        self.belief = Toggle(self.tr("What the critic believes"))
        self.belief.setToolTip(
            self.tr("Tints the result where the critic of this model takes it for real")
        )
        self.belief_words = caption(
            self.tr(
                "Not known of these weights: a run keeps its critic with the newest "
                "saved ones alone."
            )
        )
        self.belief_words.setWordWrap(True)
        self.belief_words.hide()
        self.back = BackAgain()
        self.format = QComboBox()
        self.step = caption()
        self.pixels = caption()
        self.speed = caption()
        self._parts = QVBoxLayout()
        self._scroll = QScrollArea()
        self._lay_out()
        self._connect()
        self._show_model()

    def file_format(self) -> Format:
        """The files' ending for results, or "same"."""
        return _FORMATS[self.format.currentIndex()]

    def wants_back(self) -> bool:
        """Whether results are to be translated back."""
        entry = self._models.chosen
        return bool(entry and len(entry.directions) > 1 and self.back.is_wanted())

    def wants_belief(self) -> bool:
        """Whether the critic is to be asked."""
        entry = self._models.chosen
        return bool(entry and entry.has_critic and self.belief.isChecked())

    def show_translation(self, found: Translation | None) -> None:
        """Say what the picture on the stage took, None to say nothing."""
        self.back.show_translation(found)
        is_missing = found is not None and found.belief is None
        was_asked = found is not None and found.request.wants_belief
        self.belief_words.setVisible(is_missing and was_asked and self.wants_belief())
        if found is None:
            for label in (self.step, self.pixels, self.speed):
                label.clear()
            return
        height, width = found.before.shape[:2]
        words = self.tr("Weights of step {0}").format(f"{found.step or 0:,}")
        self.step.setText(words if found.step is not None else "")
        self.pixels.setText(f"{width} × {height}")
        self.speed.setText(self.tr("{0} s per picture").format(_short(found.seconds)))

    # ------------------------------------------------------------------------
    # How it is put together.

    def _lay_out(self) -> None:
        self.training.setWordWrap(True)
        for name in (
            self.tr("Like the input"),
            self.tr("PNG"),
            self.tr("JPEG"),
            self.tr("WebP"),
            self.tr("TIFF"),
        ):
            self.format.addItem(name)
        self.format.setAccessibleName(self.tr("Save results as"))
        menu = QMenu(self.more)
        for words, signal in (
            (self.tr("Open a model of another program…"), self.open_weights_clicked),
            (self.tr("Use this model elsewhere…"), self.export_clicked),
        ):
            menu.addAction(words).triggered.connect(
                lambda _on=False, s=signal: s.emit()
            )
        self.more.setMenu(menu)
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)

        model = QHBoxLayout()
        model.setSpacing(4)
        model.addWidget(self.models, 1)
        model.addWidget(self.more)
        self.column.setContentsMargins(0, 12, 0, 12)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(4)
        head.addWidget(caption(self.tr("Model")))
        head.addLayout(model)
        head.addWidget(self.training)
        self.column.addLayout(head)
        self.column.addWidget(self._scrolled(), 1)
        self.column.addLayout(self._foot())

    def _scrolled(self) -> QWidget:
        inner = QWidget()
        inner.setProperty("kind", "scrolled")
        self._parts = QVBoxLayout(inner)
        self._parts.setContentsMargins(16, 0, 16, 0)
        self._parts.setSpacing(12)
        belief = QVBoxLayout()
        belief.setSpacing(0)
        belief.addWidget(self.belief)
        belief.addWidget(self.belief_words)
        for part in (self.use, Divider(), self.compare):
            self._parts.addWidget(part)
        self._parts.addLayout(belief)
        self._parts.addWidget(self.back)
        self._parts.addStretch()
        self._scroll.setWidget(inner)
        self._scroll.setAccessibleName(self.tr("How the model is used"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setHorizontalScrollBarPolicy(never)
        self._scroll.verticalScrollBar().installEventFilter(self)
        return self._scroll

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.setSpacing(8)
        saving = QHBoxLayout()
        saving.addWidget(caption(self.tr("Save as")))
        saving.addStretch()
        saving.addWidget(self.format)
        facts = QHBoxLayout()
        facts.addWidget(self.pixels)
        facts.addStretch()
        facts.addWidget(self.speed)
        foot.addWidget(Divider())
        foot.addLayout(saving)
        foot.addWidget(self.step)
        foot.addLayout(facts)
        return foot

    def _connect(self) -> None:
        self._models.updated.connect(self._show_model)
        self.use.changed.connect(self.changed)
        self.compare.changed.connect(self.looked_at_differently)
        self.belief.toggled.connect(self.looked_at_differently)
        self.back.toggled.connect(self.looked_at_differently)

    @Slot()
    def _show_model(self) -> None:
        entry = self._models.chosen
        self.use.show_model(entry)
        self.compare.show_models(entry, self._models.entries or ())
        self.belief.setVisible(entry is not None and entry.has_critic)
        self.back.setVisible(entry is not None and len(entry.directions) > 1)
        self.training.setText(self._training_words(entry))
        self.training.setVisible(bool(self.training.text()))

    def _training_words(self, entry: ModelEntry | None) -> str:
        if entry is None:
            return ""
        if entry.is_training:
            return self.tr("Training now: its newest weights are used.")
        return entry.words

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep room for the scroll bar where there is one, so that nothing is cut."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            bar = self._scroll.verticalScrollBar()
            right = 16 - bar.sizeHint().width() if bar.isVisible() else 16
            self._parts.setContentsMargins(16, 0, max(right, 4), 0)
        return super().eventFilter(watched, event)


def _short(seconds: float) -> str:
    """Seconds with two or three digits that count."""
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:,.0f}"
