"""The side panel: what came before and after, quotes, and what starts from the contact."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from oficrm.contacts import Neighbour
from tests.support.desk import WAIT
from tests.ui.contact.conftest import TODAY, Office
from ui.contact.form import FOLDED
from ui.contact.timeline import describe, mark_of

DAYS = (dt.date(2026, 10, 3), dt.date(2026, 11, 12), dt.date(2026, 11, 28))
NOTES = "Nota del {}\nDetalle"


@pytest.fixture
def logged(office: Office) -> list[int]:
    """Two earlier contacts and a later one."""
    return [office.log(date=day, notes=NOTES.format(day.day), actions=("Llamar", "Visitar")).id for day in DAYS]


def shown(window: object) -> list[int | None]:
    entries = window.panel.timeline.entries()  # type: ignore[attr-defined]
    return [each.id if each else None for each in entries]


def test_neighbours_stand_around_the_date_typed(office: Office, logged: list[int]) -> None:
    window = office.open(preset={"client": office.client})
    early, late, later = logged
    assert shown(window) == [later, None, late, early]
    window.form.put("date", dt.date(2026, 11, 1))
    office.qtbot.waitUntil(lambda: shown(window) == [later, late, None, early], timeout=WAIT)


def test_neighbours_are_of_the_client_chosen(office: Office, logged: list[int]) -> None:
    window = office.open()
    assert shown(window) == []
    assert not window.panel.new_quote.isEnabled()
    window.form.put("client", office.client, "Talleres Ruiz")
    office.qtbot.waitUntil(lambda: len(shown(window)) == 4, timeout=WAIT)
    assert window.panel.new_quote.isEnabled()
    window.form.put("client", office.other, "Hotel Azahar")
    office.qtbot.waitUntil(lambda: shown(window) == [], timeout=WAIT)


def test_the_contact_itself_is_not_its_neighbour(office: Office, logged: list[int]) -> None:
    window = office.open(logged[1])
    assert shown(window) == [logged[2], None, logged[0]]


def test_the_selected_one_shows_motive_and_actions(office: Office, logged: list[int]) -> None:
    window = office.open(preset={"client": office.client})
    panel = window.panel
    edit = window.findChild(QWidget, "button_neighbour_edit")
    assert edit is not None
    assert edit.isEnabled()
    assert panel.timeline.current().id == logged[1], "the last one before is read at once"
    assert panel.reason.toPlainText() == "Nota del 12\nDetalle"
    assert panel.taken.toPlainText() == "Llamar\nVisitar"
    assert panel.reason.isReadOnly()
    panel.timeline.select(logged[0])
    assert panel.reason.toPlainText() == "Nota del 3\nDetalle"
    window.form.put("date", dt.date(2026, 11, 30))
    office.qtbot.waitUntil(lambda: shown(window)[0] is None, timeout=WAIT)
    assert panel.timeline.current().id == logged[0], "a refresh keeps the selection"


def test_a_neighbour_opens_over_this_form(office: Office, logged: list[int]) -> None:
    window = office.open(preset={"client": office.client})
    timeline = window.panel.timeline
    timeline.select(logged[0])
    for name in ("button_neighbour_edit", "button_neighbour_view"):
        window.findChild(QWidget, name).click()  # type: ignore[union-attr]
    QTest.keyClick(timeline, Qt.Key.Key_Return)
    QTest.keyClick(timeline, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    asked = [(table, ident, more["read_only"], more["parent"]) for table, ident, more in office.program.opened]
    assert asked == [("contact", logged[0], read_only, window) for read_only in (False, True, False, True)]


def test_a_neighbour_changed_elsewhere_is_shown_anew(office: Office, logged: list[int]) -> None:
    from oficrm import records, saving

    window = office.open(preset={"client": office.client})

    def change(session) -> None:
        draft = records.load(session, "contact", logged[2]).draft
        draft.values["notes"] = "Otra cosa"
        saving.save(session, draft)

    office.context.bridge.write(change, lambda done: None, window)
    office.qtbot.waitUntil(lambda: window.panel.timeline.entries()[0].title == "Otra cosa", timeout=WAIT)


def test_quotes_open_and_begin_from_here(office: Office) -> None:
    quote = office.make("quote", client=office.client, subject="Sierras")
    ident = office.log(person=office.person).id
    window = office.open(ident)
    panel = window.panel
    assert [row.id for row in panel.quotes.entries()] == [quote]
    panel.quotes.select(quote)
    for name in ("button_quote_edit", "button_quote_view", "button_new_quote", "button_new_opportunity"):
        window.findChild(QWidget, name).click()  # type: ignore[union-attr]
    opened = office.program.opened
    assert [(table, found) for table, found, _more in opened] == [
        ("quote", quote),
        ("quote", quote),
        ("quote", None),
        ("opportunity", None),
    ]
    seller = window.form.value("salesperson")
    expected = {"client": office.client, "person": office.person, "salesperson": seller, "contact": ident}
    assert [more["preset"] for _table, _ident, more in opened[2:]] == [expected, expected]


def test_the_panel_stays_folded(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    window.resize(1280, 690)
    assert window.panel.isVisible()
    window.head.fold_button.click()
    assert not window.panel.isVisible()
    assert office.context.memory.get(FOLDED) is True
    again = office.open(preset={"client": office.client})
    again.resize(1280, 690)
    assert not again.panel.isVisible()
    again.head.fold_button.click()
    assert again.panel.isVisible()


def test_actions_of_the_contact(office: Office) -> None:
    ident = office.log(notes="Borrar esto").id
    window = office.open(ident)
    for name in ("history", "change_date", "duplicate", "open_client"):
        next(action for action in window.actions() if action.objectName() == f"action_{name}").trigger()
    assert [(what, found) for what, found, _more in office.program.opened] == [
        ("history", ident),
        ("change_date", [ident]),
        ("contact", ident),
        ("client", office.client),
    ]
    next(action for action in window.actions() if action.objectName() == "action_delete").trigger()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert office.contacts() == []
    assert office.program.notices_shown[-1][1] is not None, "the notice has Deshacer"


def test_how_a_contact_stands_is_told_in_words_and_picture() -> None:
    def neighbour(day: dt.date, *, done: bool = False) -> Neighbour:
        return Neighbour(
            1, day, dt.time(10, 30), "Visita", "visit", "Oferta", "", (), "Venta" if done else "", done, day > TODAY
        )

    before = TODAY - dt.timedelta(days=1)
    assert describe(neighbour(before, done=True)).splitlines() == [
        "Jueves 19 de noviembre de 2026 a las 10:30",
        "Visita, realizado, Venta",
        "Oferta",
    ]
    marks = [
        mark_of(neighbour(day, done=done), TODAY)[0]
        for day, done in ((before, True), (before, False), (TODAY, False), (TODAY + dt.timedelta(1), False))
    ]
    assert marks == ["done", "overdue", "today", "pending"]
