"""The way around the related modules: a bar for few, a list for many; figures, keys, widths, what is left out."""

import threading
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter, QStyleOptionViewItem, QTabBar, QToolButton, QToolTip, QWidget

from db.filed import FILES
from oficrm import related
from tests.support.desk import WAIT, Desk
from tests.ui.forms.many_modules import many, opened, restarted
from ui.forms.record_window import RecordWindow
from ui.forms.related_nav import FOLDED, WIDE, ListNav, NavSide
from ui.forms.related_tabs import MOST_TABS

__all__ = ["many"]


def nav(window: RecordWindow) -> ListNav:
    found = window.tabs.bar
    assert isinstance(found, ListNav)
    return found


def names(window: RecordWindow) -> list[str]:
    """What is in the list, from above."""
    return [nav(window).entry(row).name for row in range(nav(window).count())]


def press(window: RecordWindow, key: Qt.Key) -> None:
    QTest.keyClick(nav(window), key)


def test_few_stand_side_by_side(desk: Desk) -> None:
    window = RecordWindow(desk.context, "person", None)
    desk.show(window)
    assert isinstance(window.tabs.bar, QTabBar), "a person that is not saved yet has its files only"
    assert window.tabs.top.isVisible()
    assert window.findChild(NavSide) is None
    window.form.discard()


def test_many_are_a_list_at_the_left(desk: Desk, many: list[str]) -> None:
    assert 1 + len(many) > MOST_TABS
    window = opened(desk)
    assert names(window) == ["general", *many]
    assert not window.tabs.top.isVisible()
    side = window.findChild(NavSide)
    assert side is not None
    assert side.width() == WIDE
    assert side.mapTo(window, QPoint()).x() == 0
    assert window.findChild(QWidget, "tabs") is nav(window)
    assert window.tabs.order_button.isVisible()
    assert all(nav(window).tabText(row) for row in range(nav(window).count()))
    assert nav(window).sizeHintForRow(1) >= 24
    window.form.discard()


