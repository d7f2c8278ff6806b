"""Every row of the preview as a virtual table: texts are made for the rows that are painted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from oficrm import reschedule_summary as summary
from oficrm.reschedule import Selection, Subject
from oficrm.rules import dates
from ui import icons, theme, tips
from ui.reschedule.outcome import Outcome

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
CLIENT, SUBJECT, PERSON, BEFORE, AFTER, DAYS, REMARK = range(7)
HEADERS = ("Cliente", "Motivo", "Vendedor", "Antes", "Después", "Días", "")
ALL, MOVES, STAYS = "all", "moves", "stays"


class PreviewModel(QAbstractTableModel):
    """Contacts of a selection, before and after."""

    def __init__(self, today: dt.date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._selection: Selection | None = None
        self._outcome: Outcome | None = None
        self._remarks: summary.Remarks | None = None
        self._which = ALL
        self._order: Sequence[int] = range(0)
        self._marked: frozenset[int] = frozenset()
        self._days: dict[dt.date, str] = {}

    # --- what is shown

    def set_selection(self, selection: Selection, marked: frozenset[int] = frozenset()) -> None:
        """Show contacts before any plan; ``marked`` ones changed meanwhile."""
        self.beginResetModel()
        self._selection, self._marked = selection, marked
        self._outcome = self._remarks = None
        self._arrange()
        self.endResetModel()

    def set_outcome(self, outcome: Outcome | None) -> None:
        """Show where everything would go; None while that is not known."""
        keeps = self._which == ALL
        if not keeps:
            self.beginResetModel()
        self._outcome = outcome
        self._remarks = summary.Remarks(outcome.preview) if outcome else None
        self._arrange()
        if not keeps:
            self.endResetModel()
        elif self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, REMARK))

    def show_only(self, which: str) -> None:
        """Show all, those that move, or those that stay."""
        self.beginResetModel()
        self._which = which
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        count = len(self._selection.subjects) if self._selection else 0
        if self._which == ALL or self._outcome is None:
            self._order = range(count)
        else:
            self._order = self._outcome.moves if self._which == MOVES else self._outcome.stays

    def subject(self, row: int) -> Subject:
        """The contact of a row."""
        assert self._selection is not None
        return self._selection.subjects[self._order[row]]

    # --- Qt

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """As many as are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADERS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section == DAYS else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and dress of a cell."""
        read = _ROLES.get(Qt.ItemDataRole(role))
        return read(self, self.subject(index.row()), index.column()) if read else None

    def text(self, subject: Subject, column: int) -> str:
        """What a cell says."""
        after = self._after(subject)
        match column:
            case 0:
                return subject.client
            case 1:
                return subject.subject or "(sin notas)"
            case 2:
                assert self._selection is not None
                return self._selection.salespeople.get(subject.salesperson_id or 0, "—")
            case 3:
                return self._moment(subject.date, subject.time)
            case 4:
                return self._moment(after, subject.time) if after else ("" if self._outcome is None else "se queda")
            case 5:
                return f"{(after - subject.date).days:+d}" if after else ""
        if subject.id in self._marked:
            return "Cambió mientras tanto"
        return self._remarks.of(subject) if self._remarks else ""

    def _after(self, subject: Subject) -> dt.date | None:
        return self._outcome.preview.after.get(subject.id) if self._outcome else None

    def _moment(self, day: dt.date, time: dt.time | None) -> str:
        known = self._days.get(day)
        if known is None:
            if day.year == self._today.year:
                words = dates.long_date(day).split()
                known = f"{words[0]} {words[1]} {words[3][:3]}"
            else:
                known = dates.short_date(day, self._today)
            self._days[day] = known
        return f"{known}  {dates.short_time(time)}" if time else known

    def _color(self, subject: Subject, column: int) -> Any:
        moves = self._after(subject) is not None
        if column == REMARK:
            return theme.color(self._mark(subject) or "dim")
        if self._outcome is not None and not moves:
            return theme.color("dim")
        if column == AFTER:
            return theme.color("accent")
        return theme.color("dim" if column in (SUBJECT, PERSON, DAYS) else "text")

    def _mark(self, subject: Subject) -> str:
        """The theme's meaning of the remark, "" for a plain one."""
        if subject.id in self._marked:
            return "today"
        if self._outcome is None:
            return ""
        if subject.id in self._outcome.preview.blocked:
            return "overdue"
        return "today" if self.text(subject, REMARK).startswith("Cae") else ""

    def _font(self, subject: Subject, column: int) -> Any:
        bold = column == AFTER and self._after(subject) is not None
        return theme.tabular(theme.font(bold=bold)) if column in (BEFORE, AFTER, DAYS) else None

    def _icon(self, subject: Subject, column: int) -> Any:
        if column == CLIENT and subject.icon:
            return icons.icon(subject.icon if icons.has(subject.icon) else "other", "dim")
        if column == AFTER and self._after(subject):
            return icons.icon("arrow_right", "accent")
        mark = self._mark(subject) if column == REMARK else ""
        if mark:
            return icons.icon("overdue", mark)
        return icons.icon("done", "dim") if column == REMARK and self._is_left_out(subject) else None

    def _is_left_out(self, subject: Subject) -> bool:
        return self._outcome is not None and subject.id in self._outcome.preview.left_out

    def _tip(self, subject: Subject, column: int) -> str:
        """Dates in full, and texts that may be cut off."""
        after = self._after(subject)
        if column == BEFORE:
            return dates.long_date(subject.date)
        if column == AFTER:
            return dates.long_date(after) if after else ""
        return tips.plain(f"{subject.type}: {subject.subject}" if column == SUBJECT else self.text(subject, column))

    def _align(self, subject: Subject, column: int) -> Any:
        side = Qt.AlignmentFlag.AlignRight if column == DAYS else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


_ROLES: dict[Qt.ItemDataRole, Callable[[PreviewModel, Subject, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: PreviewModel.text,
    Qt.ItemDataRole.ForegroundRole: PreviewModel._color,
    Qt.ItemDataRole.FontRole: PreviewModel._font,
    Qt.ItemDataRole.DecorationRole: PreviewModel._icon,
    Qt.ItemDataRole.ToolTipRole: PreviewModel._tip,
    Qt.ItemDataRole.TextAlignmentRole: PreviewModel._align,
}
