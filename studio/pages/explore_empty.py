"""The Explore page while there is no latent space."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import body, heading

_WIDTH = 480  # of a line to read


class ExploreEmpty(Card):
    """Says what is missing, and offers it.

    Signals:
        try_clicked: The user wants a model from a sample set.
        watch_clicked: The user wants to watch the run that is training.
    """

    try_clicked = Signal()
    watch_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say that a model is needed."""
        super().__init__(parent)
        self._headline, self._words = heading(), body()
        self.try_button = buttons.primary(self.tr("Try it"), "play")
        self.watch_button = buttons.primary(self.tr("Watch it learn"), "chart-line")
        self.try_button.clicked.connect(self.try_clicked)
        self.watch_button.clicked.connect(self.watch_clicked)
        centre = Qt.AlignmentFlag.AlignCenter
        self._words.setFixedWidth(_WIDTH)
        for label in (self._headline, self._words):
            label.setAlignment(centre)
        words = QHBoxLayout()
        words.addStretch()
        words.addWidget(self._words)
        words.addStretch()
        offers = QHBoxLayout()
        offers.setAlignment(centre)
        offers.addWidget(self.try_button)
        offers.addWidget(self.watch_button)
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(IconLabel("compass", pixels=28), 0, centre)
        middle.addWidget(self._headline)
        middle.addLayout(words)  # aligned by itself, it would not wrap by its width
        middle.addLayout(offers)
        self.column.addStretch()
        self.column.addLayout(middle)
        self.column.addStretch()
        self.ask_for_model(others=(), is_training=False, is_busy=False)

    def ask_for_model(
        self, *, others: Sequence[str], is_training: bool, is_busy: bool
    ) -> None:
        """Say why there is nothing to explore.

        Args:
            others: Engines of the runs that there are, none of which has a latent
                space.
            is_training: Whether a run that will have one is going.
            is_busy: Whether any run is going; no other can be begun then.
        """
        if is_training:
            headline = self.tr("The first pictures are on their way")
            words = self.tr("What it learns can be explored once it has saved.")
        else:
            headline = self.tr("No pictures to invent yet")
            words = self.tr(
                "A VAE, a DCGAN or a WGAN learns a space of pictures in which one can "
                "walk about. Here is its map, once there is one."
            )
            words += " " + self._others_words(others) + self._try_words(is_busy)
        self._headline.setText(headline)
        self._words.setText(words)
        self.try_button.setVisible(not is_training)
        self.try_button.setEnabled(not is_busy)
        self.watch_button.setVisible(is_training)

    def tell_refused(self, words: str) -> None:
        """Say why a space cannot be explored."""
        self._headline.setText(self.tr("This model cannot be explored"))
        self._words.setText(words)
        self.try_button.hide()
        self.watch_button.hide()

    def words(self) -> tuple[str, str]:
        """Headline and sentence."""
        return self._headline.text(), self._words.text()

    def _others_words(self, others: Sequence[str]) -> str:
        if not others:
            return ""
        words = self.tr(
            "{0} turns a picture into another one and has no such space: its models "
            "are on the Translate page. "
        )
        if len(others) > 1:
            words = self.tr(
                "{0} turn a picture into another one and have no such space: their "
                "models are on the Translate page. "
            )
        return words.format(self.tr(" and ").join(others))

    def _try_words(self, is_busy: bool) -> str:
        if is_busy:
            return self.tr("A new run is possible once the present one has ended.")
        return self.tr("Try it on drawn digits: that takes a few minutes.")
