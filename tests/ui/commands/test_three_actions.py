"""Agregar activo, agregar caso and agregar persona, each by the row's menu, the record's menu and the related tab.

In real windows, to the record that is saved: what stands in the form, in which order, filled in with what.
"""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from db.models.asset import AssetAssignment
from db.models.person import Person
from db.models.support_case import SupportCase
from db.query import fetch_rows
from db.registry import module
from oficrm import notifications
from tests.support.desk import WAIT, Desk
from tests.support.office import TODAY
from tests.ui.commands.test_commands import chosen, found, listed, settled, window_of
from tests.ui.commands.test_selecting import tab_of
from ui.context import Context
from ui.forms.draft_form import DraftForm
from ui.forms.record_window import RecordWindow
from ui.windows import Windows

ROUTES = ("row", "record", "tab")


@pytest.fixture
def windows(desk: Desk):
    """The opener of the program, so that what an action opens is the real window."""
    made = Windows(desk.context.bridge, desk.context.memory)
    desk.context = made.context = Context(desk.context.bridge, desk.context.memory, desk.noted, made)
    yield made
    for window in made.open_windows():
        if isinstance(window, RecordWindow):
            window.form.discard()


def opened(desk: Desk, windows: Windows, route: str, table: str, ident: int, related: str) -> RecordWindow:
    """Go one of the three ways from a record to the form of a new related one."""
    if route == "row":
        page = listed(desk, table)
        page.use_opener(windows)
        chosen(page, ident)
        page.actions_.row_menu(page)
        action = next(each for each in page.actions_.related if each.objectName() == f"action_add_{related}")
        action.trigger()
    else:
        window = window_of(desk, table, ident)
        if route == "record":
            window.actions_menu.menu.aboutToShow.emit()
            found(window, f"add_{related}").trigger()
        else:
            page = tab_of(desk, window, related)
            assert page.actions_.all["add"].text() == f"Agregar {module_word(related)}"
            page.actions_.all["add"].trigger()
    desk.qtbot.waitUntil(lambda: bool(windows.open_windows()), timeout=WAIT)
    made = windows.open_windows()[-1]
    assert isinstance(made, RecordWindow)
    desk.qtbot.waitUntil(made.is_ready, timeout=WAIT)
    settled(desk)
    assert made.form.ident is None
    return made


def module_word(related: str) -> str:
    return {"asset_assignment": "activo"}.get(related, module(related).module.label.lower())


def order(window: RecordWindow, names: str) -> None:
    """The fields stand in this order, from the top and from the left."""
    places = []
    for name in names.split():
        editor = window.findChild(QWidget, f"field_{name}")
        assert editor is not None, name
        place = editor.mapTo(window, editor.rect().topLeft())
        places.append((place.y(), place.x()))
    assert places == sorted(places), names


def saved(desk: Desk, window: RecordWindow, model: Any) -> int:
    """Accept the form; return the record that came of it."""
    window.form.save(lambda _saved: None)
    desk.qtbot.waitUntil(lambda: not window.form.is_dirty(), timeout=WAIT)
    settled(desk)
    return int(desk.read(lambda s: s.query(model).order_by(model.id.desc()).first().id))


def error(form: DraftForm, name: str) -> str:
    """What is said beside a field."""
    beside = form.bound()[name].row
    assert beside is not None
    return beside.error()


def row(desk: Desk, table: str, ident: int, *names: str) -> tuple:
    return desk.read(lambda s: fetch_rows(s, table, [ident], names))[ident]


@pytest.mark.parametrize("route", ROUTES)
def test_a_case_is_added_to_a_client(desk: Desk, windows: Windows, route: str) -> None:
    window = opened(desk, windows, route, "client", 2, "support_case")
    form = window.form
    order(window, "client person title_line category status priority description solution assigned_to department "
                  "service_contract")  # fmt: skip
    assert [section.title for section in SupportCase.screens.form[:4]] == [
        "Información básica", "Clasificación", "Detalle", "Asignación"]  # fmt: skip
    assert (form.value("client"), form.value("person"), form.value("assigned_to")) == (2, None, "user:1")
    assert (form.value("status"), form.value("priority")) == ("new", "medium")
    form.put("title_line", "La impresora no imprime")
    form.put("description", "Sale en blanco")
    case = saved(desk, window, SupportCase)
    assert row(desk, "support_case", case, "number", "client", "assigned_to") == ("CAS-000001", "Hotel Azahar", "ana")
    told = desk.read(notifications.inbox)
    assert [notice.text for notice in told.notices] == ["Caso nuevo: CAS-000001 La impresora no imprime · Hotel Azahar"]


