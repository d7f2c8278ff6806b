"""Writing a contacto: fields, tags, the next date, and how it is closed."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from oficrm import lists, records
from tests.support.desk import WAIT
from tests.ui.contact.conftest import TODAY, Office, accept, focused, result, tags, type_into
from tests.ui.widgets.keys import type_text
from ui.widgets.date_editors import DateEditor, DurationEditor
from ui.widgets.link_editor import LinkEditor

NEXT_WEEK = TODAY + dt.timedelta(days=7)


# Writing


def test_a_contact_is_written_from_the_keyboard(office: Office) -> None:
    window = office.open()
    type_text(focused(), "tall")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    office.qtbot.waitUntil(lambda: window.form.value("client") == office.client, timeout=WAIT)
    type_into(window, "person", "marta")
    office.qtbot.waitUntil(lambda: window.form.value("person") == office.person, timeout=WAIT)
    type_into(window, "notes", "Pide precio")
    type_into(window, "date", "ayer")
    type_into(window, "time", "945")
    type_into(window, "duration", "1h30")
    duration = window.form.editor("duration")
    assert isinstance(duration, DurationEditor)
    assert duration.line.echo() == "1 h 30 min"
    accept(window, office)
    [ident] = office.contacts()
    found = office.values(ident)
    assert (found["client"], found["person"], found["notes"], found["date"], found["time"], found["duration"]) == (
        office.client,
        office.person,
        "Pide precio",
        TODAY - dt.timedelta(days=1),
        dt.time(9, 45),
        90,
    )


def test_people_are_those_of_the_client(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    person = window.form.editor("person")
    assert isinstance(person, LinkEditor)
    person.focus()
    person.open_list()
    office.qtbot.waitUntil(person.is_listing, timeout=WAIT)
    assert [option.id for option in person.popup.options()] == [office.person]


def test_another_client_empties_the_person(office: Office) -> None:
    window = office.open(preset={"client": office.client, "person": office.person})
    window.form.put("client", office.other, "Hotel Azahar")
    assert window.form.value("person") is None
    assert window.windowTitle().endswith("Hotel Azahar")


def test_a_person_brings_the_client(office: Office) -> None:
    window = office.open()
    window.form.put("person", office.stranger, "Luis Gil")
    office.qtbot.waitUntil(lambda: window.form.value("client") == office.other, timeout=WAIT)
    assert window.form.value("person") == office.stranger


def test_actions_from_the_catalogue_free_and_new(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    editor = tags(window, "contact_action")
    editor.focus()
    type_text(focused(), "visitar")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    type_text(focused(), "Preguntar a fábrica")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: len(editor.value()) == 2, timeout=WAIT)
    type_text(focused(), "Enviar muestras")
    office.qtbot.waitUntil(lambda: editor.is_listing() and not editor.pump.pending(), timeout=WAIT)
    model = editor.popup.view.model()
    assert [model.index(place, 0).data() for place in range(model.rowCount())] == [
        "Añadir «Enviar muestras» solo aquí",
        "Añadir «Enviar muestras» al catálogo",
    ]
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: len(editor.value()) == 3 and editor.value()[2].id is not None, timeout=WAIT)
    accept(window, office)
    [ident] = office.contacts()
    loaded = office.jobs.read(lambda s: records.load(s, "contact", ident)).result()
    lines = [
        (line.values["text"], line.values["action_type"] is not None) for line in loaded.draft.lines["contact_action"]
    ]
    assert lines == [("Visitar", True), ("Preguntar a fábrica", False), ("Enviar muestras", True)]
    again = office.open(ident)
    editor = tags(again, "contact_action")
    assert [tag.text for tag in editor.value()] == ["Visitar", "Preguntar a fábrica", "Enviar muestras"]
    editor.remove(editor.value()[1])
    accept(again, office)
    after = office.jobs.read(lambda s: records.load(s, "contact", ident)).result()
    kept_ids = [line.id for line in loaded.draft.lines["contact_action"]]
    assert [line.id for line in after.draft.lines["contact_action"]] == [kept_ids[0], kept_ids[2]]


def test_a_new_action_that_cannot_be_one_is_refused_beside_the_field(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    tags(window, "contact_action").create_requested.emit("···")
    assert window.sections is not None
    row = window.sections.rows["contact_action"]
    office.qtbot.waitUntil(lambda: bool(row.error()), timeout=WAIT)
    assert tags(window, "contact_action").value() == []


def test_products_join_the_interests(office: Office) -> None:
    window = office.open(preset={"client": office.client, "person": office.person})
    editor = tags(window, "contact_item")
    editor.focus()
    type_text(focused(), "sierra")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: len(editor.value()) == 1, timeout=WAIT)
    accept(window, office)
    rows = office.jobs.read(lambda s: lists.load_rows(s, "interest", [1], ["client", "person", "item"])).result()
    assert rows == {1: ("Talleres Ruiz", "Marta Ruiz", "Sierra 200")}


# The next contact


@pytest.mark.parametrize(
    ("typed", "day", "hour"),
    [
        ("+1s", NEXT_WEEK, None),
        ("lun", dt.date(2026, 11, 23), None),
        ("mañana 10", dt.date(2026, 11, 21), dt.time(10)),
    ],
)
def test_the_next_date_is_typed(office: Office, typed: str, day: dt.date, hour: dt.time | None) -> None:
    window = office.open(preset={"client": office.client})
    editor = window.form.editor("next_at")
    assert isinstance(editor, DateEditor)
    type_into(window, "next_at", typed)
    assert window.form.value("next_at") == day
    assert window.form.value("next_time") == hour
    assert "se abre el del" in window.foot.sentence.text()


def test_quick_buttons_set_the_next_date(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    editor = window.form.editor("next_at")
    assert isinstance(editor, DateEditor)
    assert [button.text() for button in editor.quick_buttons] == ["mañana", "+3 d", "+1 sem", "+1 mes"]
    editor.quick_buttons[2].click()
    assert window.form.value("next_at") == NEXT_WEEK
    assert window.foot.sentence.text() == "Al aceptar se guarda, queda abierto y se abre el del vie 27 nov."


def test_a_holiday_is_named(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    editor = window.form.editor("next_at")
    assert isinstance(editor, DateEditor)
    office.qtbot.waitUntil(lambda: editor._calendar is not None, timeout=WAIT)
    type_into(window, "next_at", "8/12")
    assert editor.line.echo() == "Inmaculada Concepción"


# Closing


def test_a_result_proposes_to_close_today(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    chip = window.findChild(QWidget, "chip_closing")
    assert chip is not None
    window.form.put("result", result(office, "Seguimiento"))
    assert window.form.value("closed_on") == TODAY
    assert chip.isVisible()
    assert window.foot.sentence.text() == "Al aceptar se cierra este contacto."
    assert window.head.chip.text() == "Realizado"
    window.form.put("result", None)
    assert window.form.value("closed_on") is None
    assert not chip.isVisible()


def test_a_refused_proposal_is_not_made_again(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    chip = window.findChild(QWidget, "chip_closing")
    assert chip is not None
    window.form.put("result", result(office, "Venta"))
    chip.removed.emit()  # type: ignore[attr-defined]
    assert window.form.value("closed_on") is None
    assert "porque falta la fecha de cierre" in window.foot.sentence.text()
    window.form.put("result", result(office, "Nulo"))
    assert window.form.value("closed_on") is None
    accept(window, office)
    assert office.program.texts() == ["Contacto añadido. El contacto sigue abierto: falta la fecha de cierre."]
    assert office.program.notices_shown[0][1] is not None, "the notice has Deshacer"


def test_a_closing_date_of_ones_own_stays(office: Office) -> None:
    window = office.open(preset={"client": office.client, "date": dt.date(2026, 11, 10)})
    window.form.put("closed_on", dt.date(2026, 11, 12))
    window.form.put("result", result(office, "Venta"))
    assert window.form.value("closed_on") == dt.date(2026, 11, 12)
    window.form.put("result", None)
    assert window.form.value("closed_on") == dt.date(2026, 11, 12)


def test_a_contact_of_the_future_is_not_closed_before_it_takes_place(office: Office) -> None:
    window = office.open(preset={"client": office.client, "date": NEXT_WEEK})
    window.form.put("result", result(office, "Venta"))
    assert window.form.value("closed_on") == NEXT_WEEK
