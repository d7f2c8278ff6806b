"""Day and hour in one line."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from oficrm.rules.moments import on_the_wall
from tests.ui.widgets.keys import type_text
from ui.widgets.instant_editor import InstantEditor

TODAY = dt.date(2026, 11, 21)


def wall(month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return on_the_wall(dt.date(2026, month, day), dt.time(hour, minute))


@pytest.fixture
def editor(stage):
    made = InstantEditor(today=lambda: TODAY)
    stage(made)
    made.focus()
    return made


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("lun 10:30", wall(11, 23, 10, 30), "lun 23 nov 10:30"),
        ("+1s 9", wall(11, 28, 9), "sáb 28 nov 9:00"),
        ("mañana", wall(11, 22), "dom 22 nov 0:00"),
        ("16:15", wall(11, 21, 16, 15), "sáb 21 nov 16:15"),
    ],
)
def test_both_are_typed_at_once(editor, typed, value, shown):
    type_text(editor.line, typed)
    assert editor.value() == value
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.line.text() == shown
    assert editor.value() == value


def test_what_cannot_be_read_says_so(editor):
    type_text(editor.line, "cuando pueda")
    assert editor.value() == "cuando pueda"
    assert editor.problem()


def test_stepping_keeps_the_hour(editor):
    editor.set_value(wall(11, 30, 10, 30))
    editor.line.stepped.emit(1)
    assert editor.value() == wall(12, 1, 10, 30)
    editor.line.stepped.emit(-6)
    assert editor.value() == wall(11, 1, 10, 30)


def test_a_day_picked_keeps_the_hour(editor):
    editor.set_value(wall(11, 30, 10, 30))
    editor._pick(dt.date(2026, 12, 24))
    assert editor.value() == wall(12, 24, 10, 30)


def test_showing_a_value_does_not_change_it(editor):
    exact = dt.datetime(2026, 3, 1, 9, 15, 42, tzinfo=dt.UTC)
    editor.set_value(exact)
    editor.commit()
    assert editor.value() == exact
