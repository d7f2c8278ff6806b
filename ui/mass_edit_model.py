"""The rows of Cambiar campo: each record with its value of now and the one it gets."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from oficrm.mass_edit import Frozen, Preview, Target
from ui import icons, theme, tips

RECORD, BEFORE, AFTER = range(3)
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
EMPTY = "(vacío)"


class MassEditModel(QAbstractTableModel):
    """A virtual table over the frozen records."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frozen: Frozen | None = None
        self._preview: Preview | None = None

    def show_frozen(self, frozen: Frozen | None) -> None:
        """Show other records, or another field of them."""
        self.beginResetModel()
        self._frozen, self._preview = frozen, None
        self.endResetModel()

    def show_preview(self, preview: Preview | None) -> None:
        """Show what they get."""
        self._preview = preview
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, AFTER))

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """One a record."""
        return 0 if parent.isValid() or self._frozen is None else len(self._frozen.targets)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Record, now, afterwards."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return ("Registro", "Ahora", "Quedará")[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and dress of a cell."""
        assert self._frozen is not None
        target, column = self._frozen.targets[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(target, column)
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(self.text(target, column))
            case Qt.ItemDataRole.ForegroundRole:
                return theme.color(self._color(target, column))
            case Qt.ItemDataRole.FontRole:
                changes = column == AFTER and self._preview is not None and target.id in self._preview.changes
                return theme.font(bold=True) if changes else None
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(target) if column == AFTER else None
        return None

    def text(self, target: Target, column: int) -> str:
        """What a cell says."""
        if column == RECORD:
            return target.title
        if column == BEFORE:
            return " ".join(target.before_text.split()) or EMPTY
        if self._preview is None:
            return ""
        if target.id in self._preview.blocked:
            return f"No cambia: {self._preview.blocked[target.id]}"
        if target.id in self._preview.changes:
            return " ".join(self._preview.text.split()) or EMPTY
        return "ya lo tiene"

    def _color(self, target: Target, column: int) -> str:
        if column == BEFORE or self._preview is None:
            return "text" if column == RECORD else "dim"
        if target.id in self._preview.blocked:
            return "overdue" if column == AFTER else "dim"
        if target.id not in self._preview.changes:
            return "dim"
        return "accent" if column == AFTER else "text"

    def _icon(self, target: Target) -> Any:
        if self._preview is None:
            return None
        if target.id in self._preview.blocked:
            return icons.icon("overdue", "overdue")
        return icons.icon("arrow_right", "accent") if target.id in self._preview.changes else None
