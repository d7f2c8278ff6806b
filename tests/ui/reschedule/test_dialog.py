"""Cambiar fecha on the screen: what is shown is what is written, and all of it from the keyboard."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oficrm import deleting, undo
from tests.support.desk import WAIT, Desk
from ui.reschedule.dialog import MEMORY_KEY, ChangeDateDialog
from ui.reschedule.model import AFTER, BEFORE, CLIENT, DAYS, REMARK


@pytest.fixture
def ids(desk: Desk) -> list[int]:
    return desk.open_ids(20)


@pytest.fixture
def dialog(desk: Desk, ids: list[int]) -> ChangeDateDialog:
    made = ChangeDateDialog(desk.context, ids)
    desk.show(made)
    return made


def type_in(text: str) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, text)


def cell(dialog: ChangeDateDialog, row: int, column: int) -> str:
    return str(dialog.model.index(row, column).data())


def settle(desk: Desk, dialog: ChangeDateDialog) -> None:
    desk.qtbot.waitUntil(dialog.is_ready, timeout=WAIT)


def test_opens_on_a_preview_of_every_row(dialog: ChangeDateDialog) -> None:
    assert dialog.windowTitle() == "Cambiar fecha de 20 contactos"
    assert dialog.model.rowCount() == 20
    preview = dialog.preview()
    assert preview is not None
    for row in range(20):
        subject = preview.selection.subjects[row]
        after = preview.after.get(subject.id)
        assert cell(dialog, row, CLIENT) == subject.client
        assert cell(dialog, row, BEFORE).startswith(("lunes", "martes", "miércoles", "jueves", "viernes", "sábado",
                                                     "domingo"))  # fmt: skip
        assert (cell(dialog, row, AFTER) == "se queda") == (after is None)
        if after is not None:
            assert int(cell(dialog, row, DAYS)) == (after - subject.date).days
    assert dialog.accept_button.text().startswith(f"Cambiar {len(preview.rows)} fechas")
    assert dialog.foot.sentence.text()


def test_twenty_dates_from_the_keyboard_and_back(desk: Desk, dialog: ChangeDateDialog, ids: list[int]) -> None:
    before = desk.dates(ids)
    type_in("3")  # the distance is selected when the dialog opens
    settle(desk, dialog)
    preview = dialog.preview()
    assert preview is not None
    with desk.qtbot.waitSignal(dialog.applied, timeout=WAIT) as applied:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert list(applied.args[0]) == [row.id for row in preview.rows]
    assert desk.dates(ids) == before | dict(preview.after)
    ((text, operation_id),) = desk.noted.notices
    assert text == f"{len(preview.rows)} fechas cambiadas."
    assert operation_id is not None
    assert not dialog.isVisible()
    assert desk.context.memory.get(MEMORY_KEY)["amount"] == 3

    desk.jobs.write(lambda session: undo.undo(session, operation_id)).result()
    assert desk.dates(ids) == before


def test_typing_in_a_way_chooses_it(desk: Desk, dialog: ChangeDateDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert dialog.ways.way() == "date"
    type_in("8/12")
    settle(desk, dialog)
    preview = dialog.preview()
    assert preview is not None
    assert set(preview.after.values()) == {dt.date(2026, 12, 9)}
    assert "Salta Inmaculada Concepción" in {cell(dialog, row, REMARK) for row in range(20)}
    QTest.keyClick(dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    desk.qtbot.waitUntil(lambda: not dialog.options.holidays.isChecked(), timeout=WAIT)
    settle(desk, dialog)
    assert set(dialog.preview().after.values()) == {dt.date(2026, 12, 8)}  # type: ignore[union-attr]
    assert "Cae en Inmaculada Concepción" in {cell(dialog, row, REMARK) for row in range(20)}

    QTest.keyClick(dialog, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    type_in("30/11")
    QTest.keyClick(dialog.ways.start.line, Qt.Key.Key_Tab)
    type_in("4")
    settle(desk, dialog)
    preview = dialog.preview()
    assert preview is not None
    assert max(load.after for load in preview.loads if load.date >= dt.date(2026, 11, 30)) == 4
    assert dialog.loads.bars.isVisible()


def test_what_cannot_be_read_is_said_and_nothing_can_be_written(desk: Desk, dialog: ChangeDateDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    for text, said in (("31/2", "Febrero"), ("algo", "No es una fecha"), ("1/1/0001", "")):
        dialog.ways.date.line.selectAll()
        type_in(text)
        assert not dialog.accept_button.isEnabled()
        problem = dialog.ways.cards["date"].problem
        assert problem.isVisible()
        assert said in problem.text()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    type_in("99999")
    assert "diez años" in dialog.ways.cards["shift"].problem.text()
    dialog.ways.cap.put(0)
    assert "de 1 a 999" in dialog.ways.cards["spread"].problem.text()


def test_a_row_changed_by_somebody_else_is_named(desk: Desk, dialog: ChangeDateDialog, ids: list[int]) -> None:
    preview = dialog.preview()
    assert preview is not None
    moved, deleted = preview.rows[0], preview.rows[1]
    desk.save("contact", moved.id, date=dt.date(2026, 12, 16), next_at=None, closed_on=None)
    desk.jobs.write(lambda s: deleting.delete(s, "contact", [deleted.id], frozenset({"dependents"}))).result()
    before = desk.dates(ids)
    dialog.accept_button.click()
    desk.qtbot.waitUntil(dialog.overtaken.isVisible, timeout=WAIT)
    lines = [dialog.overtaken.list.item(row).text() for row in range(dialog.overtaken.list.count())]
    assert any("luis lo pasó al mié 16 dic" in line for line in lines)
    assert any("ana lo borró" in line for line in lines)
    assert desk.dates(ids) == before
    assert not dialog.accept_button.isEnabled()

    QTest.keyClick(dialog, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    desk.qtbot.waitUntil(lambda: dialog.overtaken.isHidden() and dialog.is_ready(), timeout=WAIT)
    assert dialog.model.rowCount() == 19
    assert "Cambió mientras tanto" in {cell(dialog, row, REMARK) for row in range(19)}
    with desk.qtbot.waitSignal(dialog.applied, timeout=WAIT):
        dialog.accept_button.click()
    assert desk.dates([moved.id])[moved.id] > dt.date(2026, 12, 16)


def test_a_change_from_another_window_is_shown_at_once(desk: Desk, dialog: ChangeDateDialog, ids: list[int]) -> None:
    desk.context.bridge.write(
        lambda s: deleting.delete(s, "contact", [ids[0]], frozenset({"dependents"})), lambda _done: None, dialog.foot,
    )  # fmt: skip
    desk.qtbot.waitUntil(lambda: dialog.model.rowCount() == 19 and dialog.is_ready(), timeout=WAIT)
    assert dialog.bars.has("gone")


def test_all_loaded_ones_by_a_switch(desk: Desk, ids: list[int]) -> None:
    loaded = [*ids, *desk.open_ids(60)[20:24]]
    dialog = ChangeDateDialog(desk.context, ids[:3], loaded)
    desk.show(dialog)
    assert dialog.model.rowCount() == 3
    assert dialog.scope.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    desk.qtbot.waitUntil(lambda: dialog.model.rowCount() == len(loaded) and dialog.is_ready(), timeout=WAIT)
    assert dialog.windowTitle() == f"Cambiar fecha de {len(loaded)} contactos"


def test_the_rows_shown_can_be_narrowed(desk: Desk, dialog: ChangeDateDialog) -> None:
    dialog.ways.amount.put(0)
    settle(desk, dialog)
    assert not dialog.accept_button.isEnabled()
    dialog.which.buttons["stays"].click()
    assert dialog.model.rowCount() == 20
    dialog.which.buttons["moves"].click()
    assert dialog.model.rowCount() == 0
    dialog.ways.amount.put(2)
    settle(desk, dialog)
    assert dialog.model.rowCount() == len(dialog.preview().rows)  # type: ignore[union-attr]


def test_the_last_way_comes_back(desk: Desk, ids: list[int]) -> None:
    desk.context.memory.put(MEMORY_KEY, {"way": "spread", "cap": 6, "holidays": False, "amount": "nonsense"})
    dialog = ChangeDateDialog(desk.context, ids)
    desk.show(dialog)
    assert dialog.ways.way() == "spread"
    assert dialog.ways.cap.value() == 6
    assert not dialog.options.holidays.isChecked()


def test_it_cannot_be_left_while_it_is_written(desk: Desk, dialog: ChangeDateDialog) -> None:
    with desk.qtbot.waitSignal(dialog.applied, timeout=WAIT):
        dialog.accept_button.click()
        dialog.reject()
        event = QCloseEvent()
        dialog.closeEvent(event)
        assert dialog.isVisible()
        assert not event.isAccepted()


def test_escape_leaves_everything_as_it_was(desk: Desk, dialog: ChangeDateDialog, ids: list[int]) -> None:
    before = desk.dates(ids)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert desk.dates(ids) == before
