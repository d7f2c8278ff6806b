"""A month to pick a day from, painted by ourselves: calm, and usable from the keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QToolTip, QVBoxLayout, QWidget

from oficrm.rules import dates
from oficrm.rules.dates import MONTHS
from oficrm.rules.problems import Invalid
from ui import icons, theme
from ui.widgets.popup import place_under

_CELL_W, _CELL_H, _HEAD_H = 32, 28, 24


class MonthGrid(QWidget):
    """Six weeks of days, Monday first; the one under the cursor moves with the arrow keys."""

    picked = Signal(object)
    moved = Signal()

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.day = today
        self.note: Callable[[dt.date], str | None] = lambda _day: None
        self._hover: dt.date | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Seven columns; a head and six weeks."""
        return QSize(_CELL_W * 7, _HEAD_H + _CELL_H * 6)

    def go(self, day: dt.date) -> None:
        """Move the cursor to a day, showing its month."""
        if 1900 <= day.year <= 2200:
            self.day = day
            self.setAccessibleDescription(dates.long_date(day))
            self.moved.emit()
            self.update()

    def go_months(self, count: int) -> None:
        """Move the cursor by months; stays where it is at the end of time."""
        try:
            self.go(dates.add_months(self.day, count))
        except Invalid:
            return

    def _first(self) -> dt.date:
        """The Monday that begins the page."""
        first = self.day.replace(day=1)
        return first - dt.timedelta(days=first.weekday())

    def day_at(self, point: QPoint) -> dt.date | None:
        """The day under a point of the widget."""
        column, row = point.x() // _CELL_W, (point.y() - _HEAD_H) // _CELL_H
        if not (0 <= column < 7 and 0 <= row < 6):
            return None
        return self._first() + dt.timedelta(days=row * 7 + column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Page keys, Home (today), Enter."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if key in steps:
            self.go(self.day + dt.timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go_months(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_T):
            self.go(self.today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.day)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the months."""
        self.go_months(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the day under the pointer."""
        self._hover = self.day_at(event.position().toPoint())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the day under the pointer."""
        self._hover = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the day."""
        day = self.day_at(event.position().toPoint())
        if day is not None:
            self.picked.emit(day)

    def event(self, event: QEvent) -> bool:
        """Name the holiday under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self.day_at(event.pos())
            QToolTip.showText(event.globalPos(), (day and self.note(day)) or "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page of the month."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("dim"))
        for column, name in enumerate("LMXJVSD"):
            painter.drawText(QRect(column * _CELL_W, 0, _CELL_W, _HEAD_H), Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(theme.tabular(theme.font("text")))
        for index in range(42):
            day = self._first() + dt.timedelta(days=index)
            self._paint_day(painter, day, QRect(index % 7 * _CELL_W, _HEAD_H + index // 7 * _CELL_H, _CELL_W, _CELL_H))

    def _paint_day(self, painter: QPainter, day: dt.date, cell: QRect) -> None:
        box = cell.adjusted(2, 1, -2, -1)
        free = day.weekday() >= 5 or self.note(day) is not None
        pen = theme.color("dim" if free else "text")
        if day.month != self.day.month:
            pen = theme.color("disabled")
        if day == self.day:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(box, 5, 5)
            pen = theme.color("accent_text")
        elif day == self._hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(box, 5, 5)
        if day == self.today and day != self.day:
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(box, 5, 5)
        if self.note(day) is not None and day != self.day:
            pen = theme.color("overdue") if day.month == self.day.month else pen
        painter.setPen(pen)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(day.day))


class CalendarPopup(QFrame):
    """The month in a small window under its field."""

    picked = Signal(object)

    def __init__(self, today: dt.date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        theme.set_surface(self, "popup")
        self.setObjectName("calendar")
        self.grid = MonthGrid(today, self)
        self._title = QLabel(self)
        theme.set_role(self._title, "section")
        head = QHBoxLayout()
        head.addWidget(self._arrow("left", "Mes anterior (RePág)", -1))
        head.addWidget(self._title, 1, Qt.AlignmentFlag.AlignCenter)
        head.addWidget(self._arrow("right", "Mes siguiente (AvPág)", 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_S, theme.SPACE_S, theme.SPACE_S, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(head)
        column.addWidget(self.grid)
        self.grid.moved.connect(self._name_month)
        self.grid.picked.connect(self._take)
        self.setFocusProxy(self.grid)

    def _arrow(self, icon: str, tip: str, step: int) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.grid.go_months(step))
        return button

    def _name_month(self) -> None:
        self._title.setText(f"{MONTHS[self.grid.day.month - 1].capitalize()} {self.grid.day.year}")

    def _take(self, day: dt.date) -> None:
        self.close()
        self.picked.emit(day)

    def open_at(self, field: QWidget, day: dt.date) -> None:
        """Show under ``field`` with the cursor on ``day``."""
        self.grid.go(day)
        self.ensurePolished()
        place_under(self, field, self.sizeHint())
        self.show()
        self.grid.setFocus()
