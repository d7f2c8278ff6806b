"""Ordenar módulos relacionados: which of them a record window shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import icons, theme
from ui.forms.related_nav import Entry
from ui.keys import key_in
from ui.widgets.bars import StickyFoot
from ui.widgets.padded import PaddedDelegate

_TABLE = Qt.ItemDataRole.UserRole
_ROW = 26
_HEIGHTS = (320, 620)
"""The dialog is as tall as its modules, within these."""


class OrderTabs(QDialog):
    """``dialog_order_tabs``: drag, or Alt with the arrow keys, or the buttons; a tick shows or hides.

    ``declared`` are the modules in their declared order, ``saved`` those the user ordered before, ``shown`` the ticked.
    """

    def __init__(
        self, declared: Sequence[Entry], shown: Sequence[str], parent: QWidget, *, saved: Sequence[str] = (),
        only_full: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("dialog_order_tabs")
        self.setWindowTitle("Ordenar módulos relacionados")
        self._entries = {entry.name: entry for entry in declared}
        self.list = self._make_list()
        self._tools = self._make_tools()
        self.full = QCheckBox("Mostrar solo los que tienen registros", self)
        self.full.setObjectName("check_only_full")
        self.full.setChecked(only_full)
        self._lay_out()
        first = [table for table in saved if table in self._entries]
        self._fill([*first, *(table for table in self._entries if table not in first)], frozenset(shown))
        self.resize(460, max(_HEIGHTS[0], min(_HEIGHTS[1], 190 + _ROW * self.list.count())))
        self.list.setFocus()

    def _make_list(self) -> QListWidget:
        made = QListWidget(self)
        made.setObjectName("tab_order")
        made.setAccessibleName("Módulos relacionados, en su orden")
        made.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        made.setDefaultDropAction(Qt.DropAction.MoveAction)
        made.setUniformItemSizes(True)
        made.setItemDelegate(PaddedDelegate(made))
        made.currentRowChanged.connect(lambda _row: self._show_tools())
        made.model().rowsMoved.connect(self._show_tools)  # dragged
        for key, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            key_in(key, made, partial(self.move_by, by), whole=False)
        return made

    def _make_tools(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_S)
        self.up_button = self._button("Subir", "collapse", "action_up", "Subir (Alt+↑)", lambda: self.move_by(-1))
        self.down_button = self._button("Bajar", "expand", "action_down", "Bajar (Alt+↓)", lambda: self.move_by(1))
        self.reset_button = self._button(
            "Restablecer", "restore", "action_reset", "El orden de siempre, con todos a la vista", self._reset
        )
        for button in (self.up_button, self.down_button):
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self.reset_button)
        return column

    def _button(self, text: str, icon: str, name: str, tip: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(icons.icon(icon), text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: run())
        return button

    def _lay_out(self) -> None:
        hint = QLabel("Arrastre para ordenar, o Alt con las flechas. Sin marcar, no se muestra.", self)
        hint.setWordWrap(True)
        theme.set_role(hint, "dim")
        middle = QHBoxLayout()
        middle.setSpacing(theme.SPACE_M)
        middle.addWidget(self.list, 1)
        middle.addLayout(self._tools)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_S)
        body.addWidget(hint)
        body.addLayout(middle, 1)
        body.addWidget(self.full)
        foot = StickyFoot(self)
        foot.set_sentence("")
        foot.add_button("Cancelar", name="button_cancel").clicked.connect(self.reject)
        accept = foot.add_button("Aceptar", name="button_accept", kind="primary", shortcut="Ctrl+Return")
        accept.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(body, 1)
        column.addWidget(foot)

    def _fill(self, tables: Sequence[str], shown: frozenset[str]) -> None:
        self.list.clear()
        for table in tables:
            entry = self._entries[table]
            item = QListWidgetItem(icons.icon(entry.icon), entry.label)
            item.setData(_TABLE, table)
            item.setCheckState(Qt.CheckState.Checked if table in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _reset(self) -> None:
        """The declared order, everything shown; the module marked stays marked."""
        table = self.list.currentItem().data(_TABLE)
        self._fill(list(self._entries), frozenset(self._entries))
        self.list.setCurrentRow(list(self._entries).index(table))

    def _show_tools(self) -> None:
        row = self.list.currentRow()
        self.up_button.setEnabled(row > 0)
        self.down_button.setEnabled(0 <= row < self.list.count() - 1)

    def move_by(self, by: int) -> None:
        """Move the current entry up or down."""
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def order(self) -> list[str]:
        """All tables in their order."""
        return [item.data(_TABLE) for item in self._items()]

    def hidden(self) -> list[str]:
        """Those not to be shown."""
        return [item.data(_TABLE) for item in self._items() if item.checkState() == Qt.CheckState.Unchecked]

    def only_full(self) -> bool:
        """Whether modules without records are left out."""
        return self.full.isChecked()
