"""Small parts of the two history windows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSplitter, QWidget

from ui import theme, tips


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit ends in an ellipsis, and stands whole in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(80, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much as fits."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        self.setToolTip(tips.plain(self.text()) if text != self.text() else "")


def side_by_side(left: QWidget, right: QWidget, widths: tuple[int, int], parent: QWidget) -> QSplitter:
    """Two parts with a line between them that can be dragged."""
    splitter = QSplitter(parent)
    for part, margins in ((left, (0, 0, theme.SPACE_S, 0)), (right, (theme.SPACE_S, 0, 0, 0))):
        holder = QWidget(splitter)
        row = QHBoxLayout(holder)
        row.setContentsMargins(*margins)
        row.addWidget(part)
        splitter.addWidget(holder)
    splitter.setStretchFactor(0, 1)
    splitter.setSizes(list(widths))
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    return splitter
