"""How an entry looks on the calendar: its ground and ink by state, its icon, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from db.models.calendar_item import ActivityType, ItemKind, ItemState
from oficrm.calendar.ranges import Entry
from oficrm.rules import dates
from ui import icons, theme
from ui.lists.cells import TONES

_ICONS = {
    ActivityType.MEETING: "people", ActivityType.CALL: "phone", ActivityType.VISIT: "visit",
    ActivityType.PRESENTATION: "demo", ActivityType.FOLLOW_UP: "load", ActivityType.OTHER: "other",
}  # fmt: skip
_MARKS = {
    ItemState.HELD: "done", ItemState.COMPLETED: "done", ItemState.NOT_HELD: "lost", ItemState.DEFERRED: "lost",
    ItemState.LATE: "overdue", ItemState.IN_PROGRESS: "busy", ItemState.WAITING: "pending",
}  # fmt: skip
BAR = 3
"""Pixels of the coloured edge."""
LINE = 17
"""Pixels of a line of text."""


def tone(entry: Entry) -> str:
    """The theme's kind of an entry, by its state."""
    if entry.state is None:
        return "neutral"
    return TONES.get(entry.state.tone, "neutral")


def icon_of(entry: Entry) -> str:
    """What is done: the icon of its type, a tick box for tasks."""
    if not entry.is_item:
        return "contact"
    return "task" if entry.kind == ItemKind.TASK else type_icon(entry.activity_type)


def type_icon(activity_type: str) -> str:
    """The icon of a type of activity."""
    return _ICONS[ActivityType(activity_type)]


def mark_of(entry: Entry) -> str:
    """What became of it, as an icon: "" for what is simply planned."""
    return _MARKS.get(entry.state, "") if entry.state is not None else ""


def hours(entry: Entry) -> str:
    """ "10:30–11:00", "todo el día", or the hour a task is due."""
    if entry.time is None:
        return "todo el día" if entry.kind == ItemKind.EVENT else ""
    if entry.end_time is None:
        return dates.short_time(entry.time)
    return f"{dates.short_time(entry.time)}–{dates.short_time(entry.end_time)}"


def words(entry: Entry) -> str:
    """All of an entry, for its tip and for screen readers."""
    what = "Contacto" if not entry.is_item else ItemKind(entry.kind).label
    state = entry.state.label if entry.state is not None else ""
    when = " ".join(part for part in (dates.short_date(entry.date), hours(entry)) if part)
    if entry.end_date > entry.date:
        when += f" (hasta {dates.short_date(entry.end_date)})"
    again = "Se repite" if entry.repeats else ""
    return "\n".join(part for part in (entry.title, when, entry.detail, " · ".join(filter(None, (what, state))), again)
                     if part)  # fmt: skip


def paint(painter: QPainter, rect: QRectF, entry: Entry, *, is_current: bool = False, is_ghost: bool = False) -> None:
    """Draw an entry into a rectangle: what fits of icon, hours, title and detail."""
    kind = tone(entry)
    is_dim = not entry.is_item or entry.state in (ItemState.NOT_HELD, ItemState.DEFERRED)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setClipRect(rect)
    ground = theme.soft(kind)
    if is_ghost:
        ground.setAlpha(190)
    painter.setPen(QPen(theme.color("border")) if not entry.is_item else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if not entry.is_item else ground)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if entry.is_item:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(kind))
        painter.drawRoundedRect(QRectF(rect.left(), rect.top(), BAR, rect.height()), 1.5, 1.5)
    _write(painter, rect.adjusted(BAR + 4, 1, -3, -1), entry, theme.color("dim" if is_dim else "text"))
    if is_current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
    painter.restore()


def _write(painter: QPainter, inside: QRectF, entry: Entry, ink: QColor) -> None:
    size = 13
    left = inside.left()
    top = inside.top() + max(0.0, min((inside.height() - LINE) / 2, 2.0))
    mark = mark_of(entry)
    for name, role in ((icon_of(entry), tone(entry)), (mark, tone(entry))):
        if name and inside.width() > 60:
            icons.paint(painter, QRectF(left, top + (LINE - size) / 2, size, size), name, role)
            left += size + 3
    if entry.repeats and inside.width() > 110:
        icons.paint(painter, QRectF(inside.right() - 11, top + 3, 11, 11), "subscription", "dim")
    font = theme.font("small", bold=entry.is_item)
    font.setStrikeOut(entry.state is ItemState.NOT_HELD)
    painter.setFont(font)
    painter.setPen(ink)
    room = inside.right() - left - (14 if entry.repeats else 0)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, max(int(room), 0))
    painter.drawText(QRectF(left, top, room, LINE), flags, title)
    painter.setFont(theme.font("small"))
    painter.setPen(theme.color("dim"))
    for text in (hours(entry), entry.detail):
        top += LINE - 1
        if top + LINE > inside.bottom() + 3 or not text:
            break
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(int(inside.width()), 0))
        painter.drawText(QRectF(inside.left(), top, inside.width(), LINE), flags, shown)
