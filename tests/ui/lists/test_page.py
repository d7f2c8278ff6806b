"""The list of contacts as a salesperson uses it."""

import datetime as dt

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QToolButton

from oficrm.lists import Criterion, ListFilter
from tests.support.list_pages import child, texts
from tests.support.office import TODAY
from ui.lists import opening

Key = Qt.Key


def test_nothing_is_loaded_until_asked_for(page):
    assert page.model.rowCount() == 0
    assert not page.is_loaded()
    assert "Cargar" in page.stack.empty.sentence.text()
    assert page.foot.label.text() == ""
    assert not page.quick_buttons.buttons["open"].isEnabled()


def test_cargar_loads_and_the_foot_adds_up(page, qtbot):
    with qtbot.waitSignal(page.loaded) as done:
        QTest.mouseClick(child(page, "button_load"), Qt.MouseButton.LeftButton)
    assert done.args == [60]
    assert child(page, "label_count").text() == "60 cargados · 28 h 45 min"
    assert page.stack.currentWidget() is page.table
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_the_three_counts_stand_on_the_buttons_and_narrow_at_once(loaded):
    buttons = {name: child(loaded, f"quick_{name}") for name in ("all", "open", "done")}
    assert {name: button.text() for name, button in buttons.items()} == {
        "all": "Todos  60", "open": "No realizados  28", "done": "Realizados  32",
    }  # fmt: skip
    QTest.mouseClick(buttons["open"], Qt.MouseButton.LeftButton)
    assert loaded.model.rowCount() == 28
    assert child(loaded, "label_count").text().startswith("28 de 60 cargados")
    QTest.mouseClick(buttons["done"], Qt.MouseButton.LeftButton)
    assert loaded.model.rowCount() == 32


def test_loading_again_keeps_the_narrowing(loaded, load):
    loaded.quick("open")
    load(loaded)
    assert loaded.model.rowCount() == 28
    assert loaded.quick_buttons.current() == "open"


# --- selection


