"""The report of an import, message by message: which rows of it are shown, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from oficrm import clock
from oficrm.mail.importing import Outcome, Row
from oficrm.rules import dates
from ui import icons, theme, tips
from ui.mail.wording import bare_name
from ui.widgets.padded import PaddedDelegate

NAME, WHEN, SENDER, SUBJECT, OUTCOME, DETAIL = range(6)
HEADERS = ("Archivo", "Fecha", "De", "Asunto", "Resultado", "Detalle")
WIDTHS = (150, 132, 140, 200, 112, 230)
LOOKS = {
    Outcome.FILED: ("done", "done"),
    Outcome.ALREADY: ("info", "neutral"),
    Outcome.NO_CLIENT: ("client", "today"),
    Outcome.UNREADABLE: ("error", "overdue"),
}
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ReportModel(QAbstractTableModel):
    """Rows of a report, all of them or those of one outcome; rows are appended while the import goes on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._places: list[int] = []
        self._outcome: Outcome | None = None

    def extend(self, rows: Sequence[Row]) -> None:
        """Append lines."""
        first = len(self._rows)
        added = [first + at for at, row in enumerate(rows) if self._shows(row)]
        self._rows += rows
        if added:
            self.beginInsertRows(_NO_PARENT, len(self._places), len(self._places) + len(added) - 1)
            self._places += added
            self.endInsertRows()

    def clear(self) -> None:
        """Begin anew."""
        self.beginResetModel()
        self._rows, self._places = [], []
        self.endResetModel()

    def replace(self, rows: Sequence[Row]) -> None:
        """Put what became of messages since, known by their ``own_id``, in the place of their lines."""
        known = {row.own_id: row for row in rows if row.own_id}
        self.beginResetModel()
        for at, row in enumerate(self._rows):
            other = known.get(row.own_id)
            if other is not None and row.own_id:
                self._rows[at] = Row(row.name, other.outcome, other.detail, row.sent_at, row.sender, row.subject,
                                     other.email_id, row.own_id)  # fmt: skip
        self._sieve()
        self.endResetModel()

    def narrow(self, outcome: Outcome | None) -> None:
        """Show the lines of one outcome, None shows all."""
        self.beginResetModel()
        self._outcome = outcome
        self._sieve()
        self.endResetModel()

    def _shows(self, row: Row) -> bool:
        return self._outcome is None or row.outcome is self._outcome

    def _sieve(self) -> None:
        self._places = [at for at, row in enumerate(self._rows) if self._shows(row)]

    def row(self, place: int) -> Row:
        """The line shown at a place."""
        return self._rows[self._places[place]]

    def shown(self) -> list[Row]:
        """The lines shown, in order."""
        return [self._rows[at] for at in self._places]

    def all(self) -> list[Row]:
        """All lines."""
        return list(self._rows)

    # --- what Qt asks

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """One a message."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """File, date, sender, subject, outcome, detail."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADERS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and dress of a cell."""
        row, column = self.row(index.row()), index.column()
        icon, colour = LOOKS[row.outcome]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(row.sender if column == SENDER else _text(row, column)) or None
            case Qt.ItemDataRole.DecorationRole if column == OUTCOME:
                return icons.icon(icon, colour)
            case Qt.ItemDataRole.ForegroundRole if column == OUTCOME:
                return theme.color(colour)
            case Qt.ItemDataRole.ForegroundRole if column in (NAME, DETAIL):
                return theme.color("dim")
        return None


def _text(row: Row, column: int) -> str:
    match column:
        case 0:
            return row.name
        case 1:
            return _moment(row.sent_at)
        case 2:
            return bare_name(row.sender) if row.sender else ""
        case 3:
            return row.subject or ("(sin asunto)" if row.own_id else "")
        case 4:
            return row.outcome.value
    if row.outcome is Outcome.NO_CLIENT:
        email = row.detail.rpartition("<")[2].rstrip(">")
        return f"{email} no es de nadie conocido" if email else "Sin direcciones de fuera"
    return row.detail if row.outcome is Outcome.UNREADABLE else ""


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone()
    return f"{dates.short_date(local.date(), clock.today())} {local:%H:%M}"


class ReportTable(QTableView):
    """The report as a table."""

    def __init__(self, model: ReportModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("table")
        self.setAccessibleName("Informe de la importación")
        self.setModel(model)
        self.setItemDelegate(PaddedDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(SUBJECT, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(80)

    def selected(self) -> list[Row]:
        """The lines selected."""
        model = self.model()
        assert isinstance(model, ReportModel)
        return [model.row(index.row()) for index in self.selectionModel().selectedRows()]
