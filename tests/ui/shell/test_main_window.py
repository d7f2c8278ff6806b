"""The main window: places, tabs, undo, palette, and leaving."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.registry import listed_modules, modules
from oficrm import lists
from ui import icons, theme
from ui.app import Application
from ui.forms import kept
from ui.main_window import ACTIVITY, MainWindow, places
from ui.palette import Palette


@pytest.fixture
def window(application: Application) -> MainWindow:
    found = application.main_window
    assert found is not None
    return found


def said(window: MainWindow) -> list[str]:
    """The texts of the notices on screen."""
    return [label.text() for notice in window.notices.stack().notices() for label in notice.findChildren(QLabel)]


def client_names(application: Application) -> list[str]:
    found = application.jobs.read(lambda s: lists.load_ids(s, lists.ListFilter("client"))).result()
    rows = application.jobs.read(lambda s: lists.load_rows(s, "client", found.ids, ["name"])).result()
    return sorted(row[0] for row in rows.values())


def test_contactos_stands_first_and_is_open(window: MainWindow) -> None:
    assert window.objectName() == "main_window"
    assert window.current_key() == "contact"
    assert window.tabs.tabText(0) == "Contactos"


def test_every_module_has_its_action_and_opens_its_list(window: MainWindow) -> None:
    for model in listed_modules():
        action = window.findChild(QAction, f"open_{model.module.table}")
        assert action is not None, model.module.table
        action.trigger()
        assert window.current_key() == model.module.table
        page = window.page(model.module.table)
        assert page is not None
        assert page.objectName() == f"list_{model.module.table}"
    assert window.tabs.count() == len(listed_modules())


def test_every_module_has_a_picture_and_a_place() -> None:
    assert [model.module.table for model in modules() if not icons.has(model.module.icon)] == []
    assert {entry.key for entry in places()} == {model.module.table for model in listed_modules()} | {ACTIVITY}


def test_a_closed_tab_opens_again(window: MainWindow) -> None:
    window.open_place("client")
    window.close_current_tab()
    assert window.page("client") is None
    assert window.open_place("client").isVisible()


def test_ctrl_z_undoes_my_last_operation(qtbot: QtBot, application: Application, window: MainWindow) -> None:
    assert client_names(application) == ["Hotel Azahar", "Talleres Ruiz"]
    window.notices.show("Cliente añadido", 2)
    qtbot.waitUntil(lambda: len(window.notices.stack().notices()) == 1)
    window.activateWindow()
    window.tabs.setFocus()
    qtbot.keyClick(window.tabs, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: client_names(application) == ["Talleres Ruiz"])
    qtbot.waitUntil(lambda: any("Desh" in each for each in said(window)))
    assert not any("añadido" in each for each in said(window)), "what it offered to undo is undone"
    assert any("Hotel Azahar" in each for each in said(window))
    window.redo_last()
    qtbot.waitUntil(lambda: client_names(application) == ["Hotel Azahar", "Talleres Ruiz"])


def test_the_palette_finds_commands_and_records(
    qtbot: QtBot, application: Application, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_palette()
    palette = window.findChild(Palette)
    assert palette is not None
    palette.line.insert("parám")
    assert "Parámetros" in palette.results.item(0).text()
    palette.line.clear()
    palette.line.insert("azahár")
    qtbot.waitUntil(lambda: palette.results.count() == 1)
    assert "Hotel Azahar" in palette.results.item(0).text()
    opened: list[tuple[str, int]] = []
    monkeypatch.setattr(window.windows, "open_record", lambda table, ident, **_: opened.append((table, ident)))
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert [table for table, _ in opened] == ["client"]


def test_theme_and_open_tabs_are_remembered(application: Application, window: MainWindow) -> None:
    window.set_theme("dark")
    assert theme.is_dark()
    window.open_place("client")
    window.close()
    assert application.memory.get("theme") == "dark"
    assert application.memory.get("open_tabs") == ["contact", "client"]
    assert application.memory.get("current_tab") == "client"


def test_the_side_bar_folds_to_icons(window: MainWindow) -> None:
    wide = window.navigation.width()
    window.navigation.toggle()
    assert window.navigation.width() < wide
    window.navigation.set_current("client")
    item = window.navigation.tree.currentItem()
    assert item is not None
    assert item.toolTip(0) == "Clientes"


@pytest.mark.logs_warnings
def test_an_error_of_ours_is_shown_with_a_report_and_the_program_lives(
    qtbot: QtBot, application: Application, window: MainWindow
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    application.bridge.read(broken, lambda _: None, window)
    qtbot.waitUntil(lambda: application._error_dialog is not None and application._error_dialog.isVisible())
    assert application._error_dialog is not None
    assert "a mistake of ours" in application._error_dialog.report.toPlainText()
    application._error_dialog.close()
    assert client_names(application) == ["Hotel Azahar", "Talleres Ruiz"]


def test_what_was_being_written_comes_back_after_a_crash(qtbot: QtBot, application: Application) -> None:
    window = application.main_window
    assert window is not None
    kept.keep(
        application.memory,
        kept.Kept("client_new", "client", None, 0, {"name": "Bodegas del Turia"}, {}, {}, {}, {}),
    )
    window.restore_drafts()
    forms: list[Any] = [each for each in application.windows.open_windows() if each.objectName() == "form_client"]
    assert len(forms) == 1
    qtbot.waitUntil(forms[0].is_ready)
    assert forms[0].form.value("name") == "Bodegas del Turia"
    assert forms[0].form.is_dirty()
    forms[0].form.discard()
    qtbot.waitUntil(lambda: kept.all_kept(application.memory) == [])
