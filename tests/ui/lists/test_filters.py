"""The filter panel: which editor each field has, and what it asks for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.registry import listed_modules, module
from oficrm.lists import Criterion, ListFilter
from tests.support.list_pages import child, texts
from ui.lists.filter_editors import DateRangeEditor, is_relative
from ui.lists.filter_fields import ChoicesFilter, LinkFilter, StretchFilter, TextFilter, YesNoFilter


def _criteria(page):
    return [(item.field, item.op, item.value) for item in page.panel.criteria()]


def test_each_kind_has_its_editor(page):
    page.panel.show_more(True)
    kinds = {name: type(each) for name, each in page.panel.filters.items()}
    assert kinds == {
        "client": LinkFilter, "person": LinkFilter, "date": StretchFilter, "salesperson": ChoicesFilter,
        "type": ChoicesFilter, "made_by": ChoicesFilter, "result": ChoicesFilter, "notes": TextFilter,
        "closed_on": StretchFilter, "next_date": StretchFilter, "next_missing": YesNoFilter, "actions": ChoicesFilter,
        "items": LinkFilter, "client.status": ChoicesFilter, "client.sector": ChoicesFilter,
        "client.origin": ChoicesFilter, "duration": StretchFilter, "created_at": StretchFilter,
    }  # fmt: skip
    for name in ("client", "date", "date_from", "date_to", "client_status", "next_missing"):
        assert child(page, f"filter_{name}")


@pytest.mark.parametrize("model", listed_modules(), ids=lambda model: model.module.table)
def test_every_module_has_a_panel_that_loads_with_each_of_its_filters(make_page, load, model):
    page = make_page(model.module.table)
    page.panel.show_more(True)
    names = [*model.screens.filters, *model.screens.more_filters]
    assert [name for name in names if name not in page.panel.filters] == []
    load(page)
    for each in page.panel.filters.values():
        match each:
            case TextFilter():
                each.editor.set_value("a")
            case ChoicesFilter():
                each.editor.set_value([choice.key for choice in each.editor._choices[:1]])
            case YesNoFilter():
                each.editor.set_value("yes")
            case StretchFilter() if isinstance(each.editor, DateRangeEditor):
                each.editor.set_value([("period", "mes")])
            case StretchFilter():
                each.editor.set_value([("from", "1"), ("to", "2")])
    assert not page.panel.problems()
    load(page)
    assert page.bar.isHidden()


def test_dates_in_words_are_kept_as_typed(page, load):
    first, last = child(page, "filter_date_from"), child(page, "filter_date_to")
    QTest.keyClicks(first.line, "hoy")
    QTest.keyClicks(last.line, "+7d")
    QTest.keyClick(last.line, Qt.Key.Key_Tab)
    assert (first.line.text(), last.line.text()) == ("hoy", "+7d")
    assert last.line.echo() == "sáb 28 nov"
    assert _criteria(page) == [("date", "from", "hoy"), ("date", "to", "+7d")]
    assert page.panel.words() == "Fecha: hoy a +7d"


def test_a_day_is_kept_as_that_day(page):
    first = child(page, "filter_date_from")
    QTest.keyClicks(first.line, "15/3")
    QTest.keyClick(first.line, Qt.Key.Key_Tab)
    assert _criteria(page) == [("date", "from", "2026-03-15")]
    page.set_filter(ListFilter("contact", (Criterion("date", "from", "2025-03-15"),)))
    assert first.line.text() == "sáb 15 mar 2025"


@pytest.mark.parametrize(("text", "relative"), [("hoy", True), ("+3d", True), ("-2s", True), ("en 3 días", True),
                                                ("lun", True), ("15/3", False), ("2026-03-15", False),
                                                ("15 mar", False)])  # fmt: skip
def test_what_means_another_day_tomorrow(text, relative):
    assert is_relative(text) is relative


def test_a_period_can_be_typed_or_chosen(page, load):
    first, last = child(page, "filter_date_from"), child(page, "filter_date_to")
    QTest.keyClicks(first.line, "Esta semana")
    assert not last.isEnabled()
    assert first.line.echo() == "16 nov – 22 nov"
    assert _criteria(page) == [("date", "period", "semana")]
    editor = page.panel.filters["date"].editor
    editor._take("hoy")
    assert last.isEnabled()
    assert _criteria(page) == [("date", "from", "hoy"), ("date", "to", "hoy")]
    editor._take("vencidos")
    load(page)
    assert page.model.rowCount() > 5
    assert page.model.order.count("done") == 0
    page.panel.clear()
    assert _criteria(page) == []


def test_overdue_is_only_offered_where_it_means_something(page):
    page.panel.show_more(True)
    assert "vencidos" in page.panel.filters["date"].editor.periods
    assert "vencidos" not in page.panel.filters["closed_on"].editor.periods


def test_what_cannot_be_read_is_said_under_its_field_and_nothing_is_loaded(page):
    first = child(page, "filter_date_from")
    QTest.keyClicks(first.line, "31/02")
    page.load()
    assert not page.is_loading()
    assert "febrero" in page.panel.filters["date"].row.error().lower()
    QTest.keyClick(first.line, Qt.Key.Key_Backspace)
    assert page.panel.filters["date"].row.error() == ""


def test_a_stretch_that_ends_before_it_begins_is_said(page):
    page.panel.filters["date"].editor.set_value([("from", "hoy"), ("to", "ayer")])
    page.load()
    assert page.panel.filters["date"].row.error() == "Termina antes de empezar."


def test_errors_of_the_answer_stand_under_their_fields(page, qtbot):
    page.set_filter(ListFilter("contact", (Criterion("duration", "from", "-5"),)))
    page.panel.filters["duration"].problem = lambda: None
    page.load()
    qtbot.waitUntil(lambda: page.panel.filters["duration"].row.error() != "")
    assert "negativa" in page.panel.filters["duration"].row.error()
    assert not page.busy.is_moving()


def test_a_client_is_picked_by_part_of_its_name(page, load, qtbot):
    client = page.panel.filters["client"].editor
    client.line.setFocus()
    QTest.keyClicks(client.line, "nandu")
    qtbot.waitUntil(lambda: client.popup.isVisible())
    QTest.keyClick(client.line, Qt.Key.Key_Return)
    load(page)
    assert set(texts(page, "client")) == {"Ñandú Textil"}
    assert page.panel.words() == "Cliente: Ñandú Textil"


def test_a_client_that_was_only_typed_is_not_ignored(page):
    page.panel.filters["client"].editor.line.setText("nadie")
    page.load()
    assert page.panel.filters["client"].row.error().startswith("Elija uno de la lista")


def test_only_the_people_of_the_client_chosen_are_offered(page, qtbot, jobs):
    from oficrm import lists

    ident = jobs.read(lambda s: lists.options(s, ["client"], "Ñandú")).result()[0].id
    page.set_filter(ListFilter("contact", (Criterion("client", "in", (ident,)),)))
    offered: list = []
    page.panel.filters["person"]._search("", offered.extend)
    qtbot.waitUntil(lambda: offered != [])
    assert [option.title for option in offered] == ["Marta Gil 4"]


def test_a_remembered_client_gets_its_name_back(page, qtbot, jobs):
    from oficrm import lists

    ident = jobs.read(lambda s: lists.options(s, ["client"], "Zapatos")).result()[0].id
    page.set_filter(ListFilter("contact", (Criterion("client", "in", (ident,)),)))
    qtbot.waitUntil(lambda: page.panel.filters["client"].editor.line.text() == "Zapatos Elda")


def test_products_and_services_are_picked_in_one_field(page, qtbot, write, load):
    from db.history import operation
    from db.models.contact import Contact, ContactItem
    from db.models.service import Service

    def add(session):
        with operation(session, "x"):
            service = Service(name="Montaje", code="S1", unit="hour", tax_rate=21, price=0, extra={}, is_active=True,
                              is_recurring=False)  # fmt: skip
            session.add(service)
            session.flush()
            session.add(ContactItem(contact_id=session.query(Contact).first().id, service_id=service.id, extra={}))
        return service.id

    ident = write(add)
    page.set_filter(ListFilter("contact", (Criterion("items", "in", (f"service:{ident}",)),)))
    qtbot.waitUntil(lambda: page.panel.filters["items"].editor.line.text() == "Montaje")
    assert _criteria(page) == [("items", "in", (f"service:{ident}",))]
    load(page)
    assert page.model.rowCount() == 1


def test_enter_in_any_field_loads(page, qtbot):
    page.panel.show_more(True)
    for name in ("notes", "type", "date", "client.status", "duration", "next_missing"):
        target = page.panel.filters[name].editor.focusProxy()
        target.setFocus()
        with qtbot.waitSignal(page.loaded):
            QTest.keyClick(target, Qt.Key.Key_Return)


def test_several_types_at_once(page, load):
    choices = {choice.label: choice.key for choice in page.panel.filters["type"].editor._choices}
    page.panel.filters["type"].editor.set_value([choices["Visita"], choices["Email"]])
    load(page)
    assert set(texts(page, "type")) == {"Visita", "Email"}
    assert page.panel.words() in ("Tipo de contacto: Email, Visita", "Tipo de contacto: Visita, Email")


def test_one_field_looks_in_all_that_identifies_a_client(make_page, load):
    page = make_page("client")
    search = child(page, "filter_text")
    for text in ("CLI-003", "961234503", "muñoz"):
        search.set_value(text)
        load(page)
        assert texts(page, "name") == ["Muñoz y Zúñiga"], text
    QTest.mouseClick(child(page, "button_clear"), Qt.MouseButton.LeftButton)
    assert page.list_filter().text == ""


def test_further_criteria_unfold_and_those_in_use_stay(page):
    assert "closed_on" not in page.panel.filters
    QTest.mouseClick(child(page, "button_more"), Qt.MouseButton.LeftButton)
    assert page.panel.filters["closed_on"].row.isVisible()
    page.panel.filters["next_date"].editor.set_value([("period", "semana")])
    QTest.mouseClick(child(page, "button_more"), Qt.MouseButton.LeftButton)
    assert not page.panel.filters["closed_on"].row.isVisible()
    assert page.panel.filters["next_date"].row.isVisible()


def test_a_folded_panel_says_what_is_asked_for(page):
    page.panel.filters["notes"].editor.set_value("oferta")
    QTest.mouseClick(child(page, "button_fold"), Qt.MouseButton.LeftButton)
    assert not page.panel.grid.isVisible()
    assert page.panel.summary.text() == "Notas: «oferta»"
    page.focus_filter()
    assert page.panel.grid.isVisible()


@pytest.mark.parametrize("width", [620, 900, 1166, 1900])
def test_no_field_is_cut_off_at_any_width(page, width, qtbot):
    page.panel.show_more(True)
    page.resize(width, 690)
    qtbot.waitUntil(lambda: page.panel.grid.width() <= width)
    rows = [each.row.geometry() for each in page.panel.filters.values() if each.row.isVisible()]
    assert all(row.right() <= page.panel.grid.width() for row in rows)
    assert not any(one.intersects(other) for place, one in enumerate(rows) for other in rows[place + 1 :])
    assert page.panel.grid.height() >= max(row.bottom() for row in rows)


def test_a_new_entry_of_a_master_file_is_offered_at_once(page, write, qtbot):
    from db.history import operation
    from db.models.result import Result

    def add(session):
        with operation(session, "x"):
            session.add(Result(name="Aplazado", number="R9", is_active=True, tone="neutral", extra={}))

    write(add)
    labels = lambda: [choice.label for choice in page.panel.filters["result"].editor._choices]  # noqa: E731
    qtbot.waitUntil(lambda: "Aplazado" in labels())


def test_a_field_of_the_users_own_joins_panel_and_columns(loaded, write, qtbot, load):
    from db.history import operation
    from db.models.contact import Contact
    from db.models.custom_field import CustomField, CustomKind

    loaded.panel.filters["notes"].editor.set_value("oferta")

    def add(session):
        with operation(session, "x"):
            field = CustomField(module_table="contact", name="Recibido", kind=CustomKind.DATE, extra={})
            session.add(field)
            session.flush()
            session.get_one(Contact, 1).extra = {f"x_{field.id}": "2026-11-19"}
        return f"x_{field.id}"

    name = write(add)
    qtbot.waitUntil(lambda: name in loaded.facts.facts.fields)
    assert loaded.panel.filters["notes"].editor.value() == "oferta"
    loaded.panel.clear()
    loaded.panel.show_more(True)
    loaded.panel.filters[name].editor.set_value([("from", "2026-11-01")])
    loaded.show_columns(["date", name])
    load(loaded)
    qtbot.waitUntil(lambda: texts(loaded, name) == ["jue 19 nov"])


def test_the_words_of_a_filter_name_their_field(page):
    assert module("contact").fields["made_by"].label == "Realizado por"
    page.panel.filters["made_by"].editor.set_value(["them"])
    assert page.panel.words() == "Realizado por: Ellos"
