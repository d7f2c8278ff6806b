"""The machinery of forms: saving, questions, conflicts, closing, drafts that survive, fields that follow another."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton, QWidget
from sqlalchemy import select

from db.models.client import Client
from db.models.person import Person
from oficrm import deleting, records, saving
from oficrm.drafts import Saved
from oficrm.errors import EnvironmentProblem
from tests.support.desk import WAIT, Desk
from ui.forms import kept
from ui.forms.record_window import RecordWindow
from ui.widgets.suggest import Option


class Forms:
    """Opens windows and waits for them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def open(self, table: str, ident: int | None = None, **more: Any) -> RecordWindow:
        window = RecordWindow(self.desk.context, table, ident, **more)
        self.desk.show(window)
        return window

    def client(self, place: int = 0) -> int:
        return self.desk.read(lambda s: list(s.scalars(select(Client.id).order_by(Client.id))))[place]

    def person(self, client: int) -> int:
        wanted = select(Person.id).where(Person.client_id == client)
        return self.desk.read(lambda s: s.scalars(wanted).first()) or 0

    def stored(self, table: str, ident: int) -> dict[str, Any]:
        return self.desk.read(lambda s: records.load(s, table, ident)).draft.values

    def wait(self, condition: Any) -> None:
        self.desk.qtbot.waitUntil(condition, timeout=WAIT)

    def idle(self, window: RecordWindow) -> None:
        self.wait(lambda: not window.form.saving.is_busy and self.desk.context.bridge._running == 0)

    def press(self, window: QWidget, name: str) -> None:
        button = window.findChild(QPushButton, name)
        assert button is not None, name
        button.click()


@pytest.fixture
def forms(desk: Desk) -> Forms:
    return Forms(desk)


def test_a_new_client_gets_the_number_shown_and_the_number_follows_estado(forms: Forms) -> None:
    window = forms.open("client")
    line = window.form.editor("code").line  # type: ignore[attr-defined]
    assert line.placeholderText().startswith("POT-")
    window.form.put("status", "client")
    forms.wait(lambda: line.placeholderText().startswith("CLI-"))
    number = line.placeholderText()
    window.form.put("name", "Cerámicas Ibáñez")
    saved: list[Saved] = []
    window.form.saved.connect(saved.append)
    window.accept_button.click()
    forms.wait(lambda: not window.isVisible())
    assert forms.stored("client", saved[0].id)["code"] == number
    assert "Cerámicas Ibáñez" in forms.desk.noted.notices[0][0]


def test_an_emptied_code_is_given_anew(forms: Forms) -> None:
    ident = forms.client()
    window = forms.open("client", ident)
    window.form.put("code", None)
    window.accept_button.click()
    forms.wait(lambda: not window.isVisible())
    code = forms.stored("client", ident)["code"]
    assert code
    assert code != "CLI-000"


def test_accepting_twice_saves_once(forms: Forms) -> None:
    window = forms.open("client")
    window.form.put("name", "Una Sola")
    window.accept_button.click()
    window.accept_button.click()
    forms.wait(lambda: not window.isVisible())
    same = select(Client.id).where(Client.name == "Una Sola")
    assert len(forms.desk.read(lambda s: list(s.scalars(same)))) == 1


def test_the_first_error_has_the_focus_and_the_tab_counts_them(forms: Forms) -> None:
    window = forms.open("client", forms.client())
    window.form.put("email", "malo@@x")
    window.form.put("name", None)
    window.accept_button.click()
    forms.wait(lambda: bool(window.form.editor("name").error()))
    assert window.form.editor("name").line.hasFocus()  # type: ignore[attr-defined]
    assert window.tabs.bar.tabText(0) == "General 2"
    error = window.findChild(QLabel, "error_email")
    assert error is not None
    assert "correo" in error.text()
    window.form.put("name", "Bien")
    assert window.tabs.bar.tabText(0) == "General 1"


def test_a_second_client_of_the_same_name_is_asked_about_inline(forms: Forms) -> None:
    window = forms.open("client", preset={"name": "Talleres Ruiz"})
    window.accept_button.click()
    forms.wait(lambda: window.form.bars.has("confirm"))
    assert "Talleres Ruiz" in window.form.bars.bar("confirm").label.text()
    forms.press(window, "button_confirm_cancel")
    assert not window.form.bars.has("confirm")
    assert window.isVisible()
    window.accept_button.click()
    forms.wait(lambda: window.form.bars.has("confirm"))
    forms.press(window, "button_confirm_accept")
    forms.wait(lambda: not window.isVisible())


