"""Picking a record by typing, with answers that come at once, late, or out of order."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.widgets.keys import type_text
from ui.widgets.field_row import FieldRow
from ui.widgets.link_editor import LinkEditor
from ui.widgets.suggest import NEW, Option, among

RUIZ = Option(1, "Talleres Ruiz", "C-00012 · Alicante", "client")
SONS = Option(3, "Ruiz e Hijos, S. A.", "Murcia", "client")
HOTEL = Option(2, "Hotel Azahar", "Valencia", "client")
CLIENTS = [RUIZ, HOTEL, SONS]


class Later:
    """A search whose answers the test gives when it likes."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Callable[[list[Option]], None]]] = []

    def __call__(self, text: str, deliver: Callable[[list[Option]], None]) -> None:
        self.asked.append((text, deliver))


def _typed(editor: LinkEditor, text: str) -> None:
    type_text(editor.line, text)
    editor.pump.hurry()


def test_typing_waits_for_a_pause_before_it_asks(stage, qtbot):
    later = Later()
    editor = LinkEditor(later)
    stage(editor)
    editor.focus()
    type_text(editor.line, "rui")
    assert later.asked == []
    qtbot.waitUntil(lambda: len(later.asked) == 1)
    assert later.asked[0][0] == "rui"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_enter_and_tab_take_the_entry(stage, qtbot, key):
    editor = LinkEditor(among(CLIENTS))
    made = stage(editor)
    editor.focus()
    _typed(editor, "ruiz")
    assert editor.popup.options() == [SONS, RUIZ]
    assert editor.line.hasFocus()
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, key)
    assert editor.value() == 1
    assert editor.option() == RUIZ
    assert editor.line.text() == "Talleres Ruiz"
    assert not editor.is_listing()
    assert made.after.hasFocus() == (key == Qt.Key.Key_Tab)


def test_down_lists_the_recent_ones_and_escape_closes(stage):
    editor = LinkEditor(among(CLIENTS))
    stage(editor)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    assert editor.popup.options() == CLIENTS
    QTest.keyClick(editor.line, Qt.Key.Key_Escape)
    assert not editor.is_listing()
    assert editor.value() is None


def test_accents_do_not_matter(stage):
    editor = LinkEditor(among([Option(9, "Peñón Ámbar")]))
    stage(editor)
    editor.focus()
    _typed(editor, "amb")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.value() == 9


def test_a_late_answer_to_an_old_question_is_dropped(stage):
    later = Later()
    editor = LinkEditor(later)
    stage(editor)
    editor.focus()
    _typed(editor, "ho")
    _typed(editor, "t")
    (_, first), (_, second) = later.asked
    second([HOTEL])
    first(CLIENTS)
    assert editor.popup.options() == [HOTEL]


def test_enter_before_the_answer_takes_the_first_of_it(stage, qtbot):
    later = Later()
    editor = LinkEditor(later)
    stage(editor)
    editor.focus()
    type_text(editor.line, "hotel")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.value() == "hotel"
    with qtbot.waitSignals([editor.changed, editor.committed]):
        later.asked[-1][1]([HOTEL])
    assert editor.value() == 2


def test_leaving_before_the_answer_takes_what_can_only_be_meant(stage, qtbot):
    later = Later()
    editor = LinkEditor(later)
    row = FieldRow("client", "Cliente", editor)
    made = stage(row)
    editor.focus()
    type_text(editor.line, "hotel")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert made.after.hasFocus()
    assert row.error() == ""
    with qtbot.waitSignal(editor.committed):
        later.asked[-1][1]([HOTEL])
    assert editor.value() == 2
    assert row.error() == ""


def test_leaving_with_several_meanings_says_so(stage):
    later = Later()
    editor = LinkEditor(later)
    row = FieldRow("client", "Cliente", editor)
    stage(row)
    editor.focus()
    type_text(editor.line, "ruiz")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    later.asked[-1][1]([RUIZ, SONS])
    assert editor.value() == "ruiz"
    assert "Hay 2" in row.error()


def test_a_name_nobody_has_stays_as_typed_with_a_message(stage):
    editor = LinkEditor(among(CLIENTS))
    row = FieldRow("client", "Cliente", editor)
    stage(row)
    editor.focus()
    _typed(editor, "zzz")
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.value() == "zzz"
    assert row.error() == "No hay ninguno con ese nombre."


