"""Text and numbers: what is typed, what comes out, when it is said."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.widgets.keys import type_text
from ui.widgets.field_row import FieldRow
from ui.widgets.text_editors import BlockEditor, LineEditor, MoneyEditor, NumberEditor


def test_line_delivers_text_and_none_when_blank(stage):
    editor = LineEditor()
    stage(editor)
    editor.focus()
    type_text(editor.line, "  ")
    assert editor.value() is None
    type_text(editor.line, "Ruiz")
    assert editor.value() == "  Ruiz"


def test_typing_says_changed_and_setting_does_not(stage, qtbot):
    editor = LineEditor()
    stage(editor)
    with qtbot.assertNotEmitted(editor.changed):
        editor.set_value("x")
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, Qt.Key.Key_A)


def test_enter_and_leaving_commit(stage, qtbot):
    editor = LineEditor()
    made = stage(editor)
    editor.focus()
    with qtbot.waitSignal(editor.committed):
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    with qtbot.waitSignal(editor.committed):
        QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert made.after.hasFocus()


def test_an_overlong_text_is_not_cut_in_silence():
    editor = LineEditor()
    editor.set_value("x" * 40_000)
    assert editor.value() == "x" * 40_000


def test_read_only_can_be_read_but_not_changed(stage):
    editor = LineEditor()
    stage(editor)
    editor.set_value("C-1")
    editor.set_read_only(True)
    type_text(editor.line, "9")
    assert editor.value() == "C-1"
    assert editor.line.property("locked") == "true"


def test_tab_leaves_a_block_of_text(stage, qtbot):
    editor = BlockEditor()
    made = stage(editor)
    editor.focus()
    type_text(editor.block, "uno")
    QTest.keyClick(editor.block, Qt.Key.Key_Return)
    type_text(editor.block, "dos")
    with qtbot.waitSignal(editor.committed):
        QTest.keyClick(editor.block, Qt.Key.Key_Tab)
    assert made.after.hasFocus()
    assert editor.value() == "uno\ndos"


def test_control_enter_is_left_to_the_form(stage):
    editor = BlockEditor()
    stage(editor)
    editor.focus()
    type_text(editor.block, "uno")
    QTest.keyClick(editor.block, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == "uno"


def test_a_block_grows_with_its_text_up_to_a_limit(stage):
    editor = BlockEditor(rows=2, max_rows=4)
    stage(editor)
    low = editor.block.height()
    editor.set_value("1\n2\n3")
    middle = editor.block.height()
    editor.set_value("\n".join(map(str, range(30))))
    assert low < middle < editor.block.height() < 3 * low


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.240,5", Decimal("1240.5")),
        ("1240.5", Decimal("1240.5")),
        ("", None),
        ("doce", "doce"),
        ("-3", Decimal(-3)),
    ],
)
def test_numbers_are_typed_as_in_spain(stage, typed, value):
    editor = NumberEditor()
    stage(editor)
    editor.focus()
    type_text(editor.line, typed)
    assert editor.value() == value


def test_a_number_is_rewritten_when_left_and_keeps_its_precision(stage):
    editor = NumberEditor(decimals=2)
    stage(editor)
    editor.set_value(Decimal("0.12345"))
    assert editor.line.text() == "0,12"
    assert editor.value() == Decimal("0.12345")
    editor.focus()
    type_text(editor.line, "1234,5")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.line.text() == "1.234,50"


def test_too_many_decimals_are_refused_not_rounded():
    editor = MoneyEditor()
    editor.set_value("1,239")
    assert editor.value() == "1,239"
    assert "decimales" in (editor.problem() or "")


def test_a_whole_number_steps_with_the_arrows(stage, qtbot):
    editor = NumberEditor(integer=True)
    stage(editor)
    editor.focus()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor.value() == 1
    QTest.keyClick(editor.line, Qt.Key.Key_PageDown)
    assert editor.value() == -9


@pytest.mark.parametrize(
    ("country", "currency", "typed", "shown", "sign"),
    [
        ("ES", "EUR", "1240,5 €", "1.240,50", "€"),
        ("MX", "MXN", "$1,240.50", "1,240.50", "$"),
    ],
)
def test_money_of_both_countries(stage, country, currency, typed, shown, sign):
    editor = MoneyEditor(currency=currency, country=country)
    stage(editor)
    editor.focus()
    type_text(editor.line, typed)
    editor.commit()
    assert (editor.value(), editor.line.text(), editor.line.echo()) == (Decimal("1240.5"), shown, sign)


def test_the_field_row_says_what_cannot_be_read_and_forgives(stage):
    editor = NumberEditor()
    row = FieldRow("amount", "Importe", editor)
    stage(row)
    editor.focus()
    type_text(editor.line, "doce")
    assert row.error() == ""
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert "No es un número" in row.error()
    assert row.error_label.isVisible()
    assert editor.line.property("error") == "true"
    editor.focus()
    type_text(editor.line, "12")
    assert row.error() == ""
    assert editor.line.property("error") == "false"
