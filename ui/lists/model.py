"""The model behind a list: it knows all ids, and of the rows only those around the viewport.

``data`` never asks the database: a row that is not here shows "…" and is asked for, together with its neighbours, once
the event loop is idle. A row that changed keeps its old text until the new one comes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from db.query import Found
from db.registry import module
from oficrm.lists import ListFacts
from oficrm.loading import Listing, Refresh
from oficrm.rules import money
from ui.lists.cells import SKELETON, Cell, style_for
from ui.lists.columns import ACTIONS, Column, label_of
from ui.lists.order import Order, Which

PAGE = 200
KEPT_ROWS = 3000
ID_ROLE = Qt.ItemDataRole.UserRole
_EMPTY = Cell()
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ListModel(QAbstractTableModel):
    """Rows by id. ``needed(ids)`` asks for rows, which come back through ``deliver``; ``counted`` says that numbers
    changed."""  # noqa: D209

    needed = Signal(object)
    counted = Signal()

    def __init__(self, facts: ListFacts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.order = Order()
        self.columns: tuple[Column, ...] = ()
        self.style = style_for(facts)
        self.facts = facts
        self.visible_rows: Callable[[], tuple[int, int]] | None = None
        self.sorted_by: tuple[str, ...] = ()
        self._screens = module(facts.table).screens
        self._is_whole = False
        self._names: tuple[str, ...] = ()
        self._rows: dict[int, tuple[int, tuple[Any, ...]]] = {}
        self._cells: dict[int, list[Cell]] = {}
        self._flying: dict[int, int] = {}
        self._version = 0
        self._wanted: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    # --- columns

    def set_columns(self, columns: Sequence[Column], facts: ListFacts | None = None) -> None:
        """Show other columns; rows are fetched again."""
        self.beginResetModel()
        if facts is not None:
            self.facts, self.style = facts, style_for(facts)
        self.columns = tuple(columns)
        self.style.shown = frozenset(column.name for column in columns)
        below = [self.style.below] if self.style.below else []
        fetched = [column.name for column in columns if column.name != self._screens.running]
        self._names = tuple(dict.fromkeys([*fetched, *self.style.needs, *below]))
        self._forget()
        self.endResetModel()

    def fetched_names(self) -> tuple[str, ...]:
        """The fields a row is fetched with."""
        return self._names

    def _forget(self) -> None:
        self._version += 1
        self._rows.clear()
        self._cells.clear()
        self._flying.clear()

    # --- loading

    def show_first(self, listing: Listing, which: Which) -> None:
        """Show the first rows of a new list."""
        self.beginResetModel()
        self._forget()
        self.order.set(listing.found, which)
        self._is_whole = listing.is_whole
        self._keep(listing.rows)
        self.endResetModel()
        self.counted.emit()

    def show_all(self, found: Found) -> None:
        """Take all ids; rows already on the screen stay where they are when they head the whole."""
        here = self.order.found.ids
        self._is_whole = True
        if self.order.which == "all" and 0 < len(here) <= len(found.ids) and found.ids[: len(here)] == here:
            if len(found.ids) > len(here):
                self.beginInsertRows(_NO_PARENT, len(here), len(found.ids) - 1)
                self.order.set(found)
                self.endInsertRows()
            else:
                self.order.set(found)
        else:
            self.beginResetModel()
            self.order.set(found, self.order.which)
            self.endResetModel()
        self._sums_changed()
        self.counted.emit()

    def clear(self) -> None:
        """Show nothing."""
        self.show_first(Listing(Found()), "all")

    def narrow(self, which: Which) -> None:
        """Show all loaded rows, those done, or those not done, at once."""
        self.beginResetModel()
        self.order.narrow(which)
        self.endResetModel()
        self.counted.emit()

    # --- what others wrote

    def mark_stale(self) -> None:
        """Fetch what is on the screen again; the old texts stay until then."""
        self._version += 1
        self._flying.clear()
        if self.rowCount():
            first, last = self._visible()
            self._changed(first, last)

    def take(self, refresh: Refresh) -> None:
        """Take rows out and in, as a write elsewhere asks for."""
        gone = [row for ident in refresh.gone if (row := self.order.row_of(ident)) is not None]
        if refresh.gone and len(gone) == 1:
            self.beginRemoveRows(_NO_PARENT, gone[0], gone[0])
            self.order.without(refresh.gone)
            self.endRemoveRows()
        elif refresh.gone:
            self.beginResetModel()
            self.order.without(refresh.gone)
            self.endResetModel()
        if added := len(refresh.added.ids):
            self.beginInsertRows(_NO_PARENT, 0, added - 1)
            self.order.put_first(refresh.added)
            self.endInsertRows()
        self.order.update(refresh.flags, refresh.totals)
        self._sums_changed()
        self.counted.emit()

    def _sums_changed(self) -> None:
        if self._screens.running and self.rowCount():
            self._changed(*self._visible())

    # --- rows

    def deliver(self, version: int, rows: dict[int, tuple[Any, ...]]) -> None:
        """Take rows that were asked for; late answers to an older question are dropped."""
        if version != self._version:
            return
        for ident in rows:
            self._flying.pop(ident, None)
        self._keep(rows)
        if self.rowCount():
            self._changed(*self._visible())

    def version(self) -> int:
        """The version of the rows being asked for now."""
        return self._version

    def _keep(self, rows: dict[int, tuple[Any, ...]]) -> None:
        for ident, row in rows.items():
            self._rows.pop(ident, None)
            self._cells.pop(ident, None)
            self._rows[ident] = (self._version, row)
        while len(self._rows) > KEPT_ROWS:
            oldest = next(iter(self._rows))
            self._rows.pop(oldest)
            self._cells.pop(oldest, None)

    def row(self, ident: int) -> dict[str, Any] | None:
        """The values of a row by field, None while they are not here."""
        found = self._rows.get(ident)
        return dict(zip(self._names, found[1], strict=True)) if found else None

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        ident = self.order.ids[row]
        found = self._rows.get(ident)
        if found is None or found[0] != self._version:
            self._want(row)
            if found is None:
                return SKELETON if column < len(self.columns) else _EMPTY
        if column < len(self.columns) and self.columns[column].name == self._screens.running:
            return self._sum(row)
        cells = self._cells.get(ident)
        if cells is None:
            values = self.row(ident) or {}
            cells = [self.style.cell(each.name, each.field, values) for each in self.columns]
            self._cells[ident] = cells
        return cells[column] if column < len(cells) else _EMPTY

    def _sum(self, row: int) -> Cell:
        """What the rows up to this one come to, by date: nothing while the list is in another order or on its way."""
        sort = self.sorted_by or self._screens.sort
        if not self._is_whole or sort[0].removeprefix("-") != self._screens.sort[0].removeprefix("-"):
            return _EMPTY
        value = self.order.running(row, upwards=sort[0].startswith("-"))
        return Cell(
            money.format_amount(value, self.facts.currency, country=self.facts.country),
            color="overdue" if value < 0 else "text",
        )

    def line(self, row: int) -> str:
        """The dim line under a row in the wide view."""
        values = self.row(self.order.ids[row])
        return self.style.line(values) if values else ""

    def _want(self, row: int) -> None:
        self._wanted.add(row)
        if not self._timer.isActive():
            self._timer.start()

    def _visible(self) -> tuple[int, int]:
        last = max(self.rowCount() - 1, 0)
        if self.visible_rows is None:
            return (min(self._wanted, default=0), min(max(self._wanted, default=last), last))
        first_seen, last_seen = self.visible_rows()
        return max(0, min(first_seen, last)), max(0, min(last_seen, last))

    def _ask(self) -> None:
        """Ask for the page around what is seen now; what was scrolled past meanwhile is not worth fetching."""
        if not self.rowCount():
            self._wanted.clear()
            return
        first, last = self._visible()
        self._wanted.clear()
        spare = max(0, PAGE - (last - first + 1)) // 2
        around = self.order.ids[max(0, first - spare) : last + 1 + spare]
        lacking = [ident for ident in around if self._lacks(ident)]
        seen = self.order.ids[first : last + 1]
        if not any(self._lacks(ident) for ident in seen):
            return
        self._flying.update(dict.fromkeys(lacking, self._version))
        self.needed.emit(lacking)

    def _lacks(self, ident: int) -> bool:
        found = self._rows.get(ident)
        return (found is None or found[0] != self._version) and self._flying.get(ident) != self._version

    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    # --- Qt's questions

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self.order.ids)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Columns shown, and the one of the actions."""
        return 0 if parent.isValid() or not self.columns else len(self.columns) + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; the painting goes past this, through ``cell``."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == ID_ROLE:
            return self.order.ids[row]
        if column >= len(self.columns):
            return "Acciones" if role == Qt.ItemDataRole.AccessibleTextRole else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.cell(row, column).text
            case Qt.ItemDataRole.AccessibleTextRole:
                cell = self.cell(row, column)
                return f"{cell.spoken}: {cell.text}" if cell.spoken else cell.text
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if self.columns[column].is_right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ToolTipRole:
                each, values = self.columns[column], self.row(self.order.ids[row])
                return self.style.tip(each.name, each.field, values) if values else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # fmt: skip
        """Heads of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return label_of(self.facts, column.name)
            case Qt.ItemDataRole.ToolTipRole:
                return column.field.label
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.is_right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def column_named(self, name: str) -> int:
        """Where a column stands, -1 when it is not shown; ``ACTIONS`` is the last."""
        if name == ACTIONS:
            return len(self.columns)
        return next((place for place, column in enumerate(self.columns) if column.name == name), -1)

    def shown_ids(self) -> array[int]:
        """The ids of the rows shown, in order. Not to be changed."""
        return self.order.ids
