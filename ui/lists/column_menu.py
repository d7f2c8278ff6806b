"""The menu that chooses columns: those declared first, all others below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from db.registry import module
from ui.lists import columns

if TYPE_CHECKING:
    from ui.lists.page import ListPage

MENU_LENGTH = 18


class ColumnMenu(QObject):
    """Opens over the head of the table, and at its foot for those who come by keyboard."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self._page = page

    def open_at(self, at: QPoint, *, above: bool = False) -> None:
        """Show the menu at a place on the screen, or with its lower edge there."""
        menu = self.make()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(QPoint(at.x(), at.y() - menu.sizeHint().height()) if above else at)

    def make(self) -> QMenu:
        """The menu as things stand."""
        page = self._page
        assert page.facts is not None
        facts = page.facts.facts
        shown = page.table.shown_names()
        names = columns.available(facts)
        declared = [name for name in module(facts.table).screens.columns if name in names]
        first = list(dict.fromkeys([*shown, *declared]))
        menu = QMenu(page)
        menu.setObjectName("column_menu")
        for name in first:
            self._add(menu, name, name in shown, last=len(shown) == 1 and name in shown)
        others = [name for name in names if name not in first]
        if others:
            below = menu.addMenu("Más columnas")
            for start in range(0, len(others), MENU_LENGTH):
                part = others[start : start + MENU_LENGTH]
                target = below if len(others) <= MENU_LENGTH else below.addMenu(_span(page, part))
                for name in part:
                    self._add(target, name, False)
        menu.addSeparator()
        self._add_sorting(menu, shown)
        menu.addAction("Restaurar columnas").triggered.connect(self._restore)
        return menu

    def _add(self, menu: QMenu, name: str, on: bool, *, last: bool = False) -> QAction:
        action = menu.addAction(_label(self._page, name))
        action.setObjectName(f"column_{name}")
        action.setCheckable(True)
        action.setChecked(on)
        action.setEnabled(not last)
        action.triggered.connect(lambda checked, name=name: self._toggle(name, checked))
        return action

    def _add_sorting(self, menu: QMenu, shown: list[str]) -> None:
        below = menu.addMenu("Ordenar por")
        group = QActionGroup(below)
        head = self._page.sort()[:1]
        for name in shown:
            action = below.addAction(_label(self._page, name))
            action.setCheckable(True)
            action.setActionGroup(group)
            action.setChecked(bool(head) and head[0].removeprefix("-") == name)
            action.triggered.connect(lambda _on=False, name=name: self._page.sort_by(name))

    def _toggle(self, name: str, on: bool) -> None:
        shown = self._page.table.shown_names()
        if on and name not in shown:
            self._page.show_columns([*shown, name])
        elif not on:
            self._page.show_columns([each for each in shown if each != name])
        self._page.remember()

    def _restore(self) -> None:
        self._page.table.set_widths({})
        self._page.show_columns([])
        self._page.remember()


def _label(page: ListPage, name: str) -> str:
    assert page.facts is not None
    return columns.label_of(page.facts.facts, name).replace("&", "&&")


def _span(page: ListPage, names: list[str]) -> str:
    return f"{_label(page, names[0])} – {_label(page, names[-1])}"
