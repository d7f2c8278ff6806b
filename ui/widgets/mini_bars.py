"""A tiny chart of the load of each day, before and after a change of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui import theme

_COLUMN, _BAR, _CHART, _LABEL, _FIGURE = 56, 14, 48, 18, 16


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How many stand on a day before and after. ``free``: nobody works then."""

    label: str
    before: int
    after: int
    free: bool = False
    tip: str = ""


class MiniBars(QWidget):
    """Two bars a day, grey before and coloured after, with their figures; a line marks the cap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: list[DayLoad] = []
        self._cap = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_days(self, days: Sequence[DayLoad], cap: int = 0) -> None:
        """Show these days; ``cap`` > 0 draws its line, and what is above it is marked."""
        self._days, self._cap = list(days), cap
        self.setAccessibleDescription("; ".join(f"{day.label}: de {day.before} a {day.after}" for day in self._days))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A column a day."""
        return QSize(max(1, len(self._days)) * _COLUMN, _FIGURE + _CHART + _LABEL)

    def minimumSizeHint(self) -> QSize:
        """All of it: put it into a scroll area where room may lack."""
        return self.sizeHint()

    def _day_at(self, point: QPoint) -> DayLoad | None:
        column = point.x() // _COLUMN
        return self._days[column] if 0 <= column < len(self._days) else None

    def event(self, event: QEvent) -> bool:
        """Say the figures of the day under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self._day_at(event.pos())
            text = f"{day.tip or day.label}: {day.before} antes, {day.after} después" if day else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Every day, then the base and the cap."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.tabular(theme.font("small")))
        top = max([self._cap, 1, *(max(day.before, day.after) for day in self._days)])
        base = _FIGURE + _CHART
        for index, day in enumerate(self._days):
            if day.free:
                painter.fillRect(QRectF(index * _COLUMN, _FIGURE, _COLUMN, _CHART), theme.color("hover"))
        if self._cap:
            self._paint_cap(painter, round(base - (_CHART - 2) * self._cap / top))
        for index, day in enumerate(self._days):
            self._paint_day(painter, day, index * _COLUMN, top)
        painter.setPen(theme.color("border_input"))
        painter.drawLine(0, base, self.width(), base)

    def _paint_cap(self, painter: QPainter, y: int) -> None:
        pen = QPen(theme.color("overdue"))
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(0, y, self.width(), y)

    def _paint_day(self, painter: QPainter, day: DayLoad, left: int, top: int) -> None:
        base = _FIGURE + _CHART
        middle = left + _COLUMN / 2
        over = bool(self._cap and day.after > self._cap)
        after = theme.color("overdue" if over else "accent")
        self._bar(painter, middle - _BAR - 1, day.before, top, theme.color("border_input"), theme.color("dim"))
        self._bar(painter, middle + 1, day.after, top, after, after)
        painter.setPen(theme.color("dim" if day.free else "text"))
        painter.drawText(QRectF(left, base, _COLUMN, _LABEL), Qt.AlignmentFlag.AlignCenter, day.label)

    def _bar(self, painter: QPainter, x: float, count: int, top: int, fill: QColor, pen: QColor) -> None:
        if not count:
            return
        height = max(3.0, (_CHART - 2) * count / top)
        y = _FIGURE + _CHART - height
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(x, y, _BAR, height), 2, 2)
        painter.setPen(pen)
        painter.drawText(QRectF(x - 6, y - _FIGURE, _BAR + 12, _FIGURE), Qt.AlignmentFlag.AlignCenter, str(count))
