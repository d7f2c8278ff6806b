"""Accepting opens the next contact in the same window, once, and giving it up loses nothing."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from oficrm import lists
from tests.support.desk import WAIT
from tests.ui.contact.conftest import TODAY, Office
from ui.contact.form import ContactWindow
from ui.widgets.text_editors import BlockEditor

NEXT_WEEK = TODAY + dt.timedelta(days=7)


def begin(office: Office, **more: Any) -> ContactWindow:
    """A call that asks for a next one in a week."""
    window = office.open(preset={"client": office.client, "person": office.person, **more})
    window.form.put("notes", "Quiere precio")
    window.form.put("next_at", NEXT_WEEK)
    window.form.put("next_time", dt.time(16, 30))
    return window


def accept_and_wait(window: ContactWindow, office: Office) -> None:
    """Accept; wait until the next contact can be written."""
    window.accept_button.click()
    office.qtbot.waitUntil(
        lambda: window.form.ident is None and window.windowTitle().startswith("Próximo"), timeout=WAIT
    )
    office.qtbot.waitUntil(window.accept_button.isEnabled, timeout=WAIT)


def next_missing(office: Office, ident: int) -> bool:
    rows = office.jobs.read(lambda s: lists.load_rows(s, "contact", [ident], ["next_missing"])).result()
    return bool(rows[ident][0])


def test_accepting_opens_the_next_in_its_place(office: Office) -> None:
    window = begin(office)
    assert window.foot.sentence.text() == "Al aceptar se guarda, queda abierto y se abre el del vie 27 nov."
    accept_and_wait(window, office)
    form = window.form
    assert window.windowTitle() == "Próximo contacto de Talleres Ruiz"
    assert window.head.detail.text() == "Sigue al del vie 20 nov: Quiere precio"
    assert (form.value("client"), form.value("person"), form.value("date"), form.value("time")) == (
        office.client,
        office.person,
        NEXT_WEEK,
        dt.time(16, 30),
    )
    assert form.title("person") == "Marta Ruiz"
    assert form.value("salesperson") is not None
    assert form.value("notes") is None
    assert form.value("next_at") is None
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.parent() is window.findChild(BlockEditor, "field_notes")
    first = office.contacts()[0]
    assert [each.id for each in window.panel.timeline.entries() if each] == [first]
    assert window.panel.reason.toPlainText() == "Quiere precio"
    form.put("notes", "Llamar con la oferta")
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert len(office.contacts()) == 2
    assert not next_missing(office, first)
    assert office.program.texts() == ["Contacto añadido: Quiere precio.", "Contacto añadido: Llamar con la oferta."]


def test_giving_the_next_up_loses_nothing(office: Office) -> None:
    window = begin(office)
    accept_and_wait(window, office)
    window.cancel_button.click()
    assert not window.isVisible()
    [first] = office.contacts()
    assert office.values(first)["notes"] == "Quiere precio"
    assert next_missing(office, first)
    assert office.program.texts()[-1] == "Guardado. El próximo queda sin crear."


def test_a_next_contact_begun_is_not_thrown_away_unasked(office: Office) -> None:
    window = begin(office)
    accept_and_wait(window, office)
    window.form.put("notes", "a medias")
    window.cancel_button.click()
    assert window.isVisible()
    assert window.form.bars.has("close")
    button = window.findChild(QWidget, "button_close_discard")
    assert button is not None
    button.click()  # type: ignore[attr-defined]
    assert not window.isVisible()
    assert len(office.contacts()) == 1


def test_the_next_can_be_made_later_and_only_once(office: Office) -> None:
    first = office.log(notes="Antes", next_at=NEXT_WEEK)
    assert first.follow_up is not None
    preset = first.follow_up.values | first.follow_up.preset
    window = office.open(preset=preset)
    other = office.open(preset=preset)
    assert window.windowTitle() == "Próximo contacto de Talleres Ruiz"
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    other.accept_button.click()
    office.qtbot.waitUntil(lambda: other.form.bars.has(""), timeout=WAIT)
    assert "ya está creado" in other.form.bars.bar("").label.text()
    assert len(office.contacts()) == 2


def test_accepting_twice_quickly_makes_one(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("notes", "Una vez")
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.accept()
    assert not window.accept_button.isEnabled()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert len(office.contacts()) == 1


def test_a_second_stroke_is_not_taken_for_the_next_contact(office: Office) -> None:
    window = begin(office)
    loads: list[None] = []
    window.accept_button.click()
    window.form.loaded.connect(lambda: loads.append(None))
    office.qtbot.waitUntil(lambda: bool(loads) and window.form.ident is None, timeout=WAIT)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not window.form.saving.is_busy
    office.qtbot.waitUntil(window.accept_button.isEnabled, timeout=WAIT)
    assert len(office.contacts()) == 1


def test_a_stroke_between_saving_and_the_next_contact_saves_nothing(office: Office) -> None:
    window = begin(office)
    tried: list[bool] = []

    def accept_again() -> None:
        tried.append(window.form.content is None)
        window.accept_button.setEnabled(True)
        window.accept()

    window.form.saved.connect(lambda saved: QTimer.singleShot(0, accept_again))
    accept_and_wait(window, office)
    assert tried == [True]
    assert len(office.contacts()) == 1
    assert not window.form.saving.is_busy
    assert not any(row.error() for row in window.sections.rows.values())  # type: ignore[union-attr]


def test_accepting_an_old_contact_again_offers_the_missing_next(office: Office) -> None:
    ident = office.log(notes="Antes", next_at=NEXT_WEEK).id
    window = office.open(ident)
    assert window.foot.sentence.text().endswith("se abre el del vie 27 nov.")
    accept_and_wait(window, office)
    assert window.form.content is not None
    assert window.form.content.draft.preset == {"previous": ident}


def test_a_contact_whose_next_exists_opens_none(office: Office) -> None:
    first = office.log(notes="Antes", next_at=NEXT_WEEK)
    assert first.follow_up is not None
    office.log(preset=first.follow_up.values | first.follow_up.preset)
    window = office.open(first.id)
    assert window.foot.sentence.text().endswith("Su próximo contacto ya está creado.")
    window.form.put("notes", "Después")
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert len(office.contacts()) == 2


def test_who_asked_for_the_contact_hears_of_the_first_save(office: Office) -> None:
    told: list[Any] = []
    window = office.open(preset={"client": office.client, "next_at": NEXT_WEEK}, then=told.append)
    accept_and_wait(window, office)
    window.form.put("notes", "otro")
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert [saved.id for saved in told] == [office.contacts()[0]]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape])
def test_escape_closes_an_untouched_form(office: Office, key: Qt.Key) -> None:
    window = office.open(preset={"client": office.client})
    QTest.keyClick(window, key)
    assert not window.isVisible()
    assert office.program.texts() == []
