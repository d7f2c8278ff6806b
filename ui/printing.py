"""Lists on paper: drawn row by row onto a printer or into a PDF, in whatever thread; nothing here shows a window."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from oficrm.printing import Paper

if TYPE_CHECKING:
    from PySide6.QtGui import QPagedPaintDevice

MARGIN_MM = 12.0
INK, DIM, RULE = QColor("#1b2330"), QColor("#566172"), QColor("#c3cad5")
"""Paper is white whatever the theme."""
_TEXT, _SMALL, _HEAD, _TITLE = 8.0, 7.5, 8.0, 13.0
_ROW, _LONG_ROW, _HEAD_ROW = 14.0, 22.0, 17.0
_PAD = 3.0


def page_layout(paper: str) -> QPageLayout:
    """Landscape on ``A4`` or ``letter``."""
    size = QPageSize(QPageSize.PageSizeId.Letter if paper == "letter" else QPageSize.PageSizeId.A4)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    return QPageLayout(size, QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter)


def write_pdf(path: Path, paper: Paper, rows: Iterable[list[str]]) -> int:
    """Write a list as PDF and return its number of pages. Raises OSError when the file cannot be written."""
    path.touch()  # QPdfWriter is silent about a folder that is not there
    writer = QPdfWriter(str(path))
    writer.setResolution(300)
    writer.setTitle(paper.title)
    writer.setCreator("OfiCRM")
    writer.setPageLayout(page_layout(paper.paper))
    return ListPainter(writer, paper).paint(rows)


class ListPainter:
    """Draws one list. Lengths are points, multiplied by what a point is on the device."""

    def __init__(self, device: QPagedPaintDevice, paper: Paper) -> None:
        self._device, self._paper = device, paper
        self._point = device.logicalDpiX() / 72
        area = device.pageLayout().paintRectPixels(device.logicalDpiX())
        self._width, self._height = float(area.width()), float(area.height())
        self._row = self._pt(_LONG_ROW if any(column.is_long for column in paper.columns) else _ROW)
        family = QGuiApplication.font().family()
        self._fonts = {
            size: QFont(family) for size in (_TEXT, _SMALL, _TITLE)
        } | {-_HEAD: QFont(family), -_TITLE: QFont(family)}  # fmt: skip
        for size, font in self._fonts.items():
            font.setPixelSize(round(self._pt(abs(size))))
            font.setBold(size < 0)
        self._places = self._columns()

    def _pt(self, points: float) -> float:
        return points * self._point

    def _columns(self) -> list[tuple[float, float]]:
        whole = sum(column.weight for column in self._paper.columns) or 1
        left, places = 0.0, []
        for column in self._paper.columns:
            width = self._width * column.weight / whole
            places.append((left, width))
            left += width
        return places

    def _head_height(self) -> float:
        lines = 20.0 + (11.0 if self._paper.subtitle else 0.0)
        return self._pt(lines + _HEAD_ROW + 4)

    def rows_per_page(self) -> int:
        """How many rows stand on a page."""
        return max(1, int((self._height - self._head_height() - self._pt(18)) // self._row))

    def page_count(self) -> int:
        """How many pages it takes; at least one."""
        return max(1, math.ceil(self._paper.count / self.rows_per_page()))

    def paint(self, rows: Iterable[list[str]]) -> int:
        """Draw all pages and return how many. An exception of ``rows`` passes through, e.g. Cancelled."""
        page, line, most = 1, 0, self.rows_per_page()
        with QPainter(self._device) as painter:
            self._draw_frame(painter, page)
            for row in rows:
                if line == most:
                    page, line = page + 1, 0
                    self._device.newPage()
                    self._draw_frame(painter, page)
                self._draw_row(painter, row, self._head_height() + line * self._row)
                line += 1
        return page

    # --- parts of a page

    def _text(self, painter: QPainter, rect: QRectF, text: str, size: float, color: QColor, *, right: bool) -> None:
        painter.setFont(self._fonts[size])
        painter.setPen(color)
        shown = QFontMetricsF(self._fonts[size], self._device).elidedText(
            text, Qt.TextElideMode.ElideRight, rect.width()
        )
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)

    def _rule(self, painter: QPainter, y: float, color: QColor, width: float) -> None:
        painter.setPen(QPen(color, self._pt(width)))
        painter.drawLine(0, round(y), round(self._width), round(y))

    def _draw_frame(self, painter: QPainter, page: int) -> None:
        paper, pt = self._paper, self._pt
        self._text(painter, QRectF(0, 0, self._width * 0.6, pt(18)), paper.title, -_TITLE, INK, right=False)
        self._text(painter, QRectF(self._width * 0.6, 0, self._width * 0.4, pt(18)), paper.company, _TEXT, DIM,
                   right=True)  # fmt: skip
        y = pt(20)
        if paper.subtitle:
            self._text(painter, QRectF(0, y - pt(1), self._width, pt(11)), paper.subtitle, _SMALL, DIM, right=False)
            y += pt(11)
        for column, (left, width) in zip(paper.columns, self._places, strict=True):
            room = QRectF(left + pt(_PAD), y, width - pt(2 * _PAD), pt(_HEAD_ROW))
            self._text(painter, room, column.head, -_HEAD, INK, right=column.is_right)
        self._rule(painter, y + pt(_HEAD_ROW), INK, 0.7)
        foot = QRectF(0, self._height - pt(12), self._width, pt(12))
        self._text(painter, foot, f"{paper.foot} · {paper.printed}", _SMALL, DIM, right=False)
        self._text(painter, foot, f"Página {page} de {self.page_count()}", _SMALL, DIM, right=True)

    def _draw_row(self, painter: QPainter, row: list[str], y: float) -> None:
        pt = self._pt
        for column, text, (left, width) in zip(self._paper.columns, row, self._places, strict=True):
            room = QRectF(left + pt(_PAD), y + pt(1), width - pt(2 * _PAD), self._row - pt(2))
            if text and column.is_long:
                self._long_text(painter, room, text)
            elif text:
                top = QRectF(room.left(), room.top(), room.width(), pt(_ROW - 3))
                self._text(painter, top, text, _TEXT, INK, right=column.is_right)
        self._rule(painter, y + self._row, RULE, 0.3)

    def _long_text(self, painter: QPainter, room: QRectF, text: str) -> None:
        """Two lines of a long text, the second one cut with "…" where there is more."""
        font = self._fonts[_SMALL]
        words = " · ".join(part.strip() for part in text.splitlines() if part.strip())
        layout = QTextLayout(words, font, self._device)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        first = layout.createLine()
        first.setLineWidth(room.width())
        end = first.textLength()
        layout.endLayout()
        height = self._pt(10)
        self._text(painter, QRectF(room.left(), room.top(), room.width(), height), words[:end].rstrip(), _SMALL, INK,
                   right=False)  # fmt: skip
        if rest := words[end:].strip():
            below = QRectF(room.left(), room.top() + height, room.width(), height)
            self._text(painter, below, rest, _SMALL, INK, right=False)
