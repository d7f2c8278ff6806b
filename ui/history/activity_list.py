"""The list at the left of the activity: operations, or records in the trash, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from db.registry import module
from oficrm.history import Activity
from oficrm.trash import Deleted
from ui import icons, theme, tips
from ui.history.words import long_moment, moment
from ui.widgets.padded import PaddedDelegate

_PART = Qt.ItemDataRole.UserRole
Part = Activity | Deleted
KIND_ICONS = {"undo": "undo", "redo": "redo", "start": "star", "demo": "star", "daily": "clock"}


class ActivityList(QTreeWidget):
    """``chosen`` carries what is current; ``end_reached`` asks for the next page."""

    chosen = Signal(object)
    end_reached = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("operations")
        self.setColumnCount(4)
        self.setItemDelegate(PaddedDelegate(self))
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 150), (1, 104), (3, 80)):
            self.setColumnWidth(column, width)
        self.currentItemChanged.connect(lambda _now, _before: self.chosen.emit(self.current()))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.notifier.changed.connect(self._dress)

    def begin(self, *, trash: bool) -> None:
        """Empty it, for operations or for the trash."""
        self.clear()
        self.setHeaderLabels(["Cuándo", "Quién", "Qué se borró" if trash else "Qué", "" if trash else "Cambios"])
        self.setColumnHidden(3, trash)
        self.setAccessibleName("Papelera" if trash else "Operaciones, las últimas primero")

    def append(self, parts: Sequence[Part], today: dt.date) -> None:
        """Add a page at the end."""
        self.addTopLevelItems([_item(part, today) for part in parts])
        self._dress()

    def current(self) -> Part | None:
        """What the cursor stands on."""
        item = self.currentItem()
        part: Part | None = item.data(0, _PART) if item is not None else None
        return part

    def parts(self) -> list[Part]:
        """All that is shown."""
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item.data(0, _PART) for item in items if item is not None]

    def choose(self, key: object) -> bool:
        """Put the cursor on the part with this key (see ``key_of``); False when it is not here."""
        for row, part in enumerate(self.parts()):
            if key_of(part) == key:
                item = self.topLevelItem(row)
                assert item is not None
                self.setCurrentItem(item)
                return True
        return False

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if bar.maximum() and value >= bar.maximum() - bar.pageStep():
            self.end_reached.emit()

    def _dress(self) -> None:
        dim = theme.color("dim")
        for row in range(self.topLevelItemCount()):
            item = self.topLevelItem(row)
            assert item is not None
            part = item.data(0, _PART)
            for column in (0, 1, 3):
                item.setForeground(column, dim)
            if isinstance(part, Activity) and part.is_undone:
                font = theme.font()
                font.setStrikeOut(True)
                item.setFont(2, font)
                item.setForeground(2, dim)


def key_of(part: Part) -> object:
    """What tells a part from the others, also after it was read anew."""
    return part.id if isinstance(part, Activity) else (part.table, part.record_id)


def _item(part: Part, today: dt.date) -> QTreeWidgetItem:
    when, who = moment(part.at, today), part.user
    if isinstance(part, Activity):
        state = "deshecha" if part.is_undone else f"{part.changes:,}".replace(",", ".")
        item = QTreeWidgetItem([when, who, part.label, state])
        item.setIcon(2, icons.icon(KIND_ICONS.get(part.kind, "done"), "dim"))
        item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(2, tips.plain(part.label))
    else:
        along = {0: "", 1: " (y otro que depende)"}.get(part.along, f" (y {part.along} que dependen)")
        item = QTreeWidgetItem([when, who, f"{part.label}: {part.title}{along}"])
        found = module(part.table).module.icon
        item.setIcon(2, icons.icon(found if icons.has(found) else "delete", "dim"))
        item.setToolTip(2, tips.plain(part.title))
    item.setToolTip(0, long_moment(part.at))
    item.setData(0, _PART, part)
    return item
