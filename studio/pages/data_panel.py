"""The panel of the Data page: what to train, which way, and what is wrong."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QVBoxLayout, QWidget

from engines.data.sets import PictureSet
from studio.pages.data_findings import FindingsCard
from studio.pages.data_use import QuestionCard, UseCard
from studio.session import Session

_CARD_EDGES = 34  # both margins and hairlines


class DataPanel(QScrollArea):
    """Cards below each other; scrolls by itself."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Follow what *session* has open."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.question = QuestionCard(session)
        self.recommendation = UseCard(session)
        self.problems = FindingsCard(session)

        self._inside = QWidget()
        self._inside.setProperty("kind", "scrolled")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(16)
        for card in (self.question, self.recommendation, self.problems):
            column.addWidget(card)
        column.addStretch()
        self.setWidget(self._inside)

    def show_pictures(self, pictures: PictureSet) -> None:
        """Say what there is to say about *pictures*."""
        for card in (self.question, self.recommendation, self.problems):
            card.show_pictures(pictures)

    def needed_width(self) -> int:
        """Pixels without which words would be cut, scroll bar included."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        direction = self.recommendation.direction.sizeHint().width() + _CARD_EDGES
        return max(self._inside.minimumSizeHint().width(), direction) + bar
