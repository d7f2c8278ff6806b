"""Lays the fields of a filter on twelve equal columns, fewer where there is little room, the buttons at the end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

COLUMNS = (12, 9, 6)
"""Numbers of columns to choose from; fields span two or three of them."""
LEAST_COLUMN = 74
TAIL_SPAN = 4
LABEL_HEIGHT = 18
"""What a label takes above its field; the tail leaves as much above its buttons."""


class FilterGrid(QWidget):
    """Fields in lines. Hidden ones leave no hole; ``tail`` stands at the right end of the last line."""

    def __init__(self, tail: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tail = tail
        self._cells: list[tuple[QWidget, int]] = []
        tail.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(6 * LEAST_COLUMN)

    def add(self, field: QWidget, span: int) -> None:
        """Append a field ``span`` columns wide."""
        field.setParent(self)
        field.show()
        self._cells.append((field, span))
        self.arrange()

    def clear(self) -> None:
        """Take all fields away and delete them; the tail stays."""
        for field, _span in self._cells:
            field.hide()
            field.deleteLater()
        self._cells.clear()

    def columns(self) -> int:
        """How many columns there is room for."""
        gap = theme.SPACE_M
        return next((many for many in COLUMNS if many * (LEAST_COLUMN + gap) - gap <= self.width()), COLUMNS[-1])

    def arrange(self) -> None:
        """Put every field where it belongs."""
        columns = self.columns()
        width = (self.width() + theme.SPACE_M) / columns
        shown = [(field, min(span, columns)) for field, span in self._cells if not field.isHidden()]
        y = x = height = 0
        for field, span in [*shown, (self._tail, min(TAIL_SPAN, columns))]:
            if x + span > columns:
                y, x, height = y + height + theme.SPACE_S, 0, 0
                if field is self._tail:
                    y -= LABEL_HEIGHT  # beside nothing it need not stand level with anything
            end = columns if field is self._tail else x + span
            left, right = round(x * width), round(end * width) - theme.SPACE_M
            high = field.sizeHint().height()
            field.setGeometry(QRect(left, y, right - left, high))
            x, height = end, max(height, high)
        if y + height != self.height():
            self.setFixedHeight(y + height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as have room."""
        super().resizeEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        """A field that grew, by a message under it, moves the others down."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)
