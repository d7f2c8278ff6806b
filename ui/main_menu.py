"""The menu bar: every command of the program, with its shortcut."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from db.registry import listed_modules
from ui import icons, theme
from ui.help import AboutDialog, ShortcutsDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main_window import MainWindow

THEMES: tuple[tuple[theme.Mode, str], ...] = (("system", "Como el sistema"), ("light", "Claro"), ("dark", "Oscuro"))
NEW_SHORTCUTS = {"contact": "Ctrl+Shift+N", "client": "Ctrl+Shift+C", "person": "Ctrl+Shift+P"}


class MainMenu(QMenuBar):
    """Built once over the main window; ``all_actions`` feeds the command palette."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._actions: list[QAction] = []
        self._file()
        self._edit()
        self._view()
        self._go()
        self._help()

    def all_actions(self) -> list[QAction]:
        """Return every command, in menu order."""
        return list(self._actions)

    def _add(
        self, menu: QMenu, text: str, run: "Callable[[], object]", name: str, icon: str = "", shortcut: str = ""
    ) -> QAction:
        action = QAction(text, self)
        if icon:
            action.setIcon(icons.icon(icon))
        action.setObjectName(name)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _=False: run())
        menu.addAction(action)
        self._window.addAction(action)
        self._actions.append(action)
        return action

    def _file(self) -> None:
        window = self._window
        menu = self.addMenu("&Archivo")
        for model in listed_modules():
            facts = model.module
            if facts.menu == "Ventas":
                shortcut = NEW_SHORTCUTS.get(facts.table, "")
                new = self._add(menu, window.add_label(facts.table), partial(window.new_record, facts.table),
                                f"new_{facts.table}", facts.icon, shortcut)  # fmt: skip
                new.setIconVisibleInMenu(True)
        menu.addSeparator()
        self._add(menu, "Parámetros…", window.open_settings, "open_settings", "settings", "Ctrl+,")
        menu.addSeparator()
        self._add(menu, "Salir", window.close, "quit", "quit", "Ctrl+Q")

    def _edit(self) -> None:
        window = self._window
        menu = self.addMenu("&Edición")
        self._add(menu, "Deshacer lo último", window.undo_last, "action_undo", "undo", "Ctrl+Z")
        self._add(menu, "Rehacer", window.redo_last, "action_redo", "redo", "Ctrl+Y")
        menu.addSeparator()
        self._add(menu, "Buscar o mandar…", window.open_palette, "action_palette", "search", "Ctrl+K")

    def _view(self) -> None:
        window = self._window
        menu = self.addMenu("&Ver")
        themes = menu.addMenu("Aspecto")
        group = QActionGroup(self)
        chosen = window.memory.get("theme", "system")
        for mode, text in THEMES:
            action = self._add(themes, text, partial(window.set_theme, mode), f"theme_{mode}")
            action.setCheckable(True)
            action.setChecked(mode == chosen)
            group.addAction(action)
        self._add(menu, "Avisos", window.bell.show_popup, "action_notifications", "bell", "Ctrl+J")
        self._add(menu, "Plegar la barra lateral", window.navigation.toggle, "action_fold", "left", "Ctrl+B")
        self._add(menu, "Cerrar la pestaña", window.close_current_tab, "action_close_tab", "close", "Ctrl+W")

    def _go(self) -> None:
        menu = self.addMenu("&Ir")
        for position, (key, action) in enumerate(self._window.place_actions.items()):
            if position < 9:
                action.setShortcut(QKeySequence(f"Ctrl+{position + 1}"))
            if key in ("product", "salesperson", "custom_field", "activity"):
                menu.addSeparator()
            menu.addAction(action)
            self._window.addAction(action)
            self._actions.append(action)

    def _help(self) -> None:
        window = self._window
        menu = self.addMenu("A&yuda")
        self._add(menu, "Atajos de teclado", lambda: ShortcutsDialog(self.all_actions(), window).show(),
                  "action_shortcuts", "help", "F1")  # fmt: skip
        self._add(menu, "Acerca de OfiCRM", lambda: AboutDialog(window).show(), "action_about", "info")
