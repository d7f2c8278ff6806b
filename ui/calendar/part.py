"""Calendario in a list page: the switch between list, day, week and month, and what its actions do there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QWidget

from db.models.calendar_item import ItemKind
from oficrm import loading
from oficrm.calendar import ics
from oficrm.calendar.items import TABLE
from oficrm.calendar.ranges import Entry
from oficrm.commands import commands
from ui import folders, icons
from ui.calendar.pane import DAY, MONTH, WEEK, CalendarPane
from ui.lists.companions import Companion
from ui.lists.emptiness import Emptiness

if TYPE_CHECKING:
    from ui.lists.page import ListPage

LIST = "list"
VIEWS = ((LIST, "Lista", "menu"), (DAY, "Día", "today"), (WEEK, "Semana", "columns"), (MONTH, "Mes", "calendar"))
REMEMBERED = "calendar_view"
PURPOSE = "export"
_SAME = ("edit", "view", "delete", "history", "duplicate", "mass_edit")


class CalendarPart(Companion):
    """Makes a list page of ``calendar_item`` a calendar too. Related tabs are lists only."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self.page = page
        self.above = QWidget(page)
        self.above.hide()
        self.corner = QWidget(page)
        self.view = LIST
        self.buttons: dict[str, QToolButton] = {}
        self.stack = QStackedWidget(page)
        self.pane: CalendarPane | None = None
        self._make_switch()
        page.ready.connect(self._begin)

    def _make_switch(self) -> None:
        row = QHBoxLayout(self.corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self.corner)
        for name, text, icon in VIEWS:
            button = QToolButton(self.corner)
            button.setObjectName(f"view_{name}")
            button.setText(text)
            button.setIcon(icons.icon(icon))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on=False, name=name: self.show_view(name))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[name] = button
        self.buttons[LIST].setChecked(True)
        self.corner.setVisible(not self.page.compact)

    def body(self, rows: QWidget) -> QWidget:
        """The rows, and the calendar behind them."""
        self.stack.addWidget(rows)
        return self.stack

    def hidden_columns(self) -> tuple[str, ...]:
        """In the tab of a record its own name would stand in every row."""
        return ("records",) if self.page.fixed else ()

    def emptiness(self, state: Emptiness) -> Emptiness:
        """As any list says it."""
        return state

    def _begin(self) -> None:
        """Where one was last; the list in the tabs of records."""
        if not self.page.compact:
            self.show_view(str(self.page.context.memory.get(REMEMBERED, LIST)))

    # --- the views

    def show_view(self, view: str) -> None:
        """Show the list, or a page of the calendar."""
        self.view = view if view in self.buttons else LIST
        self.buttons[self.view].setChecked(True)
        self.page.context.memory.put(REMEMBERED, self.view)
        self.page.foot.setVisible(self.view == LIST)
        if self.view == LIST:
            self.stack.setCurrentIndex(0)
            self.page._chosen()
            return
        pane = self._put_pane()
        self.stack.setCurrentWidget(pane)
        pane.show_view(self.view)
        pane.grid().setFocus()
        self._chosen(pane.grid().current)

    def _put_pane(self) -> CalendarPane:
        """The calendar, made when it is first wanted."""
        if self.pane is None:
            page = self.page
            pane = self.pane = CalendarPane(page.context, page.list_filter, page)
            pane.added.connect(self.add)
            pane.menu_asked.connect(self._show_menu)
            pane.deletion_asked.connect(lambda ident: page.deletion.ask([ident]))
            pane.chosen.connect(self._chosen)
            pane.refused.connect(lambda text: page.bar.say(text, good=False))
            pane.view_asked.connect(self.show_view)
            page.loader.began.connect(pane.reload)
            self.stack.addWidget(pane)
        return self.pane

    def is_list(self) -> bool:
        """Whether the rows are shown."""
        return self.view == LIST

    def _chosen(self, _entry: Entry | None) -> None:
        if not self.is_list() and self.pane is not None:
            count = 1 if self.pane.current_id() is not None else 0
            self.page.actions_.set_state(count, count, can_create_next=False)

    # --- actions

    def run(self, name: str) -> bool:
        """Do an action with what is under the cursor of the calendar; the list does its own."""
        if name == "export_ics":
            self.export()
            return True
        if name == "add_task":
            self.add(self._day(), None, kind=ItemKind.TASK.value)
            return True
        if self.is_list() or self.pane is None:
            return False
        if name == "add":
            self.add(*self.pane.grid().cursor_place())
            return True
        ident = self.pane.current_id()
        if name not in _SAME:
            return False
        if ident is not None:
            self._do(name, ident)
        return True

    def _do(self, name: str, ident: int) -> None:
        page = self.page
        match name:
            case "edit" | "view":
                page.open_requested.emit(TABLE, ident, name == "view")
            case "delete":
                page.deletion.ask([ident])
            case "history":
                page.history_requested.emit(TABLE, ident)
            case "duplicate":
                page.duplicate_requested.emit(TABLE, ident)
            case "mass_edit":
                page.mass_edit_requested.emit(TABLE, [ident])

    def _day(self) -> dt.date | None:
        return self.pane.grid().cursor_place()[0] if self.pane is not None and not self.is_list() else None

    def add(self, day: dt.date | None, time: dt.time | None, **more: Any) -> None:
        """Open a new item on a day, at an hour or for the whole day."""
        preset = loading.fixed_preset(TABLE, self.page.fixed) | more
        if day is not None:
            preset["date"] = day
            if time is not None:
                preset["time"] = time
            elif "kind" not in more:
                preset["all_day"] = True
        self.page.add_requested.emit(TABLE, preset)

    def _show_menu(self, entry: Entry | None, at: QPoint) -> None:
        menu = self.make_menu(entry)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def make_menu(self, entry: Entry | None) -> QMenu:
        """The actions of an entry, or of an empty place."""
        actions = self.page.actions_.all
        menu = QMenu(self.page)
        menu.setObjectName("calendar_menu")
        if entry is None:
            menu.addActions([actions["add"], actions["add_task"]])
            return menu
        if not entry.is_item:
            menu.addAction(icons.icon("open"), "Abrir el contacto", lambda: self._open(entry))
            return menu
        menu.addActions([actions["edit"], actions["view"]])
        menu.addSeparator()
        for command in commands(TABLE):
            is_for = {"hold": ItemKind.EVENT, "miss": ItemKind.EVENT, "complete": ItemKind.TASK}.get(command.name)
            if is_for in (None, entry.kind):
                menu.addAction(icons.icon(icons.known(command.icon)), command.text,
                               lambda command=command: self.page.work.runner.run(command, [entry.id]))  # fmt: skip
        menu.addSeparator()
        menu.addActions([actions["export_ics"], actions["duplicate"], actions["history"]])
        menu.addSeparator()
        menu.addAction(actions["delete"])
        return menu

    def _open(self, entry: Entry) -> None:
        assert self.pane is not None
        self.pane.open_entry(entry)

    def export(self) -> None:
        """Save what is selected, else all that is loaded or shown, as iCalendar."""
        page = self.page
        if self.is_list():
            ids = page.selected_ids() or page.loaded_ids().tolist()
        else:
            assert self.pane is not None
            current = self.pane.current_id()
            shown = [entry.id for entry in self.pane.grid().entries if entry.is_item]
            ids = [current] if current is not None else shown
        save_ics(page, page.context, ids)


def save_ics(parent: QWidget, context: Any, ids: list[int]) -> None:
    """Ask where, and write items as iCalendar."""
    if not ids:
        return
    start = folders.last(context.memory, PURPOSE) / "calendario.ics"
    chosen, _filter = QFileDialog.getSaveFileName(parent, "Exportar a iCalendar", str(start), "iCalendar (*.ics)")
    if not chosen:
        return
    path = Path(chosen)
    path = path if path.suffix else path.with_suffix(".ics")
    folders.remember(context.memory, PURPOSE, path)

    def written(count: int) -> None:
        what = "Una actividad exportada" if count == 1 else f"{count} actividades exportadas"
        context.notices.show(f"{what}: {path}")

    context.bridge.read(lambda s: ics.write(s, ids, path), written, parent, slow=True)
