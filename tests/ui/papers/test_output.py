"""Records on paper: pages, templates to choose from, and what happens when something does not go."""

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QImage, QTextDocument
from PySide6.QtWidgets import QFileDialog
from sqlalchemy import select

from db.models.client import Client
from db.models.document_template import PrintedModule
from oficrm import records, saving
from oficrm.drafts import LineDraft
from oficrm.papers import making
from tests.support import paper_records
from tests.support.desk import WAIT, Desk
from ui.forms.record_window import RecordWindow
from ui.papers import pages as sheets

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def quote(desk: Desk, lines: int) -> int:
    def job(session: Any) -> int:
        draft = records.blank(session, "quote").draft
        draft.values |= {"subject": "Oferta", "client": session.scalars(select(Client.id)).first()}
        draft.lines["quote_line"] = [
            LineDraft(None, {"description": f"Línea {n}", "quantity": 1, "unit_price": 10, "tax_rate": 21})
            for n in range(lines)
        ]
        return saving.save(session, draft).id

    return desk.jobs.write(job).result().value


@pytest.mark.parametrize(("lines", "pages"), [(0, 1), (5, 1), (80, 3)])
def test_a_pdf_has_as_many_pages_as_it_needs(desk: Desk, tmp_path: Path, lines: int, pages: int) -> None:
    ident = quote(desk, lines)
    paper = desk.read(lambda s: making.make(s, "quote", ident))
    path = tmp_path / "oferta.pdf"
    assert sheets.write_pdf(path, paper) == pages
    assert path.read_bytes().startswith(b"%PDF")


def open_and_save(desk: Desk, ident: int, path: Path) -> RecordWindow:
    window = RecordWindow(desk.context, "quote", ident)
    desk.show(window)
    window.form.put("subject", "Oferta de otoño")
    action = window.findChild(QAction, "action_pdf")
    assert action is not None
    action.trigger()
    found: list[QFileDialog] = []

    def asked() -> bool:
        found[:] = window.findChildren(QFileDialog, "dialog_save_pdf")
        return bool(found)

    desk.qtbot.waitUntil(asked, timeout=WAIT)
    found[0].fileSelected.emit(str(path))
    found[0].close()
    return window


def test_what_is_not_saved_yet_is_saved_first(desk: Desk, tmp_path: Path) -> None:
    ident = quote(desk, 2)
    window = open_and_save(desk, ident, tmp_path / "oferta.pdf")
    assert (tmp_path / "oferta.pdf").exists()
    assert desk.read(lambda s: records.load(s, "quote", ident)).draft.values["subject"] == "Oferta de otoño"
    desk.qtbot.waitUntil(lambda: not window.form.is_dirty(), timeout=WAIT)
    assert window.isVisible()
    window.close()


def test_a_folder_that_is_not_there_is_said_in_words(desk: Desk, tmp_path: Path) -> None:
    window = open_and_save(desk, quote(desk, 1), tmp_path / "nowhere" / "oferta.pdf")
    assert window.form.bars.has("paper")
    assert "Elija otra carpeta" in window.form.bars.bar("paper").label.text()
    window.form.discard()


@pytest.mark.parametrize("table", [str(each) for each in PrintedModule])
def test_every_module_prints_what_its_record_says(desk: Desk, tmp_path: Path, table: str) -> None:
    ident = desk.jobs.write(lambda s: paper_records.make(s, table)).result().value
    paper = desk.read(lambda s: making.make(s, table, ident))
    path = tmp_path / "papel.pdf"
    assert sheets.write_pdf(path, paper) == 1
    document = pypdfium2.PdfDocument(path)
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    document.close()
    assert paper_records.CLIENT in text
    assert "Comercial Levante, S. L." in text
    assert "Página 1 de 1" in text
    words = {"project": "Medir el local|Marta Gil|Entrega de la obra", "service_contract": "de 40",
             "support_case": "La sierra no arranca.|Se cambió el fusible.|Vamos el martes|Alta"}  # fmt: skip
    for each in words.get(table, "Sierra de mesa <1500 W>|120,50 €|378,73 €|10 %").split("|"):
        assert each in text.replace("\xa0", " "), each


def test_a_record_prints_on_what_the_dialog_gives(desk: Desk, tmp_path: Path) -> None:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    window = RecordWindow(desk.context, "quote", quote(desk, 3))
    desk.show(window)
    window.print_paper()
    desk.qtbot.waitUntil(lambda: bool(window.findChildren(QPrintDialog, "dialog_print")), timeout=WAIT)
    dialog = window.findChildren(QPrintDialog, "dialog_print")[0]
    printer = dialog.printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "impreso.pdf"))
    dialog.accepted.emit(printer)
    dialog.close()
    document = pypdfium2.PdfDocument(tmp_path / "impreso.pdf")
    assert "Oferta" in document[0].get_textpage().get_text_bounded()
    document.close()
    window.close()


@pytest.mark.parametrize(("source", "is_shown"), [
    (f"data:image/png;base64,{DOT}", True), ("data:image/png;base64,@@@", False), ("data:text/plain,hola", False),
    ("data:image/svg+xml;base64,PHN2Zy8+", False), ("file:///etc/hostname", False), ("logo.png", False),
    ("http://ejemplo.es/logo.png", False), (":/qt-project.org/logo.png", False),
])  # fmt: skip
def test_only_pictures_in_the_template_itself_are_shown(qapp: Any, source: str, is_shown: bool) -> None:
    document = sheets.PaperDocument()
    document.setHtml(f'<link rel="stylesheet" href="{source}"/><p>a<img src="{source}"/></p>')
    found = document.resource(QTextDocument.ResourceType.ImageResource.value, QUrl(source))
    assert isinstance(found, QImage)
    assert (found.pixelColor(0, 0).alpha() > 0) == is_shown
