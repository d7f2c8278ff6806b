"""A command by each route: the menu of a row, the actions menu of a record, the list in a related tab."""

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from sqlalchemy import select

from db.models.client import Client
from db.models.quote import Quote
from oficrm import undo
from oficrm.rules.text import plain
from tests.support.desk import WAIT, Desk
from ui.commands.menus import Menu
from ui.context import Context
from ui.forms.record_window import RecordWindow
from ui.lists.page import ListPage
from ui.windows import Windows


def clients(desk: Desk, city: str) -> list[int]:
    return desk.read(lambda s: list(s.scalars(select(Client.id).where(Client.city == city).order_by(Client.id))))


def notes(desk: Desk, ident: int) -> str | None:
    return desk.read(lambda s: s.scalar(select(Client.notes).where(Client.id == ident)))


def settled(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.context.bridge._running == 0, timeout=WAIT)


def listed(desk: Desk, table: str = "client", **options: Any) -> ListPage:
    page = ListPage(desk.context, table, **options)
    desk.qtbot.addWidget(page)
    page.resize(1100, 600)
    page.show()
    page.activateWindow()
    desk.qtbot.waitUntil(page.is_ready, timeout=WAIT)
    with desk.qtbot.waitSignal(page.loaded, timeout=WAIT):
        page.load()
    settled(desk)
    return page


def chosen(page: ListPage, *ids: int) -> ListPage:
    page.table.select_ids(frozenset(ids), ids[0])
    return page


def window_of(desk: Desk, table: str, ident: int, **more: Any) -> RecordWindow:
    window = RecordWindow(desk.context, table, ident, **more)
    desk.show(window)
    settled(desk)
    return window


def offered(menu: QMenu) -> dict[str, QAction]:
    return {action.objectName(): action for action in menu.actions() if action.isEnabled() and action.isVisible()}


def found(window: RecordWindow, name: str) -> QAction:
    action = window.findChild(QAction, f"action_{name}")
    assert isinstance(action, QAction)
    return action


def menu_of(window: RecordWindow) -> dict[str, QAction]:
    window.actions_menu.menu.aboutToShow.emit()
    return offered(window.actions_menu.menu)


# --- the menu of a row


def test_the_row_menu_offers_what_fits_and_does_it_with_all_rows(desk: Desk) -> None:
    page = listed(desk)
    near = clients(desk, "Valencia")[:2]
    menu = chosen(page, *near).actions_.row_menu(page)
    names = offered(menu)
    assert "action_call" in names
    assert not {"action_ask", "action_offer", "action_never"} & set(names)  # for one row, or for no state there is
    names["action_call"].trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.notices), timeout=WAIT)
    text, operation = desk.noted.notices[-1]
    assert text == "Llamado: Hotel Azahar, Muñoz y Zúñiga."
    assert operation is not None
    assert [notes(desk, ident) for ident in near] == ["Llamado:", "Llamado:"]
    assert desk.noted.opened[-1][1:3] == ("client", near[0])
    desk.jobs.write(lambda s: undo.undo(s, operation)).result()
    assert [notes(desk, ident) for ident in near] == [None, None]


def test_a_confirmation_is_asked_above_the_rows(desk: Desk) -> None:
    page = listed(desk)
    far = clients(desk, "Alcoy")[0]
    chosen(page, far)
    page.actions_.command_asked.emit(page.actions_.commands[0][0])
    desk.qtbot.waitUntil(page.bar.isVisible, timeout=WAIT)
    assert page.bar.label.text() == "Talleres Ruiz está lejos. ¿Continuar?"
    assert notes(desk, far) is None
    page.bar.accept_button.click()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.notices), timeout=WAIT)
    assert notes(desk, far) == "Llamado:"
    assert not page.bar.isVisible()


def test_a_refusal_is_said_above_the_rows(desk: Desk) -> None:
    page = listed(desk)
    page.table.selectAll()
    page.actions_.row_menu(page)
    page.actions_.commands[0][1].trigger()
    desk.qtbot.waitUntil(page.bar.isVisible, timeout=WAIT)
    assert page.bar.label.text() == "Son demasiados."
    assert desk.noted.notices == []


