"""Days, times and durations, typed in short forms."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from oficrm.rules.workdays import WorkCalendar
from tests.ui.widgets.keys import type_text
from ui.widgets.date_editors import DateEditor, DurationEditor, TimeEditor
from ui.widgets.field_row import FULL, FieldRow, FormGrid

TODAY = dt.date(2026, 11, 21)


def day_editor(**options) -> DateEditor:
    return DateEditor(today=lambda: TODAY, **options)


@pytest.mark.parametrize(
    ("typed", "day", "echo"),
    [
        ("+1s", dt.date(2026, 11, 28), "sáb 28 nov"),
        ("lun", dt.date(2026, 11, 23), "lun 23 nov"),
        ("15/3", dt.date(2026, 3, 15), "dom 15 mar"),
        ("mañana", dt.date(2026, 11, 22), "dom 22 nov"),
        ("15/3/27", dt.date(2027, 3, 15), "lun 15 mar 2027"),
    ],
)
def test_quick_words_are_read_at_every_key(stage, typed, day, echo):
    editor = day_editor()
    stage(editor)
    editor.focus()
    type_text(editor.line, typed)
    assert editor.value() == day
    assert editor.line.echo() == echo
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert (editor.line.text(), editor.line.echo()) == (echo, "")
    assert editor.value() == day


def test_an_impossible_day_stays_as_typed_with_its_reason(stage):
    editor = day_editor()
    stage(editor)
    editor.focus()
    type_text(editor.line, "31/02")
    assert editor.value() == "31/02"
    assert "Febrero" in (editor.problem() or "")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.line.text() == "31/02"


def test_emptied_is_none(stage):
    editor = day_editor()
    stage(editor)
    editor.set_value(TODAY)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_Delete)
    assert editor.value() is None


def test_arrows_go_by_days_and_page_keys_by_months(stage, qtbot):
    editor = day_editor()
    stage(editor)
    editor.focus()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor.value() == TODAY
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    QTest.keyClick(editor.line, Qt.Key.Key_PageUp)
    assert editor.value() == dt.date(2026, 12, 22)
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    assert editor.value() == dt.date(2026, 12, 21)


def test_arrows_stop_at_the_end_of_time(stage):
    editor = day_editor()
    stage(editor)
    editor.set_value(dt.date.max)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    QTest.keyClick(editor.line, Qt.Key.Key_PageUp)
    assert editor.value() == dt.date.max


def test_a_time_typed_behind_the_day_goes_out(stage, qtbot):
    editor = day_editor(with_time=True)
    stage(editor)
    editor.focus()
    type_text(editor.line, "mañana 10")
    assert editor.line.echo() == "dom 22 nov 10:00"
    with qtbot.waitSignal(editor.time_typed) as said:
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert said.args == [dt.time(10)]
    assert (editor.value(), editor.line.text()) == (dt.date(2026, 11, 22), "dom 22 nov")


def test_working_days_and_holidays_need_the_calendar(stage):
    editor = day_editor(calendar=WorkCalendar("ES"))
    stage(editor)
    editor.focus()
    type_text(editor.line, "+5l")
    assert editor.value() == dt.date(2026, 11, 27)
    editor.set_value(dt.date(2026, 12, 25))
    assert editor.line.echo() == "Natividad del Señor"


@pytest.mark.parametrize(
    "keys", [(Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)]
)
def test_the_month_opens_from_the_keyboard_and_picks(stage, qtbot, keys):
    editor = day_editor()
    stage(editor)
    editor.set_value(TODAY)
    editor.focus()
    QTest.keyClick(editor.line, *keys)
    month = editor._popup
    assert month is not None
    assert month.isVisible()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_PageDown):
        QTest.keyClick(month.grid, key)
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(month.grid, Qt.Key.Key_Return)
    assert not month.isVisible()
    assert editor.value() == dt.date(2026, 12, 29)
    assert editor.line.text() == "mar 29 dic"


def test_a_click_in_the_month_picks_that_day(stage, qtbot):
    editor = day_editor()
    stage(editor)
    editor.set_value(TODAY)
    editor.open_calendar()
    month = editor._popup
    assert month is not None
    points = ((x, y) for y in range(30, month.grid.height(), 4) for x in range(0, month.grid.width(), 4))
    spot = next(
        point
        for x, y in points
        if month.grid.day_at(point := month.grid.rect().topLeft() + type(month.grid.pos())(x, y))
        == dt.date(2026, 11, 3)
    )
    QTest.mouseClick(month.grid, Qt.MouseButton.LeftButton, pos=spot)
    assert editor.value() == dt.date(2026, 11, 3)


def test_quick_buttons_set_the_day_and_stay_out_of_the_tab_order(stage, qtbot):
    editor = day_editor(quick=True)
    made = stage(editor)
    with qtbot.waitSignals([editor.changed, editor.committed]):
        QTest.mouseClick(editor.quick_buttons[2], Qt.MouseButton.LeftButton)
    assert editor.value() == dt.date(2026, 11, 28)
    assert editor.line.hasFocus()
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert made.after.hasFocus()


@pytest.mark.parametrize(("width", "beside"), [(640, True), (300, False)])
def test_quick_buttons_give_way_to_the_line(stage, qtbot, width, beside):
    editor = day_editor(quick=True)
    grid = FormGrid()
    grid.add(FieldRow("next_at", "Próximo contacto", editor), FULL)
    made = stage(grid)
    made.window.resize(width, 300)
    group = editor.quick_buttons[0].parentWidget()
    assert group is not None
    qtbot.waitUntil(lambda: editor.rect().contains(group.geometry()))
    assert (group.x() > editor.line.geometry().right()) == beside
    assert (group.y() > editor.line.geometry().bottom()) != beside
    assert editor.line.width() > 200


def test_read_only_opens_no_month(stage):
    editor = day_editor(quick=True)
    stage(editor)
    editor.set_value(TODAY)
    editor.set_read_only(True)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_F4)
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor._popup is None
    assert editor.value() == TODAY
    assert not any(button.isVisible() for button in editor.quick_buttons)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("10", dt.time(10)), ("1030", dt.time(10, 30)), ("4 pm", dt.time(16)), ("25", "25"), ("", None)],
)
def test_times(stage, typed, value):
    editor = TimeEditor()
    stage(editor)
    editor.focus()
    type_text(editor.line, typed)
    assert editor.value() == value


def test_a_time_steps_by_five_minutes_around_midnight(stage):
    editor = TimeEditor()
    stage(editor)
    editor.set_value(dt.time(23, 58))
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor.value() == dt.time(0, 3)


@pytest.mark.parametrize(
    ("typed", "value", "echo"),
    [
        ("90", 90, "1 h 30 min"),
        ("1:30", 90, "1 h 30 min"),
        ("1h30", 90, "1 h 30 min"),
        ("45m", 45, "45 min"),
        ("-5", "-5", ""),
        ("99h", "99h", ""),
    ],
)
def test_minutes_in_hours_out(stage, typed, value, echo):
    editor = DurationEditor()
    stage(editor)
    editor.focus()
    type_text(editor.line, typed)
    assert (editor.value(), editor.line.echo()) == (value, echo)
    editor.commit()
    assert editor.line.text() == str(value)


def test_the_timer_adds_the_minutes_of_the_call(stage, qtbot):
    now = [100.0]
    editor = DurationEditor(timer=True, clock=lambda: now[0])
    stage(editor)
    editor.set_value(10)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert editor.is_running()
    now[0] += 151
    editor._show_running()
    assert editor.line.echo() == "02:31"
    with qtbot.waitSignals([editor.timer_changed, editor.changed, editor.committed]):
        QTest.keyClick(editor.line, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert not editor.is_running()
    assert (editor.value(), editor.line.echo()) == (13, "13 min")


def test_without_timer_the_key_does_nothing(stage):
    editor = DurationEditor()
    stage(editor)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert not editor.is_running()
