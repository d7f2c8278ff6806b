"""Changes in groups: what field, before, after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from oficrm.history import Entry
from ui import icons, theme, tips
from ui.widgets.padded import PaddedDelegate

FIELD, BEFORE, AFTER = range(3)
_PART = Qt.ItemDataRole.UserRole
_LONGEST = 300
"""Characters of a value that a cell takes; the whole stands beside the tree."""
ICONS = {"Alta": "add", "Modificación": "edit", "Borrado": "delete", "Recuperación": "restore"}


@dataclass(frozen=True, slots=True)
class Group:
    """Changes under one heading."""

    heading: str
    icon: str
    entries: tuple[Entry, ...]
    tip: str = ""


class ChangesTree(QTreeWidget):
    """Shows groups of changes, all open. ``chosen`` carries the Group or the Entry that is current, or None."""

    chosen = Signal(object)

    def __init__(self, first: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._is_flat = first, False
        self.setColumnCount(3)
        self.setHeaderLabels([first, "Antes", "Después"])
        self.setItemDelegate(PaddedDelegate(self))
        self.setUniformRowHeights(True)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setIndentation(theme.SPACE_L)
        self.setExpandsOnDoubleClick(False)
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(BEFORE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(AFTER, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(FIELD, 190)
        self._groups: tuple[Group, ...] = ()
        self.currentItemChanged.connect(lambda _now, _before: self.chosen.emit(self.current()))
        theme.notifier.changed.connect(self._dress)

    def set_groups(self, groups: Sequence[Group], flat: str = "") -> None:
        """Show other groups; the first one becomes current.

        With ``flat``, groups that all hold one change of one and the same field are one line each, under that name.
        """
        self._groups = tuple(groups)
        fields = {entry.field for group in groups for entry in group.entries}
        self._is_flat = bool(flat) and len(fields) == 1 and all(len(group.entries) == 1 for group in groups)
        name = next(iter(fields)) if self._is_flat else ""
        self.setHeaderLabels([flat, f"{name}: antes", "Después"] if name else [self._first, "Antes", "Después"])
        self.setRootIsDecorated(not self._is_flat)
        self.blockSignals(True)
        self.clear()
        items = [_line_item(group) if self._is_flat else _group_item(group) for group in self._groups]
        self.addTopLevelItems(items)
        for item in items:
            item.setFirstColumnSpanned(not self._is_flat)
        self.setColumnWidth(FIELD, 250 if self._is_flat else 190)
        self.expandAll()
        self._dress()
        if items:
            self.setCurrentItem(items[0])
        self.blockSignals(False)
        self.chosen.emit(self.current())

    def groups(self) -> tuple[Group, ...]:
        """What is shown."""
        return self._groups

    def current(self) -> Group | Entry | None:
        """What the cursor stands on."""
        item = self.currentItem()
        part: Group | Entry | None = item.data(0, _PART) if item is not None else None
        return part

    def choose(self, change_id: int) -> None:
        """Put the cursor on a change, if it is shown."""
        for top in range(self.topLevelItemCount()):
            group = self.topLevelItem(top)
            for row in range(group.childCount() if group else 0):
                child = group.child(row) if group else None
                if child is not None and child.data(0, _PART).change_id == change_id:
                    self.setCurrentItem(child)
                    return

    def _dress(self) -> None:
        for top in range(self.topLevelItemCount()):
            group = self.topLevelItem(top)
            assert group is not None
            if self._is_flat:
                group.setForeground(BEFORE, theme.color("dim"))
                continue
            group.setFont(0, theme.font(bold=True))
            for row in range(group.childCount()):
                child = group.child(row)
                assert child is not None
                child.setForeground(FIELD, theme.color("dim"))
                child.setForeground(BEFORE, theme.color("dim"))


def _group_item(group: Group) -> QTreeWidgetItem:
    item = QTreeWidgetItem([group.heading])
    item.setIcon(0, icons.icon(group.icon))
    item.setToolTip(0, tips.plain(group.tip))
    item.setData(0, _PART, group)
    item.addChildren([_entry_item(entry) for entry in group.entries])
    return item


def _line_item(group: Group) -> QTreeWidgetItem:
    """A group of one change as one line."""
    item = _entry_item(group.entries[0])
    item.setText(FIELD, group.heading)
    item.setToolTip(FIELD, tips.plain(group.heading))
    return item


def _entry_item(entry: Entry) -> QTreeWidgetItem:
    item = QTreeWidgetItem([entry.field or entry.action, *(_line(text) for text in (entry.before, entry.after))])
    item.setData(0, _PART, entry)
    empty: list[tuple[int, Any]] = [(BEFORE, entry.before), (AFTER, entry.after)]
    for column, text in empty:
        if not text and entry.action == "Modificación":
            item.setText(column, "(vacío)")
    return item


def _line(text: str) -> str:
    return " ".join(text[:_LONGEST].split())