def _click(page, row, modifier=Qt.KeyboardModifier.NoModifier):
    place = page.table.visualRect(page.model.index(row, 2)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def test_ctrl_and_shift_select_several_and_the_foot_says_so(loaded):
    _click(loaded, 1)
    _click(loaded, 3, Qt.KeyboardModifier.ControlModifier)
    ids = loaded.loaded_ids()
    assert loaded.selected_ids() == [ids[1], ids[3]]
    _click(loaded, 6, Qt.KeyboardModifier.ShiftModifier)
    assert loaded.selected_ids() == [ids[1], *ids[3:7]]
    assert child(loaded, "label_count").text().startswith("5 seleccionados · 60 cargados")


def test_the_selection_follows_the_records_through_order_narrowing_and_loading(loaded, load, qtbot):
    _click(loaded, 2)
    _click(loaded, 9, Qt.KeyboardModifier.ControlModifier)
    chosen = set(loaded.selected_ids())
    with qtbot.waitSignal(loaded.loaded):
        loaded.sort_by("client")
    assert set(loaded.selected_ids()) == chosen
    load(loaded)
    assert set(loaded.selected_ids()) == chosen
    loaded.quick("done")
    part = set(loaded.selected_ids())
    assert part < chosen or part == chosen
    loaded.quick("all")
    assert set(loaded.selected_ids()) == chosen


def test_everything_selected_stays_so_in_another_order(loaded, qtbot):
    loaded.table.setFocus()
    QTest.keyClick(loaded.table, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(loaded.selected_ids()) == 60
    with qtbot.waitSignal(loaded.loaded):
        loaded.sort_by("notes")
    assert len(loaded.selected_ids()) == 60


def test_home_and_end_go_to_the_ends(loaded):
    loaded.focus_table()
    QTest.keyClick(loaded.table, Key.Key_End)
    assert loaded.current_id() == loaded.loaded_ids()[-1]
    QTest.keyClick(loaded.table, Key.Key_Home)
    assert loaded.current_id() == loaded.loaded_ids()[0]


def test_neighbours_of_a_record(loaded):
    ids = loaded.loaded_ids()
    assert loaded.neighbour(ids[0], -1) is None
    assert loaded.neighbour(ids[0], 1) == ids[1]
    assert loaded.neighbour(999_999, 1) is None


# --- actions


def test_without_a_row_only_adding_is_possible(page):
    enabled = {name for name, action in page.actions_.all.items() if action.isEnabled()}
    assert enabled == {"add"}


def test_with_a_row_the_rest_is_possible(loaded):
    _click(loaded, 0)
    off = {name for name, action in loaded.actions_.all.items() if not action.isEnabled()}
    assert off <= {"create_next"}


@pytest.mark.parametrize(
    ("key", "held", "signal", "rest"),
    [
        (Key.Key_Return, Qt.KeyboardModifier.NoModifier, "open_requested", [False]),
        (Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "open_requested", [False]),
        (Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "open_requested", [True]),
        (Key.Key_H, Qt.KeyboardModifier.ControlModifier, "history_requested", []),
    ],
)
def test_keys_of_the_current_row(loaded, qtbot, key, held, signal, rest):
    loaded.focus_table()
    with qtbot.waitSignal(getattr(loaded, signal)) as asked:
        QTest.keyClick(loaded.table, key, held)
    assert asked.args == ["contact", loaded.loaded_ids()[0], *rest]


def test_ins_adds_from_anywhere_even_from_a_field(loaded, qtbot):
    for widget in (loaded.table, loaded.panel.filters["notes"].editor.line):
        widget.setFocus()
        with qtbot.waitSignal(loaded.add_requested) as asked:
            QTest.keyClick(widget, Key.Key_Insert)
        assert asked.args == ["contact", {}]


def test_double_click_opens(loaded, qtbot):
    place = loaded.table.visualRect(loaded.model.index(4, 2)).center()
    QTest.mouseClick(loaded.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(loaded.open_requested) as asked:
        QTest.mouseDClick(loaded.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == ["contact", loaded.loaded_ids()[4], False]


def test_changing_dates_takes_the_selection_as_ids(loaded, qtbot):
    _click(loaded, 1)
    _click(loaded, 2, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(loaded.change_date_requested) as asked:
        QTest.keyClick(loaded.table, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [loaded.loaded_ids()[1:3].tolist()]


def test_the_last_column_opens_the_actions_of_its_row(loaded, monkeypatch):
    shown: list = []
    monkeypatch.setattr(loaded.actions_, "show_row_menu", shown.append)
    loaded.table.menu_asked.disconnect()
    loaded.table.menu_asked.connect(shown.append)
    place = loaded.table.visualRect(loaded.model.index(3, loaded.model.columnCount() - 1)).center()
    QTest.mouseClick(loaded.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(shown) == 1
    assert loaded.selected_ids() == [loaded.loaded_ids()[3]]


def test_toolbar_menu_and_keyboard_are_the_same_actions(loaded):
    menu = loaded.actions_.row_menu(loaded)
    bar = {button.defaultAction() for button in child(loaded, "toolbar").findChildren(QToolButton)} - {None}
    assert bar <= {*menu.actions()}
    assert {action.objectName() for action in bar} == {
        "action_add", "action_edit", "action_view", "action_delete", "action_change_date", "action_history",
    }  # fmt: skip


def test_a_missing_next_contact_can_be_created_from_its_cell(loaded, qtbot):
    row = next(row for row, text in enumerate(texts(loaded, "next_date")) if "sin crear" in text)
    place = loaded.table.visualRect(loaded.model.index(row, loaded.model.column_named("next_date"))).center()
    loaded.table.scrollTo(loaded.model.index(row, 0))
    place = loaded.table.visualRect(loaded.model.index(row, loaded.model.column_named("next_date"))).center()
    with qtbot.waitSignal(loaded.create_next_requested) as asked:
        QTest.mouseClick(loaded.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [loaded.loaded_ids()[row]]
    assert loaded.actions_.all["create_next"].isEnabled()


def test_what_is_asked_for_is_opened(loaded, context, qtbot):
    opening.connect(loaded, context.opener)
    loaded.focus_table()
    first = loaded.loaded_ids()[0]
    for name in ("edit", "view", "duplicate", "history", "change_date", "mass_edit", "add"):
        loaded.actions_.all[name].trigger()
    opened = [(each.table, each.id, each.read_only, each.duplicate) for each in context.opener.records]
    assert opened == [("contact", first, False, False), ("contact", first, True, False),
                      ("contact", first, False, True), ("contact", None, False, False)]  # fmt: skip
    assert context.opener.others == [("history", "contact", first), ("change_date", [first]),
                                     ("mass_edit", "contact", [first])]  # fmt: skip


def test_creating_the_next_contact_opens_its_form_filled_in(loaded, context, qtbot):
    opening.connect(loaded, context.opener)
    row = next(row for row, text in enumerate(texts(loaded, "next_date")) if "sin crear" in text)
    loaded.create_next_requested.emit(loaded.loaded_ids()[row])
    qtbot.waitUntil(lambda: context.opener.records != [])
    preset = context.opener.records[0].preset
    assert preset["date"] == TODAY + dt.timedelta(days=7)
    assert preset["previous"] == loaded.loaded_ids()[row]


# --- deleting


def test_deleting_asks_above_the_table_and_can_be_left_by_escape(loaded, qtbot):
    _click(loaded, 0)
    _click(loaded, 2, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(loaded.table, Key.Key_Delete)
    assert child(loaded, "ask_text").text() == "¿Borrar 3 contactos? Se puede deshacer."
    assert QApplication.focusWidget() is child(loaded, "ask_accept")
    QTest.keyClick(child(loaded, "ask_accept"), Key.Key_Escape)
    assert loaded.bar.isHidden()
    assert loaded.table.hasFocus()
    assert loaded.model.rowCount() == 60


def test_deleting_takes_the_rows_out_and_offers_to_undo(loaded, context, qtbot):
    _click(loaded, 0)
    gone = loaded.selected_ids()[0]
    QTest.keyClick(loaded.table, Key.Key_Delete)
    with qtbot.waitSignal(loaded.count_changed):
        QTest.keyClick(child(loaded, "ask_accept"), Key.Key_Return)
    assert loaded.model.rowCount() == 59
    assert gone not in loaded.loaded_ids()
    text, operation_id = context.notices.shown[0]
    assert text.startswith("Se ha borrado")
    assert operation_id is not None
    assert loaded.table.hasFocus()


def test_what_hangs_on_a_client_is_named_before(make_page, qtbot):
    page = make_page("client", load=True)
    page.focus_table()
    page.actions_.all["delete"].trigger()
    QTest.keyClick(child(page, "ask_accept"), Key.Key_Return)
    qtbot.waitUntil(lambda: "depende" in child(page, "ask_text").text())
    assert "contactos" in child(page, "ask_text").text()
    assert page.model.rowCount() == 10
    with qtbot.waitSignal(page.count_changed):
        QTest.mouseClick(child(page, "ask_accept"), Qt.MouseButton.LeftButton)
    assert page.model.rowCount() == 9


def test_a_master_entry_in_use_is_refused_in_words(make_page, qtbot):
    page = make_page("contact_type")
    qtbot.waitUntil(lambda: page.model.rowCount() == 9)
    page.focus_table()
    page.actions_.all["delete"].trigger()
    QTest.keyClick(child(page, "ask_accept"), Key.Key_Return)
    qtbot.waitUntil(lambda: "no se puede borrar" in child(page, "ask_text").text())
    assert page.model.rowCount() == 9


# --- the whole by keyboard, and the states without rows


def test_filter_load_and_open_without_a_mouse(page, qtbot):
    QTest.keyClick(page, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    notes = page.panel.filters["notes"].editor.line
    for _ in range(30):
        if QApplication.focusWidget() is notes:
            break
        QTest.keyClick(QApplication.focusWidget() or page, Key.Key_Tab)
    assert notes.hasFocus()
    QTest.keyClicks(notes, "CATALOGO")
    with qtbot.waitSignal(page.loaded):
        QTest.keyClick(notes, Key.Key_Return)
    assert page.table.hasFocus()
    assert set(texts(page, "notes")) == {"Visita para enseñar el catálogo"}
    QTest.keyClick(page.table, Key.Key_Down)
    with qtbot.waitSignal(page.open_requested) as asked:
        QTest.keyClick(page.table, Key.Key_Return)
    assert asked.args[1] == page.loaded_ids()[1]
    QTest.keyClick(page.table, Key.Key_F6)
    assert page.panel.has_focus()


def test_f5_loads_from_the_table_too(loaded, qtbot):
    loaded.focus_table()
    with qtbot.waitSignal(loaded.loaded):
        QTest.keyClick(loaded.table, Key.Key_F5)


def test_nothing_found_offers_to_clear_the_filter(page, load, qtbot):
    page.set_filter(ListFilter("contact", (Criterion("notes", "contains", "xyz"),)))
    load(page)
    assert page.stack.empty.sentence.text() == "Ningún contacto cumple el filtro."
    with qtbot.waitSignal(page.loaded):
        QTest.mouseClick(page.stack.empty.button, Qt.MouseButton.LeftButton)
    assert page.model.rowCount() == 60


def test_an_empty_module_offers_its_first_record(make_page, load, qtbot):
    page = make_page("quote")
    load(page)
    assert "Todavía no hay presupuestos" in page.stack.empty.sentence.text()
    with qtbot.waitSignal(page.add_requested) as asked:
        QTest.mouseClick(page.stack.empty.button, Qt.MouseButton.LeftButton)
    assert asked.args == ["quote", {}]


def test_master_files_load_by_themselves(make_page, qtbot):
    page = make_page("contact_type")
    qtbot.waitUntil(lambda: page.model.rowCount() == 9)
    qtbot.waitUntil(lambda: "Teléfono" in texts(page, "name"))


def test_a_page_asked_to_load_before_it_is_ready_does_so(qtbot, context):
    from ui.lists.page import ListPage

    page = ListPage(context, "contact")
    qtbot.addWidget(page)
    page.set_filter(ListFilter("contact", (Criterion("date", "period", "mes"),)))
    with qtbot.waitSignal(page.loaded):
        page.load()
    assert 0 < page.model.rowCount() < 60


def test_the_wide_view_shows_notes_under_each_row(loaded):
    QTest.mouseClick(child(loaded, "button_wide"), Qt.MouseButton.LeftButton)
    assert loaded.table.rowHeight(0) == 44
    assert loaded.table.isColumnHidden(loaded.model.column_named("notes"))
    row = next(row for row, text in enumerate(texts(loaded, "notes")) if text.startswith("Llamar"))
    assert loaded.model.line(row) == "Llamar por la oferta de otoño · Quieren precio antes del viernes"
    assert loaded.table.indexAt(QPoint(20, 50)).row() == 1
    QTest.mouseClick(child(loaded, "button_wide"), Qt.MouseButton.LeftButton)
    assert loaded.table.rowHeight(0) == 28
