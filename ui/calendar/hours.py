"""Some days side by side with their hours: the cursor, dragging, and the keys."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from db.models.calendar_item import ItemKind
from oficrm.calendar.ranges import Entry
from ui.calendar import layout
from ui.calendar.hours_look import EDGE, GUTTER, HOUR, NAMES, SNAP, STEP, PaintedHours
from ui.calendar.layout import DAY_MINUTES, Block


class HourGrid(PaintedHours):
    """Days whose hours can be gone through, and entries dragged to other ones."""

    # --- what is where

    def entry_at(self, at: QPointF) -> Entry | None:
        """The entry at a point."""
        if at.y() < self.head_height():
            return next((bar.entry for bar in self._bars if self.bar_rect(bar).contains(at)), None)
        return next((block.entry for block in reversed(self._blocks) if self.block_rect(block).contains(at)), None)

    def _minute_at(self, at: QPointF) -> int:
        return int((at.y() - self.head_height() + self.bar.value()) * 60 / HOUR)

    def _number_at(self, at: QPointF) -> int:
        return min(max(int((at.x() - GUTTER) / self._column()), 0), self.days - 1)

    def place_at(self, at: QPointF) -> tuple[dt.date, dt.time | None] | None:
        """The half hour at a point, None for the hour above the hours."""
        if at.x() < GUTTER or at.x() > self._x(self.days):
            return None
        day = self.first + dt.timedelta(days=self._number_at(at))
        if at.y() < self.head_height():
            return day, None
        return day, _time(self._minute_at(at) // STEP * STEP)

    def put_cursor(self, day: dt.date, time: dt.time | None) -> None:
        """The cursor goes to a half hour."""
        self.day = day
        self.minute = None if time is None else time.hour * 60 + time.minute

    def cursor_place(self) -> tuple[dt.date, dt.time | None]:
        """Where the cursor is."""
        return self.day, None if self.minute is None else _time(self.minute)

    def cursor_point(self) -> QPoint:
        """Where the cursor is painted."""
        y = NAMES + 8 if self.minute is None else self._y(self.minute) + 8
        return QPointF(self._x(self._number()) + 20, y).toPoint()

    # --- dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """At the foot of a block its end is taken."""
        super().mousePressEvent(event)
        self._resizing = self._pressed is not None and self._on_edge(event.position()) is not None

    def _on_edge(self, at: QPointF) -> Block | None:
        """The block whose end can be taken here: of an event, on its last day."""
        for block in reversed(self._blocks):
            rect = self.block_rect(block)
            is_foot = rect.contains(at) and at.y() > max(rect.bottom() - EDGE, rect.center().y())
            is_own = block.entry.is_item and block.entry.kind == ItemKind.EVENT and self.can_write
            if is_foot and is_own and at.y() > self.head_height():
                return block
        return None

    def hover(self, at: QPointF) -> None:
        """An arrow up and down where an end can be dragged."""
        if self._on_edge(at) is not None:
            self.setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            super().hover(at)

    def drag_to(self, at: QPointF) -> None:
        """The ghost follows, in quarters of an hour."""
        entry = self._pressed
        assert entry is not None
        minute = self._minute_at(at) // SNAP * SNAP
        if self._resizing:
            number = (entry.date - self.first).days
            first = entry.starts().hour * 60 + entry.starts().minute
            self._ghost = (number, first, min(max(minute + SNAP, first + SNAP), DAY_MINUTES))
        elif at.y() < self.head_height():
            self._ghost = (self._number_at(at), None, 0)
        else:
            length = int((entry.ends() - entry.starts()).total_seconds() // 60) if entry.time is not None else STEP
            grip = 0 if entry.time is None else self._grip(entry)
            first = min(max((self._minute_at(at) - grip) // SNAP * SNAP, 0), DAY_MINUTES - SNAP)
            self._ghost = (self._number_at(at), first, min(first + length, DAY_MINUTES))
        self._scroll_along(at)
        self.update()

    def _grip(self, entry: Entry) -> int:
        """How far below its beginning a block was taken, in minutes."""
        pressed = self._minute_at(self._press_at)
        block = next((each for each in self._blocks if each.entry is entry), None)
        return max(pressed - block.first, 0) if block is not None else 0

    def _scroll_along(self, at: QPointF) -> None:
        if at.y() > self.height() - 12:
            self.bar.setValue(self.bar.value() + 8)
        elif self.head_height() < at.y() < self.head_height() + 12:
            self.bar.setValue(self.bar.value() - 8)

    def drop_at(self, at: QPointF) -> None:
        """Ask for the move, unless it is where it was."""
        entry, ghost = self.current, self._ghost
        self._ghost = None
        self.update()
        if entry is None or ghost is None:
            return
        number, first, last = ghost
        day = self.first + dt.timedelta(days=number)
        if self._resizing:
            self._resizing = False
            self.resized.emit(entry, dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=last))
            return
        time = None if first is None else _time(first)
        if (day, time) != (entry.date, entry.time):
            self.moved.emit(entry, day, time)

    def cancel_drag(self) -> bool:
        """Let go."""
        self._ghost, self._resizing = None, False
        return super().cancel_drag()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The hours scroll."""
        self.bar.event(event)

    # --- keys

    def walk(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """Arrows by half hours and days; above midnight is the whole day. Inicio and Fin: the day's first and last."""
        down = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
        aside = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(key))
        if down is not None:
            self._walk_down(down)
        elif aside is not None:
            if not self.first <= self.day + dt.timedelta(days=aside) <= self.span()[1]:
                self.day += dt.timedelta(days=aside)
                self.went.emit(self.day)
                self.stepped.emit(0)
                return True
            self.day += dt.timedelta(days=aside)
            self._find()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._to_edge(last=key == Qt.Key.Key_End)
        else:
            return False
        self._show_cursor()
        self.say()
        return True

    def _to_edge(self, *, last: bool) -> None:
        found = layout.on_day(self.entries, self.day)
        if found:
            self.current = found[-1 if last else 0]
            starts = self.current.time
            self.minute = None if starts is None else (starts.hour * 60 + starts.minute) // STEP * STEP

    def _walk_down(self, by: int) -> None:
        """To the next half hour; entries of one place are gone through one after the other."""
        here = self._here()
        at = here.index(self.current) if self.current in here else (-1 if by > 0 else len(here))
        if self.current is not None and 0 <= at + by < len(here):
            self.current = here[at + by]
            return
        if self.minute is None:
            self.minute = 0 if by > 0 else None
        else:
            later = self.minute + by * STEP
            self.minute = None if later < 0 else min(later, DAY_MINUTES - STEP)
        self._find(from_end=by < 0)

    def _here(self) -> list[Entry]:
        """The entries that the cursor's place holds."""
        found = layout.on_day(self.entries, self.day)
        if self.minute is None:
            return [entry for entry in found if layout.is_bar(entry)]
        number = self._number()
        return [block.entry for block in self._blocks
                if block.day == number and block.first < self.minute + STEP and block.last > self.minute]  # fmt: skip

    def _find(self, *, from_end: bool = False) -> None:
        here = self._here()
        self.current = (here[-1] if from_end else here[0]) if here else None

    def _show_cursor(self) -> None:
        if self.minute is None:
            return
        y = self.minute * HOUR // 60
        room = self.height() - self.head_height()
        if y < self.bar.value():
            self.bar.setValue(y)
        elif y + HOUR // 2 > self.bar.value() + room:
            self.bar.setValue(y + HOUR // 2 - room)


def _time(minute: int) -> dt.time:
    minute = min(max(minute, 0), DAY_MINUTES - 1)
    return dt.time(minute // 60, minute % 60)
