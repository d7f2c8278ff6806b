"""What can be hung on a record: "Agregar…" and "Seleccionar…" of every related module, in the order of its tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from db.filed import FILES
from db.registry import module
from oficrm import linking, related
from oficrm.related import Related
from ui import icons
from ui.commands.menus import Group
from ui.memory import Memory

EMAILS = "email_message"
OWN_WORDS = {"comment": "Publicar comentario"}
"""What adding is called where it is not "Agregar"."""
FIRST = ("contact", "person", "asset_assignment", "support_case", "opportunity", "quote", "sales_order", "product_link")
"""Modules at hand in the menus as long as the user has not put the tabs in an order of his own."""


def label_of(relation: Related, table: str) -> str:
    """Return what a related module is called in the menus and tabs of another."""
    own = module(table).screens.dependents if relation.table == table else ""
    return own or relation.plural


def in_order(memory: Memory, table: str, relations: Iterable[Related]) -> list[Related]:
    """Return the related modules as the user has put their tabs, those hidden there last; ``FIRST`` while untouched."""
    known = memory.get(f"tabs_{table}", {})
    order, hidden = list(known.get("order", FIRST)), set(known.get("hidden", ()))
    declared = list(relations)
    place = {each.table: at for at, each in enumerate(declared)}
    first = {name: at for at, name in enumerate(order)}
    return sorted(declared, key=lambda each: (each.table in hidden, first.get(each.table, len(order)),
                                              place[each.table]))  # fmt: skip


class Around(QObject):
    """The actions of the related modules of one list or window."""

    add_asked = Signal(object)
    """A ``Related`` of which a new record is wanted."""
    select_asked = Signal(object)
    """A ``linking.Selection`` to choose from."""
    take_asked = Signal(str)
    """Files ("document") or mails ("email_message") are to be taken in: these are not written by hand."""

    def __init__(self, table: str, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table
        self.relations = related.related(table)
        self._by_table: dict[str, tuple[QAction, ...]] = {}
        self._writes: list[QAction] = []
        for relation in self.relations:
            self._by_table[relation.table] = tuple(self._make(relation))

    def _make(self, relation: Related) -> Iterable[QAction]:
        table = relation.table
        if table == FILES:
            yield self._write("add_document", "Añadir archivos…", "add_file", partial(self.take_asked.emit, table))
        elif table == EMAILS:
            yield self._write("import_mail", "Importar correos…", "import", partial(self.take_asked.emit, table))
        elif module(table).screens.made_by_hand:
            icon = module(relation.stands_for or table).module.icon
            add = partial(self.add_asked.emit, relation)
            words = OWN_WORDS.get(table, f"Agregar {relation.singular}")
            yield self._action(f"add_{table}", words, icon, add)
        for wanted in linking.selections(relation, self._table):
            select = partial(self.select_asked.emit, wanted)
            yield self._write(f"select_{wanted.name}", wanted.words, "link", select)

    def _write(self, name: str, text: str, icon: str, run: Callable[[], object]) -> QAction:
        self._writes.append(self._action(name, text, icon, run))
        return self._writes[-1]

    def _action(self, name: str, text: str, icon: str, run: Callable[[], object]) -> QAction:
        action = QAction(icons.icon(icons.known(icon)), text, self)
        action.setObjectName(f"action_{name}")
        action.triggered.connect(lambda _on=False: run())
        return action

    def actions(self) -> list[QAction]:
        """All of them, module by module."""
        return [action for actions in self._by_table.values() for action in actions]

    def allow(self, on: bool, *, may_write: bool) -> None:
        """Whether there is one record to hang something on, and whether it may be changed itself."""
        for action in self.actions():
            action.setEnabled(on and (may_write or action not in self._writes))

    def groups(self, memory: Memory) -> list[Group]:
        """The submenus, in the order in which the user has the tabs."""
        made = []
        for relation in in_order(memory, self._table, self.relations):
            if actions := self._by_table[relation.table]:
                icon = module(relation.stands_for or relation.table).module.icon
                made.append(Group(relation.table, label_of(relation, self._table), icon, actions))
        return made
