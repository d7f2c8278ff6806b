"""What the actions menu of a record offers for paper: print, save as PDF, and with which template."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from oficrm.jobs import Changes
from oficrm.papers import templates
from oficrm.papers.templates import Offered
from ui import icons

if TYPE_CHECKING:
    from ui.forms.record_window import RecordWindow

TEMPLATES = "document_template"


class PaperMenu(QObject):
    """«Imprimir con» and «Guardar como PDF con», shown where there is something to choose from."""

    def __init__(self, window: RecordWindow, menu: QMenu) -> None:
        super().__init__(window)
        self._window = window
        self._menus = [
            (self._submenu(menu, "print_with", "Imprimir con", "print"), "print", window.print_paper),
            (self._submenu(menu, "pdf_with", "Guardar como PDF con", "pdf"), "pdf", window.save_pdf),
        ]
        self.actions = [menu.menuAction() for menu, _name, _run in self._menus]
        window.form.loaded.connect(self._ask)
        window.context.bridge.changed.connect(self._changed)

    @staticmethod
    def _submenu(menu: QMenu, name: str, text: str, icon: str) -> QMenu:
        made = menu.addMenu(icons.icon(icon), text)
        made.setObjectName(f"menu_{name}")
        made.menuAction().setVisible(False)
        made.menuAction().setObjectName(f"action_{name}")
        return made

    def _ask(self) -> None:
        form = self._window.form
        if form.ident is not None:
            form.context.bridge.read(lambda s: templates.offered(s, form.table), self._show, self, purpose="offered")

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if TEMPLATES in changes.tables and self._window.is_ready():
            self._ask()

    def _show(self, offered: list[Offered]) -> None:
        for menu, name, run in self._menus:
            menu.clear()
            menu.menuAction().setVisible(len(offered) > 1)
            for each in offered:
                self._add(menu, name, each, run)

    @staticmethod
    def _add(menu: QMenu, name: str, each: Offered, run: Callable[[int | None], None]) -> None:
        action = menu.addAction(each.name.replace("&", "&&"))
        action.setObjectName(f"action_{name}_{each.id}")
        action.triggered.connect(partial(_run, run, each.id))


def _run(run: Callable[[int | None], None], template: int, _on: bool = False) -> None:
    run(template)