def test_new_asks_for_a_record_with_the_text_typed(stage, qtbot):
    editor = LinkEditor(among(CLIENTS), creatable=True)
    stage(editor)
    editor.focus()
    _typed(editor, "Bodegas")
    assert editor.popup.current() == NEW
    with qtbot.waitSignal(editor.create_requested) as asked:
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert asked.args == ["Bodegas"]
    with qtbot.waitSignal(editor.changed):
        editor.pick(Option(7, "Bodegas Mar"))
    assert editor.value() == 7


def test_tab_never_creates(stage, qtbot):
    editor = LinkEditor(among(CLIENTS), creatable=True)
    made = stage(editor)
    editor.focus()
    _typed(editor, "Bodegas")
    with qtbot.assertNotEmitted(editor.create_requested):
        QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert made.after.hasFocus()
    assert editor.value() == "Bodegas"


def test_changing_the_text_of_a_record_unlinks_it(stage):
    editor = LinkEditor(among(CLIENTS))
    stage(editor)
    editor.set_value(RUIZ)
    editor.line.setFocus()
    QTest.keyClick(editor.line, Qt.Key.Key_End)
    QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert editor.value() == "Talleres Rui"
    assert editor.option() is None


def test_emptying_is_none_and_the_cross_clears(stage, qtbot):
    editor = LinkEditor(among(CLIENTS))
    stage(editor)
    editor.set_value(RUIZ)
    editor.focus()
    QTest.keyClick(editor.line, Qt.Key.Key_Delete)
    assert editor.value() is None
    editor.set_value(RUIZ)
    with qtbot.waitSignal(editor.changed):
        QTest.mouseClick(editor._clear_button, Qt.MouseButton.LeftButton)
    assert editor.value() is None


def test_the_record_opens_by_key_and_button(stage, qtbot):
    editor = LinkEditor(among(CLIENTS))
    stage(editor)
    editor.set_value(HOTEL)
    editor.set_read_only(True)
    editor.focus()
    with qtbot.waitSignal(editor.open_requested) as asked:
        QTest.keyClick(editor.line, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [2]
    with qtbot.waitSignal(editor.open_requested):
        QTest.mouseClick(editor._open_button, Qt.MouseButton.LeftButton)


def test_an_id_gets_its_name_at_once_or_later(stage):
    answers: list[Callable[[Option | None], None]] = []
    editor = LinkEditor(among(CLIENTS), resolve=lambda _id, deliver: answers.append(deliver))
    stage(editor)
    editor.set_value(2)
    assert (editor.value(), editor.line.text()) == (2, "n.º 2")
    answers[0](HOTEL)
    assert (editor.value(), editor.line.text()) == (2, "Hotel Azahar")
    quick = LinkEditor(among(CLIENTS), resolve=lambda _id, deliver: deliver(HOTEL))
    quick.set_value(2)
    assert quick.line.text() == "Hotel Azahar"
    editor.set_value(RUIZ)
    answers[0](HOTEL)
    assert editor.value() == 1


def test_a_click_takes_without_losing_the_focus(stage, qtbot):
    editor = LinkEditor(among(CLIENTS))
    stage(editor)
    editor.focus()
    _typed(editor, "hotel")
    view = editor.popup.view
    with qtbot.waitSignal(editor.changed):
        QTest.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0, 0)).center()
        )
    assert editor.value() == 2
    assert editor.line.hasFocus()


def test_the_list_goes_with_the_focus(stage):
    editor = LinkEditor(among(CLIENTS))
    made = stage(editor)
    editor.focus()
    _typed(editor, "ruiz")
    assert editor.is_listing()
    made.before.setFocus()
    assert not editor.is_listing()


def test_an_answer_for_a_closed_window_is_harmless(stage, qtbot):
    later = Later()
    editor = LinkEditor(later)
    stage(editor)
    editor.focus()
    _typed(editor, "ho")
    with qtbot.waitSignal(editor.destroyed):
        editor.deleteLater()
    later.asked[0][1]([HOTEL])
