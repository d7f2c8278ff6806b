"""What the day, week and month pages have in common: the entries, a cursor on a day, and what is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from oficrm import clock
from oficrm.calendar.ranges import Entry
from oficrm.rules import dates
from ui import tips
from ui.calendar import looks


class AgendaGrid(QWidget):
    """Painted entries on days. One of them, or an empty place, is under the cursor."""

    opened = Signal(object)
    """An Entry to look at."""
    added = Signal(object, object)
    """Something new: its day, and its hour or None."""
    moved = Signal(object, object, object)
    """An Entry dragged to a day and an hour (None: the whole day)."""
    resized = Signal(object, object)
    """An Entry and the local moment it shall end."""
    stepped = Signal(int)
    """The page before (-1) or after (1) is wanted."""
    menu_asked = Signal(object, QPoint)
    """The menu of an Entry, or of an empty place (None), at a point of the screen."""
    went = Signal(object)
    """The day under the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self.day = clock.today()
        self.current: Entry | None = None
        self.can_write = True
        self._pressed: Entry | None = None
        self._press_at = QPointF()
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    # --- what each page gives

    def entry_at(self, at: QPointF) -> Entry | None:
        """The entry at a point."""
        raise NotImplementedError

    def place_at(self, at: QPointF) -> tuple[dt.date, dt.time | None] | None:
        """The day and hour at a point."""
        raise NotImplementedError

    def drag_to(self, at: QPointF) -> None:
        """Show where the entry would fall."""
        raise NotImplementedError

    def drop_at(self, at: QPointF) -> None:
        """The entry falls here."""
        raise NotImplementedError

    def cursor_place(self) -> tuple[dt.date, dt.time | None]:
        """Where something new would be made."""
        raise NotImplementedError

    # --- the entries and the cursor

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; the one under the cursor stays so if it is among them."""
        self.entries = tuple(entries)
        known = self.current
        self.current = next((each for each in entries if known and (each.table, each.id) == (known.table, known.id)),
                            None)  # fmt: skip
        self._pressed, self._dragging = None, False
        self.update()

    def set_current(self, entry: Entry | None) -> None:
        """Put the cursor on an entry."""
        self.current = entry
        if entry is not None and not (entry.date <= self.day <= entry.end_date):
            self.day = entry.date
        self.say()

    def say(self) -> None:
        """Tell screen readers where the cursor is, and paint it."""
        day, time = self.cursor_place()
        place = dates.long_date(day) + (f" {dates.short_time(time)}" if time else "")
        self.setAccessibleDescription(looks.words(self.current) if self.current is not None else place)
        self.went.emit(self.day)
        self.update()

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Puts the cursor; a drag may begin."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        entry, place = self.entry_at(at), self.place_at(at)
        if place is not None:
            self.put_cursor(*place)
        self.current = entry
        self.say()
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = entry if is_left else None
        self._press_at = at

    def put_cursor(self, day: dt.date, time: dt.time | None) -> None:
        """The cursor goes to a day and hour."""
        self.day = day

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drags what was pressed."""
        entry = self._pressed
        if entry is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self.hover(event.position())
            return
        far = (event.position() - self._press_at).manhattanLength() >= QApplication.startDragDistance()
        if not self._dragging and far and self.can_write and entry.is_item:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self.drag_to(event.position())

    def hover(self, at: QPointF) -> None:
        """A hand over what opens."""
        shape = Qt.CursorShape.PointingHandCursor if self.entry_at(at) is not None else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drops what was dragged, opens what was only clicked."""
        entry, self._pressed = self._pressed, None
        if self._dragging:
            self._dragging = False
            self.unsetCursor()
            self.drop_at(event.position())
        elif entry is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(entry)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On an empty place: something new there."""
        place = self.place_at(event.position())
        if self.entry_at(event.position()) is None and place is not None and self.can_write:
            self.added.emit(*place)

    def cancel_drag(self) -> bool:
        """Let go of what is dragged, unchanged; False when nothing is."""
        was, self._dragging, self._pressed = self._dragging, False, None
        if was:
            self.unsetCursor()
            self.update()
        return was

    def event(self, event: QEvent) -> bool:
        """Tips of entries; Escape lets go of a drag instead of closing the window."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            entry = self.entry_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tips.plain(looks.words(entry)) if entry is not None else "", self)
            return True
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape and self._dragging:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens or makes, Ins makes, the menu key asks for the menu; the rest moves the cursor."""
        key, held = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape and self.cancel_drag():
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.current is not None:
                self.opened.emit(self.current)
            elif self.can_write:
                self.added.emit(*self.cursor_place())
        elif key == Qt.Key.Key_Menu:
            self.menu_asked.emit(self.current, self.mapToGlobal(self.cursor_point()))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not held & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif not self.walk(key, held):
            super().keyPressEvent(event)

    def cursor_point(self) -> QPoint:
        """Where the cursor is painted."""
        return QPoint(self.width() // 2, self.height() // 2)

    def walk(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """Move the cursor; False for other keys."""
        raise NotImplementedError
