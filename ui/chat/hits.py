"""The messages in which something was found."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from oficrm import clock
from oficrm.rules import dates
from ui import theme
from ui.contact.rows import RowsList


class HitList(RowsList):
    """Lists what was found, the newest first; Enter or a click goes to the message."""

    row_height = 46

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hits")
        self.setAccessibleName("Mensajes encontrados")
        self.clicked.connect(lambda _index: self.ask(self.edit_requested))

    def words(self, entry: Any, *, long: bool) -> str:
        """A row in words."""
        return f"{entry.author}, {_moment(entry)}: {entry.words}" if long else entry.words

    def draw(self, painter: QPainter, rect: QRect, entry: Any, selected: bool) -> None:
        """Who and when; below, the line that holds it."""
        ink = "selection_text" if selected else "text"
        half = rect.height() // 2
        first, second = rect.adjusted(8, 3, -8, -half + 1), rect.adjusted(8, half - 1, -8, -4)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.tabular(theme.font("small")))
        painter.setPen(theme.color(ink if selected else "dim"))
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, _moment(entry))
        painter.setFont(theme.font("small", bold=True))
        painter.drawText(first.adjusted(0, 0, -120, 0), flags, entry.author)
        painter.setFont(theme.font())
        painter.setPen(theme.color(ink))
        fitting = painter.fontMetrics().elidedText(entry.words, Qt.TextElideMode.ElideRight, second.width())
        painter.drawText(second, flags, fitting)


def _moment(entry: Any) -> str:
    local = entry.sent_at.astimezone()
    return f"{dates.short_date(local.date(), clock.today())} {local:%H:%M}"
