"""Day, week and month in the page of Calendario: what they show, the mouse, the keyboard."""

import datetime as dt

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu

from oficrm import records, saving, undo
from tests.support.desk import WAIT
from tests.support.office import TODAY
from tests.ui.calendar.conftest import MONDAY, Agenda, T
from ui.calendar.hours import HourGrid
from ui.calendar.month import MonthGrid

DAY = dt.timedelta(days=1)


def block_of(grid, ident):
    return next(block for block in grid._blocks if block.entry.id == ident)


def drag(qtbot, grid, first: QPointF, last: QPointF) -> None:
    points = [first, first + QPointF(0, 12), (first + last) / 2, last]
    qtbot.mousePress(grid, Qt.MouseButton.LeftButton, pos=points[0].toPoint())
    for point in points[1:]:
        qtbot.mouseMove(grid, point.toPoint())
        move(grid, point)
    qtbot.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=last.toPoint())


def move(grid, at: QPointF) -> None:
    """A move with the button held: the test's own mouse holds none while it moves."""
    none = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    grid.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, at, QPointF(grid.mapToGlobal(at.toPoint())),
                                    Qt.MouseButton.NoButton, left, none))  # fmt: skip


def test_the_week_shows_its_days_and_nothing_else(agenda: Agenda) -> None:
    agenda.add("Visita", 1, time=T(10), links=("client:1",))
    agenda.add("Otra semana", 9, time=T(10))
    pane = agenda.show(agenda.page(), "week")
    assert [entry.title for entry in pane.grid().entries] == ["Visita"]
    assert pane.title.text() == "16 – 22 de noviembre de 2026"
    pane.forward.click()
    agenda.desk.qtbot.waitUntil(lambda: [e.title for e in pane.grid().entries] == ["Otra semana"], timeout=WAIT)
    pane.today_button.click()
    agenda.desk.qtbot.waitUntil(lambda: [e.title for e in pane.grid().entries] == ["Visita"], timeout=WAIT)


def test_the_view_is_remembered(agenda: Agenda) -> None:
    agenda.show(agenda.page(), "month")
    page = agenda.page()
    assert page.companion is not None
    assert page.companion.view == "month"  # type: ignore[attr-defined]


def test_a_click_opens_and_a_double_click_on_an_empty_place_makes_one(agenda: Agenda) -> None:
    qtbot = agenda.desk.qtbot
    ident = agenda.add("Visita", 1, time=T(10), end_time=T(11))
    pane = agenda.show(agenda.page(), "week")
    grid = pane.grid()
    assert isinstance(grid, HourGrid)
    at = grid.block_rect(block_of(grid, ident)).center().toPoint()
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=at)
    assert agenda.desk.noted.opened[-1][:3] == ("record", "calendar_item", ident)
    empty = QPointF(grid._x(3) + 20, grid._y(12 * 60 + 40)).toPoint()
    qtbot.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=empty)
    opened = agenda.desk.noted.opened[-1]
    assert (opened[1], opened[2]) == ("calendar_item", None)
    assert opened[3]["preset"] == {"date": MONDAY + 3 * DAY, "time": T(12, 30)}


def test_dragging_moves_and_can_be_undone(agenda: Agenda) -> None:
    ident = agenda.add("Visita", 1, time=T(10), end_time=T(11))
    pane = agenda.show(agenda.page(), "week")
    grid = pane.grid()
    assert isinstance(grid, HourGrid)
    rect = grid.block_rect(block_of(grid, ident))
    drag(agenda.desk.qtbot, grid, rect.center(), rect.center() + QPointF(grid._column() * 2, 46 * 2))
    agenda.desk.qtbot.waitUntil(lambda: len(agenda.desk.noted.notices) == 1, timeout=WAIT)
    found = agenda.item(ident)
    assert (found.date, found.time, found.end_time) == (MONDAY + 3 * DAY, T(12), T(13))
    agenda.desk.jobs.write(undo.undo_last).result()
    assert agenda.item(ident).date == MONDAY + DAY


def test_dragging_the_foot_changes_how_long_it_takes(agenda: Agenda) -> None:
    ident = agenda.add("Visita", 1, time=T(10), end_time=T(11))
    grid = agenda.show(agenda.page(), "week").grid()
    assert isinstance(grid, HourGrid)
    rect = grid.block_rect(block_of(grid, ident))
    foot = QPointF(rect.center().x(), rect.bottom() - 2)
    drag(agenda.desk.qtbot, grid, foot, foot + QPointF(0, 46))
    agenda.desk.qtbot.waitUntil(lambda: agenda.item(ident).end_time == T(12), timeout=WAIT)


def test_dragging_up_makes_it_of_the_whole_day(agenda: Agenda) -> None:
    ident = agenda.add("Visita", 1, time=T(10), end_time=T(11))
    grid = agenda.show(agenda.page(), "week").grid()
    assert isinstance(grid, HourGrid)
    rect = grid.block_rect(block_of(grid, ident))
    drag(agenda.desk.qtbot, grid, rect.center(), QPointF(rect.center().x(), 50))
    agenda.desk.qtbot.waitUntil(lambda: agenda.item(ident).all_day, timeout=WAIT)


def test_the_keyboard_goes_through_hours_and_entries(agenda: Agenda) -> None:
    qtbot = agenda.desk.qtbot
    ident = agenda.add("Visita", TODAY.weekday(), time=T(10), end_time=T(11))
    pane = agenda.show(agenda.page(), "week")
    grid = pane.grid()
    assert grid.cursor_place() == (TODAY, T(9))
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current is not None
    assert grid.current.id == ident
    assert "Visita" in grid.accessibleDescription()
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert agenda.desk.noted.opened[-1][2] == ident
    qtbot.keyClick(grid, Qt.Key.Key_Up)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert agenda.desk.noted.opened[-1][3]["preset"] == {"date": TODAY, "time": T(9, 30)}
    qtbot.keyClick(grid, Qt.Key.Key_Left)
    assert grid.cursor_place() == (TODAY - DAY, T(9, 30))
    for _ in range(20):
        qtbot.keyClick(grid, Qt.Key.Key_Up)
    assert grid.cursor_place() == (TODAY - DAY, None)


