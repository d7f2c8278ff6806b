"""The form of one contacto: opening, writing, closing, accepting, reading."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from oficrm import custom_fields, lists, records, saving
from tests.ui.contact.conftest import TODAY, WAIT, Office
from tests.ui.widgets.keys import type_text
from ui.contact.form import ContactWindow
from ui.forms import kept
from ui.widgets.date_editors import DateEditor, DurationEditor, TimeEditor
from ui.widgets.link_editor import LinkEditor
from ui.widgets.tags_editor import Tag, TagsEditor
from ui.widgets.text_editors import BlockEditor

NEXT_WEEK = TODAY + dt.timedelta(days=7)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def type_into(window: ContactWindow, name: str, text: str) -> None:
    window.sections.rows[name].editor.focus()  # type: ignore[union-attr]
    type_text(focused(), text)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)


def tags(window: ContactWindow, name: str) -> TagsEditor:
    assert window.sections is not None
    editor = window.sections.rows[name].editor
    assert isinstance(editor, TagsEditor)
    return editor


def accept(window: ContactWindow, office: Office) -> None:
    """Accept and wait until the window is closed."""
    with office.qtbot.waitSignal(window.form.saved, timeout=WAIT):
        window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)


def result(office: Office, name: str) -> int:
    found = office.jobs.read(lambda s: lists.options(s, ["result"], name)).result()
    return int(found[0].id)


# Opening


def test_without_a_client_the_focus_begins_there(office: Office) -> None:
    window = office.open()
    assert window.objectName() == "form_contact"
    assert window.windowTitle() == "Nuevo contacto"
    assert focused().parent() is window.findChild(LinkEditor, "field_client")
    assert window.form.value("date") == TODAY
    assert window.form.value("time") == dt.time(10, 30)
    assert window.head.icon._name == "phone"


def test_with_a_client_one_writes_at_once(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    assert window.windowTitle() == "Nuevo contacto · Talleres Ruiz"
    assert focused().parent() is window.findChild(BlockEditor, "field_notes")


@pytest.mark.parametrize("name", [
    "field_client", "field_person", "field_date", "field_time", "field_duration", "field_salesperson", "field_type",
    "field_made_by", "field_notes", "field_contact_action", "field_contact_item", "field_next_at", "field_next_time",
    "field_next_type", "field_result", "field_closed_on", "error_date", "error_notes", "error_contact_action",
    "button_accept", "button_cancel", "menu_actions", "button_new_quote", "button_new_opportunity", "neighbours",
    "quotes", "selected_notes", "selected_actions",
])
def test_parts_have_their_names(office: Office, name: str) -> None:
    assert office.open().findChild(QWidget, name) is not None


def test_tab_follows_the_talk(office: Office) -> None:
    window = office.open()
    assert window.sections is not None
    seen = []
    for _ in range(15):
        editor = next(name for name, row in window.sections.rows.items() if row.editor.isAncestorOf(focused()))
        seen.append(editor)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert seen == ["client", "person", "notes", "contact_action", "contact_item", "next_at", "next_time", "next_type",
                    "result", "closed_on", "date", "time", "duration", "salesperson", "type"]


def test_consultar_is_read_only_until_modificar(office: Office) -> None:
    ident = office.log(notes="Leer").id
    window = office.open(ident, read_only=True)
    assert not window.accept_button.isVisible()
    assert window.edit_button.isVisible()
    assert window.foot.sentence.text() == "Solo lectura."
    assert window.cancel_button.text().startswith("Cerrar")
    assert all(bound.editor.is_read_only() for bound in window.form.bound().values())
    hints = [line.placeholderText() for row in window.sections.rows.values() for line in row.findChildren(QLineEdit)]  # type: ignore[union-attr]
    assert not any(hints), "how to write is no use to who reads"
    window.edit_button.click()
    assert window.accept_button.isVisible()
    assert not window.form.editor("notes").is_read_only()
    window.form.put("notes", "Escrito")
    accept(window, office)
    assert office.values(ident)["notes"] == "Escrito"


def test_a_contact_that_is_gone_says_so(office: Office) -> None:
    window = office.show(999)
    office.qtbot.waitUntil(lambda: window.form.bars.has("record"), timeout=WAIT)


def test_own_fields_have_a_section_only_when_there_are_some(office: Office) -> None:
    assert office.open().findChild(QWidget, "section_own_fields") is None
    ident = office.make("custom_field", module_table="contact", name="Competidor", kind="text")
    name = custom_fields.field_name(ident)
    window = office.open(preset={"client": office.client})
    assert window.findChild(QWidget, "section_own_fields") is not None
    window.form.put(name, "Sierras Vega")
    accept(window, office)
    [contact] = office.contacts()
    assert office.values(contact)[name] == "Sierras Vega"


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
        office.client, office.person, "Pide precio", TODAY - dt.timedelta(days=1), dt.time(9, 45), 90)


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
        "Añadir «Enviar muestras» solo aquí", "Añadir «Enviar muestras» al catálogo"]
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: len(editor.value()) == 3 and editor.value()[2].id is not None, timeout=WAIT)
    accept(window, office)
    [ident] = office.contacts()
    loaded = office.jobs.read(lambda s: records.load(s, "contact", ident)).result()
    lines = [(line.values["text"], line.values["action_type"] is not None)
             for line in loaded.draft.lines["contact_action"]]
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


@pytest.mark.parametrize(("typed", "day", "hour"), [
    ("+1s", NEXT_WEEK, None), ("lun", dt.date(2026, 11, 23), None), ("mañana 10", dt.date(2026, 11, 21), dt.time(10)),
])
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


# Keeping and copying


def test_a_draft_comes_back_after_a_crash(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("notes", "a medias")
    tags(window, "contact_action").add(Tag(None, "Llamar luego"))
    window.form.keep_now()
    [left] = kept.all_kept(office.context.memory)
    again = office.open(restore=left)
    assert again.form.value("notes") == "a medias"
    assert again.form.value("client") == office.client
    assert [tag.text for tag in tags(again, "contact_action").value()] == ["Llamar luego"]
    assert again.form.bars.has("kept")


def test_duplicating_copies_what_was_said_but_not_how_it_ended(office: Office) -> None:
    ident = office.log(notes="Feria", actions=("Llamar",), items=(f"product:{office.product}",),
                       date=dt.date(2026, 3, 2), next_at="+1s").id
    window = office.open(ident, duplicate=True)
    assert window.form.ident is None
    assert window.form.value("date") == TODAY
    assert window.form.value("next_at") is None
    assert [tag.text for tag in tags(window, "contact_item").value()] == ["Sierra 200"]
    accept(window, office)
    assert len(office.contacts()) == 2


def test_the_timer_adds_the_minutes(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    editor = window.form.editor("duration")
    assert isinstance(editor, DurationEditor)
    now = [0.0]
    editor._clock = lambda: now[0]
    editor.toggle_timer()
    now[0] = 130.0
    editor.toggle_timer()
    assert window.form.value("duration") == 3


def test_a_running_timer_is_noted_when_accepting(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    QTest.keyClick(focused(), Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    editor = window.form.editor("duration")
    assert isinstance(editor, DurationEditor)
    assert editor.is_running()
    accept(window, office)
    [ident] = office.contacts()
    assert office.values(ident)["duration"] == 1


def test_the_present_time_holds_for_today_only(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("date", NEXT_WEEK)
    assert window.form.value("time") is None
    other = office.open(preset={"client": office.client})
    other.form.put("time", dt.time(12))
    other.form.put("date", NEXT_WEEK)
    assert other.form.value("time") == dt.time(12), "one typed stays"


def test_phones_are_in_sight(office: Office) -> None:
    office.make("person", first_name="Eva", last_name="Mas", client=office.client, mobile_phone="612345678")
    window = office.open(preset={"client": office.client})
    assert window.head.detail.isHidden()
    window.form.put("person", 3, "Eva Mas")
    office.qtbot.waitUntil(lambda: window.head.detail.text() == "612 34 56 78", timeout=WAIT)


def test_catalogues_changed_elsewhere_are_offered(office: Office) -> None:
    window = office.open(preset={"client": office.client})

    def add(session) -> None:
        draft = records.blank(session, "contact_type", {"name": "Videollamada"}).draft
        saving.save(session, draft)

    combo = window.form.editor("type").combo  # type: ignore[attr-defined]
    before = window.form.value("type")
    office.context.bridge.write(add, lambda done: None, office.program.blank or window)
    office.qtbot.waitUntil(lambda: combo.findText("Videollamada") >= 0, timeout=WAIT)
    assert window.form.value("type") == before


def test_a_narrow_window_lets_the_panel_go(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.resize(900, 600)
    assert not window.panel.isVisible()
    window.resize(1280, 690)
    assert window.panel.isVisible()
    assert isinstance(window.form.editor("time"), TimeEditor)
    assert isinstance(focused(), QLineEdit) or focused() is not None