def test_changes_of_different_fields_join(forms: Forms) -> None:
    ident = forms.client()
    window = forms.open("client", ident)
    window.form.put("city", "Elche")
    forms.desk.save("client", ident, notes="Desde la oficina")
    window.accept_button.click()
    forms.wait(lambda: not window.isVisible())
    stored = forms.stored("client", ident)
    assert (stored["city"], stored["notes"]) == ("Elche", "Desde la oficina")


@pytest.mark.parametrize(("choice", "expected"), [("mine_city", "Elche"), ("theirs_city", "Gandia")])
def test_a_conflict_is_settled_field_by_field(forms: Forms, choice: str, expected: str) -> None:
    ident = forms.client()
    window = forms.open("client", ident)
    window.form.put("city", "Elche")
    window.form.put("notes", "mías")
    forms.desk.save("client", ident, city="Gandia")
    window.accept_button.click()
    forms.wait(lambda: window.findChild(QWidget, "dialog_conflict") is not None)
    dialog = window.findChild(QWidget, "dialog_conflict")
    assert dialog is not None
    button = dialog.findChild(QRadioButton, choice)
    assert button is not None
    button.setChecked(True)
    forms.press(dialog, "button_accept")
    forms.wait(lambda: not window.isVisible())
    stored = forms.stored("client", ident)
    assert (stored["city"], stored["notes"]) == (expected, "mías")


def test_an_untouched_form_follows_a_change_made_elsewhere(forms: Forms) -> None:
    ident = forms.client()
    first, second = forms.open("client", ident), forms.open("client", ident)
    first.form.put("city", "Sueca")
    first.accept_button.click()
    forms.wait(lambda: second.form.value("city") == "Sueca")
    assert not second.form.is_dirty()
    second.form.discard()


def test_a_touched_form_says_that_it_changed_elsewhere(forms: Forms) -> None:
    ident = forms.client()
    first, second = forms.open("client", ident), forms.open("client", ident)
    second.form.put("notes", "a medias")
    first.form.put("city", "Sueca")
    first.accept_button.click()
    forms.wait(lambda: second.form.bars.has("changed"))
    assert second.form.value("notes") == "a medias"
    forms.press(second, "button_changed_reload")
    forms.wait(lambda: second.form.value("city") == "Sueca")
    assert second.form.value("notes") is None
    second.form.discard()


def test_closing_with_unsaved_edits_asks_inside_the_window(forms: Forms) -> None:
    ident = forms.client()
    window = forms.open("client", ident)
    window.form.put("city", "Xàtiva")
    assert not window.close()
    assert window.form.bars.has("close")
    forms.press(window, "button_close_stay")
    assert not window.form.bars.has("close")
    forms.desk.qtbot.keyClick(window, Qt.Key.Key_Escape)
    forms.wait(lambda: window.form.bars.has("close"))
    forms.press(window, "button_close_discard")
    forms.wait(lambda: not window.isVisible())
    assert forms.stored("client", ident)["city"] != "Xàtiva"


def test_saving_a_record_deleted_meanwhile_asks_and_brings_it_back(forms: Forms) -> None:
    ident = forms.desk.save("origin", name="Mercado")
    window = forms.open("origin", ident)
    window.form.put("name", "Mercado central")
    forms.desk.jobs.write(lambda s: deleting.delete(s, "origin", [ident])).result()
    window.accept_button.click()
    forms.wait(lambda: window.form.bars.has("confirm"))
    forms.press(window, "button_confirm_accept")
    forms.wait(lambda: not window.isVisible())
    loaded = forms.desk.read(lambda s: records.load(s, "origin", ident))
    assert (loaded.deleted, loaded.title) == (False, "Mercado central")


def test_a_record_in_the_trash_is_shown_and_can_be_recovered(forms: Forms) -> None:
    ident = forms.desk.save("origin", name="Mercado")
    forms.desk.jobs.write(lambda s: deleting.delete(s, "origin", [ident])).result()
    window = forms.open("origin", ident)
    assert window.form.editor("name").is_read_only()
    forms.press(window, "button_recover")
    forms.wait(lambda: not window.form.bars.has("record"))
    assert not window.form.editor("name").is_read_only()
    window.form.discard()