def test_what_a_case_must_have_is_said_beside_it(desk: Desk, windows: Windows) -> None:
    form = opened(desk, windows, "record", "client", 2, "support_case").form
    form.put("assigned_to", None)
    form.save(lambda _saved: None)
    desk.qtbot.waitUntil(lambda: error(form, "title_line") != "", timeout=WAIT)
    wrong = [name for name in form.bound() if error(form, name)]
    assert set(wrong) == {"title_line", "description", "assigned_to"}


def test_a_case_of_a_person_takes_its_client(desk: Desk, windows: Windows) -> None:
    form = opened(desk, windows, "record", "person", 3, "support_case").form
    assert (form.value("person"), form.value("client")) == (3, 3)


@pytest.mark.parametrize("table", ["person", "client"])
@pytest.mark.parametrize("route", ROUTES)
def test_an_asset_is_assigned(desk: Desk, windows: Windows, route: str, table: str) -> None:
    asset = desk.save("asset", name="Portátil", serial_number="XK-77")
    window = opened(desk, windows, route, table, 4, "asset_assignment")
    form = window.form
    order(window, "asset start_date end_date status comments person client")
    filled = (4, 4) if table == "person" else (None, 4)
    assert (form.value("person"), form.value("client")) == filled
    assert (form.value("start_date"), form.value("end_date"), form.value("status")) == (TODAY, None, "in_use")
    form.put("asset", asset)
    assignment = saved(desk, window, AssetAssignment)
    assert row(desk, "asset_assignment", assignment, "asset", "client") == ("Portátil", "Muñoz y Zúñiga")


def test_a_second_assignment_is_asked_for_in_the_form(desk: Desk, windows: Windows) -> None:
    asset = desk.save("asset", name="Portátil")
    desk.save("asset_assignment", asset=asset, person=1, start_date=TODAY - dt.timedelta(days=9))
    window = opened(desk, windows, "record", "person", 4, "asset_assignment")
    window.form.put("asset", asset)
    window.form.save(lambda _saved: None)
    desk.qtbot.waitUntil(lambda: window.form.bars.has("confirm"), timeout=WAIT)
    bar = window.form.bars.bar("confirm")
    assert bar.label.text().startswith("«Portátil» está asignado a Marta Gil 0 · Talleres Ruiz desde el ")
    assert bar.buttons[0].text() == "Asignar también"
    bar.buttons[0].click()
    count = lambda: desk.read(lambda s: s.query(AssetAssignment).count())  # noqa: E731
    desk.qtbot.waitUntil(lambda: count() == 2, timeout=WAIT)


@pytest.mark.parametrize("route", ROUTES)
def test_a_person_is_added_to_a_client(desk: Desk, windows: Windows, route: str) -> None:
    window = opened(desk, windows, route, "client", 5, "person")
    form = window.form
    order(window, "salutation first_name last_name email mobile_phone home_phone client job_title salesperson "
                  "portal_user email_opt_out")  # fmt: skip
    assert form.value("client") == 5
    assert (form.value("portal_user"), form.value("email_opt_out")) == (False, False)
    form.put("first_name", "Lucía")
    form.put("last_name", "Ferrer")
    form.put("email", "Lucia@Nube.es")
    person = saved(desk, window, Person)
    assert row(desk, "person", person, "title", "email", "client")[1:] == ("lucia@nube.es", "Ñandú Textil")
    again = opened(desk, windows, "record", "client", 6, "person").form
    again.put("first_name", "Otra")
    again.put("last_name", "Persona")
    again.put("email", "LUCIA@nube.ES")
    again.save(lambda _saved: None)
    desk.qtbot.waitUntil(lambda: error(again, "email") != "", timeout=WAIT)
    assert error(again, "email") == "Ya lo tiene «Lucía Ferrer»."