def test_a_key_and_the_palette_reach_the_commands_of_a_list(desk: Desk) -> None:
    page = listed(desk)
    near = clients(desk, "Valencia")[0]
    chosen(page, near)
    assert "Llamar" in [action.text() for action in page.actions()]
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    desk.qtbot.waitUntil(lambda: bool(desk.noted.notices), timeout=WAIT)
    assert notes(desk, near) == "Llamado:"


def test_verbs_follow_the_states_of_the_rows(desk: Desk) -> None:
    client = clients(desk, "Valencia")[0]
    first, second = (desk.save("quote", client=client, subject=f"Obra {at}") for at in range(2))
    page = listed(desk, "quote")
    chosen(page, first, second)
    desk.qtbot.waitUntil(lambda: "action_to_sent" in offered(page.actions_.row_menu(page)), timeout=WAIT)
    chosen(page, first)
    offered(page.actions_.row_menu(page))["action_to_sent"].trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.notices), timeout=WAIT)
    settled(desk)
    assert desk.read(lambda s: s.scalar(select(Quote.status).where(Quote.id == first))) == "sent"
    chosen(page, first, second)  # the row says its new state once it has been read again
    desk.qtbot.waitUntil(lambda: "action_to_sent" not in offered(page.actions_.row_menu(page)), timeout=WAIT)


def test_the_icon_of_a_row_and_the_menu_key_open_its_menu(desk: Desk) -> None:
    page = listed(desk)
    page.table.go_to_first()
    asked: list[QPoint] = []
    page.table.menu_asked.disconnect()
    page.table.menu_asked.connect(asked.append)
    index = page.model.index(1, page.model.columnCount() - 1)
    place = page.table.visualRect(index).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.table.currentIndex().row() == 1
    QTest.keyClick(page.table, Qt.Key.Key_Menu)
    assert len(asked) == 2
    QTest.keyClick(page.table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert asked[2] == asked[1]


# --- the record's menu


def test_unsaved_edits_are_saved_before_a_command(desk: Desk) -> None:
    near = clients(desk, "Valencia")[0]
    window = window_of(desk, "client", near)
    window.form.put("notes", "Lo nuevo")
    assert {"action_call", "action_ask", "action_offer"} <= set(menu_of(window))
    assert "action_never" not in menu_of(window)
    found(window, "call").trigger()
    desk.qtbot.waitUntil(lambda: notes(desk, near) == "Llamado: Lo nuevo", timeout=WAIT)
    desk.qtbot.waitUntil(lambda: window.form.value("notes") == "Llamado: Lo nuevo", timeout=WAIT)
    assert not window.form.is_dirty()


def test_a_question_comes_first_and_a_no_changes_nothing(desk: Desk) -> None:
    near = clients(desk, "Valencia")[0]
    window = window_of(desk, "client", near)
    found(window, "ask").trigger()
    bar = window.form.bars.bar("command")
    assert bar.label.text() == "¿Seguro que quiere llamar?"
    bar.buttons[-1].click()
    assert not window.form.bars.has("command")
    settled(desk)
    assert notes(desk, near) is None
    found(window, "ask").trigger()
    window.form.bars.bar("command").buttons[0].click()
    desk.qtbot.waitUntil(lambda: notes(desk, near) == "Llamado:", timeout=WAIT)
    window.form.discard()


def test_a_confirmation_stands_on_top_of_the_form(desk: Desk) -> None:
    far = clients(desk, "Alcoy")[0]
    window = window_of(desk, "client", far)
    found(window, "call").trigger()
    desk.qtbot.waitUntil(lambda: window.form.bars.has("command"), timeout=WAIT)
    window.form.bars.bar("command").buttons[0].click()
    desk.qtbot.waitUntil(lambda: notes(desk, far) == "Llamado:", timeout=WAIT)
    window.form.discard()


def test_nothing_is_offered_where_a_record_is_only_looked_at(desk: Desk) -> None:
    window = window_of(desk, "client", clients(desk, "Valencia")[0], read_only=True)
    assert not {"action_call", "action_ask", "action_offer"} & set(menu_of(window))
    assert not found(window, "select_product_link").isEnabled()
    assert found(window, "add_opportunity").isEnabled()


def test_what_a_command_fills_in_opens_as_a_new_record(desk: Desk, qtbot: Any) -> None:
    near = clients(desk, "Valencia")[0]
    windows = Windows(desk.context.bridge, desk.context.memory)
    context = windows.context = Context(desk.context.bridge, desk.context.memory, desk.noted, windows)
    window = RecordWindow(context, "client", near)
    desk.show(window)
    settled(desk)
    found(window, "offer").trigger()
    desk.qtbot.waitUntil(lambda: bool(windows.open_windows()), timeout=WAIT)
    made = windows.open_windows()[0]
    assert isinstance(made, RecordWindow)
    desk.qtbot.waitUntil(made.is_ready, timeout=WAIT)
    assert made.form.ident is None
    assert (made.form.value("client"), made.form.value("name")) == (near, "Gran venta")
    made.form.discard()
    window.form.discard()


# --- a related tab


def test_the_list_of_a_related_tab_has_the_commands_too(desk: Desk) -> None:
    client = clients(desk, "Valencia")[0]
    quote = desk.save("quote", client=client, subject="Obra")
    window = window_of(desk, "client", client)
    window.tabs.show_tab("quote")
    page: Any = window.findChild(ListPage, "list_quote")
    desk.qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    settled(desk)
    chosen(page, quote)
    offered(page.actions_.row_menu(page))["action_to_sent"].trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.notices), timeout=WAIT)
    assert desk.read(lambda s: s.scalar(select(Quote.status).where(Quote.id == quote))) == "sent"


