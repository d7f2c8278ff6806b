"""Histórico of a record on the screen: read, filtered, restored."""

import pytest
from PySide6.QtTest import QTest

from db.models.client import Client
from oficrm import deleting
from tests.support.desk import WAIT, Desk
from ui.history.changes_tree import Group
from ui.history.record_history import RecordHistory


@pytest.fixture
def client(desk: Desk) -> int:
    ident = desk.read(lambda s: s.query(Client.id).order_by(Client.id).limit(1).scalar())
    assert ident is not None
    desk.save("client", ident, city="Alboraya", phone="961112233")
    desk.save("client", ident, name="Talleres Ruiz e Hijos", user="marta")
    return int(ident)


@pytest.fixture
def window(desk: Desk, client: int) -> RecordHistory:
    made = RecordHistory(desk.context, "client", client)
    desk.show(made)
    return made


def city(desk: Desk, client: int) -> str | None:
    return desk.read(lambda s: s.get_one(Client, client).city)


def test_operations_newest_first_with_their_fields(window: RecordHistory) -> None:
    assert window.windowTitle() == "Histórico de Talleres Ruiz e Hijos"
    groups = window.tree.groups()
    assert [len(group.entries) for group in groups] == [1, 2, 1]
    assert "marta" in groups[0].heading
    assert window.count.text() == "4 cambios"


def test_it_is_filtered_by_field_and_text(desk: Desk, window: RecordHistory) -> None:
    window.field.set_value("Población")
    window.field.changed.emit()
    assert [entry.after for group in window.tree.groups() for entry in group.entries] == ["Alboraya"]
    assert window.count.text() == "1 de 4 cambios"
    window.empty.button.click()
    QTest.keyClicks(window.search, "ALBORAYA")
    desk.qtbot.waitUntil(lambda: len(window.tree.groups()) == 1, timeout=WAIT)
    window.search.selectAll()
    QTest.keyClicks(window.search, "nada de esto")
    desk.qtbot.waitUntil(lambda: window.stack.currentWidget() is window.empty, timeout=WAIT)
    window.empty.button.click()
    assert len(window.tree.groups()) == 3


def test_a_value_is_restored(desk: Desk, window: RecordHistory, client: int) -> None:
    entry = next(e for group in window.tree.groups() for e in group.entries if e.field == "Población")
    window.tree.choose(entry.change_id)
    assert window.detail.before.toPlainText() == "Alcoy"
    window.detail.button.click()
    desk.qtbot.waitUntil(lambda: len(window.tree.groups()) == 4, timeout=WAIT)
    assert city(desk, client) == "Alcoy"
    ((text, operation_id),) = desk.noted.notices
    assert text == "Valor restaurado."
    assert operation_id is not None
    window.tree.choose(entry.change_id)
    window.detail.button.click()
    desk.qtbot.waitUntil(window.detail.error.isVisible, timeout=WAIT)
    assert "ya tiene ese valor" in window.detail.error.text()


def test_a_version_is_restored_after_a_look_at_what_changes(desk: Desk, window: RecordHistory, client: int) -> None:
    desk.qtbot.waitUntil(lambda: "está así ahora" in window.detail.about.text(), timeout=WAIT)
    assert window.detail.button.isHidden()
    item = window.tree.topLevelItem(2)
    assert item is not None
    window.tree.setCurrentItem(item)
    desk.qtbot.waitUntil(window.detail.button.isVisible, timeout=WAIT)
    rows = [window.detail.steps.topLevelItem(row) for row in range(window.detail.steps.topLevelItemCount())]
    assert {row.text(0): (row.text(1), row.text(2)) for row in rows if row} == {
        "Nombre": ("Talleres Ruiz e Hijos", "Talleres Ruiz"),
        "Población": ("Alboraya", "Alcoy"),
        "Teléfono": ("961 11 22 33", "961 23 45 00"),
    }
    window.detail.button.click()
    desk.qtbot.waitUntil(lambda: len(window.tree.groups()) == 4, timeout=WAIT)
    assert window.windowTitle() == "Histórico de Talleres Ruiz"
    assert city(desk, client) == "Alcoy"


def test_a_deleted_record_comes_back(desk: Desk, window: RecordHistory, client: int) -> None:
    desk.context.bridge.write(
        lambda s: deleting.delete(s, "client", [client], frozenset({"dependents"})), lambda _done: None, window.busy
    )
    desk.qtbot.waitUntil(lambda: window.bars.has("deleted"), timeout=WAIT)
    part = window.detail.shown()
    assert isinstance(part, Group)
    assert window.detail.button.isHidden()
    window.bars.bar("deleted").buttons[0].click()
    desk.qtbot.waitUntil(lambda: not window.bars.has("deleted"), timeout=WAIT)
    assert desk.read(lambda s: s.get_one(Client, client).deleted_at) is None
