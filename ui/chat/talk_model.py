"""The rows of a conversation: its messages, the newest last, and a row for each day between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from oficrm.chat.talk import Line
from oficrm.rules import dates

Index = QModelIndex | QPersistentModelIndex
TOGETHER = dt.timedelta(minutes=5)
"""Messages of one author that follow each other within this need the name only once."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day on which something was written."""

    day: dt.date


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message; ``follows`` where the author is the one just above."""

    line: Line
    follows: bool


Row = DayRow | MessageRow


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Put days between messages, by local time."""
    rows: list[Row] = []
    before: Line | None = None
    for line in lines:
        day = line.sent_at.astimezone().date()
        is_new_day = before is None or before.sent_at.astimezone().date() != day
        if is_new_day:
            rows.append(DayRow(day))
        follows = (not is_new_day and before is not None and before.author == line.author
                   and before.is_own == line.is_own and line.sent_at - before.sent_at < TOGETHER)  # fmt: skip
        rows.append(MessageRow(line, follows))
        before = line
    return rows


class TalkModel(QAbstractListModel):
    """Shows lines; says in words what each row holds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self.rows: list[Row] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show these in place of what is shown; where they only go on, the rest stays where it is."""
        rows = rows_of(lines)
        kept = len(self.rows)
        if kept and len(rows) >= kept and rows[:kept] == self.rows:
            if len(rows) > kept:
                self.beginInsertRows(QModelIndex(), kept, len(rows) - 1)
                self.rows = rows
                self.endInsertRows()
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        self.lines = tuple(lines)

    def place_of(self, message_id: int) -> int:
        """The row of a message, -1 where it is not shown."""
        return next((at for at, row in enumerate(self.rows)
                     if isinstance(row, MessageRow) and row.line.id == message_id), -1)  # fmt: skip

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Days and messages."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a row, for screen readers."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return words(self.rows[index.row()])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Days cannot be selected."""
        if isinstance(self.rows[index.row()], DayRow):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def words(row: Row) -> str:
    """A row as text, as it is copied."""
    if isinstance(row, DayRow):
        return dates.long_date(row.day)
    line = row.line
    said = "\n".join(part for part in (line.body, f"[{line.file_name}]" if line.file_name else "") if part)
    return f"[{line.sent_at.astimezone():%d/%m/%Y %H:%M}] {line.author}: {said}"
