"""The form of one contacto: opening, reading, keeping, copying."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from oficrm import custom_fields, records, saving
from tests.support.desk import WAIT
from tests.ui.contact.conftest import TODAY, Office, accept, focused, tags
from ui.forms import kept
from ui.widgets.date_editors import DurationEditor, TimeEditor
from ui.widgets.link_editor import LinkEditor
from ui.widgets.tags_editor import Tag
from ui.widgets.text_editors import BlockEditor

NEXT_WEEK = TODAY + dt.timedelta(days=7)


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


@pytest.mark.parametrize(
    "name",
    [
        "field_client",
        "field_person",
        "field_date",
        "field_time",
        "field_duration",
        "field_salesperson",
        "field_type",
        "field_made_by",
        "field_notes",
        "field_contact_action",
        "field_contact_item",
        "field_next_at",
        "field_next_time",
        "field_next_type",
        "field_result",
        "field_closed_on",
        "error_date",
        "error_notes",
        "error_contact_action",
        "button_accept",
        "button_cancel",
        "menu_actions",
        "button_new_quote",
        "button_new_opportunity",
        "neighbours",
        "quotes",
        "selected_notes",
        "selected_actions",
    ],
)
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
    assert seen == [
        "client",
        "person",
        "notes",
        "contact_action",
        "contact_item",
        "next_at",
        "next_time",
        "next_type",
        "result",
        "closed_on",
        "date",
        "time",
        "duration",
        "salesperson",
        "type",
    ]


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
    ident = office.log(
        notes="Feria",
        actions=("Llamar",),
        items=(f"product:{office.product}",),
        date=dt.date(2026, 3, 2),
        next_at="+1s",
    ).id
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
