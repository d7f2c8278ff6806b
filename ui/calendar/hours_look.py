"""How some days with their hours are painted: above them what takes whole days, below what has an hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from oficrm import clock
from oficrm.calendar.ranges import Entry
from oficrm.rules.dates import MONTHS
from ui import theme
from ui.calendar import layout, looks
from ui.calendar.grid import AgendaGrid
from ui.calendar.layout import Bar, Block

GUTTER, NAMES, BAR_LINE = 68, 44, 20
"""Pixels: the hours at the left, the names of days, a line of bars."""
MOST_BARS = 5
HOUR = 46
"""Pixels of an hour."""
STEP = 30
"""Minutes the cursor goes by."""
SNAP = 15
"""Minutes to which what is dragged sticks."""
EDGE = 6
"""Pixels at the foot of a block by which its end is dragged."""
FIRST_SHOWN = 8
DAY_NAMES = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")


class PaintedHours(AgendaGrid):
    """``days`` days from ``first``. The cursor is a half hour of a day, or one of the whole day (None)."""

    def __init__(self, days: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agenda_week" if days > 1 else "agenda_day")
        self.setAccessibleName("Semana" if days > 1 else "Día")
        self.days = days
        self.first = layout.monday(self.day) if days > 1 else self.day
        self.minute: int | None = 9 * 60
        self._blocks: list[Block] = []
        self._bars: list[Bar] = []
        self._ghost: tuple[int, int | None, int] | None = None
        self._resizing = False
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.valueChanged.connect(lambda _value: self.update())
        self.bar.setSingleStep(HOUR // 2)
        self._is_placed = False
        self._tick = QTimer(self)
        self._tick.setInterval(60_000)
        self._tick.timeout.connect(self.update)
        self._tick.start()

    def span(self) -> tuple[dt.date, dt.date]:
        """The first and last day shown."""
        return self.first, self.first + dt.timedelta(days=self.days - 1)

    def go(self, day: dt.date) -> None:
        """Show the page of a day, with the cursor on it."""
        self.day = day
        self.first = layout.monday(day) if self.days > 1 else day
        self.say()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        self._blocks = layout.blocks(entries, self.first, self.days)
        self._bars = layout.bars(entries, self.first, self.days)
        self._ghost = None
        super().show_entries(entries)
        self._fit()

    # --- geometry

    def _lines(self) -> int:
        return min(max((bar.line + 1 for bar in self._bars), default=1), MOST_BARS)

    def head_height(self) -> int:
        """Pixels above the hours."""
        return NAMES + self._lines() * BAR_LINE + 6

    def _number(self) -> int:
        return min(max((self.day - self.first).days, 0), self.days - 1)

    def _column(self) -> float:
        return max((self.width() - GUTTER - self.bar.width()) / self.days, 1.0)

    def _x(self, number: int) -> float:
        return GUTTER + number * self._column()

    def _y(self, minute: float) -> float:
        return self.head_height() + minute * HOUR / 60 - self.bar.value()

    def block_rect(self, block: Block) -> QRectF:
        """Where a block is painted."""
        wide = (self._column() - 8) / block.lanes
        left = self._x(block.day) + 2 + block.lane * wide
        return QRectF(left, self._y(block.first) + 1, wide - 2, (block.last - block.first) * HOUR / 60 - 2)

    def bar_rect(self, bar: Bar) -> QRectF:
        """Where a bar is painted."""
        left = self._x(bar.first) + 2
        return QRectF(left, NAMES + 2 + bar.line * BAR_LINE, self._x(bar.last + 1) - left - 6, BAR_LINE - 2)

    def _fit(self) -> None:
        room = max(self.height() - self.head_height(), 0)
        self.bar.setGeometry(self.width() - self.bar.sizeHint().width(), self.head_height(),
                                self.bar.sizeHint().width(), room)  # fmt: skip
        self.bar.setPageStep(max(room, 1))
        self.bar.setRange(0, max(24 * HOUR - room, 0))
        if not self._is_placed and room:
            self._is_placed = True
            self.bar.setValue(FIRST_SHOWN * HOUR - HOUR // 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The hours take what the head leaves."""
        super().resizeEvent(event)
        self._fit()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Days, hours, entries, the cursor, now."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("base"))
        painter.save()
        painter.setClipRect(0, self.head_height(), self.width(), self.height() - self.head_height())
        self._paint_hours(painter)
        for block in self._blocks:
            rect = self.block_rect(block)
            if rect.bottom() > self.head_height() and rect.top() < self.height():
                looks.paint(painter, rect, block.entry, is_current=self._is_current(block.entry))
        self._paint_now(painter)
        painter.restore()
        self._paint_head(painter)
        self._paint_ghost(painter)

    def _is_current(self, entry: Entry) -> bool:
        return self.current is entry and self.hasFocus()

    def _paint_hours(self, painter: QPainter) -> None:
        today = clock.today()
        for number in range(self.days):
            day = self.first + dt.timedelta(days=number)
            column = QRectF(self._x(number), self._y(0), self._column(), 24 * HOUR)
            if day == today:
                painter.fillRect(column, theme.soft("accent"))
            elif day.weekday() >= 5:
                painter.fillRect(column, theme.color("window"))
        painter.setFont(theme.tabular(theme.font("small")))
        right = int(self._x(self.days))
        for hour in range(25):
            y = int(self._y(hour * 60))
            painter.setPen(theme.color("border"))
            painter.drawLine(GUTTER, y, right, y)
            if 0 < hour < 24:
                painter.setPen(theme.color("dim"))
                painter.drawText(QRectF(0, y - 9, GUTTER - 8, 18),
                                 Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{hour}:00")  # fmt: skip
            painter.setPen(QPen(theme.color("border"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(GUTTER, y + HOUR // 2, right, y + HOUR // 2)
        painter.setPen(theme.color("border"))
        for number in range(self.days + 1):
            painter.drawLine(QPointF(self._x(number), 0), QPointF(self._x(number), self.height()))
        if self.hasFocus() and self.current is None and self.minute is not None:
            slot = QRectF(self._x(self._number()), self._y(self.minute), self._column(), HOUR / 2)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(slot.adjusted(1, 1, -2, -1), 3, 3)

    def _paint_now(self, painter: QPainter) -> None:
        now = clock.now()
        number = (now.date() - self.first).days
        if 0 <= number < self.days:
            y = self._y(now.hour * 60 + now.minute)
            painter.setPen(QPen(theme.color("overdue"), 2))
            painter.drawLine(QPointF(self._x(number), y), QPointF(self._x(number + 1), y))

    def _paint_head(self, painter: QPainter) -> None:
        painter.fillRect(0, 0, self.width(), self.head_height(), theme.color("card"))
        today = clock.today()
        for number in range(self.days):
            day = self.first + dt.timedelta(days=number)
            is_today = day == today
            box = QRectF(self._x(number), 0, self._column(), NAMES)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("accent" if is_today else "dim"))
            centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box.adjusted(0, 4, 0, -24), centre, DAY_NAMES[day.weekday()])
            painter.setFont(theme.font("title" if self.days > 1 else "text", bold=is_today))
            painter.setPen(theme.color("accent" if is_today else "text"))
            words = str(day.day) if self.days > 1 else f"{day.day} de {MONTHS[day.month - 1]}"
            painter.drawText(box.adjusted(0, 18, 0, -2), centre, words)
        painter.setPen(theme.color("dim"))
        painter.setFont(theme.font("small"))
        painter.drawText(QRectF(2, NAMES, GUTTER - 8, BAR_LINE),
                         Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "todo el día")  # fmt: skip
        for bar in self._bars:
            if bar.line < MOST_BARS - 1 or self._lines() < MOST_BARS:
                looks.paint(painter, self.bar_rect(bar), bar.entry, is_current=self._is_current(bar.entry))
        self._paint_more(painter)
        if self.hasFocus() and self.current is None and self.minute is None:
            slot = QRectF(self._x(self._number()), NAMES, self._column(), self._lines() * BAR_LINE + 4)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(slot.adjusted(1, 1, -2, -1), 3, 3)
        painter.setPen(theme.color("border"))
        y = self.head_height() - 1
        painter.drawLine(0, y, self.width(), y)

    def _paint_more(self, painter: QPainter) -> None:
        """Say how many bars there is no room for."""
        if self._lines() < MOST_BARS:
            return
        for number in range(self.days):
            more = sum(bar.first <= number <= bar.last for bar in self._bars if bar.line >= MOST_BARS - 1)
            if more:
                painter.setPen(theme.color("accent"))
                painter.drawText(QRectF(self._x(number) + 8, NAMES + (MOST_BARS - 1) * BAR_LINE, 90, BAR_LINE),
                                 Qt.AlignmentFlag.AlignVCenter, f"+{more} más")  # fmt: skip

    def _paint_ghost(self, painter: QPainter) -> None:
        if self._ghost is None or self._pressed is None:
            return
        number, first, last = self._ghost
        if first is None:
            rect = QRectF(self._x(number) + 2, NAMES + 2, self._column() - 6, BAR_LINE - 2)
        else:
            rect = QRectF(self._x(number) + 2, self._y(first), self._column() - 8, (last - first) * HOUR / 60)
        looks.paint(painter, rect, self._pressed, is_ghost=True, is_current=True)
        if first is not None:
            painter.setFont(theme.tabular(theme.font("small", bold=True)))
            painter.setPen(theme.color("accent"))
            words = f"{first // 60}:{first % 60:02}–{last // 60 % 24}:{last % 60:02}"
            painter.drawText(QRectF(rect.left(), rect.top() - 16, 120, 15), words)
