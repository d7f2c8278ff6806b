"""The lists of the side panel: the client's contacts around the one being written, and the client's quotes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from oficrm import clock
from oficrm.contact_form import QuoteRow
from oficrm.contacts import Neighbour
from oficrm.rules import dates
from ui import icons, theme
from ui.contact.rows import ROW, RowsList

HERE = "este contacto"
QUOTES_IN_SIGHT = 3
_TONES = {"won": "won", "lost": "lost", "today": "today", "overdue": "overdue", "info": "accent"}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def describe(each: Neighbour) -> str:
    """A neighbour in words: day, type, how it ended, why it took place."""
    hour = f" a las {dates.short_time(each.time)}" if each.time else ""
    state = f"realizado, {each.result}" if each.is_done else "no realizado"
    lines = [f"{dates.long_date(each.date).capitalize()}{hour}", f"{each.type}, {state}".strip(", "), each.title]
    return "\n".join(line for line in lines if line)


def mark_of(each: Neighbour, today: dt.date) -> tuple[str, str]:
    """Icon and theme colour for how a contact stands."""
    if each.is_done:
        return "done", "done"
    if each.date < today:
        return "overdue", "overdue"
    return ("today", "today") if each.date == today else ("pending", "dim")


def _day_font() -> QFont:
    return theme.tabular(theme.font("small"))


class Timeline(RowsList):
    """Later contacts, the mark of the present one, earlier contacts; the latest on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("neighbours")
        self.setAccessibleName("Contactos anteriores y posteriores del cliente")
        self.setMinimumHeight(4 * ROW)
        self._day_width = 0

    def show_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        """List them. A selected one stays so, else the last one before is: what was said then is read at once."""
        later = [each for each in neighbours if each.is_later]
        earlier = [each for each in neighbours if not each.is_later]
        measure, today = QFontMetrics(_day_font()), clock.today()
        days = (dates.short_date(each.date, today) for each in neighbours)
        self._day_width = max((measure.horizontalAdvance(day) for day in days), default=0)
        self.show_entries([*later, None, *earlier] if neighbours else [])
        if self.current() is None and neighbours:
            self.select((earlier[0] if earlier else later[-1]).id)
            self.scrollTo(self.model().index(max(len(later) - 2, 0), 0), Timeline.ScrollHint.PositionAtTop)

    def words(self, entry: Any, *, long: bool) -> str:
        """A row in words."""
        if entry is None:
            return HERE
        return describe(entry) if long else entry.title or entry.type

    def draw(self, painter: QPainter, rect: QRect, entry: Any, selected: bool) -> None:
        """Icon of the type, day, first line of the notes, and a mark for how it stands."""
        if entry is None:
            self._draw_here(painter, rect)
            return
        ink, size, today = "selection_text" if selected else "text", theme.ICON_SIZE, clock.today()
        top = rect.top() + (rect.height() - size) / 2
        icon = entry.icon if icons.has(entry.icon) else "other"
        icons.paint(painter, QRectF(rect.left(), top, size, size), icon, ink if selected else "icon")
        mark, role = mark_of(entry, today)
        icons.paint(painter, QRectF(rect.right() - size, top, size, size), mark, ink if selected else role)
        painter.setFont(_day_font())
        painter.setPen(theme.color(ink if selected else "dim"))
        day = rect.adjusted(size + theme.SPACE_S, 0, 0, 0)
        day.setWidth(self._day_width + theme.SPACE_XS)
        painter.drawText(day, _MIDDLE, dates.short_date(entry.date, today))
        painter.setFont(theme.font())
        painter.setPen(theme.color(ink))
        words = rect.adjusted(day.right() - rect.left() + theme.SPACE_XS, 0, -size - theme.SPACE_XS, 0)
        painter.drawText(
            words,
            _MIDDLE,
            painter.fontMetrics().elidedText(entry.title or entry.type, Qt.TextElideMode.ElideRight, words.width()),
        )

    def _draw_here(self, painter: QPainter, rect: QRect) -> None:
        painter.setFont(theme.font("small", bold=True))
        half = painter.fontMetrics().horizontalAdvance(HERE) // 2 + theme.SPACE_S
        middle, centre = rect.center().y(), rect.center().x()
        painter.setPen(theme.color("accent"))
        painter.drawLine(rect.left(), middle, centre - half, middle)
        painter.drawLine(centre + half, middle, rect.right(), middle)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, HERE)


class QuotesList(RowsList):
    """The client's quotes, newest first; a few in sight, the others by scrolling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quotes")
        self.setAccessibleName("Presupuestos del cliente")

    def show_quotes(self, quotes: Sequence[QuoteRow]) -> None:
        """List them."""
        self.show_entries(quotes)
        self.setFixedHeight(ROW * min(max(len(quotes), 1), QUOTES_IN_SIGHT) + 2)

    def words(self, entry: Any, *, long: bool) -> str:
        """A row in words."""
        parts = (f"{entry.number}, {entry.status}", dates.long_date(entry.date), entry.subject, entry.total)
        return "\n".join(part for part in parts if part) if long else entry.number

    def draw(self, painter: QPainter, rect: QRect, entry: Any, selected: bool) -> None:
        """Number, what it is about, state in its colour, total at the right."""
        ink = "selection_text" if selected else "text"
        painter.setFont(theme.tabular(theme.font()))
        painter.setPen(theme.color(ink))
        measure = painter.fontMetrics()
        painter.drawText(rect, _MIDDLE | Qt.AlignmentFlag.AlignRight, entry.total)
        painter.drawText(rect, _MIDDLE, entry.number)
        left, right = measure.horizontalAdvance(entry.number), measure.horizontalAdvance(entry.total)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color(ink if selected else _TONES.get(entry.tone, "dim")))
        state = rect.adjusted(left + theme.SPACE_S, 0, -right - theme.SPACE_S, 0)
        painter.drawText(
            state, _MIDDLE, painter.fontMetrics().elidedText(entry.status, Qt.TextElideMode.ElideRight, state.width())
        )