def test_the_form_does_not_wait_for_the_figures(desk: Desk, many: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slowly(_session: Any, _table: str, _ident: int) -> dict[str, int]:
        assert go_on.wait(WAIT / 1000)
        return dict.fromkeys(many, 0) | {"contact": 1234}

    monkeypatch.setattr(related, "counts", slowly)
    window = RecordWindow(desk.context, "client", 1)
    desk.show(window)
    assert window.form.value("name"), "the record is there to be worked on"
    assert nav(window).tabText(1) == "Contactos", "a figure that is not known is not shown"
    assert not nav(window).entry(1).is_empty
    go_on.set()
    desk.qtbot.waitUntil(lambda: nav(window).tabText(1) == "Contactos 1.234", timeout=WAIT)
    assert not nav(window).entry(1).is_empty
    assert nav(window).entry(2).is_empty
    item = nav(window).item(1)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Contactos, 1.234"
    window.form.discard()


def test_a_click_opens_and_leaves_the_keyboard_in_the_page(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    row = names(window).index("person")
    place = nav(window).visualItemRect(nav(window).item(row)).center()
    QTest.mouseClick(nav(window).viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.tabs.current() == "person"
    page = window.findChild(QWidget, "tab_person")
    assert page is not None
    assert page.isVisible()
    assert not nav(window).hasFocus()
    window.form.discard()


def test_arrows_move_and_what_they_rest_on_opens(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    seen: list[str] = []
    window.tabs.opened.connect(seen.append)
    nav(window).setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    assert window.tabs.current() == "general", "nothing is opened on the way"
    desk.qtbot.waitUntil(lambda: window.tabs.current() == "person", timeout=WAIT)
    assert seen == ["person"]
    assert window.tabs.page("contact") is None
    assert nav(window).hasFocus()
    window.form.discard()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Right])
def test_enter_and_right_go_into_the_page(desk: Desk, many: list[str], key: Qt.Key) -> None:
    window = opened(desk)
    nav(window).setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, key)
    assert window.tabs.current() == "contact"
    page = window.findChild(QWidget, "tab_contact")
    assert page is not None
    assert page.isAncestorOf(window.focusWidget())
    nav(window).setFocus()
    press(window, Qt.Key.Key_Home)
    press(window, key)
    assert window.tabs.current() == "general"
    assert window.general.isAncestorOf(window.focusWidget())
    window.form.discard()


def test_leaving_the_list_opens_what_is_marked(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    nav(window).setFocus()
    press(window, Qt.Key.Key_Down)
    window.accept_button.setFocus()
    assert window.tabs.current() == "contact"
    window.form.discard()


def test_letters_jump_without_minding_accents(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    nav(window).setFocus()
    QTest.keyClicks(nav(window), "orig")
    assert nav(window).entry(nav(window).currentRow()).label == "Orígenes"
    nav(window)._since.invalidate()
    QTest.keyClicks(nav(window), "parametrizables")
    assert nav(window).entry(nav(window).currentRow()).label == "Campos parametrizables", "a word within"
    nav(window)._since.invalidate()
    QTest.keyClicks(nav(window), "p")
    first = nav(window).currentRow()
    QTest.keyClicks(nav(window), "p")
    second = nav(window).currentRow()
    assert first != second, "the letter again goes on to the next one"
    assert {nav(window).entry(row).label[0] for row in (first, second)} == {"P"}
    window.form.discard()


def test_ctrl_page_keys_step_and_go_round(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    QTest.keyClick(window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.current() == FILES
    assert nav(window).currentRow() == len(many)
    QTest.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.current() == "general"
    QTest.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.current() == many[0]
    window.form.discard()


def test_what_is_wrong_is_said_beside_general(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    window.form.put("name", None)
    window.tabs.show_tab("contact")
    window.accept_button.click()
    desk.qtbot.waitUntil(lambda: nav(window).tabText(0) == "General 1", timeout=WAIT)
    assert nav(window).tabToolTip(0) == "Datos por corregir: 1"
    assert window.tabs.current() == "general", "it is shown"
    assert nav(window).currentRow() == 0
    window.form.discard()


def test_the_width_is_kept(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    splitter = window.tabs.findChild(QSplitter)
    assert splitter is not None
    splitter.moveSplitter(260, 1)
    side = window.findChild(NavSide)
    assert side is not None
    assert side.width() == 260
    window.form.discard()
    again = opened(desk, restarted(window))
    assert again.findChild(NavSide).width() == 260  # type: ignore[union-attr]
    again.form.discard()


def test_a_narrow_window_folds_it(desk: Desk, many: list[str]) -> None:
    window = opened(desk, size=(800, 600))
    side = window.findChild(NavSide)
    assert side is not None
    assert side.width() == FOLDED
    assert nav(window).is_folded()
    assert side.full_button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    rect = nav(window).visualItemRect(nav(window).item(1))
    option = QStyleOptionViewItem()
    option.rect = rect
    event = QHelpEvent(QHelpEvent.Type.ToolTip, rect.center(), nav(window).mapToGlobal(rect.center()))
    assert nav(window).itemDelegate().helpEvent(event, nav(window), option, nav(window).model().index(1, 0))
    assert QToolTip.text() == "Contactos", "the label is said where it has no room"
    window.tabs.show_tab(FILES)
    window.resize(1140, 690)
    window.resize(800, 480)
    last = nav(window).visualItemRect(nav(window).item(len(many)))
    assert nav(window).viewport().rect().contains(last), "what is marked stays in sight"
    window.resize(1140, 690)
    assert side.width() == WIDE
    assert side.full_button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    window.form.discard()


def full_button(window: RecordWindow) -> QToolButton:
    found = window.findChild(QToolButton, "button_only_full")
    assert isinstance(found, QToolButton)
    return found


def test_only_modules_with_records(desk: Desk, many: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    figures = dict.fromkeys(many, 0) | {"person": 2, "quote": 1}
    monkeypatch.setattr(related, "counts", lambda _session, _table, _ident: dict(figures))
    window = opened(desk)
    full_button(window).click()
    assert names(window) == ["general", "person", "quote"]
    assert f"{len(many) - 2} sin registros" in full_button(window).toolTip()
    window.tabs.reveal(FILES)
    assert names(window) == ["general", "person", "quote", FILES], "where something has just come"
    window.form.discard()
    again = opened(desk, restarted(window))
    assert names(again) == ["general", "person", "quote"]
    again.tabs.show_tab("contact")
    assert again.tabs.current() == "contact", "one without records can be gone to"
    figures["opportunity"] = 5
    desk.context.bridge.announce(desk.jobs.write(lambda s: None).result().changes)
    again.tabs.set_counts(figures)
    assert names(again) == ["general", "contact", "person", "opportunity", "quote"]
    full_button(again).click()
    assert names(again) == ["general", *many]
    assert again.tabs.current() == "contact"
    again.form.discard()
    third = opened(desk, restarted(again))
    assert names(third) == ["general", *many]
    third.form.discard()


def test_figures_that_come_while_the_arrows_move_do_not_take_the_mark_back(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    nav(window).setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    window.tabs.set_counts(dict.fromkeys(many, 3))
    desk.qtbot.waitUntil(lambda: window.tabs.current() == "person", timeout=WAIT)
    assert nav(window).tabText(2) == "Personas 3"
    full_button(window).click()
    nav(window).setFocus()
    press(window, Qt.Key.Key_Down)
    window.tabs.set_counts(dict.fromkeys(many, 3) | {"contact": 0})
    assert names(window)[:3] == ["general", "person", "opportunity"]
    desk.qtbot.waitUntil(lambda: window.tabs.current() == "opportunity", timeout=WAIT)
    window.form.discard()


def test_a_new_record_has_a_bar_until_it_is_saved(desk: Desk, many: list[str]) -> None:
    window = opened(desk, new=True)
    assert isinstance(window.tabs.bar, QTabBar)
    assert window.tabs.bar.count() == 2
    assert not window.tabs.order_button.isVisible()
    window.tabs.set_new(False)
    assert names(window) == ["general", *many]
    window.tabs.set_new(True)
    assert isinstance(window.tabs.bar, QTabBar)
    assert window.tabs.bar.tabText(0) == "General"
    assert window.findChild(QWidget, "tabs") is window.tabs.bar
    window.form.discard()


def test_the_list_stands_still_while_the_record_is_saved(desk: Desk, many: list[str]) -> None:
    window = opened(desk)
    window.tabs.setEnabled(False)
    assert not nav(window).isEnabled()
    image = nav(window).grab().toImage()
    window.tabs.setEnabled(True)
    assert nav(window).grab().toImage() != image, "and is seen to"
    window.form.discard()
