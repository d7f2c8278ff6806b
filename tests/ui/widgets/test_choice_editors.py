"""Choosing from a few entries without the mouse."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.widgets.keys import type_text
from ui.widgets.choice_editors import Choice, ChoiceEditor, TwoWayEditor, YesNoEditor, find_label
from ui.widgets.multi_choice import MultiChoiceEditor

TYPES = [
    Choice("email", "Email", "email"),
    Choice("visit", "Visita", "visit"),
    Choice("phone", "Teléfono", "phone"),
    Choice("demo", "Demostración", "demo"),
    Choice("web", "Página web", "web"),
]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("vi", "visit"), ("TELE", "phone"), ("telé", "phone"), ("web", "web"), ("pág", "web"), ("zz", None)],
)
def test_typing_selects_without_accents(stage, qtbot, typed, key):
    editor = ChoiceEditor(TYPES)
    stage(editor)
    editor.focus()
    type_text(editor.combo, typed)
    assert editor.value() == key


@pytest.mark.parametrize(
    ("typed", "current", "found"), [("d", 0, 1), ("dd", 1, 2), ("d", 2, 1), ("do", 0, 1), ("c", 0, None), ("s", 0, 1)]
)
def test_a_repeated_letter_goes_round(typed, current, found):
    assert find_label(["", "Dos", "Diez"], typed, current) == found


def test_arrows_change_and_delete_empties(stage, qtbot):
    editor = ChoiceEditor(TYPES)
    stage(editor)
    editor.focus()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.combo, Qt.Key.Key_Down)
    assert editor.value() == "email"
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.combo, Qt.Key.Key_Delete)
    assert editor.value() is None


def _wheel(widget) -> None:
    centre = QPointF(widget.rect().center())
    QApplication.sendEvent(
        widget,
        QWheelEvent(
            centre,
            widget.mapToGlobal(centre),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_the_wheel_changes_only_what_has_the_focus(stage):
    editor = ChoiceEditor(TYPES)
    stage(editor)
    editor.set_value("email")
    _wheel(editor.combo)
    assert editor.value() == "email"
    editor.focus()
    _wheel(editor.combo)
    assert editor.value() == "visit"


def test_an_entry_no_longer_offered_is_kept():
    editor = ChoiceEditor(TYPES)
    editor.set_value("telex")
    assert editor.value() == "telex"
    editor.set_choices(TYPES[:2])
    assert editor.value() == "telex"


def test_read_only_takes_no_keys(stage):
    editor = ChoiceEditor(TYPES)
    stage(editor)
    editor.set_value("visit")
    editor.set_read_only(True)
    editor.focus()
    QTest.keyClick(editor.combo, Qt.Key.Key_Down)
    type_text(editor.combo, "email")
    assert editor.value() == "visit"


def test_several_are_ticked_from_the_keyboard(stage, qtbot):
    editor = MultiChoiceEditor(TYPES, empty="Todos")
    stage(editor)
    assert editor.button.full == "Todos"
    editor.focus()
    QTest.keyClick(editor.button, Qt.Key.Key_Down)
    rows = editor.popup.list
    assert editor.popup.isVisible()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(rows, Qt.Key.Key_Space)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert not editor.popup.isVisible()
    assert editor.value() == ["email", "visit"]
    assert editor.button.full == "Email, Visita"
    editor.set_value(["web", "email", "demo"])
    assert editor.button.full == "3 elegidos"
    assert editor.value() == ["email", "demo", "web"]
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.button, Qt.Key.Key_Delete)
    assert editor.value() == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_F4, Qt.Key.Key_Return])
def test_the_list_drops_down_and_escape_closes_it(stage, key):
    editor = MultiChoiceEditor(TYPES)
    stage(editor)
    editor.focus()
    QTest.keyClick(editor.button, key)
    assert editor.popup.isVisible()
    QTest.keyClick(editor.popup.list, Qt.Key.Key_Escape)
    assert not editor.popup.isVisible()


def test_a_click_on_the_words_ticks_once(stage):
    editor = MultiChoiceEditor(TYPES)
    stage(editor)
    editor.open_list()
    rows = editor.popup.list
    rect = rows.visualItemRect(rows.item(1))
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert editor.value() == ["visit"]
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert editor.value() == []
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 11, rect.center().y()))
    assert editor.value() == ["visit"]


def test_what_is_chosen_and_not_offered_stays_chosen(stage):
    editor = MultiChoiceEditor(TYPES)
    stage(editor)
    editor.set_value(["telex", "email"])
    editor.open_list()
    QTest.keyClick(editor.popup.list, Qt.Key.Key_Space)
    assert editor.value() == ["telex"]


def test_yes_and_no(stage, qtbot):
    editor = YesNoEditor()
    stage(editor)
    assert editor.value() is False
    assert editor.box.text() == "No"
    editor.focus()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.box, Qt.Key.Key_Space)
    assert editor.value() is True
    assert editor.box.text() == "Sí"
    editor.set_read_only(True)
    with qtbot.assertNotEmitted(editor.changed):
        QTest.keyClick(editor.box, Qt.Key.Key_Space)
    assert editor.value() is True


def test_two_ways_change_over_with_the_arrows(stage, qtbot):
    editor = TwoWayEditor(Choice("us", "Nosotros"), Choice("them", "Ellos"))
    stage(editor)
    assert editor.value() is None
    editor.set_value("us")
    editor.focus()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.buttons["us"], Qt.Key.Key_Right)
    assert editor.value() == "them"
    editor.set_value(None)
    assert editor.value() is None
