"""Records on paper: pages, templates to choose from, and what happens when something does not go."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from sqlalchemy import select

from db.models.client import Client
from oficrm import records, saving
from oficrm.drafts import LineDraft
from oficrm.papers import making
from tests.support.desk import WAIT, Desk
from ui.forms.record_window import RecordWindow
from ui.papers import pages as sheets


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
