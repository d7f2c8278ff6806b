"""General and the related modules: counts on them, lists loaded when first looked at, order and choice kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from db.filed import FILES
from db.registry import module
from oficrm.related import Related
from ui import icons, theme
from ui.commands.around import label_of
from ui.forms.order_tabs import OrderTabs
from ui.forms.related_nav import FOLDED, WIDE, Entry, Nav, NavSide, TabNav
from ui.memory import Memory

GENERAL = "general"
MOST_TABS = 9
"""So many tabs stand side by side; more of them are a list."""
NARROW = 860
"""Pixels of the window below which the list folds to icons and figures."""
WIDTH = "related_width"
MakePage = Callable[[Related], QWidget]


class RelatedTabs(QWidget):
    """The way around General and the related modules, and what it shows: a bar above, or a list at the left.

    ``make_page`` makes the list of a related module when it is first opened. ``in_head`` is for windows that put
    ``top`` elsewhere: there it always is a bar, and shown whole. ``is_new`` as of ``set_new``.
    """

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
        *,
        in_head: bool = False,
        is_new: bool = False,
    ) -> None:
        super().__init__(parent)
        self._memory, self._table, self._make_page, self._in_head = memory, table, make_page, in_head
        self._relations = {relation.table: relation for relation in relations}
        self._pages: dict[str, QWidget] = {GENERAL: general}
        self._current = GENERAL
        self._counts: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._wrong: dict[str, int] = {}
        self._is_new = is_new
        self._is_narrow: bool | None = None
        self._revealed: set[str] = set()
        self._tabs = TabNav(self)
        self._tabs.setUsesScrollButtons(not in_head)
        self._tabs.chosen.connect(self._open)
        self._side: NavSide | None = None
        self.order_button = QToolButton(self)
        self.order_button.setObjectName("button_order_tabs")
        self.order_button.setIcon(icons.icon("sort"))
        self.order_button.setToolTip("Ordenar módulos relacionados")
        self.order_button.setAccessibleName("Ordenar módulos relacionados")
        self.order_button.clicked.connect(self._order)
        self._lay_out(general)
        self._fill()

    def _lay_out(self, general: QWidget) -> None:
        self.top = QWidget(self)
        self._row = QHBoxLayout(self.top)
        self._row.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        self._row.addWidget(self._tabs, 1)
        self._row.addWidget(self.order_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(general)
        self._body = QSplitter(self)
        self._body.setHandleWidth(1)
        self._body.setChildrenCollapsible(False)
        self._body.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self._body, 1)

    # --- its two looks

    @property
    def bar(self) -> Nav:
        """What one goes around with: both looks tell ``count``, ``tabText`` and ``tabToolTip``."""
        return self._side.nav if self._side is not None and self._is_list() else self._tabs

    def _is_list(self) -> bool:
        return not self._in_head and not self._is_new and 1 + len(self.order()) > MOST_TABS

    def _put_side(self) -> NavSide:
        """The list; it is made when there are enough modules for the first time."""
        if self._side is None:
            side = self._side = NavSide(self._body)
            side.nav.chosen.connect(self._open)
            side.nav.entered.connect(self._enter)
            side.full_button.clicked.connect(self._show_only_full)
            self._body.insertWidget(0, side)
            self._body.setStretchFactor(0, 0)
            self._body.setStretchFactor(1, 1)
            self._body.splitterMoved.connect(lambda _at, _index: self._keep_width())
            for first, second in ((self._tabs, side.nav), (side.nav, side.full_button),
                                  (side.full_button, self.order_button)):  # fmt: skip
                QWidget.setTabOrder(first, second)
        return self._side

    def _choose_look(self) -> None:
        is_list = self._is_list()
        if is_list:
            self._put_side().foot.addWidget(self.order_button)
        elif self._side is not None:
            self._row.addWidget(self.order_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._tabs.setObjectName("" if is_list else "tabs")
        if self._side is not None:
            self._side.setVisible(is_list)
            self._side.nav.setObjectName("tabs" if is_list else "")
        self.top.setVisible(not is_list and len(self._names()) > 1)
        self._fit_side()

    def _fit_side(self) -> None:
        """Fold the list where the window turns narrow, and give it its width back with the room."""
        if self._side is None or not self._is_list():
            return
        narrow = self.width() < NARROW
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            width = FOLDED if narrow else int(self._memory.get(WIDTH, WIDE))
            self._body.setSizes([width, max(self.width() - width, 1)])
        self._side.follow_width()

    def _keep_width(self) -> None:
        assert self._side is not None
        if not self._is_narrow:
            self._memory.put(WIDTH, self._side.width())
        self._side.follow_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See how much room there is for the list."""
        super().resizeEvent(event)
        self._fit_side()

    # --- which modules, in which order

    def _known(self) -> dict[str, Any]:
        found: dict[str, Any] = self._memory.get(f"tabs_{self._table}", {})
        return found

    def order(self) -> list[str]:
        """The related modules the user wants shown, in the user's order."""
        known = self._known()
        hidden = set(known.get("hidden", ())) - self._revealed
        first = [table for table in known.get("order", ()) if table in self._relations]
        rest = [table for table in self._relations if table not in first]
        return [table for table in (*first, *rest) if table not in hidden]

    def _names(self) -> list[str]:
        """The tabs there are now: nothing hangs on a record that is not saved yet but the files chosen for it."""
        if self._is_new:
            return [GENERAL, *(name for name in self.order() if name == FILES)]
        only_full = bool(self._known().get("only_full"))
        return [GENERAL, *(name for name in self.order() if not only_full or self._has_reason(name))]

    def _has_reason(self, name: str) -> bool:
        """Whether a module is shown where those without records are not."""
        return bool(name == self._current or name in self._revealed or self._wrong.get(name) or self._count(name))

    def _fill(self) -> None:
        names = self._names()
        gone = self._current not in names
        if gone:
            self._current = GENERAL
        self._choose_look()
        self.bar.set_entries([self._entry(name) for name in names], self._current)
        self.order_button.setVisible(len(self._relations) > 2 and not self._is_new)
        if self._side is not None:
            self._side.show_full(bool(self._known().get("only_full")), 1 + len(self.order()) - len(names))
        if gone:
            self._open(GENERAL)

    def _entry(self, name: str) -> Entry:
        wrong = self._wrong.get(name, 0)
        if name == GENERAL:
            return Entry(name, "General", "document", wrong or None, wrong)
        relation = self._relations[name]
        icon = module(relation.stands_for or name).module.icon
        return Entry(name, label_of(relation, self._table), icons.known(icon), self._count(name), wrong)

    def _count(self, name: str) -> int | None:
        """Records behind a tab, those that wait to be saved included; None while it is not known."""
        waiting = self._waiting.get(name, 0)
        if self._is_new:
            return waiting or None
        return self._counts[name] + waiting if name in self._counts else waiting or None

    def _order(self) -> None:
        known = self._known()
        dialog = OrderTabs(
            [self._entry(table) for table in self._relations], self.order(), self.window(),
            saved=known.get("order", ()), only_full=bool(known.get("only_full")),
        )  # fmt: skip
        dialog.accepted.connect(lambda: self._take_order(dialog))
        dialog.open()

    def _take_order(self, dialog: OrderTabs) -> None:
        """Keep what differs from the declaration: modules declared later then stand where they are declared."""
        known: dict[str, Any] = {}
        if dialog.order() != list(self._relations):
            known["order"] = dialog.order()
        if dialog.hidden():
            known["hidden"] = dialog.hidden()
        if dialog.only_full():
            known["only_full"] = True
        self._memory.put(f"tabs_{self._table}", known or None)
        self._revealed.clear()
        self._fill()

    def _show_only_full(self, on: bool) -> None:
        known = {name: value for name, value in self._known().items() if name != "only_full"}
        self._memory.put(f"tabs_{self._table}", (known | {"only_full": True} if on else known) or None)
        self._revealed.clear()
        self._fill()

    # --- what they show

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show how many records there are behind each tab."""
        self._counts = counts
        self._fill()

    def set_waiting(self, name: str, count: int) -> None:
        """Count what will be there once the record is saved."""
        if self._waiting.get(name, 0) != count:
            self._waiting[name] = count
            self._fill()

    def set_wrong(self, count: int, name: str = GENERAL) -> None:
        """Show on a tab how much of it is in error."""
        if self._wrong.get(name, 0) != count:
            self._wrong[name] = count
            self._fill()

    def set_new(self, is_new: bool) -> None:
        """A record that is not saved yet has nothing related, but files may wait for it."""
        if is_new != self._is_new:
            self._is_new = is_new
            self._fill()

    def current(self) -> str:
        """The name of the tab looked at."""
        return self._current

    def reveal(self, name: str) -> None:
        """Look at a tab even if the user hides it: something has just come into it."""
        if name not in self._names() and name in self._relations:
            self._revealed.add(name)
            self._fill()
        self.show_tab(name)

    def show_tab(self, name: str) -> None:
        """Look at a tab: "general", or a table that the user does not hide."""
        if name in self.order() and name not in self._names() and not self._is_new:
            self._revealed.add(name)  # it only has no records
            self._fill()
        if name in self._names() and name != self._current:
            self.bar.select(name)
            self._open(name)

    def step(self, by: int) -> None:
        """Go to the next or the last tab."""
        names = self._names()
        self.show_tab(names[(names.index(self._current) + by) % len(names)])

    def page(self, name: str) -> QWidget | None:
        """The page of a tab, None while it was not looked at."""
        return self._pages.get(name)

    def _open(self, name: str) -> None:
        self._current = name
        if name not in self._pages:
            page = self._make_page(self._relations[name])
            page.setObjectName(f"tab_{name}")
            self._pages[name] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self._pages[name])
        self.opened.emit(name)

    def _enter(self) -> None:
        """The keyboard goes from the list into the page: where it last was there, else to its rows or first field."""
        page = self._pages[self._current]
        target: QWidget | None = page.focusProxy() or page.focusWidget()
        if target is None:
            inside = (each for each in page.findChildren(QWidget) if each.isVisible() and each.isEnabled())
            target = next((each for each in inside if each.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
