"""Bad input: a message beside the field, the draft kept, nothing half saved."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from oficrm import deleting, undo
from tests.support.desk import WAIT
from tests.ui.contact.conftest import TODAY, Office
from ui.contact.form import ContactWindow
from ui.widgets.field_row import FieldRow
from ui.widgets.tags_editor import Tag, TagsEditor

YESTERDAY = TODAY - dt.timedelta(days=1)


def row(window: ContactWindow, name: str) -> FieldRow:
    assert window.sections is not None
    return window.sections.rows[name]


def message(window: ContactWindow, name: str) -> str:
    label = window.findChild(QLabel, f"error_{name}")
    assert label is not None
    return label.text() if label.isVisibleTo(window) else ""


def refuse(window: ContactWindow, office: Office, name: str) -> str:
    """Accept, wait for the message beside the field, and see that all is still there."""
    before = window.form.values()
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.form.saving.is_busy and bool(message(window, name)), timeout=WAIT)
    assert window.isVisible()
    assert window.form.values() == before
    assert "por corregir" in window.foot.sentence.text()
    assert window.accept_button.isEnabled(), "one can mend it and accept again"
    return message(window, name)


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("notes", "x" * 20_001, "20.001"),
        ("date", "31/02", "Febrero"),
        ("date", "1/1/0001", "1900"),
        ("date", None, "Falta"),
        ("time", "25:00", "hora"),
        ("duration", "-5", "negativa"),
        ("duration", "99h", "24"),
        ("next_at", "31/02", "Febrero"),
        ("next_at", YESTERDAY, "anterior"),
        ("closed_on", YESTERDAY, "anterior"),
        ("client", None, "Falta"),
    ],
)
def test_values_that_break_rules(office: Office, name: str, value: Any, part: str) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("notes", "lo que se habló")
    window.form.put(name, value)
    text = refuse(window, office, name)
    assert part.replace(".", "") in text.replace(".", "")
    assert office.contacts() == []
    assert row(window, name).editor.isAncestorOf(window.focusWidget()), "the focus goes to what is wrong"


def test_mended_it_is_saved_once(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("notes", "lo que se habló")
    window.form.put("date", "31/02")
    refuse(window, office, "date")
    window.form.put("date", TODAY)
    assert message(window, "date") == ""
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    [ident] = office.contacts()
    assert office.values(ident)["notes"] == "lo que se habló"


def test_an_hour_without_a_day_for_the_next(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("next_time", dt.time(10))
    assert "Falta la fecha" in refuse(window, office, "next_at")


def test_a_person_of_another_client(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("person", office.stranger, "Luis Gil")
    assert "otro cliente" in refuse(window, office, "person")


def test_a_client_that_was_only_typed(office: Office) -> None:
    window = office.open()
    window.form.put("client", "nadie que exista")
    window.form.put("notes", "lo que se habló")
    assert "Elija" in refuse(window, office, "client")


def test_a_client_deleted_meanwhile(office: Office) -> None:
    window = office.open(preset={"client": office.other})
    window.form.put("notes", "lo que se habló")
    gone = frozenset({deleting.DEPENDENTS})
    office.jobs.write(lambda s: deleting.delete(s, "client", [office.other], gone)).result()
    assert "no existe" in refuse(window, office, "client")
    office.jobs.write(undo.undo_last).result()
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert len(office.contacts()) == 1


def test_a_contact_deleted_meanwhile_can_be_brought_back(office: Office) -> None:
    ident = office.log(notes="antes").id
    window = office.open(ident)
    window.form.put("notes", "después")
    office.jobs.write(lambda s: deleting.delete(s, "contact", [ident])).result()
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: window.form.bars.has("confirm"), timeout=WAIT)
    window.form.bars.bar("confirm").buttons[0].click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert office.values(ident)["notes"] == "después"


def test_an_action_too_long_names_itself(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    editor = row(window, "contact_action").editor
    assert isinstance(editor, TagsEditor)
    editor.add(Tag(None, "Llamar"))
    editor.add(Tag(None, "z" * 300))
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: bool(message(window, "contact_action")), timeout=WAIT)
    assert message(window, "contact_action").startswith("«zzz")
    assert len(editor.value()) == 2
    assert office.contacts() == []


def test_somebody_elses_change_is_compared_not_overwritten(office: Office) -> None:
    from PySide6.QtWidgets import QDialog

    from oficrm import records, saving

    ident = office.log(notes="antes").id
    window = office.open(ident)
    window.form.put("notes", "lo mío")

    def change(session) -> None:
        draft = records.load(session, "contact", ident).draft
        draft.values["notes"] = "lo de otro"
        saving.save(session, draft)

    office.jobs.write(change).result()
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: window.findChild(QDialog, "dialog_conflict") is not None, timeout=WAIT)
    assert office.values(ident)["notes"] == "lo de otro"
    dialog = window.findChild(QDialog, "dialog_conflict")
    assert dialog is not None
    dialog.reject()
    assert window.form.value("notes") == "lo mío"
