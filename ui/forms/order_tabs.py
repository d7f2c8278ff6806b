"""Ordenar módulos relacionados: which tabs a record window shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from db.registry import module
from ui import icons, theme
from ui.widgets.bars import StickyFoot


class OrderTabs(QDialog):
    """``dialog_order_tabs``: drag, or Alt with the arrow keys; a tick shows or hides."""

    def __init__(
        self, tables: Iterable[str], shown: Sequence[str], label_of: Callable[[str], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_order_tabs")
        self.setWindowTitle("Ordenar módulos relacionados")
        self.list = QListWidget(self)
        self.list.setObjectName("tab_order")
        self.list.setAccessibleName("Módulos relacionados")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        for table in (*shown, *(each for each in tables if each not in shown)):
            facts = module(table).module
            item = QListWidgetItem(icons.icon(facts.icon), label_of(table))
            item.setData(Qt.ItemDataRole.UserRole, table)
            item.setCheckState(Qt.CheckState.Checked if table in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        for key, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(
                QKeySequence(key), self.list, lambda by=by: self.move_by(by), context=Qt.ShortcutContext.WidgetShortcut
            )
        hint = QLabel("Arrastre para ordenar, o Alt con las flechas. Sin marcar, no se muestra.", self)
        hint.setWordWrap(True)
        theme.set_role(hint, "dim")
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_L)
        body.addWidget(hint)
        body.addWidget(self.list, 1)
        foot = StickyFoot(self)
        foot.set_sentence("")
        foot.add_button("Cancelar", name="button_cancel").clicked.connect(self.reject)
        accept = foot.add_button("Aceptar", name="button_accept", kind="primary", shortcut="Ctrl+Return")
        accept.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(body, 1)
        column.addWidget(foot)
        self.resize(400, 380)

    def move_by(self, by: int) -> None:
        """Move the current entry up or down."""
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def order(self) -> list[str]:
        """All tables in their order."""
        return [item.data(Qt.ItemDataRole.UserRole) for item in self._items()]

    def hidden(self) -> list[str]:
        """Those not to be shown."""
        return [item.data(Qt.ItemDataRole.UserRole) for item in self._items()
                if item.checkState() == Qt.CheckState.Unchecked]  # fmt: skip
