"""Ordenar módulos relacionados, through the window it belongs to: order, choice, the declared order, a restart."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTabBar, QWidget

from tests.support.desk import WAIT, Desk
from tests.ui.forms.many_modules import many, opened, restarted
from ui.forms.order_tabs import OrderTabs
from ui.forms.record_window import RecordWindow
from ui.forms.related_nav import ListNav
from ui.forms.related_tabs import MOST_TABS

__all__ = ["many"]
ALT = Qt.KeyboardModifier.AltModifier


def dialog_of(window: RecordWindow) -> OrderTabs:
    """The dialog, opened with the button of the window."""
    window.tabs.order_button.click()
    [found] = [each for each in window.findChildren(QWidget, "dialog_order_tabs") if each.isVisible()]
    assert isinstance(found, OrderTabs)
    return found


def click(dialog: OrderTabs, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def untick(dialog: OrderTabs, table: str) -> None:
    dialog.list.item(dialog.order().index(table)).setCheckState(Qt.CheckState.Unchecked)


def labels(window: RecordWindow) -> list[str]:
    return [window.tabs.bar.tabText(index) for index in range(window.tabs.bar.count())]


def test_the_order_is_kept_over_a_restart(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    assert dialog.order() == many
    dialog.activateWindow()
    desk.qtbot.waitUntil(dialog.list.hasFocus, timeout=WAIT)
    dialog.list.setCurrentRow(2)
    for _ in range(2):
        QTest.keyClick(dialog.list, Qt.Key.Key_Up, ALT)
    assert dialog.order()[0] == many[2]
    assert not dialog.up_button.isEnabled(), "it is the first"
    QTest.keyClick(dialog.list, Qt.Key.Key_Up, ALT)
    click(dialog, "button_accept")
    wanted = [many[2], many[0], many[1], *many[3:]]
    assert window.tabs.order() == wanted
    assert labels(window)[:3] == ["General", "Oportunidades", "Contactos"]
    window.form.discard()
    again = opened(desk, restarted(window))
    assert again.tabs.order() == wanted
    assert dialog_of(again).order() == wanted
    again.form.discard()


def test_the_buttons_move_and_stop_at_the_ends(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    assert not dialog.up_button.isEnabled()
    click(dialog, "action_down")
    assert dialog.order()[:2] == [many[1], many[0]]
    assert dialog.list.currentRow() == 1
    click(dialog, "action_up")
    assert dialog.order() == many
    dialog.list.setCurrentRow(len(many) - 1)
    assert not dialog.down_button.isEnabled()
    assert dialog.up_button.isEnabled()
    window.form.discard()


def test_dragging_moves_a_module_with_its_tick(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    untick(dialog, many[5])
    dialog.list.setCurrentRow(5)
    model = dialog.list.model()
    assert dialog.list.dragDropMode() == QAbstractItemView.DragDropMode.InternalMove
    assert model.flags(model.index(5, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDropEnabled, "dropped between, never upon"
    assert model.moveRow(QModelIndex(), 5, QModelIndex(), 0), "what the view does where it is dropped"
    assert dialog.order() == [many[5], *many[:5], *many[6:]]
    assert dialog.hidden() == [many[5]]
    assert dialog.list.currentRow() == 0
    assert not dialog.up_button.isEnabled()
    click(dialog, "button_accept")
    assert window.tabs.order() == [table for table in many if table != many[5]]
    window.form.discard()


def test_hidden_ones_keep_their_place_and_come_back(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    for table in many[1:3]:
        untick(dialog, table)
    click(dialog, "button_accept")
    assert window.tabs.order() == [many[0], *many[3:]]
    window.form.discard()
    again = opened(desk, restarted(window))
    assert again.tabs.order() == [many[0], *many[3:]]
    dialog = dialog_of(again)
    assert dialog.order() == many, "where they were"
    assert dialog.hidden() == many[1:3]
    dialog.list.item(1).setCheckState(Qt.CheckState.Checked)
    click(dialog, "button_accept")
    assert again.tabs.order() == [*many[:2], *many[3:]]
    again.form.discard()


def test_few_left_are_a_bar_again(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    assert isinstance(window.tabs.bar, ListNav)
    window.tabs.show_tab(many[-1])
    dialog = dialog_of(window)
    for table in many[MOST_TABS - 1 :]:
        untick(dialog, table)
    click(dialog, "button_accept")
    assert isinstance(window.tabs.bar, QTabBar)
    assert window.tabs.top.isVisible()
    assert window.tabs.order_button.isVisible()
    assert window.tabs.bar.count() == MOST_TABS
    assert window.tabs.current() == "general", "what was looked at is hidden now"
    assert window.general.isVisible()
    click(dialog_of(window), "action_reset")
    [again] = [each for each in window.findChildren(OrderTabs) if each.isVisible()]
    click(again, "button_accept")
    assert isinstance(window.tabs.bar, ListNav)
    assert window.tabs.order() == many
    window.form.discard()


def test_reset_brings_back_the_declared_order_and_forgets_the_own_one(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    dialog.list.setCurrentRow(4)
    dialog.move_by(-1)
    untick(dialog, many[0])
    click(dialog, "button_accept")
    dialog = dialog_of(window)
    dialog.list.setCurrentRow(3)
    click(dialog, "action_reset")
    assert dialog.order() == many
    assert dialog.hidden() == []
    assert dialog.list.currentRow() == 4, "the module marked stays marked"
    click(dialog, "button_accept")
    assert window.tabs.order() == many
    window.form.discard()
    assert restarted(window).get("tabs_client") is None, "modules declared later stand where they are declared"


def test_cancelling_changes_nothing(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    dialog.move_by(1)
    untick(dialog, many[3])
    dialog.full.setChecked(True)
    click(dialog, "button_cancel")
    assert window.tabs.order() == many
    assert window.tabs.bar.count() == len(many) + 1
    window.form.discard()


def test_only_those_with_records_is_remembered_for_each_module(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    dialog = dialog_of(window)
    assert not dialog.only_full()
    dialog.full.setChecked(True)
    click(dialog, "button_accept")
    window.tabs.set_counts(dict.fromkeys(many, 0) | {"quote": 4})
    assert labels(window) == ["General", "Presupuestos 4"]
    window.form.discard()
    memory = restarted(window)
    again = opened(desk, memory)
    assert dialog_of(again).only_full()
    again.form.discard()
    assert memory.get("tabs_person") is None, "a person has its own"
