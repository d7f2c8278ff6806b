"""The field row with its names, and the grid that answers to the width."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea

from ui.widgets.editor import Editor
from ui.widgets.field_row import FULL, Card, FieldRow, FormGrid
from ui.widgets.text_editors import LineEditor


def test_names_for_tests_and_screen_readers(stage):
    row = FieldRow("email", "Correo", LineEditor(), required=True, help="Uno solo")
    made = stage(row)
    editor = made.window.findChild(Editor, "field_email")
    assert editor is row.editor
    assert row.label.buddy() is editor
    assert row.label.text() == "Correo *"
    assert editor.accessibleName() == "Correo (obligatorio)"
    assert isinstance(editor, LineEditor)
    assert editor.line.accessibleName() == "Correo (obligatorio)"
    row.set_error("No es una dirección de correo.")
    error = made.window.findChild(QLabel, "error_email")
    assert error is not None
    assert error.isVisible()
    assert error.text() == "No es una dirección de correo."
    assert editor.line.accessibleDescription() == error.text()
    assert row.help_label is not None
    assert not row.help_label.isVisible()
    row.set_error(None)
    assert not error.isVisible()
    assert row.help_label.isVisible()


def test_an_ampersand_is_no_shortcut(stage):
    row = FieldRow("rd", "I&D", LineEditor())
    stage(row)
    assert row.label.text() == "I&&D"


def test_a_message_of_the_form_stays_until_the_user_changes_the_value(stage):
    row = FieldRow("code", "Código", LineEditor())
    stage(row)
    row.set_error("Ya existe.")
    row.editor.focus()
    assert isinstance(row.editor, LineEditor)
    QTest.keyClick(row.editor.line, Qt.Key.Key_Return)
    assert row.error() == "Ya existe."
    QTest.keyClick(row.editor.line, Qt.Key.Key_A)
    assert row.error() == ""


def _grid(count: int, **options) -> tuple[FormGrid, list[FieldRow]]:
    grid = FormGrid(**options)
    rows = [FieldRow(f"f{number}", f"Campo {number}", LineEditor()) for number in range(count)]
    for row in rows:
        grid.add(row)
    return grid, rows


@pytest.mark.parametrize(("width", "columns"), [(300, 1), (500, 2), (900, 3), (2000, 3)])
def test_as_many_columns_as_have_room(stage, qtbot, width, columns):
    grid, rows = _grid(6)
    made = stage(grid)
    made.window.resize(width, 400)
    assert grid.columns() == columns
    qtbot.waitUntil(lambda: len({row.x() for row in rows}) == columns)
    assert max(row.geometry().right() for row in rows) < grid.width()


def test_spans_and_new_lines(stage, qtbot):
    grid = FormGrid(columns=3)
    rows = [FieldRow(name, name, LineEditor()) for name in ("a", "b", "c", "d")]
    grid.add(rows[0], 2)
    grid.add(rows[1], 2)
    grid.add(rows[2], FULL)
    grid.add(rows[3], new_row=True)
    made = stage(grid)
    made.window.resize(900, 400)
    qtbot.waitUntil(lambda: rows[3].width() < rows[0].width() < rows[2].width() == grid.width())
    assert rows[0].y() < rows[1].y() < rows[2].y() < rows[3].y()


def test_hidden_fields_leave_no_hole(stage):
    grid, rows = _grid(3)
    made = stage(grid)
    made.window.resize(500, 400)
    rows[0].hide()
    grid.rearrange()
    made.window.layout().activate()
    assert rows[1].y() == rows[2].y() == 0
    rows[0].show()
    grid.rearrange()
    assert [grid.fields().index(row) for row in rows] == [0, 1, 2]


def test_the_grid_gives_way_to_a_narrow_window(stage):
    grid, _rows = _grid(6)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(grid)
    made = stage(scroll)
    made.window.resize(900, 300)
    assert grid.columns() == 3
    made.window.resize(320, 300)
    assert grid.columns() == 1
    assert grid.width() <= scroll.viewport().width()


def test_emptied_and_filled_anew(stage):
    grid, _rows = _grid(4)
    stage(grid)
    grid.clear()
    fresh = FieldRow("x", "X", LineEditor())
    grid.add(fresh)
    assert grid.fields() == [fresh]


def test_a_card_names_its_section(stage):
    card = Card("Datos del cliente")
    stage(card)
    assert card.title_label.text() == "DATOS DEL CLIENTE"
    assert card.accessibleName() == "Datos del cliente"
    card.set_title("")
    assert not card.title_label.isVisible()
