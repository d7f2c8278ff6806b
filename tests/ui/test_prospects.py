"""A prospect is converted from its row or its window: to client and person, with an opportunity, or into a client."""

from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from oficrm import records
from tests.support.desk import WAIT, Desk, desk
from tests.ui.commands.test_commands import chosen, found, listed, menu_of, offered, settled, window_of
from ui.lists.ask_bar import AskBar

__all__ = ["desk"]


def prospect(desk: Desk, company: str) -> int:
    return desk.save("prospect", first_name="Eva", last_name="Mas", company=company, email="eva@mas.example")


def values(desk: Desk, table: str, ident: int) -> dict[str, Any]:
    return desk.read(lambda s: records.load(s, table, ident)).draft.values


@pytest.mark.parametrize(("name", "has_opportunity"), [("convert", False), ("convert_opportunity", True)])
@pytest.mark.parametrize("route", ["row", "record"])
def test_it_becomes_a_client_by_each_route(desk: Desk, route: str, name: str, has_opportunity: bool) -> None:
    ident = prospect(desk, "Vidrios del Sur")
    if route == "row":
        page = chosen(listed(desk, "prospect"), ident)
        offered(page.actions_.row_menu(page))[f"action_{name}"].trigger()
    else:
        found(window_of(desk, "prospect", ident), name).trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.opened), timeout=WAIT)
    settled(desk)
    after = values(desk, "prospect", ident)
    assert desk.noted.opened[-1][:3] == ("record", "client", after["client"])
    assert (after["status"], after["opportunity"] is not None) == ("converted", has_opportunity)
    person = values(desk, "person", after["person"])
    assert (person["from_prospect"], person["client"], person["email"]) == (True, after["client"], "eva@mas.example")
    assert desk.noted.notices[-1][1] is not None, "it can be undone from the notice"


def test_the_firm_that_is_there_is_asked_about_in_the_list(desk: Desk) -> None:
    ident = prospect(desk, "Hotel Azahar")
    page = chosen(listed(desk, "prospect"), ident)
    offered(page.actions_.row_menu(page))["action_convert"].trigger()
    bar = page.findChild(AskBar)
    assert bar is not None
    desk.qtbot.waitUntil(bar.isVisible, timeout=WAIT)
    button = next(each for each in bar.findChildren(QPushButton) if each.text().startswith("Añadir a ese cliente"))
    button.click()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.opened), timeout=WAIT)
    settled(desk)
    client = values(desk, "prospect", ident)["client"]
    assert values(desk, "client", client)["name"] == "Hotel Azahar"
    page.table.select_ids(frozenset({ident}), ident)
    settled(desk)
    assert not {"action_convert", "action_to_contacted"} & set(offered(page.actions_.row_menu(page)))


def test_a_converted_one_offers_no_more(desk: Desk) -> None:
    window = window_of(desk, "prospect", prospect(desk, "Vidrios del Sur"))
    assert {"action_convert", "action_convert_opportunity", "action_to_discarded"} <= set(menu_of(window))
    found(window, "convert").trigger()
    desk.qtbot.waitUntil(lambda: window.form.value("status") == "converted", timeout=WAIT)
    assert not {"action_convert", "action_convert_opportunity", "action_to_discarded"} & set(menu_of(window))
