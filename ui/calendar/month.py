"""A month on one page: four to six weeks of days, each with its first entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from oficrm import clock
from oficrm.calendar.ranges import Entry
from ui import theme
from ui.calendar import layout, looks
from ui.calendar.grid import AgendaGrid
from ui.calendar.hours_look import DAY_NAMES

HEAD, TOP, LINE = 26, 22, 20
"""Pixels: the names of days, a day's number, an entry."""


class MonthGrid(AgendaGrid):
    """The month of ``day``. The cursor is a day, or one of its entries (Ctrl+arrows). ``day_asked`` for its page."""

    day_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agenda_month")
        self.setAccessibleName("Mes")
        self.first, self.weeks = layout.month_days(self.day)
        self._of_day: dict[dt.date, list[Entry]] = {}
        self._over: dt.date | None = None

    def span(self) -> tuple[dt.date, dt.date]:
        """The first and last day shown."""
        return self.first, self.first + dt.timedelta(days=self.weeks * 7 - 1)

    def go(self, day: dt.date) -> None:
        """Show the month of a day, with the cursor on it."""
        self.day = day
        self.first, self.weeks = layout.month_days(day)
        self.say()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        first, last = self.span()
        days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
        self._of_day = {day: layout.on_day(entries, day) for day in days}
        self._over = None
        super().show_entries(entries)

    # --- geometry

    def _cell(self, day: dt.date) -> QRectF:
        number = (day - self.first).days
        wide, tall = self.width() / 7, (self.height() - HEAD) / self.weeks
        return QRectF(number % 7 * wide, HEAD + number // 7 * tall, wide, tall)

    def _room(self) -> int:
        """How many lines a day has room for."""
        return max(int(((self.height() - HEAD) / self.weeks - TOP - 2) // LINE), 1)

    def _shown(self, day: dt.date) -> list[Entry]:
        found, room = self._of_day.get(day, []), self._room()
        return found if len(found) <= room else found[: max(room - 1, 0)]

    def entry_rect(self, day: dt.date, place: int) -> QRectF:
        """Where an entry of a day is painted."""
        cell = self._cell(day)
        return QRectF(cell.left() + 3, cell.top() + TOP + place * LINE, cell.width() - 7, LINE - 2)

    def _day_at(self, at: QPointF) -> dt.date | None:
        if at.y() < HEAD or not 0 <= at.x() < self.width() or at.y() >= self.height():
            return None
        week = int((at.y() - HEAD) / ((self.height() - HEAD) / self.weeks))
        return self.first + dt.timedelta(days=week * 7 + int(at.x() / (self.width() / 7)))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Weeks, days, entries, the cursor."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("base"))
        painter.fillRect(0, 0, self.width(), HEAD, theme.color("card"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("dim"))
        for number, name in enumerate(DAY_NAMES):
            box = QRectF(number * self.width() / 7, 0, self.width() / 7, HEAD)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
        for day in self._of_day:
            self._paint_day(painter, day)

    def _paint_day(self, painter: QPainter, day: dt.date) -> None:
        cell = self._cell(day)
        is_today, is_other = day == clock.today(), day.month != self.day.month
        if self._over == day:
            painter.fillRect(cell, theme.color("hover"))
        elif is_today:
            painter.fillRect(cell, theme.soft("accent"))
        elif is_other or day.weekday() >= 5:
            painter.fillRect(cell, theme.color("window"))
        painter.setPen(theme.color("border"))
        painter.drawRect(cell)
        painter.setFont(theme.tabular(theme.font("small", bold=is_today)))
        painter.setPen(theme.color("accent" if is_today else "disabled" if is_other else "text"))
        painter.drawText(cell.adjusted(0, 3, -7, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop,
                         str(day.day))  # fmt: skip
        found, shown = self._of_day[day], self._shown(day)
        for place, entry in enumerate(shown):
            is_current = self.hasFocus() and entry is self.current and day == self.day
            looks.paint(painter, self.entry_rect(day, place), entry, is_current=is_current)
        if len(found) > len(shown):
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.color("accent"))
            painter.drawText(self._more_rect(day), Qt.AlignmentFlag.AlignVCenter, f"+{len(found) - len(shown)} más")
        if self.hasFocus() and day == self.day and self.current is None:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(cell.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3)

    def _more_rect(self, day: dt.date) -> QRectF:
        return self.entry_rect(day, len(self._shown(day))).adjusted(6, 0, 0, 0)

    def _is_on_more(self, day: dt.date, at: QPointF) -> bool:
        return len(self._of_day.get(day, ())) > len(self._shown(day)) and self._more_rect(day).contains(at)

    # --- what is where

    def entry_at(self, at: QPointF) -> Entry | None:
        """The entry at a point."""
        day = self._day_at(at)
        if day is None:
            return None
        return next((entry for place, entry in enumerate(self._shown(day)) if self.entry_rect(day, place).contains(at)),
                    None)  # fmt: skip

    def place_at(self, at: QPointF) -> tuple[dt.date, dt.time | None] | None:
        """The day at a point."""
        day = self._day_at(at)
        return (day, None) if day is not None else None

    def cursor_place(self) -> tuple[dt.date, dt.time | None]:
        """The day under the cursor."""
        return self.day, None

    def cursor_point(self) -> QPoint:
        """The middle of the cursor's day."""
        return self._cell(self.day).center().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on "+3 más" shows the day."""
        day = self._day_at(event.position())
        is_free = self._pressed is None and event.button() == Qt.MouseButton.LeftButton
        if day is not None and is_free and self._is_on_more(day, event.position()):
            self.day_asked.emit(day)
            return
        super().mouseReleaseEvent(event)

    def drag_to(self, at: QPointF) -> None:
        """The day under the pointer lights up."""
        self._over = self._day_at(at)
        self.update()

    def drop_at(self, at: QPointF) -> None:
        """To another day, at the same hour."""
        entry, day, self._over = self.current, self._day_at(at), None
        self.update()
        if entry is not None and day is not None and day != entry.date:
            self.moved.emit(entry, day, entry.time)

    def cancel_drag(self) -> bool:
        """Let go."""
        self._over = None
        return super().cancel_drag()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The month before or after."""
        if event.angleDelta().y():
            self.stepped.emit(-1 if event.angleDelta().y() > 0 else 1)

    # --- keys

    def walk(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """Arrows by days and weeks; with Ctrl up and down through the entries of the day."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 7, Qt.Key.Key_Up: -7}
        by = steps.get(Qt.Key(key))
        if by is None:
            return False
        if held & Qt.KeyboardModifier.ControlModifier:
            found = self._shown(self.day)
            if found and abs(by) == 7:
                at = found.index(self.current) if self.current in found else (-1 if by > 0 else len(found))
                at += 1 if by > 0 else -1
                self.current = found[at] if 0 <= at < len(found) else None
                self.say()
            return True
        month = self.day.month
        self.day += dt.timedelta(days=by)
        self.current = None
        if self.day.month != month:
            self.went.emit(self.day)
            self.stepped.emit(0)
        else:
            self.say()
        return True