def test_trouble_of_the_environment_keeps_what_was_written(forms: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    window = forms.open("origin")
    window.form.put("name", "Radio")
    real = saving.save

    def full(*_: Any) -> Any:
        raise EnvironmentProblem("No queda sitio en el disco.")

    monkeypatch.setattr(saving, "save", full)
    window.accept_button.click()
    forms.wait(lambda: window.form.bars.has("problem"))
    assert "disco" in window.form.bars.bar("problem").label.text()
    assert window.form.value("name") == "Radio"
    monkeypatch.setattr(saving, "save", real)
    forms.press(window, "button_retry")
    forms.wait(lambda: not window.isVisible())


def test_an_error_of_ours_is_reported_and_the_draft_kept(forms: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    window = forms.open("origin")
    window.form.put("name", "Radio")

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(saving, "save", broken)
    window.accept_button.click()
    forms.wait(lambda: bool(forms.desk.failures))
    assert isinstance(forms.desk.failures.pop(), ZeroDivisionError)
    assert window.form.value("name") == "Radio"
    window.form.discard()


def test_a_draft_survives_the_end_of_the_program(forms: Forms) -> None:
    ident = forms.client()
    window = forms.open("client", ident)
    window.form.put("city", "Cullera")
    window.form.put("parent_client", forms.client(1), "Hotel Azahar")
    window.form.keep_now()
    found = kept.all_kept(forms.desk.context.memory)
    assert [(each.table, each.id) for each in found] == [("client", ident)]
    again = forms.open("client", ident, restore=found[0])
    assert (again.form.value("city"), again.form.title("parent_client")) == ("Cullera", "Hotel Azahar")
    assert again.form.touched() == {"city", "parent_client"}
    assert again.form.bars.has("kept")
    again.accept_button.click()
    forms.wait(lambda: not again.isVisible())
    assert forms.stored("client", ident)["city"] == "Cullera"
    window.form.discard()
    assert kept.all_kept(forms.desk.context.memory) == []


def test_a_new_draft_with_lines_survives_too(forms: Forms) -> None:
    window = forms.open("quote", preset={"client": forms.client(), "subject": "Oferta"})
    window.form.put("date", dt.date(2026, 11, 2))
    grid = window.form.parts()["quote_line"]
    grid.model.put(0, "description", "Montaje")  # type: ignore[attr-defined]
    window.form.keep_now()
    again = forms.open("quote", restore=kept.all_kept(forms.desk.context.memory)[0])
    assert again.form.value("subject") == "Oferta"
    assert again.form.value("date") == dt.date(2026, 11, 2)
    assert again.form.title("client") == "Talleres Ruiz"
    assert [line.values["description"] for line in again.form.parts()["quote_line"].lines()] == ["Montaje"]
    window.form.discard()
    again.form.discard()


def test_a_damaged_draft_is_forgotten(forms: Forms) -> None:
    memory = forms.desk.context.memory
    memory.put("drafts", ["client_1"])
    memory.put("draft_client_1", {"table": "client"})
    assert kept.all_kept(memory) == []
    assert memory.get("drafts") is None


def test_the_person_follows_the_client_and_names_it(forms: Forms) -> None:
    first, second = forms.client(), forms.client(1)
    window = forms.open("opportunity")
    window.form.put("person", forms.person(second), "Marta Gil 1")
    forms.wait(lambda: window.form.value("client") == second)
    assert window.form.value("person") is not None
    window.form.put("client", first, "Talleres Ruiz")
    assert window.form.value("person") is None
    window.form.discard()


def test_what_a_picker_creates_comes_back_selected(forms: Forms) -> None:
    window = forms.open("opportunity", preset={"client": forms.client()})
    picker: Any = window.form.editor("person")
    picker.create_requested.emit("Rosa María Cano")
    kind, table, ident, more = forms.desk.noted.opened[-1]
    assert (kind, table, ident) == ("record", "person", None)
    assert more["preset"] == {"first_name": "Rosa", "last_name": "María Cano", "client": forms.client()}
    person = forms.desk.save("person", first_name="Rosa", last_name="María Cano", client=forms.client())
    more["then"](Saved(person, "Rosa María Cano", 1, True))
    assert window.form.value("person") == person
    assert picker.option() == Option(person, "Rosa María Cano")
    window.form.discard()


def test_a_picker_finds_without_accents_and_by_phone(forms: Forms) -> None:
    window = forms.open("opportunity")
    picker: Any = window.form.editor("client")
    found: list[Any] = []
    for text in ("avila", "961234502"):
        picker.pump.search(text, found.append)
    forms.wait(lambda: len(found) == 2)
    assert [[option.title for option in options] for options in found] == [["Ávila Hermanos"], ["Ávila Hermanos"]]
    window.form.discard()


def test_saving_waits_for_a_picker_that_is_still_searching(forms: Forms) -> None:
    window = forms.open("opportunity")
    window.form.put("name", "Renovar equipos")
    picker: Any = window.form.editor("client")
    picker.focus()
    forms.desk.qtbot.keyClicks(picker.line, "azahar")
    window.form.save()
    forms.wait(lambda: not window.isVisible())
    assert "Renovar equipos" in forms.desk.noted.notices[-1][0]