def test_ins_makes_one_under_the_cursor_and_supr_asks(agenda: Agenda) -> None:
    agenda.add("Visita", TODAY.weekday(), time=T(9), end_time=T(10))
    page = agenda.page()
    pane = agenda.show(page, "day")
    page.actions_.all["add"].trigger()
    assert agenda.desk.noted.opened[-1][3]["preset"] == {"date": TODAY, "time": T(9)}
    page.actions_.all["add_task"].trigger()
    assert agenda.desk.noted.opened[-1][3]["preset"] == {"date": TODAY, "kind": "task"}
    agenda.desk.qtbot.keyClick(pane.grid(), Qt.Key.Key_Home)
    agenda.desk.qtbot.keyClick(pane.grid(), Qt.Key.Key_Delete)
    page.bar.accept_button.click()
    agenda.desk.qtbot.waitUntil(lambda: pane.grid().entries == (), timeout=WAIT)


def test_the_month_moves_to_another_day_at_the_same_hour(agenda: Agenda) -> None:
    ident = agenda.add("Visita", 1, time=T(10), end_time=T(11))
    pane = agenda.show(agenda.page(), "month")
    grid = pane.grid()
    assert isinstance(grid, MonthGrid)
    first = grid.entry_rect(MONDAY + DAY, 0).center()
    drag(agenda.desk.qtbot, grid, first, grid._cell(MONDAY + 4 * DAY).center())
    agenda.desk.qtbot.waitUntil(lambda: agenda.item(ident).date == MONDAY + 4 * DAY, timeout=WAIT)
    assert agenda.item(ident).time == T(10)


def test_a_day_with_more_than_fits_leads_to_its_page(agenda: Agenda) -> None:
    for hour in range(9, 16):
        agenda.add(f"Visita {hour}", 1, time=T(hour))
    page = agenda.page()
    pane = agenda.show(page, "month")
    grid = pane.grid()
    assert isinstance(grid, MonthGrid)
    agenda.desk.qtbot.mouseClick(grid, Qt.MouseButton.LeftButton,
                                 pos=grid._more_rect(MONDAY + DAY).center().toPoint())  # fmt: skip
    assert page.companion.view == "day"  # type: ignore[union-attr]
    agenda.desk.qtbot.waitUntil(lambda: len(pane.grid().entries) == 7, timeout=WAIT)


def test_contacts_are_shown_when_wanted_and_only_to_be_looked_at(agenda: Agenda) -> None:
    pane = agenda.show(agenda.page(), "week")
    assert pane.grid().entries == ()
    pane.contacts.setChecked(True)
    agenda.desk.qtbot.waitUntil(lambda: len(pane.grid().entries) > 3, timeout=WAIT)
    assert not any(entry.is_item for entry in pane.grid().entries)
    pane.grid().set_current(pane.grid().entries[0])
    assert pane.current_id() is None


def test_the_filter_holds_in_the_calendar_too(agenda: Agenda) -> None:
    agenda.add("Visita", 1, time=T(10))
    agenda.add("Enviar", 1, kind="task")
    page = agenda.page()
    pane = agenda.show(page, "week")
    assert len(pane.grid().entries) == 2
    page.search("visita")
    agenda.desk.qtbot.waitUntil(lambda: [e.title for e in pane.grid().entries] == ["Visita"], timeout=WAIT)


def test_what_is_written_elsewhere_shows(agenda: Agenda) -> None:
    pane = agenda.show(agenda.page(), "week")
    agenda.desk.context.bridge.write(_add, lambda _done: None, agenda.desk.context.bridge)
    agenda.desk.qtbot.waitUntil(lambda: len(pane.grid().entries) == 1, timeout=WAIT)


def _add(session):
    draft = records.blank(session, "calendar_item").draft
    draft.values |= {"subject": "Visita", "date": TODAY, "time": T(9)}
    return saving.save(session, draft).id


@pytest.mark.parametrize(("kind", "there", "gone"), [("event", "hold", "complete"), ("task", "complete", "hold")])
def test_the_menu_offers_what_its_kind_can(agenda: Agenda, kind: str, there: str, gone: str) -> None:
    ident = agenda.add("Algo", 1, kind=kind, time=T(10))
    page = agenda.page()
    pane = agenda.show(page, "week")
    menu = page.companion.make_menu(pane.grid().entries[0])  # type: ignore[union-attr]
    texts = [action.text() for action in menu.actions()]
    wanted = {"hold": "Marcar como mantenido", "complete": "Marcar como completada"}
    assert wanted[there] in texts
    assert wanted[gone] not in texts
    next(action for action in menu.actions() if action.text() == wanted[there]).trigger()
    done = {"event": lambda: agenda.item(ident).event_status, "task": lambda: agenda.item(ident).task_status}[kind]
    agenda.desk.qtbot.waitUntil(lambda: str(done()) in ("held", "completed"), timeout=WAIT)


def test_an_empty_place_has_a_menu_too(agenda: Agenda) -> None:
    page = agenda.page()
    agenda.show(page, "week")
    page.companion._show_menu(None, QPoint(10, 10))  # type: ignore[union-attr]
    menus = [menu for menu in page.findChildren(QMenu, "calendar_menu") if menu.isVisible()]
    assert [action.text() for action in menus[0].actions()] == ["Añadir", "Añadir tarea"]
