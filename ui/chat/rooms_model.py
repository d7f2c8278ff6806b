"""The rooms of a server as a table: which are to be brought in, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from db.text import search_fold
from oficrm import clock
from oficrm.chat.importing import Outcome, Row
from oficrm.chat.rocket import Room
from oficrm.rules import dates
from ui import icons, theme, tips

NAME, KIND, COUNT, LAST, RESULT = range(5)
HEADERS = ("Canal", "Tipo", "Mensajes", "Último", "Resultado")
WIDTHS = (230, 86, 90, 140, 260)
LOOKS = {Outcome.DONE: ("done", "done"), Outcome.REFUSED: ("error", "overdue"), Outcome.STOPPED: ("busy", "dim")}
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RoomsModel(QAbstractTableModel):
    """Rooms with a tick each. ``ticked`` follows every change of what is chosen."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Room] = []
        self.rooms: list[Room] = []
        self._chosen: set[str] = set()
        self.results: dict[str, Row] = {}

    def show(self, rooms: Sequence[Room]) -> None:
        """List these; none is chosen."""
        self._all = list(rooms)
        self._chosen.clear()
        self.narrow("")

    def narrow(self, text: str) -> None:
        """List only those that hold all words in name or members."""
        words = search_fold(text).split()
        self.beginResetModel()
        self.rooms = [room for room in self._all
                      if all(word in search_fold(f"{room.name} {room.members}") for word in words)]  # fmt: skip
        self.endResetModel()

    def chosen(self) -> list[Room]:
        """The rooms chosen, those not listed now too."""
        return [room for room in self._all if room.id in self._chosen]

    def choose(self, idents: Sequence[str], *, on: bool = True) -> None:
        """Tick rooms by id, or take the tick away."""
        self._chosen = self._chosen | set(idents) if on else self._chosen - set(idents)
        self._redraw(NAME)
        self.ticked.emit()

    def show_results(self, results: dict[str, Row]) -> None:
        """Say what became of rooms, by id."""
        self.results = dict(results)
        self._redraw(RESULT)

    def _redraw(self, column: int) -> None:
        if self.rooms:
            self.dataChanged.emit(self.index(0, column), self.index(len(self.rooms) - 1, column))

    # --- what Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        """One a room."""
        return 0 if parent.isValid() else len(self.rooms)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Name, kind, messages, last one, result."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADERS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section == COUNT else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The name can be ticked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == NAME else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick."""
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != NAME:
            return False
        self.choose([self.rooms[index.row()].id], on=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and dress of a cell."""
        room, column = self.rooms[index.row()], index.column()
        result = self.results.get(room.id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(room, column, result)
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(room.members if column == NAME else self._text(room, column, result)) or None
            case Qt.ItemDataRole.CheckStateRole if column == NAME:
                return Qt.CheckState.Checked if room.id in self._chosen else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.TextAlignmentRole if column == COUNT:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                return theme.color(LOOKS[result.outcome][1] if column == RESULT and result else
                                   "text" if column == NAME else "dim")  # fmt: skip
            case Qt.ItemDataRole.DecorationRole if column == RESULT and result:
                return icons.icon(*LOOKS[result.outcome])
        return None

    def _text(self, room: Room, column: int, result: Row | None) -> str:
        match column:
            case 0:
                return room.name
            case 1:
                return room.kind.label
            case 2:
                return f"{room.messages:,}".replace(",", ".") if room.messages else ""
            case 3:
                if room.last_at is None:
                    return ""
                local = room.last_at.astimezone()
                return f"{dates.short_date(local.date(), clock.today())} {local:%H:%M}"
        return result.words() if result is not None else ""
