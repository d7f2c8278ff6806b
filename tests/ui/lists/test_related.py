"""The list as a related tab, and what it does for other modules."""

import pytest
from PySide6.QtCore import Qt

from db.registry import listed_modules
from tests.support.list_pages import texts
from tests.support.office import NAMES


def _client(jobs, name):
    from oficrm import lists

    return jobs.read(lambda s: lists.options(s, ["client"], name)).result()[0].id


def test_a_related_tab_shows_its_records_alone_and_at_once(make_page, jobs, qtbot):
    ident = _client(jobs, "Azahar")
    page = make_page("contact", fixed={"client": ident}, compact=True)
    qtbot.waitUntil(lambda: page.model.rowCount() == 6)
    assert page.panel is None
    assert "client" not in page.table.shown_names()
    assert not page.saved.isVisible()
    with qtbot.waitSignal(page.add_requested) as asked:
        page.actions_.all["add"].trigger()
    assert asked.args == ["contact", {"client": ident}]


def test_a_related_tab_follows_another_record(make_page, jobs, qtbot):
    page = make_page("person", fixed={"client": _client(jobs, "Azahar")}, compact=True)
    qtbot.waitUntil(lambda: texts(page, "title") == ["Marta Gil 1"])
    page.set_fixed({"client": _client(jobs, NAMES[4])})
    qtbot.waitUntil(lambda: texts(page, "title") == ["Marta Gil 4"])
    page.set_fixed(None)
    assert page.model.rowCount() == 0


def test_an_empty_related_tab_offers_to_add(make_page, jobs, qtbot):
    ident = _client(jobs, "Azahar")
    page = make_page("quote", fixed={"client": ident}, compact=True)
    qtbot.waitUntil(lambda: page.stack.empty.sentence.text() == "Sin presupuestos todavía.")
    with qtbot.waitSignal(page.add_requested) as asked:
        page.stack.empty.button.click()
    assert asked.args == ["quote", {"client": ident}]


def test_a_link_that_is_part_of_another_field_presets_that(make_page, qtbot):
    page = make_page("interest", fixed={"product": 7}, compact=True)
    qtbot.waitUntil(page.is_loaded)
    with qtbot.waitSignal(page.add_requested) as asked:
        page.actions_.all["add"].trigger()
    assert asked.args == ["interest", {"item": "product:7"}]
    assert "item" not in page.table.shown_names()


def test_agregar_hangs_the_new_record_on_the_row(make_page, qtbot):
    page = make_page("person", load=True)
    page.focus_table()
    action = next(action for action in page.actions_.related if action.objectName() == "action_add_quote")
    assert action.text() == "Agregar presupuesto"
    with qtbot.waitSignal(page.add_requested) as asked:
        action.trigger()
    table, preset = asked.args
    assert (table, preset["person"]) == ("quote", page.current_id())
    assert isinstance(preset["client"], int)


def test_tabs_remember_their_columns_apart_from_the_list(make_page, jobs, qtbot, context):
    page = make_page("contact", fixed={"client": _client(jobs, "Azahar")}, compact=True)
    qtbot.waitUntil(page.is_loaded)
    page.show_columns(["date", "notes"])
    page.remember()
    other = make_page("contact")
    assert "client" in other.table.shown_names()
    again = make_page("contact", fixed={"client": _client(jobs, "Ruiz")}, compact=True)
    assert again.table.shown_names() == ["date", "notes"]


@pytest.mark.parametrize("model", listed_modules(), ids=lambda model: model.module.table)
def test_every_module_loads_with_all_its_columns(make_page, qtbot, model):
    from ui.lists import columns

    page = make_page(model.module.table, load=True)
    page.show_columns(columns.available(page.facts.facts))
    qtbot.waitUntil(lambda: all("…" not in texts(page, name) for name in page.table.shown_names()))
    for row in range(min(page.model.rowCount(), 3)):
        for column in range(page.model.columnCount()):
            page.model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
            page.model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)
    assert not page.grab().isNull()
