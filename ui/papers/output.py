"""Printing a record and saving it as PDF, from its window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from oficrm.errors import Refused
from oficrm.papers import making
from oficrm.papers.making import Paper
from oficrm.papers.templates import ORIGINAL
from ui.forms.message_bar import Answer
from ui.papers.pages import layout_of, paint, write_pdf

if TYPE_CHECKING:
    from ui.forms.record_window import RecordWindow

Put = Callable[["RecordWindow", Paper], None]


def put_on_paper(window: RecordWindow, ident: int, template: int | None, put: Put) -> None:
    """Make the page of a record and hand it on; a template that cannot be used is said in a bar of the window."""
    form = window.form

    def failed(error: Exception) -> None:
        if not isinstance(error, Refused):
            form.saving.report(error)
            return
        answers = [Answer("Entendido", lambda: form.bars.hide_message("paper"), "button_paper_refused")]
        if template != ORIGINAL:
            answers.insert(0, Answer("Usar la original", original, "button_paper_original", True))
        form.bars.show_message("paper", str(error), "overdue", answers).focus()

    def original() -> None:
        put_on_paper(window, ident, ORIGINAL, put)

    def made(paper: Paper) -> None:
        form.bars.hide_message("paper")
        put(window, paper)

    window.context.bridge.read(lambda s: making.make(s, form.table, ident, template), made, form, failed=failed)


def save_as_pdf(window: RecordWindow, paper: Paper) -> None:
    """Ask where to, and write the PDF."""
    proposed = Path(paper.folder or Path.home()) / paper.file_name
    dialog = QFileDialog(window, "Guardar como PDF", str(proposed), "PDF (*.pdf)")
    dialog.setObjectName("dialog_save_pdf")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: _write(window, Path(name), paper))
    dialog.open()


def _write(window: RecordWindow, path: Path, paper: Paper) -> None:
    bars = window.form.bars
    try:
        write_pdf(path, paper)
    except OSError as error:
        text = f"No se puede escribir «{path}»: {error.strerror or error}. Elija otra carpeta."
        hide = Answer("Entendido", lambda: bars.hide_message("paper"), "button_paper_refused")
        bars.show_message("paper", text, "overdue", [hide]).focus()
    else:
        window.context.notices.show(f"PDF guardado: {path}")


def send_to_printer(window: RecordWindow, paper: Paper) -> None:
    """Ask for the printer, and print."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(paper.title)
    printer.setPageLayout(layout_of(paper))
    dialog = QPrintDialog(printer, window)
    dialog.setObjectName("dialog_print")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: paint(printer, paper))
    dialog.setModal(True)
    dialog.show()
