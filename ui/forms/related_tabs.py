"""General and the related modules as tabs: counts on them, lists loaded when first looked at, order and choice kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from db.filed import FILES
from db.registry import module
from oficrm.related import Related
from ui import icons, theme
from ui.forms.order_tabs import OrderTabs
from ui.memory import Memory

GENERAL = "general"
DEPENDENT = "Filiales"
"""A module that hangs on itself: the clients below a client."""
MakePage = Callable[[Related], QWidget]


class RelatedTabs(QWidget):
    """The tab bar and what it shows. ``make_page`` makes the list of a related module when its tab is first opened."""

    opened = Signal(str)
    """The name of the tab looked at: "general", or the table."""

    def __init__(
        self,
        memory: Memory,
        table: str,
        relations: tuple[Related, ...],
        general: QWidget,
        make_page: MakePage,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory, self._table, self._make_page = memory, table, make_page
        self._relations = {relation.table: relation for relation in relations}
        self._pages: dict[str, QWidget] = {GENERAL: general}
        self._counts: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._wrong: dict[str, int] = {}
        self._is_new = False
        self._revealed: set[str] = set()
        self.bar = QTabBar(self)
        self.bar.setObjectName("tabs")
        self.bar.setAccessibleName("Módulos relacionados")
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.order_button = QToolButton(self)
        self.order_button.setObjectName("button_order_tabs")
        self.order_button.setIcon(icons.icon("sort"))
        self.order_button.setToolTip("Ordenar módulos relacionados")
        self.order_button.setAccessibleName("Ordenar módulos relacionados")
        self.order_button.clicked.connect(self._order)
        self.top = QWidget(self)
        row = QHBoxLayout(self.top)
        row.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        row.addWidget(self.bar, 1)
        row.addWidget(self.order_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(general)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.stack, 1)
        self._fill()
        self.bar.currentChanged.connect(self._open)

    # --- which tabs, in which order

    def order(self) -> list[str]:
        """The related modules shown, in the user's order."""
        known = self._memory.get(f"tabs_{self._table}", {})
        hidden = set(known.get("hidden", ())) - self._revealed
        first = [table for table in known.get("order", ()) if table in self._relations]
        rest = [table for table in self._relations if table not in first]
        return [table for table in (*first, *rest) if table not in hidden]

    def _names(self) -> list[str]:
        """The tabs there are now: nothing hangs on a record that is not saved yet but the files chosen for it."""
        return [GENERAL, *(name for name in self.order() if not self._is_new or name == FILES)]

    def _fill(self) -> None:
        current, names = self.current(), self._names()
        self.bar.blockSignals(True)
        while self.bar.count():
            self.bar.removeTab(0)
        for name in names:
            index = self.bar.addTab("")
            self.bar.setTabData(index, name)
            if name != GENERAL:
                self.bar.setTabIcon(index, icons.icon(_icon(name)))
        self._write_labels()
        self.bar.setCurrentIndex(names.index(current) if current in names else 0)
        self.bar.blockSignals(False)
        self.top.setVisible(len(names) > 1)
        self.order_button.setVisible(len(self._relations) > 2 and not self._is_new)
        if self.current() != current:
            self._open(self.bar.currentIndex())

    def _write_labels(self) -> None:
        for index in range(self.bar.count()):
            name = self.bar.tabData(index)
            wrong, count = self._wrong.get(name, 0), self._count(name)
            words, usual = ("General", "document") if name == GENERAL else (self._label(name), _icon(name))
            figure = wrong or None if name == GENERAL else count
            self.bar.setTabText(index, words if figure is None else f"{words} {figure:,}".replace(",", "."))
            self.bar.setTabToolTip(index, f"Datos por corregir: {wrong}" if wrong else "")
            self.bar.setTabIcon(index, icons.icon("error", "overdue") if wrong else icons.icon(usual))

    def _count(self, name: str) -> int | None:
        """Records behind a tab, those that wait to be saved included; None while it is not known."""
        waiting = self._waiting.get(name, 0)
        if self._is_new:
            return waiting or None
        return self._counts[name] + waiting if name in self._counts else waiting or None

    def _label(self, table: str) -> str:
        return module(table).module.plural if table != self._table else DEPENDENT

    def _order(self) -> None:
        dialog = OrderTabs(self._relations, self.order(), self._label, self.window())
        dialog.accepted.connect(lambda: self._take_order(dialog))
        dialog.open()

    def _take_order(self, dialog: OrderTabs) -> None:
        self._memory.put(f"tabs_{self._table}", {"order": dialog.order(), "hidden": dialog.hidden()})
        self._fill()

    # --- what they show

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show how many records there are behind each tab."""
        self._counts = counts
        self._write_labels()

    def set_waiting(self, name: str, count: int) -> None:
        """Count what will be there once the record is saved."""
        if self._waiting.get(name, 0) != count:
            self._waiting[name] = count
            self._write_labels()

    def set_wrong(self, count: int, name: str = GENERAL) -> None:
        """Show on a tab how much of it is in error."""
        self._wrong[name] = count
        self._write_labels()

    def set_new(self, is_new: bool) -> None:
        """A record that is not saved yet has nothing related, but files may wait for it."""
        if is_new != self._is_new:
            self._is_new = is_new
            self._fill()

    def current(self) -> str:
        """The name of the tab looked at."""
        return str(self.bar.tabData(self.bar.currentIndex()) or GENERAL) if self.bar.count() else GENERAL

    def reveal(self, name: str) -> None:
        """Look at a tab even if the user hides it: something has just come into it."""
        if name not in self._names() and name in self._relations:
            self._revealed.add(name)
            self._fill()
        self.show_tab(name)

    def show_tab(self, name: str) -> None:
        """Look at a tab: "general", or a table."""
        for index in range(self.bar.count()):
            if self.bar.tabData(index) == name:
                self.bar.setCurrentIndex(index)

    def step(self, by: int) -> None:
        """Go to the next or the last tab."""
        if self.bar.count() > 1:
            self.bar.setCurrentIndex((self.bar.currentIndex() + by) % self.bar.count())

    def page(self, name: str) -> QWidget | None:
        """The page of a tab, None while it was not looked at."""
        return self._pages.get(name)

    def _open(self, _index: int) -> None:
        name = self.current()
        if name not in self._pages:
            page = self._make_page(self._relations[name])
            page.setObjectName(f"tab_{name}")
            self._pages[name] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self._pages[name])
        self.opened.emit(name)


def _icon(table: str) -> str:
    icon = module(table).module.icon
    return icons.known(icon)
