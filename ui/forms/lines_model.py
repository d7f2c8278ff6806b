"""The lines of a form as a table: values as typed, an empty last row to write the next line in, errors by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from db.fields import NUMBER_KINDS, Field
from db.record import Record
from oficrm import display
from oficrm.drafts import LineDraft, Values
from ui import theme, tips
from ui.forms.text_fields import format_number, format_price

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
Derive = Callable[[Values], Values]
"""Works out the read-only values of a line, e.g. its amount."""


@dataclass(slots=True)
class Row:
    """A line being edited: its draft, the texts of its links, its errors by field."""

    draft: LineDraft
    titles: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class LinesModel(QAbstractTableModel):
    """All lines of a child table and the empty row below them."""

    edited = Signal()

    def __init__(self, child: type[Record], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.child = child
        form = {name for section in child.screens.form for name in section.fields}
        names = [name for name in child.screens.columns if name in child.fields]
        self.columns: list[Field] = [child.fields[name] for name in names]
        self.editable = {name for name in form if not child.fields[name].read_only}
        self.form_names = tuple(form)
        self.rows: list[Row] = []
        self.defaults: Values = {}
        self.derive: Derive = lambda _values: {}
        self.read_only = False
        self.country, self.currency = "ES", "EUR"

    # --- content

    def set_lines(self, lines: list[LineDraft], titles: list[dict[str, str]]) -> None:
        """Show these lines; nothing is emitted but the reset."""
        self.beginResetModel()
        known = [*titles, *({} for _line in lines)]
        self.rows = [Row(LineDraft(line.id, dict(line.values)), dict(known[at])) for at, line in enumerate(lines)]
        self.endResetModel()

    def filled(self) -> list[Row]:
        """The rows that say something; those that were begun and emptied again do not count."""
        return [row for row in self.rows if row.draft.id is not None or not self._is_blank(row)]

    def _is_blank(self, row: Row) -> bool:
        return all(row.draft.values.get(name) in (None, "", self.defaults.get(name)) for name in self.form_names)

    def lines(self) -> list[LineDraft]:
        """Copies of what stands in the filled rows."""
        return [LineDraft(row.draft.id, {name: row.draft.values.get(name) for name in self.form_names})
                for row in self.filled()]  # fmt: skip

    def value(self, row: int, name: str) -> Any:
        """The value of a cell; None in the empty row."""
        return self.rows[row].draft.values.get(name) if row < len(self.rows) else None

    def title(self, row: int, name: str) -> str:
        """The text of a link."""
        return self.rows[row].titles.get(name, "") if row < len(self.rows) else ""

    def put(self, row: int, name: str, value: Any, title: str = "") -> None:
        """Change a cell as the user would; in the empty row this begins a line."""
        if row == len(self.rows):
            if value is None:
                return
            self.beginInsertRows(_NOWHERE, row + 1, row + 1)
            self.rows.append(Row(LineDraft(None, dict(self.defaults))))
            self.endInsertRows()
            self._tell(row, [field.name for field in self.columns if field.name != name])
        line = self.rows[row]
        line.draft.values[name] = value
        line.errors.pop(name, None)
        if title:
            line.titles[name] = title
        self._tell(row, [field.name for field in self.columns if field.name not in self.editable])
        self.edited.emit()

    def fill(self, row: int, values: Values) -> None:
        """Change several cells at once, e.g. what a product brings along."""
        if row < len(self.rows):
            self.rows[row].draft.values |= values
            for name in values:
                self.rows[row].errors.pop(name, None)
            self._tell(row, [field.name for field in self.columns if field.name in values or field.read_only])
            self.edited.emit()

    def remove(self, row: int) -> None:
        """Take a line away."""
        if row < len(self.rows):
            self.beginRemoveRows(_NOWHERE, row, row)
            del self.rows[row]
            self.endRemoveRows()
            self.edited.emit()

    def move(self, row: int, by: int) -> bool:
        """Move a line up or down; False at the ends."""
        there = row + by
        if not (0 <= row < len(self.rows) and 0 <= there < len(self.rows)):
            return False
        self.beginMoveRows(_NOWHERE, row, row, _NOWHERE, there + (1 if by > 0 else 0))
        self.rows[row], self.rows[there] = self.rows[there], self.rows[row]
        self.endMoveRows()
        self.edited.emit()
        return True

    def set_errors(self, errors: dict[tuple[int, str], str]) -> None:
        """Mark cells of the filled rows (their place among these, and the field)."""
        for row in self.rows:
            row.errors = {}
        filled = self.filled()
        for (at, name), text in errors.items():
            if at < len(filled):
                filled[at].errors[name] = text
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def first_error(self) -> tuple[int, int, str] | None:
        """Row, column and text of the first error."""
        for at, row in enumerate(self.rows):
            for column, each in enumerate(self.columns):
                if each.name in row.errors:
                    return at, column, row.errors[each.name]
        return None

    def _tell(self, row: int, names: list[str]) -> None:
        for column, each in enumerate(self.columns):
            if each.name in names:
                self.dataChanged.emit(self.index(row, column), self.index(row, column))

    # --- Qt

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """The lines, and one to write in."""
        return 0 if parent.isValid() else len(self.rows) + (0 if self.read_only else 1)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """The declared columns."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """What the program works out cannot be written."""
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return shown | Qt.ItemFlag.ItemIsEditable if self.is_editable(index.column()) else shown

    def is_editable(self, column: int) -> bool:
        """Whether the cells of a column can be written in."""
        return not self.read_only and self.columns[column].name in self.editable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Labels above, line numbers at the side."""
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole and section < len(self.rows) else None
        of = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return of.header + (" *" if of.required and of.name in self.editable else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(of)
        return of.help or None if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a cell, red where it is wrong."""
        of, at = self.columns[index.column()], index.row()
        if at >= len(self.rows):
            return self._hint(index.column(), role)
        row = self.rows[at]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(at, of)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(of)
            case Qt.ItemDataRole.BackgroundRole:
                return theme.soft("overdue") if of.name in row.errors else None
            case Qt.ItemDataRole.ToolTipRole:
                return row.errors.get(of.name) or tips.plain(self.text(at, of)) or None
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return row.errors.get(of.name)
        return None

    def _hint(self, column: int, role: int) -> Any:
        if column == 0 and role == Qt.ItemDataRole.DisplayRole:
            return "Escriba aquí"
        return theme.color("dim") if role == Qt.ItemDataRole.ForegroundRole else None

    def _alignment(self, of: Field) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if of.kind in NUMBER_KINDS else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def text(self, at: int, of: Field) -> str:
        """What a cell shows."""
        row = self.rows[at]
        derived = self.derive(row.draft.values) if of.name not in self.editable else {}
        value = derived.get(of.name, row.draft.values.get(of.name))
        if value is None:
            return ""
        if of.kind in ("link", "either"):
            return row.titles.get(of.name) or str(value)
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            if of.kind == "money" and not of.read_only:
                return format_price(value, self.country)
            if of.kind in ("quantity", "percent"):
                return format_number(value, self.country)
        if isinstance(value, str) and of.kind in (*NUMBER_KINDS, "day", "clock"):
            return value
        return display.show(of, value, self.country, self.currency)
