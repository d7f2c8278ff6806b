"""Parámetros on the screen."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from oficrm import custom_fields, settings, undo
from tests.support.desk import WAIT, Desk
from ui.settings_window.window import SettingsWindow


@pytest.fixture
def window(desk: Desk) -> SettingsWindow:
    made = SettingsWindow(desk.context)
    desk.show(made)
    return made


def kept(desk: Desk) -> settings.Settings:
    return desk.read(settings.read)


def put(window: SettingsWindow, name: str, value: Any) -> None:
    """Type a value as the user would."""
    row = next(cards.rows[name] for cards in window.cards if name in cards.rows)
    row.editor.set_value(value)
    row.editor.changed.emit()


def test_every_setting_has_its_field(window: SettingsWindow) -> None:
    assert {name for cards in window.cards for name in cards.rows} == set(settings.FIELDS)
    assert window.changed() == {}
    assert [window.tabs.tabText(place) for place in range(3)] == [
        "Datos de empresa", "Otros datos", "Campos parametrizables"]  # fmt: skip


def test_what_is_changed_is_saved_and_undone(desk: Desk, window: SettingsWindow) -> None:
    put(window, "company_city", "Paterna")
    put(window, "quote_days", "30")
    put(window, "tax_rate", "10")
    put(window, "branch_in_code", True)
    assert window.foot.sentence.text() == "Se guardarán 4 cambios."
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    values = kept(desk)
    assert (values["company_city"], values["quote_days"], values["branch_in_code"]) == ("Paterna", 30, True)
    assert values["tax_rate"] == Decimal(10)
    ((text, operation_id),) = desk.noted.notices
    assert text == "Parámetros guardados."
    assert operation_id is not None
    desk.jobs.write(lambda s: undo.undo(s, operation_id)).result()
    assert kept(desk)["company_city"] is None


def test_errors_stand_beside_their_fields(desk: Desk, window: SettingsWindow) -> None:
    window.tabs.setCurrentIndex(2)
    put(window, "quote_prefix", "")
    put(window, "calc_decimals", "9")
    window.accept_button.click()
    rows = window.cards[0].rows | window.cards[1].rows
    desk.qtbot.waitUntil(lambda: bool(rows["calc_decimals"].error()), timeout=WAIT)
    assert "4 como máximo" in rows["calc_decimals"].error()
    assert "Falta" in rows["quote_prefix"].error()
    assert window.tabs.currentIndex() == 0
    assert kept(desk)["calc_decimals"] == 2


def test_the_country_brings_its_regions_and_usual_values(desk: Desk, window: SettingsWindow) -> None:
    put(window, "holiday_region", "VC")
    put(window, "country", "MX")
    changed = window.changed()
    assert (changed["country"], changed["currency"], changed["tax_rate"]) == ("MX", "MXN", Decimal(16))
    assert not window.cards[0].rows["holiday_region"].isEnabled()
    assert window.cards[0].rows["company_tax_id"].label.text() == "RFC"
    window.save()
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert (kept(desk).country, kept(desk)["holiday_region"]) == ("MX", None)


def test_unsaved_changes_are_asked_about(desk: Desk, window: SettingsWindow) -> None:
    put(window, "company_city", "Paterna")
    window.close()
    assert window.isVisible()
    assert window.bars.has("unsaved")
    window.bars.bar("unsaved").buttons[2].click()
    assert window.changed() == {"company_city": "Paterna"}
    QTest.keyClick(window, Qt.Key.Key_Escape)
    window.bars.bar("unsaved").buttons[1].click()
    assert not window.isVisible()
    assert kept(desk)["company_city"] is None


def test_nothing_changed_simply_closes(desk: Desk, window: SettingsWindow) -> None:
    window.accept_button.click()
    assert not window.isVisible()
    assert desk.noted.notices == []


def test_a_change_elsewhere_is_shown_unless_something_is_being_typed(desk: Desk, window: SettingsWindow) -> None:
    city = window.cards[0].rows["company_city"].editor
    desk.context.bridge.write(lambda s: settings.save(s, {"company_city": "Alcoy"}), lambda _: None, window.foot)
    desk.qtbot.waitUntil(lambda: city.value() == "Alcoy", timeout=WAIT)
    put(window, "company_name", "Otra")
    with desk.qtbot.waitSignal(desk.context.bridge.changed, timeout=WAIT):
        desk.context.bridge.write(lambda s: settings.save(s, {"company_city": "Elche"}), lambda _: None, window.foot)
    assert window.changed()["company_name"] == "Otra"


# Campos parametrizables


def test_own_fields_are_listed_ordered_and_switched(desk: Desk, window: SettingsWindow) -> None:
    own = window.own_fields
    assert own.stack.currentWidget() is own.empty
    own.empty.button.click()
    assert desk.noted.opened[-1][:2] == ("record", "custom_field")
    assert desk.noted.opened[-1][3]["preset"] == {"module_table": "contact", "position": 10}
    for place, (name, kind) in enumerate((("Zona", "text"), ("Visitas", "quantity"), ("Feria", "day")), 1):
        desk.save("custom_field", module_table="contact", name=name, kind=kind, position=10 * place)
    own.reload()
    desk.qtbot.waitUntil(lambda: own.list.topLevelItemCount() == 3, timeout=WAIT)

    def names() -> list[str]:
        items = (own.list.topLevelItem(row) for row in range(own.list.topLevelItemCount()))
        return [item.text(0) for item in items if item]

    assert names() == ["Zona", "Visitas", "Feria"]
    assert len(own.grid.findChildren(type(window.cards[0].rows["country"]))) == 3
    own.down_button.click()
    desk.qtbot.waitUntil(lambda: names() == ["Visitas", "Zona", "Feria"], timeout=WAIT)
    current = own.current()
    assert current is not None
    assert current.field.label == "Zona"
    own.switch_button.click()
    desk.qtbot.waitUntil(lambda: own.switch_button.text() == "Activar", timeout=WAIT)
    assert "se conservan" in desk.noted.notices[-1][0]
    fields = desk.read(lambda s: custom_fields.fields_of(s, "contact"))
    assert [field.label for field in fields] == ["Visitas", "Feria"]
    own.edit_button.click()
    assert desk.noted.opened[-1][:3] == ("record", "custom_field", current.id)


def test_each_module_has_its_own(desk: Desk, window: SettingsWindow) -> None:
    desk.save("custom_field", module_table="client", name="Ruta", kind="text")
    own = window.own_fields
    own.module.set_value("client")
    own.module.changed.emit()
    desk.qtbot.waitUntil(lambda: own.list.topLevelItemCount() == 1, timeout=WAIT)
    assert not own.up_button.isEnabled()
    assert not own.down_button.isEnabled()
