"""Quotes on paper: the filled page laid out on a printer or in a PDF, with a foot and page numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtWidgets import QFileDialog

from oficrm import quote_print
from oficrm.quote_print import QuotePaper
from ui import theme
from ui.forms.message_bar import Answer

if TYPE_CHECKING:
    from ui.forms.record_window import RecordWindow

RESOLUTION = 300
MARGIN_MM, FOOT_MM = 16.0, 9.0
INK, DIM = QColor("#1b2330"), QColor("#566172")
"""Paper is white, whatever the theme."""


def layout_of(paper: QuotePaper) -> QPageLayout:
    """Upright A4, or letter where that is the custom."""
    size = QPageSize(QPageSize.PageSizeId.Letter if paper.is_letter else QPageSize.PageSizeId.A4)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM - 4)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


def write_pdf(path: Path, paper: QuotePaper) -> int:
    """Write a quote as PDF; return the number of pages. Raises OSError when the file cannot be written."""
    path.touch()  # QPdfWriter is silent about a place it cannot write to
    writer = QPdfWriter(str(path))
    writer.setResolution(RESOLUTION)
    writer.setTitle(paper.title)
    writer.setCreator("OfiCRM")
    writer.setPageLayout(layout_of(paper))
    return paint(writer, paper)


def paint(device: QPagedPaintDevice, paper: QuotePaper) -> int:
    """Draw all pages on a device; return how many."""
    document = QTextDocument()
    document.documentLayout().setPaintDevice(device)
    document.setDefaultFont(theme.font("text"))
    document.setDocumentMargin(0)
    document.setHtml(paper.html)
    dots = device.logicalDpiX()
    area = device.pageLayout().paintRectPixels(dots)
    foot = FOOT_MM / 25.4 * dots
    body = QSizeF(area.width(), area.height() - foot)
    document.setPageSize(body)
    pages = document.pageCount()
    with QPainter(device) as painter:
        for page in range(pages):
            if page:
                device.newPage()
            _draw_body(painter, document, page, body)
            _draw_foot(painter, QRectF(0, body.height(), area.width(), foot), paper.foot, page + 1, pages)
    return pages


def _draw_body(painter: QPainter, document: QTextDocument, page: int, body: QSizeF) -> None:
    painter.save()
    painter.translate(0, -page * body.height())
    view = QRectF(0, page * body.height(), body.width(), body.height())
    painter.setClipRect(view)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = view
    colours = QPalette()
    colours.setColor(QPalette.ColorRole.Text, INK)
    context.palette = colours
    document.documentLayout().draw(painter, context)
    painter.restore()


def _draw_foot(painter: QPainter, room: QRectF, text: str, page: int, pages: int) -> None:
    font = theme.font("small")
    font.setPointSizeF(7.5)
    painter.setFont(font)
    painter.setPen(DIM)
    bottom = Qt.AlignmentFlag.AlignBottom
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | bottom), text)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | bottom), f"Página {page} de {pages}")


def _with_paper(window: RecordWindow, ident: int, then: Callable[[QuotePaper], None]) -> None:
    window.context.bridge.read(lambda s: quote_print.quote_paper(s, ident), then, window.form)


def save_quote(window: RecordWindow, ident: int) -> None:
    """Ask where to, and write the PDF."""

    def ask(paper: QuotePaper) -> None:
        proposed = Path(paper.folder or Path.home()) / paper.file_name
        dialog = QFileDialog(window, "Guardar como PDF", str(proposed), "PDF (*.pdf)")
        dialog.setObjectName("dialog_save_pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: write(Path(name), paper))
        dialog.open()

    def write(path: Path, paper: QuotePaper) -> None:
        try:
            write_pdf(path, paper)
        except OSError as error:
            text = f"No se puede escribir «{path}»: {error.strerror or error}. Elija otra carpeta."
            hide = Answer("Entendido", lambda: window.form.bars.hide_message("paper"), "button_paper_refused")
            window.form.bars.show_message("paper", text, "overdue", [hide]).focus()
        else:
            window.context.notices.show(f"PDF guardado: {path}")

    _with_paper(window, ident, ask)


def print_quote(window: RecordWindow, ident: int) -> None:
    """Ask for the printer, and print."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    def ask(paper: QuotePaper) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(paper.title)
        printer.setPageLayout(layout_of(paper))
        dialog = QPrintDialog(printer, window)
        dialog.setObjectName("dialog_print")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: paint(printer, paper))
        dialog.setModal(True)
        dialog.show()

    _with_paper(window, ident, ask)
