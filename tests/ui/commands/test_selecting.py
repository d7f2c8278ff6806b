"""Products for a client by each route, taking the link away again, and what the dialog says and asks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid
from sqlalchemy import select

from db.models.product_link import ProductLink
from db.models.project import Project
from oficrm import undo
from tests.support.desk import WAIT, Desk
from tests.ui.commands.test_commands import chosen, clients, found, listed, offered, settled, window_of
from ui.commands.select_dialog import SelectDialog
from ui.forms.record_window import RecordWindow
from ui.lists.page import ListPage


def products(desk: Desk, count: int = 3) -> list[int]:
    return [desk.save("product", name=f"Taladro {at}", sku=f"T-{at}", sale_price="100") for at in range(count)]


def linked(desk: Desk, client: int) -> list[int]:
    wanted = select(ProductLink.product_id).where(ProductLink.client_id == client, ProductLink.deleted_at.is_(None))
    return desk.read(lambda s: sorted(s.scalars(wanted)))


def dialog(desk: Desk) -> SelectDialog:
    def open_ones() -> list[SelectDialog]:
        shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, SelectDialog)]
        return [each for each in shown if each.isVisible()]

    desk.qtbot.waitUntil(lambda: bool(open_ones()), timeout=WAIT)
    made = open_ones()[0]
    desk.qtbot.waitUntil(made.page.is_loaded, timeout=WAIT)
    settled(desk)
    return made


def tab_of(desk: Desk, window: RecordWindow, table: str) -> ListPage:
    window.tabs.show_tab(table)
    page = window.findChild(ListPage, f"list_{table}")
    assert isinstance(page, ListPage)
    desk.qtbot.waitUntil(page.is_loaded, timeout=WAIT)
    settled(desk)
    return page


def choose_all(desk: Desk) -> None:
    box = dialog(desk)
    box.page.table.selectAll()
    box.accept_button.click()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.notices), timeout=WAIT)
    settled(desk)


@pytest.mark.parametrize("route", ["row", "record", "tab"])
def test_products_are_selected_for_a_client(desk: Desk, route: str) -> None:
    some, client = products(desk), clients(desk, "Valencia")[0]
    if route == "row":
        page = chosen(listed(desk), client)
        page.actions_.row_menu(page)
        next(each for each in page.actions_.related if each.objectName() == "action_select_product_link").trigger()
    else:
        window = window_of(desk, "client", client)
        if route == "record":
            found(window, "select_product_link").trigger()
        else:
            page = tab_of(desk, window, "product_link")
            action = next(each for each in page.actions() if each.objectName() == "action_select_product_link")
            assert action.text() == "Seleccionar inventariables…"
            action.trigger()
    choose_all(desk)
    text, operation = desk.noted.notices[-1]
    assert text == "Se han vinculado 3 inventariables a «Hotel Azahar»."
    assert linked(desk, client) == some
    assert operation is not None
    desk.jobs.write(lambda s: undo.undo(s, operation)).result()
    assert linked(desk, client) == []


def test_a_tab_shows_at_once_what_was_selected_and_lets_it_go(desk: Desk) -> None:
    products(desk)
    client = clients(desk, "Valencia")[0]
    window = window_of(desk, "client", client)
    page = tab_of(desk, window, "product_link")
    assert page.stack.empty.sentence.text() == "Sin inventariables todavía."
    assert page.actions_.all["add"].text() == "Agregar inventariable"
    found(window, "select_product_link").trigger()
    choose_all(desk)
    desk.qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=WAIT)
    page.table.selectAll()
    offered(page.actions_.row_menu(page))["action_unlink"].trigger()
    desk.qtbot.waitUntil(lambda: len(desk.noted.notices) == 2, timeout=WAIT)
    text, operation = desk.noted.notices[-1]
    assert text == "Sin vínculo ya con «Hotel Azahar»: 3 inventariables."
    desk.qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=WAIT)
    assert operation is not None
    desk.jobs.write(lambda s: undo.undo(s, operation)).result()
    assert len(linked(desk, client)) == 3


def test_what_belongs_to_the_client_alone_has_no_such_actions(desk: Desk) -> None:
    client = clients(desk, "Valencia")[0]
    page = tab_of(desk, window_of(desk, "client", client), "quote")
    names = {action.objectName() for action in page.actions()}
    assert not {"action_unlink", "action_select_quote"} & names


def test_the_dialog_searches_counts_and_takes_enter(desk: Desk) -> None:
    some, client = products(desk), clients(desk, "Valencia")[0]
    found(window_of(desk, "client", client), "select_product_link").trigger()
    box = dialog(desk)
    assert box.windowTitle() == "Seleccionar inventariables · Hotel Azahar"
    assert not box.accept_button.isEnabled()
    assert box.page.panel is not None
    assert not box.page.panel.is_open()
    box.search.setText("taladro 1")
    QTest.keyClick(box.search, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: box.page.model.rowCount() == 1, timeout=WAIT)
    assert box.isVisible()
    QTest.keyClick(box.search, Qt.Key.Key_Down)
    assert box.page.selected_ids() == [some[1]]
    assert box.accept_button.text().startswith("Seleccionar 1")
    desk.qtbot.waitUntil(box.page.table.hasFocus, timeout=WAIT)
    QTest.keyClick(box.page.table, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: linked(desk, client) == [some[1]], timeout=WAIT)
    desk.qtbot.waitUntil(lambda: not isValid(box) or not box.isVisible(), timeout=WAIT)


def test_nothing_is_opened_or_deleted_from_the_dialog(desk: Desk) -> None:
    products(desk)
    found(window_of(desk, "client", clients(desk, "Valencia")[0]), "select_product_link").trigger()
    box = dialog(desk)
    box.page.table.selectAll()
    allowed = {name for name, action in box.page.actions_.all.items() if action.isEnabled()}
    assert allowed == {"select_all"}
    box.reject()


def test_the_dialog_asks_before_it_takes_something_away_and_says_no(desk: Desk) -> None:
    mine, other = clients(desk, "Valencia")[:2]
    project = desk.save("project", name="Web", client=other)
    window = window_of(desk, "client", mine)
    found(window, "select_project").trigger()
    box = dialog(desk)
    box.page.table.selectAll()
    box.accept_button.click()
    desk.qtbot.waitUntil(box.page.bar.isVisible, timeout=WAIT)
    assert "«Web» (Muñoz y Zúñiga) depende ahora de otro cliente" in box.page.bar.label.text()
    box.page.bar.accept_button.click()
    holder = select(Project.client_id).where(Project.id == project)
    desk.qtbot.waitUntil(lambda: desk.read(lambda s: s.scalar(holder)) == mine, timeout=WAIT)
    desk.qtbot.waitUntil(lambda: not isValid(box) or not box.isVisible(), timeout=WAIT)
    settled(desk)
    found(window, "select_project").trigger()
    again = dialog(desk)
    again.page.table.selectAll()
    again.accept_button.click()
    desk.qtbot.waitUntil(again.page.bar.isVisible, timeout=WAIT)
    assert again.page.bar.label.text() == "Ya estaba vinculado."
    assert again.isVisible()
    again.reject()


def test_asking_twice_raises_the_dialog_there_is(desk: Desk) -> None:
    window = window_of(desk, "client", clients(desk, "Valencia")[0])
    found(window, "select_person").trigger()
    dialog(desk)
    found(window, "select_person").trigger()
    settled(desk)
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, SelectDialog) and each.isVisible()]
    assert len(shown) == 1
    shown[0].reject()


def test_a_file_is_selected_in_the_tab_of_files(desk: Desk) -> None:
    window = window_of(desk, "client", clients(desk, "Valencia")[0])
    page = tab_of(desk, window, "document")
    assert "action_select_document" in {action.objectName() for action in page.actions()}
