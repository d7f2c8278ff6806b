"""The pages of a template while it is written, as they would be printed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from oficrm.papers.making import Paper
from ui import theme
from ui.papers.pages import Proof

MAX_PAGES = 20
"""Pages shown; a long document has its first ones."""
_GAP = 12


class Sheets(QWidget):
    """Sheets of paper below each other, each drawn when it comes into sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("paper_sheets")
        self.setAccessibleName("Vista previa")
        self._proof: Proof | None = None
        self._drawn: dict[int, QImage] = {}

    @property
    def pages(self) -> int:
        """How many pages the document has; 0 while there is none."""
        return self._proof.pages if self._proof else 0

    def show_paper(self, paper: Paper) -> None:
        """Lay a paper out and show it."""
        self._proof = Proof(paper)
        self._drawn.clear()
        self._fit()
        self.update()

    def fit(self, width: int) -> None:
        """Take another width in pixels."""
        if width != self.width():
            self._drawn.clear()
            self.setFixedWidth(max(80, width))
            self._fit()

    def sheet_size(self) -> QSize:
        """The size of one sheet in pixels."""
        width = self.width() - 2 * _GAP
        if self._proof is None:
            return QSize(width, 0)
        sheet = self._proof.laid.sheet
        return QSize(width, round(width * sheet.height() / sheet.width()))

    def _fit(self) -> None:
        shown = min(self.pages, MAX_PAGES)
        self.setFixedHeight(max(1, shown * (self.sheet_size().height() + _GAP) + _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheets in sight on the ground of the window."""
        painter = QPainter(self)
        size = self.sheet_size()
        for page in range(min(self.pages, MAX_PAGES)):
            place = QRect(QPoint(_GAP, _GAP + page * (size.height() + _GAP)), size)
            if place.intersects(event.rect()):
                painter.drawImage(place.topLeft(), self._image(page, size.width()))
                painter.setPen(theme.color("border"))
                painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _image(self, page: int, width: int) -> QImage:
        if page not in self._drawn:
            assert self._proof is not None
            self._drawn[page] = self._proof.image(page, width, self.devicePixelRatioF())
        return self._drawn[page]


class Preview(QScrollArea):
    """Scrolls the sheets; they are as wide as their room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("paper_preview")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMinimumWidth(260)
        self.sheets = Sheets(self)
        self.setWidget(self.sheets)

    def show_paper(self, paper: Paper) -> None:
        """Show a paper, at the place one was looking at."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self.sheets.show_paper(paper)
        bar.setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As wide as there is room."""
        super().resizeEvent(event)
        self.sheets.fit(self.viewport().width())
