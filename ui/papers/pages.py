"""A page laid out on paper: the same for the printer, a PDF and the preview. Nothing is fetched, nothing is read."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QMarginsF, QObject, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from oficrm.papers.making import Paper
from ui import theme
from ui.mail.pictures import MAX_BYTES, read_picture

RESOLUTION = 300
MARGIN_MM, FOOT_MM = 16.0, 9.0
INK, DIM = QColor("#1b2330"), QColor("#566172")
"""Paper is white, whatever the theme."""
_BASE64 = 4 / 3


def layout_of(paper: Paper) -> QPageLayout:
    """Upright A4, or letter where that is the custom."""
    size = QPageSize(QPageSize.PageSizeId.Letter if paper.is_letter else QPageSize.PageSizeId.A4)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM - 4)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


class PaperDocument(QTextDocument):
    """A document that shows the pictures written into its HTML (``data:``) and takes nothing from anywhere else.

    The base class would read files by itself where it is given nothing; so there is always something: a clear point.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(Qt.GlobalColor.transparent)
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the HTML itself; a clear point, or no style, for all else."""
        if kind == QTextDocument.ResourceType.StyleSheetResource.value:
            return ""
        return _picture(QUrl(name)) or self._nothing


def _picture(url: QUrl) -> QImage | None:
    """The picture that an address holds in itself."""
    if url.scheme().lower() != "data":
        return None
    head, _, body = bytes(url.toEncoded().data()).partition(b",")
    if not head.endswith(b";base64") or len(body) > MAX_BYTES * _BASE64:
        return None
    try:
        return read_picture(base64.b64decode(unquote_to_bytes(body)))
    except binascii.Error:
        return None


class Laid:
    """A paper laid out for a device, page by page. Sizes are in dots of the device."""

    def __init__(self, paper: Paper, device: QPagedPaintDevice) -> None:
        self._paper = paper
        dots = device.logicalDpiX()
        area = device.pageLayout().paintRectPixels(dots)
        self._foot = FOOT_MM / 25.4 * dots
        self._body = QSizeF(area.width(), area.height() - self._foot)
        self.sheet = QRectF(device.pageLayout().fullRectPixels(dots))
        """The whole sheet of paper."""
        self.area = QRectF(area)
        """What is printed on, within the margins."""
        document = self._document = PaperDocument()
        document.setPageSize(self._body)
        document.documentLayout().setPaintDevice(device)  # before the text: what is laid out without it stays so
        document.setDefaultFont(theme.font("text"))
        document.setHtml(paper.html)
        self.pages = document.pageCount()

    def draw(self, painter: QPainter, page: int) -> None:
        """Draw a page, the first one being 0, with the corner of ``area`` at the origin."""
        self._draw_body(painter, page)
        font = theme.font("small")
        font.setPointSizeF(7.5)
        painter.setFont(font)
        painter.setPen(DIM)
        room = QRectF(0, self._body.height(), self._body.width(), self._foot)
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | bottom), self._paper.foot)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | bottom), f"Página {page + 1} de {self.pages}")

    def _draw_body(self, painter: QPainter, page: int) -> None:
        painter.save()
        painter.translate(0, -page * self._body.height())
        view = QRectF(0, page * self._body.height(), self._body.width(), self._body.height())
        painter.setClipRect(view, Qt.ClipOperation.IntersectClip)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = view
        colours = QPalette()
        colours.setColor(QPalette.ColorRole.Text, INK)
        context.palette = colours
        self._document.documentLayout().draw(painter, context)
        painter.restore()


def paint(device: QPagedPaintDevice, paper: Paper) -> int:
    """Draw all pages on a device; return how many."""
    laid = Laid(paper, device)
    with QPainter(device) as painter:
        for page in range(laid.pages):
            if page:
                device.newPage()
            laid.draw(painter, page)
    return laid.pages


def write_pdf(path: Path, paper: Paper) -> int:
    """Write a paper as PDF; return the number of pages. Raises OSError when the file cannot be written."""
    path.touch()  # QPdfWriter is silent about a place it cannot write to
    return paint(_dress(QPdfWriter(str(path)), paper), paper)


def _dress(writer: QPdfWriter, paper: Paper) -> QPdfWriter:
    writer.setResolution(RESOLUTION)
    writer.setTitle(paper.title)
    writer.setCreator("OfiCRM")
    writer.setPageLayout(layout_of(paper))
    return writer


class Proof:
    """A paper laid out to be looked at, exactly as it would be in a PDF; nothing is written."""

    def __init__(self, paper: Paper) -> None:
        self._buffer = QBuffer()
        self._buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        self._writer = _dress(QPdfWriter(self._buffer), paper)
        self.laid = Laid(paper, self._writer)

    @property
    def pages(self) -> int:
        """How many sheets."""
        return self.laid.pages

    def image(self, page: int, width: int, ratio: float = 1.0) -> QImage:
        """A sheet as a picture ``width`` pixels wide, on a screen of ``ratio`` dots to a pixel."""
        sheet = self.laid.sheet
        scale = width * ratio / sheet.width()
        image = QImage(round(width * ratio), round(sheet.height() * scale), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        image.setDotsPerMeterX(round(RESOLUTION / 0.0254))
        image.setDotsPerMeterY(round(RESOLUTION / 0.0254))
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.scale(scale, scale)
            painter.translate(self.laid.area.topLeft())
            self.laid.draw(painter, page)
        image.setDevicePixelRatio(ratio)
        return image