# --- the menus of related modules


def test_the_related_modules_stand_in_the_order_of_the_tabs(desk: Desk) -> None:
    desk.context.memory.put("tabs_client", {"order": ["support_case", "person"], "hidden": ["contact"]})
    page = listed(desk)
    chosen(page, clients(desk, "Valencia")[0])
    menu = page.actions_.row_menu(page)
    names = [sub.menu().objectName() for sub in menu.actions() if sub.menu() is not None]
    assert names[:3] == ["menu_related_support_case", "menu_related_person", "menu_related_client"]
    more = menu.findChild(QMenu, "menu_related_more")
    assert more is not None
    hidden = [action.menu().objectName() for action in more.actions()]
    assert hidden[-1] == "menu_related_contact"
    people = menu.findChild(QMenu, "menu_related_person")
    assert people is not None
    assert [action.text() for action in people.actions()] == ["Agregar persona", "Seleccionar personas…"]


def test_every_related_module_is_offered_by_row_and_by_record(desk: Desk) -> None:
    ident = clients(desk, "Valencia")[0]
    page = listed(desk)
    window = window_of(desk, "client", ident)
    by_row = {action.objectName() for action in page.actions_.related}
    by_record = {action.objectName() for action in window.actions_menu.commands.around.actions()}
    assert by_row == by_record
    for relation in window.relations:
        assert {f"action_add_{relation.table}", "action_import_mail"} & by_row


def test_typing_goes_to_what_begins_so(desk: Desk, qtbot: Any) -> None:
    menu = Menu()
    qtbot.addWidget(menu)
    for text in ("Agregar caso", "Agregar cotización", "Óptica", "Agregar oferta"):
        menu.addAction(text)
    menu.popup(QPoint(0, 0))
    QTest.keyClicks(menu, "cot")
    assert menu.activeAction().text() == "Agregar cotización"
    other = Menu()
    qtbot.addWidget(other)
    for action in menu.actions():
        other.addAction(action)
    other.popup(QPoint(0, 0))
    QTest.keyClicks(other, "o")
    assert plain(other.activeAction().text()) == "optica"
    other.close()
    menu.close()
    assert QApplication.activePopupWidget() is None
