"""Several things chosen, by typing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from tests.ui.widgets.keys import type_text
from ui.widgets.field_row import FULL, FieldRow, FormGrid
from ui.widgets.suggest import FREE, NEW, Option, among
from ui.widgets.tags_editor import Tag, TagsEditor

CATALOGUE = [Option(1, "Enviar catálogo"), Option(2, "Enviar oferta"), Option(3, "Llamar")]
SEND = Tag(1, "Enviar catálogo")


def _typed(editor: TagsEditor, text: str) -> None:
    type_text(editor.line, text)
    editor.pump.hurry()


def _ready(stage, **options) -> TagsEditor:
    editor = TagsEditor(among(CATALOGUE), **options)
    stage(editor)
    editor.focus()
    return editor


def test_enter_adds_the_suggestion(stage, qtbot):
    editor = _ready(stage)
    _typed(editor, "cata")
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.value() == [SEND]
    assert editor.line.text() == ""
    assert editor.line.hasFocus()


def test_a_text_of_ones_own_is_the_last_entry(stage):
    editor = _ready(stage)
    _typed(editor, "enviar")
    assert editor.popup.entries() == [CATALOGUE[0], CATALOGUE[1], FREE]
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.value() == [Tag(None, "enviar")]


def test_the_name_of_an_entry_is_that_entry(stage):
    editor = _ready(stage)
    type_text(editor.line, "llamar")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.value() == [Tag(3, "Llamar")]


def test_tab_takes_the_suggestion_and_goes_on(stage):
    editor = TagsEditor(among(CATALOGUE))
    made = stage(editor)
    editor.focus()
    _typed(editor, "cata")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.value() == [SEND]
    assert made.after.hasFocus()


def test_leaving_keeps_a_text_of_ones_own(stage, qtbot):
    editor = TagsEditor(among(CATALOGUE))
    made = stage(editor)
    editor.focus()
    type_text(editor.line, "pasar por la tienda")
    assert editor.value() == [Tag(None, "pasar por la tienda")]
    with qtbot.waitSignal(editor.committed):
        made.after.setFocus()
    assert editor.value() == [Tag(None, "pasar por la tienda")]
    assert editor.line.text() == ""


def test_without_free_text_leaving_says_what_is_wrong(stage):
    editor = TagsEditor(among(CATALOGUE), free=False)
    made = stage(editor)
    editor.focus()
    _typed(editor, "zzz")
    made.after.setFocus()
    assert editor.value() == []
    assert editor.problem() == "«zzz» no está en la lista."


def test_backspace_takes_the_last_one_away(stage, qtbot):
    editor = _ready(stage)
    editor.set_value([SEND, Tag(None, "otra")])
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert editor.value() == [SEND]


def test_the_cross_of_a_chip_takes_it_away(stage):
    editor = _ready(stage)
    editor.set_value([SEND, Tag(None, "otra")])
    chip = editor._chips[0]
    cross = chip.findChild(QToolButton)
    assert cross is not None
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert editor.value() == [Tag(None, "otra")]


@pytest.mark.parametrize("again", [SEND, Tag(None, "OTRA")])
def test_nothing_is_added_twice(stage, qtbot, again):
    editor = _ready(stage)
    editor.set_value([SEND, Tag(None, "otra")])
    with qtbot.assertNotEmitted(editor.changed):
        editor.add(again)
    assert len(editor.value()) == 2


def test_what_is_chosen_is_not_offered_again(stage):
    editor = _ready(stage)
    editor.set_value([SEND])
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    assert editor.popup.options() == CATALOGUE[1:]
    QTest.keyClick(editor.line, Qt.Key.Key_Escape)
    assert not editor.is_listing()


def test_new_entries_are_asked_for(stage, qtbot):
    editor = _ready(stage, creatable=True, free=False)
    _typed(editor, "Visitar la feria")
    assert editor.popup.current() == NEW
    with qtbot.waitSignal(editor.create_requested) as asked:
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert asked.args == ["Visitar la feria"]


def test_read_only_shows_chips_without_crosses(stage):
    editor = _ready(stage)
    editor.set_value([SEND])
    editor.set_read_only(True)
    QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert editor.value() == [SEND]
    cross = editor._chips[0].findChild(QToolButton)
    assert cross is not None
    assert not cross.isVisible()


def test_many_chips_make_more_lines(stage, qtbot):
    editor = TagsEditor(among(CATALOGUE))
    grid = FormGrid()
    grid.add(FieldRow("actions", "Acciones", editor), FULL)
    stage(grid)
    low = editor.height()
    editor.set_value([Tag(None, f"acción número {number}") for number in range(12)])
    qtbot.waitUntil(lambda: editor.height() > 2 * low)
    assert all(chip.geometry().bottom() <= editor.field.height() for chip in editor._chips)
    editor.set_value([])
    qtbot.waitUntil(lambda: editor.height() == low)
