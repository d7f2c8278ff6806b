"""The list of any module: filter, table, quick buttons, actions and foot, driven by the module's declaration."""

from __future__ import annotations

import traceback
from array import array
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from db.registry import module
from oficrm import loading
from oficrm.errors import EnvironmentProblem, ValidationError
from oficrm.jobs import Changes
from oficrm.lists import Criterion, ListFacts, ListFilter
from oficrm.loading import PageFacts
from ui.context import Context, Opener
from ui.lists import columns, opening, page_layout
from ui.lists.actions import ListActions
from ui.lists.ask_bar import AskBar
from ui.lists.column_menu import ColumnMenu
from ui.lists.companions import companion_of
from ui.lists.deletion import Deletion
from ui.lists.emptiness import EmptyStack
from ui.lists.filter_panel import FilterPanel
from ui.lists.foot import ListFoot
from ui.lists.loader import Loader
from ui.lists.model import ListModel
from ui.lists.order import Which
from ui.lists.output import Output
from ui.lists.page_state import PageState
from ui.lists.quick import QuickButtons
from ui.lists.row_work import RowWork
from ui.lists.saved import SavedFilters
from ui.lists.table import ListTable
from ui.lists.view_keeper import ViewKeeper
from ui.widgets.feedback import BusyBar


class ListPage(QWidget):
    """A list. It opens nothing itself: it asks by signals, which ``use_opener`` connects.

    ``fixed`` names links every row must have; ``compact`` makes it a related tab: no filter, loaded when first shown.
    """

    open_requested = Signal(str, int, bool)
    add_requested = Signal(str, object)
    duplicate_requested = Signal(str, int)
    history_requested = Signal(str, int)
    change_date_requested = Signal(object)
    create_next_requested = Signal(int)
    mass_edit_requested = Signal(str, object)
    ready = Signal()
    loaded = Signal(int)
    """All ids are here; how many."""
    count_changed = Signal(int)

    def __init__(self, context: Context, table: str, *, fixed: Mapping[str, Any] | None = None, compact: bool = False,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(f"list_{table}")
        self.setAccessibleName(module(table).module.plural)
        self.context, self.table_name, self.compact = context, table, compact
        self.fixed = dict(fixed or {})
        self.facts: PageFacts | None = None
        self.state = PageState(context.memory, table, self.fixed if compact else {})
        self.model = ListModel(ListFacts(table, dict(module(table).fields)), self)
        self.table = ListTable(self.model, self)
        self.loader = Loader(context.bridge, self.model, self)
        self.actions_ = ListActions(self, table, self.table)
        self.panel = None if compact else FilterPanel(context.bridge, self)
        self.saved = SavedFilters(self)
        self.bar = AskBar(self)
        self.busy = BusyBar(self)
        self.quick_buttons = QuickButtons(table, self)
        self.stack = EmptyStack(self)
        self.foot = ListFoot(table, self)
        self.output = Output(context.bridge, self.bar, self)
        self.companion = companion_of(self)
        self.deletion = Deletion(context, table, self.bar, self)
        self.column_menu = ColumnMenu(self)
        self.keeper = ViewKeeper(self)
        self.work = RowWork(self)
        self._sort: tuple[str, ...] = ()
        self.loaded_words = ""
        self._load_wanted = False
        self._filter_wanted: ListFilter | None = None
        self._focus_table = False
        self._reveal: int | None = None
        self._view_wanted: int | None = None
        page_layout.lay_out(self)
        self._connect()
        self._ask_facts()

    def _connect(self) -> None:
        if self.panel is not None:
            self.panel.load_asked.connect(self.load)
            self.panel.edited.connect(self._filter_edited)
            self.panel.folded_changed.connect(self.remember)
            self.panel.clear_button.clicked.connect(self.remember)
        for key, run in (("F5", self.load), ("Ctrl+F", self.focus_filter), ("F6", self._swap_focus)):
            QShortcut(QKeySequence(key), self, run)  # of the window: they hold from the side bar too
        self.table.sort_asked.connect(self.sort_by)
        self.table.columns_changed.connect(self.remember)
        self.table.chosen.connect(self._chosen)
        self.table.horizontalHeader().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.horizontalHeader().customContextMenuRequested.connect(
            lambda at: self.column_menu.open_at(self.table.horizontalHeader().mapToGlobal(at))
        )
        self.foot.columns_button.clicked.connect(
            lambda: self.column_menu.open_at(self.foot.columns_button.mapToGlobal(QPoint(0, 0)), above=True)
        )
        self.foot.wide_button.toggled.connect(self._set_wide)
        self.quick_buttons.changed.connect(self.quick)
        self.bar.closed.connect(self.focus_table)
        self.model.counted.connect(self._counted)
        self.loader.began.connect(self.busy.start)
        self.loader.shown.connect(self._shown)
        self.loader.ended.connect(self._ended)
        self.loader.failed.connect(self._failed)
        self.context.bridge.changed.connect(self._facts_changed)

    def use_opener(self, opener: Opener) -> None:
        """Open what is asked for through ``opener``."""
        opening.connect(self, opener)

    # --- what there is to know of the module

    def _ask_facts(self) -> None:
        table = self.table_name
        self.context.bridge.read(
            lambda session: loading.page_facts(session, table), self._facts_arrived, self, purpose="facts"
        )

    def _facts_arrived(self, facts: PageFacts) -> None:
        first = self.facts is None
        changed = first or (self.facts is not None and facts.facts.fields != self.facts.facts.fields)
        self.facts = facts
        self.output.folder = facts.reports_folder
        self.saved.set_views(facts.views)
        if self._view_wanted is not None:
            self.saved.set_current(self._view_wanted)
            self._view_wanted = None
            self.remember()
        if changed:
            if self.panel is not None:
                self.panel.build(facts)
            names = self.state.columns if first else self.table.shown_names()
            self.show_columns(names)
        elif self.panel is not None:
            self.panel.update_catalogues(facts)
        if first:
            self._begin()

    def _begin(self) -> None:
        self.state.apply(self)
        if self._filter_wanted is not None:
            self.set_filter(self._filter_wanted)
        self.stack.refresh()
        self.ready.emit()
        at_open = self.state.loads_at_open(self.loads_at_open())
        if self._load_wanted or (not self.compact and at_open) or (self.compact and self.isVisible()):
            self.load()

    def _facts_changed(self, changes: Changes, _initiator: Any) -> None:
        if self.facts is not None:
            watched = {"custom_field", "setting", "saved_view", *self.facts.catalogues}
            if watched.intersection(changes.tables):
                self._ask_facts()

    def loads_at_open(self) -> bool:
        """Whether the module declares that its list loads by itself."""
        return module(self.table_name).screens.load_at_open

    def is_ready(self) -> bool:
        """Whether the page knows its fields and can load."""
        return self.facts is not None

    # --- loading

    def list_filter(self) -> ListFilter:
        """What Cargar would load now."""
        criteria = tuple(Criterion(name, "in", (ident,)) for name, ident in self.fixed.items())
        if self.panel is None:
            return ListFilter(self.table_name, criteria, "", self._sort)
        return ListFilter(self.table_name, criteria + tuple(self.panel.criteria()), self.panel.text(), self._sort)

    def set_filter(self, wanted: ListFilter) -> None:
        """Put criteria, text and order into the panel; nothing is loaded."""
        if self.facts is None or self.panel is None:
            self._filter_wanted = wanted
            return
        self.panel.put(wanted.criteria)
        self.panel.set_text(wanted.text)
        self._set_sort(wanted.sort)

    def load(self) -> None:
        """Load the rows that fit the filter."""
        if self.facts is None:
            self._load_wanted = True
            return
        if self.panel is not None and self.panel.problems():
            return
        self._load_wanted = False
        self._focus_table = self.panel is not None and self.panel.has_focus()
        self.loaded_words = self.panel.words() if self.panel is not None else ""
        self.remember()
        self.loader.load(self.list_filter(), self.quick_buttons.current())

    def is_loaded(self) -> bool:
        """Whether a filter has been loaded."""
        return self.loader.wanted is not None

    def is_loading(self) -> bool:
        """Whether rows are on their way."""
        return self.loader.is_loading()

    def _shown(self) -> None:
        self.table.show_sort(self.sort())
        self.stack.refresh()
        if self._focus_table and self.model.rowCount():
            self._focus_table = False
            self.focus_table()
        if not self.table.currentIndex().isValid():
            self.table.scrollToTop()

    def _ended(self) -> None:
        self.busy.stop()
        self.stack.refresh()
        self._counted()
        self._show_revealed()
        self.loaded.emit(len(self.model.order.found.ids))

    def _failed(self, error: Exception) -> None:
        self.busy.stop()
        if isinstance(error, ValidationError) and self.panel is not None:
            if rest := self.panel.show_errors(error.errors):
                self.bar.say(rest, good=False)
        elif isinstance(error, EnvironmentProblem):
            self.bar.say(str(error), good=False, more="Reintentar", run=self.load)
        else:
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    def set_fixed(self, fixed: Mapping[str, Any] | None) -> None:
        """Show the rows of another record; None shows nothing."""
        self.fixed = dict(fixed or {})
        if fixed is None:
            self.loader.forget()
        elif self.isVisible():
            self.load()

    def quick(self, which: Which) -> None:
        """Narrow what is loaded to those done or not done, at once."""
        self.quick_buttons.set_current(which)
        if self.model.order.found.flags:
            self.model.narrow(which)
        self.stack.refresh()

    def search(self, text: str) -> None:
        """Look for a text in all that identifies a record, and load."""
        if self.panel is not None:
            self.panel.set_text(text)
            self.load()

    # --- order and columns

    def sort(self) -> tuple[str, ...]:
        """The order in force."""
        return self._sort or module(self.table_name).screens.sort

    def sort_by(self, name: str, added: bool = False) -> None:
        """Order by a column, the other way round when it is ordered by it already."""
        order = columns.next_sort(self.sort(), name, added, self.model.style.sorts)
        self._set_sort(order)
        self.remember()
        self.loader.reload(order)

    def _set_sort(self, sort: tuple[str, ...]) -> None:
        self._sort = sort
        self.table.show_sort(self.sort())

    def show_columns(self, names: list[str]) -> None:
        """Show these columns in this order; none means the declared ones."""
        assert self.facts is not None
        shown = columns.chosen(self.facts.facts, names, self.model.style.columns, self.hidden_columns())
        self.model.set_columns(shown, self.facts.facts)
        self.table.reset_order()
        self.table.show_sort(self.sort())

    def hidden_columns(self) -> tuple[str, ...]:
        """Columns that would show the same in every row."""
        hidden = self.companion.hidden_columns() if self.companion is not None else ()
        return (*self.fixed, *loading.fixed_preset(self.table_name, self.fixed), *hidden)

    def _set_wide(self, wide: bool) -> None:
        self.table.set_wide(wide)
        self.remember()

    def remember(self) -> None:
        """Keep filter, columns and view for the next start."""
        if self.facts is not None:
            self.state.keep(self)

    def mark_view(self, ident: int) -> None:
        """A saved filter says what the panel says."""
        self._view_wanted = ident
        self.saved.set_current(ident)

    def _filter_edited(self) -> None:
        self.saved.set_current(None)

    # --- rows

    def selected_ids(self) -> list[int]:
        """The records selected, in the order shown."""
        return self.table.selected_ids().tolist()

    def loaded_ids(self) -> array[int]:
        """The records shown, in order."""
        return self.model.order.ids

    def current_id(self) -> int | None:
        """The record of the current row, None without one."""
        return self.table.current_id()

    def neighbour(self, ident: int, step: int) -> int | None:
        """The record before (-1) or after (1) another one in the list, None at its ends."""
        row = self.model.order.row_of(ident)
        there = -1 if row is None else row + step
        return self.model.order.ids[there] if 0 <= there < self.model.rowCount() else None

    def reveal(self, ident: int) -> None:
        """Select a record and scroll to it, at once or as soon as it comes into the list."""
        self._reveal = ident
        self._show_revealed()

    def _show_revealed(self) -> None:
        if self._reveal is not None and self.model.order.row_of(self._reveal) is not None:
            self.table.select_ids(frozenset({self._reveal}), self._reveal)
            self._reveal = None

    def _chosen(self) -> None:
        ranges = self.table.selected_ranges()
        count = sum(last - first + 1 for first, last in ranges)
        current = self.table.current_id()
        row = self.model.row(current) if current is not None else None
        self.actions_.set_state(count, self.model.rowCount(), can_create_next=bool(row and row.get("next_missing")))
        order, facts = self.model.order, self.model.facts
        self.foot.show_counts(order, ranges, facts, loaded=self.is_loaded(), loading=self.is_loading())

    def _counted(self) -> None:
        self.quick_buttons.show_counts(self.model.order, loaded=self.is_loaded())
        self._chosen()
        self._show_revealed()
        self.stack.refresh()
        self.count_changed.emit(len(self.model.order.found.ids))

    # --- focus, and being on the screen

    def focus_filter(self) -> None:
        """Go to the first field of the filter."""
        if self.panel is not None:
            self.panel.focus_first()

    def focus_table(self) -> None:
        """Go to the rows."""
        self.table.go_to_first()
        self.table.setFocus()

    def _swap_focus(self) -> None:
        if self.table.hasFocus():
            self.focus_filter()
        else:
            self.focus_table()

    def showEvent(self, event: QShowEvent) -> None:
        """Take what was written while the list was hidden; a related tab loads when first looked at."""
        super().showEvent(event)
        self.loader.is_awake = True
        self.loader.catch_up()
        if self.compact and self.facts is not None and not self.is_loaded() and not self.is_loading():
            self.load()

    def hideEvent(self, event: QHideEvent) -> None:
        """Changes are taken when the list is seen again."""
        super().hideEvent(event)
        self.loader.is_awake = False
