"""What a list remembers: columns, order, filter, named filters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from oficrm import views
from oficrm.lists import Criterion, ListFilter
from tests.support.list_pages import child, texts
from ui.lists.columns import ACTIONS, fitted, next_sort, stretching

WEEK = ListFilter("contact", (Criterion("date", "period", "semana"),), sort=("client",))


def _again(page, make_page, **options):
    """The same list at the next start."""
    page.context.memory.flush()
    page.close()
    return make_page(page.table_name, **options)


# --- columns


def test_columns_are_those_declared_and_fit_the_width(loaded):
    assert loaded.table.shown_names()[:3] == ["type", "date", "client"]
    assert not loaded.table.horizontalScrollBar().isVisible()
    head = loaded.table.horizontalHeader()
    assert head.length() == loaded.table.viewport().width()


def test_columns_chosen_moved_and_sized_come_back(loaded, make_page):
    menu = loaded.column_menu.make()
    actions = {action.objectName(): action for action in menu.actions()}
    actions["column_person"].trigger()
    menu = loaded.column_menu.make()
    menu.findChild(QAction, "column_made_by").trigger()
    names = loaded.table.shown_names()
    assert "person" not in names
    assert names[-1] == "made_by"
    head = loaded.table.horizontalHeader()
    head.moveSection(head.visualIndex(names.index("made_by")), 0)
    head.resizeSection(loaded.model.column_named("client"), 222)
    assert loaded.table.shown_names()[0] == "made_by"
    page = _again(loaded, make_page)
    assert page.table.shown_names() == ["made_by", *(name for name in names if name != "made_by")]
    assert page.table.columnWidth(page.model.column_named("client")) == 222


def test_the_actions_stay_at_the_end(loaded):
    head = loaded.table.horizontalHeader()
    last = loaded.model.column_named(ACTIONS)
    head.moveSection(last, 0)
    assert head.visualIndex(last) == head.count() - 1


def test_the_only_column_cannot_be_taken_away(loaded):
    loaded.show_columns(["client"])
    menu = loaded.column_menu.make()
    action = next(action for action in menu.actions() if action.objectName() == "column_client")
    assert not action.isEnabled()


def test_columns_can_be_restored(loaded):
    first = loaded.table.shown_names()
    loaded.show_columns(["client", "date"])
    loaded.table.horizontalHeader().resizeSection(0, 333)
    next(action for action in loaded.column_menu.make().actions() if action.text() == "Restaurar columnas").trigger()
    assert loaded.table.shown_names() == first
    assert loaded.table.widths() == {}


def test_rows_stay_when_columns_change(loaded, qtbot):
    loaded.focus_table()
    ids = loaded.selected_ids()
    loaded.show_columns(["client", "closed_on"])
    assert loaded.selected_ids() == ids
    qtbot.waitUntil(lambda: "…" not in texts(loaded, "client"))


def test_the_widest_text_takes_what_is_left(loaded):
    assert stretching(loaded.model.columns) == "notes"
    before = loaded.table.columnWidth(loaded.model.column_named("notes"))
    loaded.resize(1400, 690)
    assert loaded.table.columnWidth(loaded.model.column_named("notes")) == before + 1400 - 1166


@pytest.mark.parametrize(
    ("sized", "room", "expected"),
    [
        ({}, 500, {"a": 100, "b": 140, "name": 260}),
        ({"a": 50}, 500, {"a": 50, "b": 140, "name": 310}),
        ({}, 380, {"a": 91, "b": 128, "name": 161}),
        ({}, 200, {"a": 85, "b": 120, "name": 160}),
        ({"name": 90}, 500, {"a": 100, "b": 140, "name": 90}),
    ],
)
def test_widths_fill_the_room_and_give_way_a_little(sized, room, expected):
    assert fitted({"a": 100, "b": 140, "name": 210}, sized, "name", room) == expected


# --- order


def _click_head(page, name, held=Qt.KeyboardModifier.NoModifier):
    head = page.table.horizontalHeader()
    section = page.model.column_named(name)
    x = head.sectionViewportPosition(section) + head.sectionSize(section) // 2
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, held, head.rect().center().__class__(x, 10))


def test_a_click_on_a_head_orders_and_another_turns_it_round(loaded, qtbot):
    with qtbot.waitSignal(loaded.loaded):
        _click_head(loaded, "client")
    qtbot.waitUntil(lambda: texts(loaded, "client")[0] == "Ávila Hermanos")
    assert texts(loaded, "client")[-1] == "Zapatos Elda"
    with qtbot.waitSignal(loaded.loaded):
        _click_head(loaded, "client")
    assert texts(loaded, "client")[0] == "Zapatos Elda"
    assert loaded.table.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


@pytest.mark.parametrize(
    ("sort", "name", "added", "expected"),
    [
        (("-date", "-time"), "client", False, ("client",)),
        (("client",), "client", False, ("-client",)),
        (("-client",), "client", False, ("client",)),
        (("client",), "date", False, ("date", "time")),
        (("date", "time"), "date", False, ("-date", "-time")),
        (("client",), "date", True, ("client", "date", "time")),
        (("client", "date", "time"), "date", True, ("client", "-date", "-time")),
    ],
)
def test_orders(sort, name, added, expected):
    assert next_sort(sort, name, added, {"date": ("date", "time")}) == expected


def test_ordering_before_loading_loads_nothing(page):
    page.sort_by("client")
    assert not page.is_loading()
    assert page.sort() == ("client",)


# --- the last filter


def test_the_last_filter_comes_back_but_nothing_is_loaded(page, make_page, load):
    page.set_filter(WEEK)
    page.panel.set_open(False)
    load(page)
    again = _again(page, make_page)
    assert again.list_filter() == WEEK
    assert not again.is_loaded()
    assert not again.panel.is_open()
    assert again.panel.summary.text() == "Fecha: esta semana"


def test_a_list_that_loads_when_opened_does_so_at_the_next_start(page, make_page, load, qtbot):
    assert not page.saved.at_open.isChecked()
    page.saved.at_open.trigger()
    again = _again(page, make_page)
    qtbot.waitUntil(again.is_loaded)
    assert again.saved.at_open.isChecked()


def test_a_memory_of_fields_that_are_gone_is_no_trouble(context, make_page):
    context.memory.put("list_contact", {
        "columns": ["colour", "client"], "widths": {"colour": 90, "client": 150},
        "filter": {"criteria": [["colour", "in", [1]], ["client.status", "in", ["client"]]], "sort": ["-colour"]},
    })  # fmt: skip
    page = make_page(load=True)
    assert page.table.shown_names() == ["client"]
    assert page.model.rowCount() == 12


# --- named filters


def _save(page, qtbot, name):
    QTest.mouseClick(child(page, "button_save_filter"), Qt.MouseButton.LeftButton)
    line = child(page, "field_filter_name")
    line.clear()
    QTest.keyClicks(line, name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_filter_is_saved_under_a_name_and_picked_again(page, qtbot, load):
    page.set_filter(WEEK)
    page.show_columns(["date", "client"])
    _save(page, qtbot, "Mi semana")
    qtbot.waitUntil(lambda: child(page, "saved_filters").text() == "Mi semana")
    assert not child(page, "field_filter_name").isVisible()
    assert page.context.notices.shown[0][0] == "Filtro «Mi semana» guardado."
    page.panel.clear()
    page.show_columns([])
    assert child(page, "saved_filters").text() == "Filtros guardados"
    page.saved.menu.aboutToShow.emit()
    action = next(action for action in page.saved.menu.actions() if "Mi semana" in action.text())
    with qtbot.waitSignal(page.loaded):
        action.trigger()
    assert page.list_filter() == WEEK
    assert page.table.shown_names() == ["date", "client"]
    assert child(page, "saved_filters").text() == "Mi semana"


def test_a_name_that_will_not_do_is_said_beside_it(page, qtbot):
    _save(page, qtbot, "   ")
    qtbot.waitUntil(lambda: child(page, "error_filter_name").text() != "")
    assert child(page, "error_filter_name").text() == "Póngale un nombre al filtro."
    assert not page.is_loading()
    QTest.keyClick(child(page, "field_filter_name"), Qt.Key.Key_Escape)
    assert not child(page, "field_filter_name").isVisible()


def test_a_named_filter_can_be_deleted_and_comes_back_at_the_next_start(page, qtbot, jobs, make_page):
    page.set_filter(WEEK)
    _save(page, qtbot, "Mi semana")
    qtbot.waitUntil(lambda: child(page, "saved_filters").text() == "Mi semana")
    again = _again(page, make_page)
    assert child(again, "saved_filters").text() == "Mi semana"
    again.saved.menu.aboutToShow.emit()
    next(action for action in again.saved.menu.actions() if action.text().startswith("Borrar")).trigger()
    qtbot.waitUntil(lambda: child(again, "saved_filters").text() == "Filtros guardados")
    assert jobs.read(lambda s: views.views(s, "contact")).result() == []
