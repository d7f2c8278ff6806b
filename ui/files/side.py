"""Rows at the left, the preview at the right: its width, and whether it is there, are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QWidget

if TYPE_CHECKING:
    from ui.lists.page import ListPage

LEAST_ROWS, LEAST_SIDE, FIRST_SIDE = 320, 200, 300


class Side(QSplitter):
    """Follows the action "Vista previa". In the tab of a record it begins open, beside a long list folded."""

    def __init__(self, rows: QWidget, side: QWidget, page: ListPage, action: QAction) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("files_splitter")
        self._memory = page.context.memory
        self._key = "files_tab" if page.compact else "files_list"
        self._side = side
        rows.setMinimumWidth(LEAST_ROWS)
        side.setMinimumWidth(LEAST_SIDE)
        self.addWidget(rows)
        self.addWidget(side)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        kept = self._memory.get(self._key, {})
        self._width = int(kept.get("width", FIRST_SIDE))
        self._is_placed = False
        self._action, self._stack = action, page.stack
        action.setChecked(bool(kept.get("open", page.compact)))
        action.toggled.connect(self._toggled)
        page.stack.currentChanged.connect(self._show)
        self._show()
        self.splitterMoved.connect(self._moved)

    def _toggled(self) -> None:
        self._is_placed = False
        self._show()
        self._keep()

    def _show(self) -> None:
        """Beside an empty list there is nothing to look at."""
        self._side.setVisible(self._action.isChecked() and self._stack.currentIndex() == 0)
        self._place()

    def _place(self) -> None:
        if self._side.isVisible() and not self._is_placed and self.width() > LEAST_ROWS + LEAST_SIDE:
            self._is_placed = True
            width = min(self._width, self.width() - LEAST_ROWS)
            self.setSizes([self.width() - width, width])

    def _moved(self, _at: int, _index: int) -> None:
        self._width = self.sizes()[1]
        self._keep()

    def _keep(self) -> None:
        self._memory.put(self._key, {"width": self._width, "open": self._action.isChecked()})

    def resizeEvent(self, event: object) -> None:
        """The remembered width counts from the first real size."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()
