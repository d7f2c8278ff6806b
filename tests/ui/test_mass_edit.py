"""Cambiar campo on the screen."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.models.client import Client
from db.models.contact import Contact
from oficrm import undo
from tests.support.desk import WAIT, Desk, desk
from ui.mass_edit import MEMORY_KEY, MassEditDialog
from ui.widgets.suggest import Option

__all__ = ["desk"]


@pytest.fixture
def clients(desk: Desk) -> list[int]:
    return [row[0] for row in desk.read(lambda s: s.query(Client.id).order_by(Client.id).limit(6).all())]


@pytest.fixture
def dialog(desk: Desk, clients: list[int]) -> MassEditDialog:
    made = MassEditDialog(desk.context, "client", clients)
    desk.show(made)
    return made


def choose(desk: Desk, dialog: MassEditDialog, name: str) -> Any:
    """Choose a field; return its editor."""
    dialog.choice.set_value(name)
    dialog.choice.changed.emit()
    desk.qtbot.waitUntil(dialog.is_ready, timeout=WAIT)
    assert dialog._row is not None
    return dialog._row.editor


def values(desk: Desk, ids: list[int], attr: str) -> list[Any]:
    return desk.read(lambda s: [getattr(s.get_one(Client, ident), attr) for ident in ids])


def test_a_choice_of_many_and_back(desk: Desk, dialog: MassEditDialog, clients: list[int]) -> None:
    before = values(desk, clients, "sector_id")
    editor = choose(desk, dialog, "sector")
    assert dialog.present.text() == "Ahora: vacío (6)."
    assert not dialog.accept_button.isEnabled()
    editor.pick(Option(1, "Industria"))
    desk.qtbot.waitUntil(lambda: dialog.preview() is not None, timeout=WAIT)
    assert dialog.model.index(0, 2).data() == "Industria"
    assert dialog.accept_button.text().startswith("Cambiar 6 clientes")
    with desk.qtbot.waitSignal(dialog.applied, timeout=WAIT) as applied:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert set(applied.args[0]) == set(clients)
    assert values(desk, clients, "sector_id") == [1] * 6
    ((text, operation_id),) = desk.noted.notices
    assert text == "Cambiar Sector de 6 clientes: hecho."
    assert desk.context.memory.get(MEMORY_KEY) == {"client": "sector"}
    desk.jobs.write(lambda s: undo.undo(s, operation_id or 0)).result()
    assert values(desk, clients, "sector_id") == before


def test_what_is_wrong_is_said_beside_the_value(desk: Desk, dialog: MassEditDialog) -> None:
    editor = choose(desk, dialog, "postal_code")
    editor.set_value("99999")
    editor.changed.emit()
    assert dialog._row is not None
    desk.qtbot.waitUntil(lambda: dialog._row is not None and bool(dialog._row.error()), timeout=WAIT)
    assert not dialog.accept_button.isEnabled()


def test_nothing_is_emptied_by_mistake(desk: Desk, dialog: MassEditDialog, clients: list[int]) -> None:
    choose(desk, dialog, "city")
    assert dialog.preview() is None
    dialog.empty.click()
    desk.qtbot.waitUntil(lambda: dialog.preview() is not None, timeout=WAIT)
    assert dialog.model.index(0, 2).data() == "(vacío)"
    with desk.qtbot.waitSignal(dialog.applied, timeout=WAIT):
        dialog.accept_button.click()
    assert values(desk, clients, "city") == [None] * 6


def test_a_required_field_cannot_be_emptied(desk: Desk, dialog: MassEditDialog) -> None:
    choose(desk, dialog, "name")
    assert dialog.empty.isHidden()


def test_a_record_changed_meanwhile_is_named(desk: Desk, dialog: MassEditDialog, clients: list[int]) -> None:
    editor = choose(desk, dialog, "city")
    editor.set_value("Elche")
    editor.changed.emit()
    desk.qtbot.waitUntil(lambda: dialog.preview() is not None, timeout=WAIT)
    desk.save("client", clients[1], phone="961112233")
    dialog.accept_button.click()
    desk.qtbot.waitUntil(lambda: dialog.bars.has("problem"), timeout=WAIT)
    assert "«Hotel Azahar» cambió mientras tanto" in dialog.bars.bar("problem").label.text()
    dialog.bars.bar("problem").buttons[0].click()
    desk.qtbot.waitUntil(lambda: dialog.preview() is not None, timeout=WAIT)
    with desk.qtbot.waitSignal(dialog.applied, timeout=WAIT):
        dialog.accept_button.click()
    assert values(desk, clients, "city") == ["Elche"] * 6


def test_rules_block_only_those_that_break_them(desk: Desk) -> None:
    ids = [row[0] for row in desk.read(lambda s: s.query(Contact.id).order_by(Contact.id).limit(30).all())]
    dialog = MassEditDialog(desk.context, "contact", ids)
    desk.show(dialog)
    editor = choose(desk, dialog, "closed_on")
    editor.put(desk.read(lambda s: s.get_one(Contact, ids[15]).date))
    desk.qtbot.waitUntil(lambda: dialog.preview() is not None, timeout=WAIT)
    texts = {dialog.model.index(row, 2).data() for row in range(dialog.model.rowCount())}
    assert any(text.startswith("No cambia: La fecha de cierre") for text in texts)
    assert "no pueden cambiar" in dialog.foot.sentence.text()
