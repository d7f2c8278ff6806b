"""How messages look: a bubble each, own ones at the right; text is laid out as plain text, web addresses as links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from oficrm import clock
from oficrm.chat.talk import Line
from oficrm.rules import dates
from ui import icons, theme
from ui.chat.talk_model import DayRow, Index, MessageRow, Row, TalkModel

WIDEST = 620
SHARE = 0.76
"""How much of the width a bubble takes at most."""
PAD_X, PAD_Y, GAP, MARGIN = 10, 6, 3, 14
DAY_HEIGHT = 38
_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}»”’"


def links(text: str) -> list[tuple[int, int]]:
    """Return begin and end of the web addresses in a text, without what only ends the sentence."""
    found = []
    for match in _LINK.finditer(text):
        address = match[0]
        while address and address[-1] in _TRAILING and not (address[-1] == ")" and "(" in address):
            address = address[:-1]
        if len(address) > len("https://"):
            found.append((match.start(), match.start() + len(address)))
    return found


@dataclass(slots=True)
class Laid:
    """A message laid out for a width: the text, and where everything stands in the row."""

    text: QTextLayout
    bubble: QRectF
    text_at: QPointF
    name_height: float
    file_height: float
    height: int


class _Dress:
    """The fonts of messages and their measures; making them takes longer than using them."""

    def __init__(self) -> None:
        self.font = theme.font()
        self.texts = QFontMetricsF(self.font)
        self.names = QFontMetricsF(theme.font("small", bold=True))
        self.stamps = QFontMetricsF(theme.tabular(theme.font("small")))


class Bubbles(QStyledItemDelegate):
    """Draws days and messages; remembers heights by message and width."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._heights: dict[tuple[Line, bool, int], int] = {}
        self.marked = 0
        """The message that was looked for."""
        self._dress: _Dress | None = None
        theme.notifier.changed.connect(self._forget)

    def _forget(self) -> None:
        """Another theme may have other fonts."""
        self._heights.clear()
        self._dress = None

    # --- sizes

    def _row(self, index: Index) -> Row:
        model = index.model()
        assert isinstance(model, TalkModel)
        return model.rows[index.row()]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the view, as tall as the text needs."""
        row = self._row(index)
        width = self._view.viewport().width()
        if isinstance(row, DayRow):
            return QSize(100, DAY_HEIGHT)
        key = (row.line, row.follows, width)
        if key not in self._heights:
            if len(self._heights) > 40_000:
                self._heights.clear()
            self._heights[key] = self.lay(row, width).height
        return QSize(100, self._heights[key])

    def lay(self, row: MessageRow, width: int) -> Laid:
        """Lay a message out in a row of this width."""
        line = row.line
        dress = self._dress = self._dress or _Dress()
        most = min(WIDEST, width * SHARE) - 2 * PAD_X
        text = self._text(line.body, dress.font)
        used = flow(text, most)
        name = 0.0 if line.is_own or row.follows else dress.names.height() + 2
        file = dress.texts.height() + 6 if line.file_name else 0.0
        metrics = dress.stamps
        stamp_width = metrics.horizontalAdvance(stamp(line))
        last = text.lineAt(text.lineCount() - 1).naturalTextWidth() if text.lineCount() else most
        beside = not line.file_name and last + stamp_width + 14 <= most
        needed = [used, stamp_width, last + stamp_width + 14 if beside else 0.0]
        if name:
            needed.append(dress.names.horizontalAdvance(line.author))
        if line.file_name:
            needed.append(dress.texts.horizontalAdvance(line.file_name) + theme.ICON_SIZE + 6)
        inner = min(max(needed), most)
        body = text.boundingRect().height() if line.body else 0.0
        height = name + body + file + (0 if beside else metrics.height() + 2) + 2 * PAD_Y
        top = GAP if row.follows else GAP * 3
        left = width - MARGIN - inner - 2 * PAD_X if line.is_own else MARGIN
        bubble = QRectF(left, top, inner + 2 * PAD_X, height)
        at = QPointF(left + PAD_X, top + PAD_Y + name)
        return Laid(text, bubble, at, name, file, int(top + height + 1))

    def _text(self, body: str, font: QFont) -> QTextLayout:
        layout = QTextLayout(body.replace("\n", "\u2028"), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        formats = []
        for begin, end in links(body) if "://" in body else ():
            made = QTextLayout.FormatRange()
            dress = QTextCharFormat()
            dress.setForeground(theme.color("accent"))
            dress.setFontUnderline(True)
            made.start, made.length, made.format = begin, end - begin, dress
            formats.append(made)
        if formats:
            layout.setFormats(formats)
        return layout

    # --- drawing

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row = self._row(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        if isinstance(row, DayRow):
            self._draw_day(painter, rect, row)
        else:
            state: QStyle.StateFlag = option.state
            painter.translate(0, rect.top())
            self._draw(painter, row, rect.width(), selected=bool(state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _draw_day(self, painter: QPainter, rect: QRect, row: DayRow) -> None:
        words = day_words(row)
        painter.setFont(theme.font("small", bold=True))
        width = painter.fontMetrics().horizontalAdvance(words) + 2 * theme.SPACE_M
        height = painter.fontMetrics().height() + 6
        pill = QRectF(rect.center().x() - width / 2, rect.bottom() - height - 3, width, height)
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(MARGIN, pill.center().y()), QPointF(pill.left() - theme.SPACE_S, pill.center().y()))
        painter.drawLine(QPointF(pill.right() + theme.SPACE_S, pill.center().y()),
                         QPointF(rect.right() - MARGIN, pill.center().y()))  # fmt: skip
        painter.setPen(theme.color("dim"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _draw(self, painter: QPainter, row: MessageRow, width: int, *, selected: bool) -> None:
        line, laid = row.line, self.lay(row, width)
        ground = "selection" if selected else "accent_soft" if line.is_own else "neutral_soft"
        painter.setPen(Qt.PenStyle.NoPen if self.marked != line.id else theme.color("accent"))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(laid.bubble, 8, 8)
        inside = laid.bubble.adjusted(PAD_X, PAD_Y, -PAD_X, -PAD_Y)
        if laid.name_height:
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.color(author_ink(line.author)))
            name = painter.fontMetrics().elidedText(line.author, Qt.TextElideMode.ElideRight, int(inside.width()) + 1)
            painter.drawText(QRectF(inside.left(), inside.top(), inside.width() + 2, laid.name_height),
                             Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)  # fmt: skip
        painter.setPen(theme.color("selection_text" if selected else "text"))
        laid.text.draw(painter, laid.text_at)
        if line.file_name:
            self._draw_file(painter, line, laid, inside)
        painter.setFont(theme.tabular(theme.font("small")))
        painter.setPen(theme.color("selection_text" if selected else "dim"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, stamp(line))

    def _draw_file(self, painter: QPainter, line: Line, laid: Laid, inside: QRectF) -> None:
        top = laid.text_at.y() + (laid.text.boundingRect().height() if line.body else 0) + 2
        icon = QRectF(inside.left(), top + 2, theme.ICON_SIZE, theme.ICON_SIZE).toRect()
        icons.icon("attach", "dim").paint(painter, icon)
        painter.setFont(theme.font())
        room = QRectF(icon.right() + 6, top, inside.right() - icon.right() - 6, laid.file_height - 2)
        name = painter.fontMetrics().elidedText(line.file_name, Qt.TextElideMode.ElideMiddle, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    # --- links

    def link_at(self, index: Index, at: QPointF) -> str:
        """The web address at a place of a row (from its top left corner), "" for none."""
        row = self._row(index)
        if isinstance(row, DayRow):
            return ""
        laid = self.lay(row, self._view.viewport().width())
        place = at - laid.text_at
        for number in range(laid.text.lineCount()):
            line = laid.text.lineAt(number)
            if line.naturalTextRect().contains(place):
                cursor = line.xToCursor(place.x(), line.CursorPosition.CursorOnCharacter)
                body = row.line.body
                return next((body[begin:end] for begin, end in links(body) if begin <= cursor < end), "")
        return ""


def flow(text: QTextLayout, width: float) -> float:
    """Break a text into lines of this width; return how wide the widest is."""
    text.beginLayout()
    height = widest = 0.0
    while (line := text.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
        widest = max(widest, line.naturalTextWidth())
    text.endLayout()
    return widest


def stamp(line: Line) -> str:
    """When it was written, and whether it was changed since."""
    edited = "editado · " if line.is_edited else ""
    return f"{edited}{line.sent_at.astimezone():%H:%M}"


def day_words(row: DayRow) -> str:
    """A day as it heads its messages."""
    today = clock.today()
    near = {0: "Hoy", 1: "Ayer"}.get((today - row.day).days)
    words = dates.long_date(row.day)
    return near or words[0].upper() + words[1:]


_INKS = ("accent", "won", "lost", "today", "done", "neutral")


def author_ink(author: str) -> str:
    """A colour for a name, the same every day."""
    return _INKS[sum(map(ord, author)) % len(_INKS)]
