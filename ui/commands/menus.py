"""Menus in which typing goes to what begins with the letters, and the submenus of the related modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from oficrm.rules.text import plain
from ui import icons

DIRECT = 8
"""Modules that have their own submenu at once; where there are more, the others are one step further."""


class Menu(QMenu):
    """A menu that is found through by typing: the first words that begin so, or a word within; accents do not
    matter."""  # noqa: D209

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._typed = ""
        self._since = QElapsedTimer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters look for an entry; the other keys are Qt's."""
        text = event.text()
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        is_space = text == " " and not self._is_typing()
        if not text.isprintable() or not text or held or is_space:
            super().keyPressEvent(event)
            return
        self._typed = (self._typed if self._is_typing() else "") + text
        self._since.start()
        self._find()

    def _is_typing(self) -> bool:
        return self._since.isValid() and self._since.elapsed() <= QApplication.keyboardInputInterval() * 2

    def _find(self) -> None:
        letters = plain(self._typed)
        again = len(set(letters)) == 1
        wanted = letters[:1] if again else letters
        shown = [action for action in self.actions() if action.isVisible() and action.isEnabled() and action.text()]
        current = self.activeAction()
        if again and current in shown:  # the same letter goes round
            at = shown.index(current) + 1
            shown = shown[at:] + shown[:at]
        words = {id(action): plain(action.text().replace("&", "")) for action in shown}
        first = [action for action in shown if words[id(action)].startswith(wanted)]
        within = [action for action in shown if f" {wanted}" in words[id(action)]]
        if found := first or within:
            self.setActiveAction(found[0])


@dataclass(frozen=True, slots=True)
class Group:
    """A related module: what its submenu is called and holds."""

    table: str
    label: str
    icon: str
    actions: tuple[QAction, ...]


def add_groups(menu: QMenu, groups: Sequence[Group], before: QAction | None = None) -> list[QMenu]:
    """Put a submenu for each related module into a menu, those beyond ``DIRECT`` into one of their own; return them."""
    made = []
    rest = groups[DIRECT:] if len(groups) > DIRECT + 2 else ()
    for group in groups[: len(groups) - len(rest)]:
        made.append(_submenu(menu, group))
        menu.insertMenu(before, made[-1]) if before is not None else menu.addMenu(made[-1])
    if rest:
        more = Menu("Más módulos", menu)
        more.setObjectName("menu_related_more")
        more.setIcon(icons.icon("more"))
        for group in rest:
            more.addMenu(_submenu(more, group))
        menu.insertMenu(before, more) if before is not None else menu.addMenu(more)
        made.append(more)
    return made


def _submenu(parent: QMenu, group: Group) -> QMenu:
    menu = Menu(group.label.replace("&", "&&"), parent)
    menu.setObjectName(f"menu_related_{group.table}")
    menu.setIcon(icons.icon(icons.known(group.icon)))
    menu.addActions(group.actions)
    return menu
