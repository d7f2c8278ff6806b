"""The conversation a message belongs to: who wrote when, and how each message begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from oficrm import clock
from oficrm.mail.filing import ThreadRow
from oficrm.rules import dates
from ui import theme
from ui.contact.rows import RowsList
from ui.mail.wording import bare_name

_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ThreadList(RowsList):
    """Lists the messages of a conversation, the oldest first; a click on another one asks for it."""

    row_height = 46

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thread")
        self.setAccessibleName("Conversación")
        self.setMinimumHeight(3 * self.row_height)
        self.clicked.connect(lambda _index: self._clicked())

    def show_thread(self, thread: Sequence[ThreadRow]) -> None:
        """List these; the message of the window is the current one."""
        self.show_entries(thread)
        here = next((row for row in thread if row.is_this), None)
        if here is not None:
            self.select(here.id)
            QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        self.scrollTo(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The message of the window stays in sight."""
        super().resizeEvent(event)
        self._show_current()

    def _clicked(self) -> None:
        row = self.current()
        if row is not None and not row.is_this:
            self.ask(self.view_requested)

    def words(self, entry: Any, *, long: bool) -> str:
        """A row in words."""
        when = "" if entry.sent_at is None else entry.sent_at.astimezone().strftime("%d/%m/%Y %H:%M")
        parts = (f"{bare_name(entry.sender)}, {when}".rstrip(", "), entry.subject, entry.preview)
        return "\n".join(part for part in parts if part) if long else bare_name(entry.sender)

    def draw(self, painter: QPainter, rect: QRect, entry: Any, selected: bool) -> None:
        """Who and when; below, the first words."""
        ink = "selection_text" if selected else "text"
        dim = ink if selected else "dim"
        half = rect.height() // 2
        first = rect.adjusted(0, 3, 0, -half + 1)
        second = rect.adjusted(0, half - 1, 0, -4)
        painter.setFont(theme.tabular(theme.font("small")))
        painter.setPen(theme.color(dim))
        when = _moment(entry)
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, when)
        self._write(painter, second, entry.preview or entry.subject)
        painter.setFont(theme.font("text", bold=entry.is_this))
        painter.setPen(theme.color(ink))
        self._write(painter, first.adjusted(0, 0, -width - theme.SPACE_S, 0), bare_name(entry.sender))

    def _write(self, painter: QPainter, room: QRect, text: str) -> None:
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LINE, fitting)


def _moment(row: ThreadRow) -> str:
    """Day and hour, the day alone where it is of another year."""
    if row.sent_at is None:
        return "sin fecha"
    local, today = row.sent_at.astimezone(), clock.today()
    day = dates.short_date(local.date(), today)
    return f"{day} {local:%H:%M}" if local.year == today.year else day
