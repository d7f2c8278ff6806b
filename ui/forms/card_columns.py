"""Cards side by side, as many columns as there is room for; wide ones take the whole width between the others."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme

COLUMN_WIDTH = 430
FIRST_WEIGHT = 6
"""Rows of fields that are shown at once."""


class CardColumns(QWidget):
    """Lays cards out in their order, each under the shortest column so far.

    ``weight`` is roughly how tall a card is, in rows of fields; heights are not known before the cards are shown.
    """

    def __init__(self, parent: QWidget | None = None, *, most: int = 2) -> None:
        super().__init__(parent)
        self._most = most
        self._cards: list[tuple[QWidget, int, bool]] = []
        self._columns = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_L)
        self._column.setSpacing(theme.SPACE_M)
        self._stacks: list[QVBoxLayout] = []
        self._weight = 0
        self._later: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def add(self, card: QWidget, weight: int = 1, *, wide: bool = False) -> None:
        """Append a card, a child of this widget already."""
        self._cards.append((card, weight, wide))
        self._columns = 0
        if self._weight > FIRST_WEIGHT:
            card.hide()
            self._later.append(card)
        self._weight += weight + 1

    def is_whole(self) -> bool:
        """Whether all cards are shown."""
        return not self._later

    def show_rest(self) -> None:
        """Show the cards further down one after the other; the first picture of a window does not wait for them."""
        if self._later:
            self._later.pop(0).show()
            QTimer.singleShot(0, self, self.show_rest)

    def show_all(self) -> None:
        """Show them all now: somebody wants to go where they are, or to be told what is wrong in them."""
        while self._later:
            self._later.pop(0).show()

    def columns(self) -> int:
        """How many columns stand side by side."""
        return self._columns

    def arrange(self, width: int) -> None:
        """Lay the cards out for a width, where that means another number of columns than now."""
        columns = max(1, min(self._most, (width - theme.SPACE_L * 2 + theme.SPACE_M) // (COLUMN_WIDTH + theme.SPACE_M)))
        if columns != self._columns:
            self._columns = columns
            self._lay_out(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as have room."""
        super().resizeEvent(event)
        self.arrange(self.width())

    def needed_height(self, width: int) -> int:
        """How tall the cards are in this width, with what is written in them broken into lines.

        Cards that were only just shown and dressed have grown since their layouts were last asked.
        """
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._column.invalidate()
        self._column.activate()
        return max(self.sizeHint().height(), self._column.totalHeightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One narrow column: the form scrolls downwards only."""
        return QSize(280, super().minimumSizeHint().height())

    def _lay_out(self, columns: int) -> None:
        """Only items of layouts move: cards stay children of this widget, which is far cheaper than adopting them."""
        for stack in self._stacks:
            for card, _weight, _wide in self._cards:
                stack.removeWidget(card)
        while (item := self._column.takeAt(0)) is not None:
            if (grid := item.layout()) is not None:
                grid.deleteLater()
        self._stacks = []
        waiting: list[tuple[QWidget, int]] = []
        for card, weight, wide in self._cards:
            if wide:
                self._add_band(waiting, columns)
                waiting = []
                self._column.addWidget(card)
            else:
                waiting.append((card, weight))
        self._add_band(waiting, columns)
        self._column.addStretch(1)

    def _add_band(self, cards: list[tuple[QWidget, int]], columns: int) -> None:
        if not cards:
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_M)
        self._column.addLayout(grid)
        stacks, heights = [], [0] * columns
        for at in range(columns):
            stack = QVBoxLayout()
            stack.setSpacing(theme.SPACE_M)
            grid.addLayout(stack, 0, at)
            grid.setColumnStretch(at, 1)
            stacks.append(stack)
        for card, weight in cards:
            at = heights.index(min(heights))
            stacks[at].addWidget(card)
            heights[at] += weight + 1
        for stack in stacks:
            stack.addStretch(1)
        self._stacks += stacks
