"""What stands where there are no rows: one sentence that says why, and the button that changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QStackedWidget, QWidget

from db.registry import module
from oficrm.related import Related
from ui import icons
from ui.lists.order import Order
from ui.widgets.feedback import EmptyState

if TYPE_CHECKING:
    from ui.lists.page import ListPage

Way = Literal["", "clear", "add", "all"]


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Icon, sentence, button, and what the button does."""

    icon: str
    sentence: str
    button: str = ""
    way: Way = ""


def emptiness(table: str, order: Order, *, loaded: bool, has_criteria: bool, compact: bool) -> Emptiness | None:
    """Why there is nothing to see, None when there is something."""
    if order.ids:
        return None
    model = module(table)
    facts = model.module
    icon = facts.icon if icons.has(facts.icon) else "empty"
    new = f"Añadir {facts.named(1)}"
    if not loaded:
        return None if compact else Emptiness("filter", "Ponga criterios y pulse Cargar (F5), o Enter en un campo.")
    if order.found.ids:
        return Emptiness(icon, "No hay ninguno en esta parte de lo cargado.", "Ver todos", "all")
    if has_criteria:
        none = "Ninguna" if facts.feminine else "Ningún"
        return Emptiness("search", f"{none} {facts.named(1)} cumple el filtro.", "Limpiar filtro", "clear")
    if compact:
        return Emptiness(icon, f"Sin {facts.several} todavía.", new, "add")
    declared = "" if model.screens.narrow else model.screens.empty  # a narrowed list declares what no match says
    return Emptiness(icon, declared or f"Todavía no hay {facts.several}.", new, "add")


def _in_tab(state: Emptiness, relation: Related) -> Emptiness:
    """In the tab of a record everything is called as its menus call it."""
    sentence = f"Sin {relation.several} todavía."
    return replace(state, sentence=sentence, button=f"Agregar {relation.singular}")


class EmptyStack(QStackedWidget):
    """The table, or what stands in its place; ``relation`` is what a related tab shows."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self._page = page
        self.state: Emptiness | None = None
        self.relation: Related | None = None
        self.empty = EmptyState(parent=self)
        self.empty.setObjectName("empty_state")
        self.addWidget(page.table)
        self.addWidget(self.empty)
        self.empty.clicked.connect(self._end)

    def refresh(self) -> None:
        """Show the table, or why it would be empty."""
        page, wanted = self._page, self._page.loader.wanted
        criteria = wanted is not None and (len(wanted.criteria) > len(page.fixed) or bool(wanted.text))
        self.state = emptiness(
            page.table_name, page.model.order, loaded=page.is_loaded(), has_criteria=criteria, compact=page.compact
        )
        if self.state is not None and self.state.way == "add" and self.relation is not None:
            self.state = _in_tab(self.state, self.relation)
        if self.state is not None and self.state.way == "add" and page.companion is not None:
            self.state = page.companion.emptiness(self.state)
        if self.state is not None:
            self.empty.set(self.state.icon, self.state.sentence, self.state.button)
        shown: QWidget = page.table if self.state is None else self.empty
        self.setCurrentWidget(shown)

    def _end(self) -> None:
        match self.state.way if self.state else "":
            case "clear" if self._page.panel is not None:
                self._page.panel.clear()
                self._page.load()
            case "add":
                self._page.work.run("add")
            case "all":
                self._page.quick("all")
