"""A mail is taken over into a new contact without touching the mouse, accepted, and undone, in the real program."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from db.models.contact import MadeBy
from oficrm import lists, records, related, saving
from oficrm.jobs import Jobs
from tests.flows.test_contact_day import ALT, CONTROL, Keyboard, contact_form, is_over, jobs, program
from tests.support.post import SENT, letter
from ui.app import Application

__all__ = ["jobs", "program"]


def know_marta(jobs: Jobs) -> None:
    """Give the only person an address."""

    def job(session) -> None:
        draft = records.load(session, "person", 1).draft
        draft.values["email"] = "marta@talleresruiz.es"
        saving.save(session, draft)

    jobs.write(job).result()


def stored(jobs: Jobs) -> list[tuple[object, ...]]:
    """All contacts."""

    def read(session):
        ids = lists.load_ids(session, lists.ListFilter("contact")).ids.tolist()
        rows = lists.load_rows(session, "contact", ids, ["client", "person", "date", "made_by", "type", "notes"])
        return [rows[ident] for ident in ids]

    found: list[tuple[object, ...]] = jobs.read(read).result()
    return found


def left(jobs: Jobs, table: str) -> int:
    """How many live records a module has."""
    return jobs.read(lambda s: len(lists.load_ids(s, lists.ListFilter(table)).ids)).result()


def test_a_mail_becomes_a_contact_and_is_undone(
    qtbot: QtBot, program: Application, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """7 strokes besides the text itself: Ins, Alt+T, Ctrl+M, Enter for the two questions, Ctrl+Enter, F5, Ctrl+Z."""
    know_marta(jobs)
    path = tmp_path / "pedido.eml"
    path.write_bytes(letter("Marta Ruiz <marta@talleresruiz.es>", subject="Pedido", text="Tres sierras, por favor.",
                            files={"plano.pdf": b"%PDF-1.4\n%%EOF\n"}))  # fmt: skip
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given, **_more: (str(path), ""))  # the system's own
    keyboard = Keyboard(qtbot)
    keyboard.press(Qt.Key.Key_Insert)
    keyboard.wait(lambda: contact_form(program))
    form = contact_form(program)
    assert form is not None
    keyboard.press(Qt.Key.Key_T, ALT)
    keyboard.text("ema")
    keyboard.press(Qt.Key.Key_M, CONTROL)
    keyboard.wait(lambda: form.form.held.mail is not None)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    keyboard.wait(lambda: is_over(program))
    [contact] = stored(jobs)
    assert contact == ("Talleres Ruiz", "Marta Ruiz", SENT.astimezone().date(), MadeBy.THEM, "Email",
                       "Pedido\n\nTres sierras, por favor.")  # fmt: skip
    counts = jobs.read(lambda s: related.counts(s, "contact", 1)).result()
    assert (counts["document"], counts["email_message"]) == (2, 1), "the mail and its plan are files of the contact"
    assert jobs.read(lambda s: related.counts(s, "client", 1)).result()["contact"] == 1
    assert program.main_window is not None
    program.main_window.activateWindow()  # what the window manager does when a window closes
    keyboard.press(Qt.Key.Key_F5)  # the list takes the focus, in which Ctrl+Z is not the undo of a text
    page = program.main_window.page("contact")
    keyboard.wait(lambda: page.table.hasFocus())  # type: ignore[union-attr]
    keyboard.press(Qt.Key.Key_Z, CONTROL)
    keyboard.wait(lambda: not stored(jobs))
    assert left(jobs, "document") == left(jobs, "email_message") == 0
    assert keyboard.strokes == 7
