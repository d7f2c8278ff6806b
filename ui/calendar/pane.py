"""Day, week and month: the page of the calendar with its head, what it loads, and what it writes."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from oficrm import clock
from oficrm.calendar import doing, ranges
from oficrm.calendar.items import TABLE
from oficrm.calendar.ranges import Entry, Range
from oficrm.errors import EnvironmentProblem, NeedsConfirmation, Refused, ValidationError
from oficrm.jobs import Changes, Done
from oficrm.lists import ListFilter
from oficrm.rules import dates
from oficrm.rules.dates import MONTHS
from ui import icons, theme
from ui.calendar.grid import AgendaGrid
from ui.calendar.hours import HourGrid
from ui.calendar.month import MonthGrid
from ui.context import Context
from ui.keys import key_in
from ui.widgets.feedback import BusyBar

DAY, WEEK, MONTH = "day", "week", "month"
WITH_CONTACTS = "calendar_contacts"
_STEPS = {DAY: "Día", WEEK: "Semana", MONTH: "Mes"}


class CalendarPane(QWidget):
    """``show_view`` begins. ``wanted`` gives the filter in force; ``refused`` what cannot be done, in words."""

    added = Signal(object, object)
    """Something new is wanted: its day, and its hour or None."""
    menu_asked = Signal(object, QPoint)
    deletion_asked = Signal(int)
    chosen = Signal(object)
    """The Entry under the cursor, or None."""
    refused = Signal(str)
    shown = Signal()
    view_asked = Signal(str)

    def __init__(self, context: Context, wanted: Callable[[], ListFilter], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("calendar_pane")
        self._context, self._wanted = context, wanted
        self._is_stale, self._is_busy = True, False
        self.grids: dict[str, HourGrid | MonthGrid] = {
            DAY: HourGrid(1, self), WEEK: HourGrid(7, self), MONTH: MonthGrid(self)
        }  # fmt: skip
        self.view = WEEK
        self.title = QLabel(self)
        self.note = QLabel(self)
        self.contacts = QCheckBox("Contactos", self)
        self.busy = BusyBar(self)
        self.stack = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        theme.set_role(self.title, "title")
        self.title.setObjectName("calendar_title")
        theme.set_role(self.note, "small")
        self.contacts.setObjectName("check_contacts")
        self.contacts.setToolTip("Enseñar también los contactos de estos días, solo para verlos")
        self.contacts.setChecked(bool(self._context.memory.get(WITH_CONTACTS, False)))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, theme.SPACE_XS)
        head.setSpacing(theme.SPACE_XS)
        self.back = self._button("left", "button_back", "Anterior (Re Pág)", partial(self.step, -1))
        self.today_button = self._button("today", "button_today", "Ir a hoy (Alt+Inicio)", self.go_today, "Hoy")
        self.forward = self._button("right", "button_forward", "Siguiente (Av Pág)", partial(self.step, 1))
        for part in (self.today_button, self.back, self.forward):
            head.addWidget(part)
        head.addSpacing(theme.SPACE_S)
        head.addWidget(self.title)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(self.note, 1)
        head.addWidget(self.contacts)
        for grid in self.grids.values():
            self.stack.addWidget(grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_XS, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.busy)
        column.addWidget(self.stack, 1)

    def _button(self, icon: str, name: str, tip: str, run: Callable[[], Any], text: str = "") -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda _on=False: run())
        return button

    def _connect(self) -> None:
        for grid in self.grids.values():
            grid.opened.connect(self.open_entry)
            grid.added.connect(self.added)
            grid.moved.connect(self.move_entry)
            grid.stepped.connect(self._stepped)
            grid.menu_asked.connect(self.menu_asked)
            grid.went.connect(lambda _day: self.chosen.emit(self.grid().current))
            grid.resized.connect(self.resize_entry)
            grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            grid.customContextMenuRequested.connect(partial(self._menu, grid))
        self._month().day_asked.connect(self._show_day)
        self.contacts.toggled.connect(self._toggle_contacts)
        self._context.bridge.changed.connect(self._changed)
        key_in("Alt+Home", self, self.go_today)

    def _month(self) -> MonthGrid:
        grid = self.grids[MONTH]
        assert isinstance(grid, MonthGrid)
        return grid

    # --- what is shown

    def grid(self) -> HourGrid | MonthGrid:
        """The page shown."""
        return self.grids[self.view]

    def show_view(self, view: str) -> None:
        """Show day, week or month of the day under the cursor."""
        day = self.grid().day
        self.view = view
        self.stack.setCurrentWidget(self.grid())
        self.back.setToolTip(f"{_STEPS[view]} anterior (Re Pág)")
        self.forward.setToolTip(f"{_STEPS[view]} siguiente (Av Pág)")
        self.go(day)

    def go(self, day: dt.date) -> None:
        """Show the page of a day."""
        self.grid().go(day)
        self._write_title()
        self.reload()

    def go_today(self) -> None:
        """Show today."""
        self.go(clock.today())
        self.grid().setFocus()

    def step(self, by: int) -> None:
        """Show the page before or after."""
        day = self.grid().day
        if self.view == MONTH:
            self.go(dates.add_months(day, by))
        else:
            self.go(day + dt.timedelta(days=by * (7 if self.view == WEEK else 1)))

    def _stepped(self, by: int) -> None:
        """The cursor left the page (0), or the page before or after is wanted."""
        if by:
            self.step(by)
        else:
            self.go(self.grid().day)

    def _show_day(self, day: dt.date) -> None:
        self.grids[DAY].day = day
        self.grid().day = day
        self.view_asked.emit(DAY)

    def _write_title(self) -> None:
        first, last = self.grid().span()
        day = self.grid().day
        if self.view == MONTH:
            words = f"{MONTHS[day.month - 1]} de {day.year}"
        elif self.view == DAY:
            words = dates.long_date(day)
        elif first.month == last.month:
            words = f"{first.day} – {last.day} de {MONTHS[last.month - 1]} de {last.year}"
        else:
            words = f"{first.day} de {MONTHS[first.month - 1]} – {last.day} de {MONTHS[last.month - 1]} de {last.year}"
        self.title.setText(words[0].upper() + words[1:])

    def reload(self) -> None:
        """Load the days shown, if they are seen."""
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        if not self._is_busy:  # an answer that is overtaken never comes
            self._is_busy = True
            self.busy.start()
        first, last = self.grid().span()
        wanted, contacts = self._wanted(), self.contacts.isChecked()
        self._context.bridge.read(
            lambda s: ranges.load(s, wanted, first, last, contacts=contacts), partial(self._show, (first, last)), self,
            failed=self._not_loaded, purpose="range", slow=True,
        )  # fmt: skip

    def _show(self, span: tuple[dt.date, dt.date], found: Range) -> None:
        self._rest()
        if span != self.grid().span():
            return
        self.note.setText("Hay más de lo que cabe: acote con el filtro." if found.is_cut else "")
        self.grid().show_entries(found.entries)
        self.chosen.emit(self.grid().current)
        self.shown.emit()

    def _rest(self) -> None:
        self._is_busy = False
        self.busy.stop()

    def _not_loaded(self, error: Exception) -> None:
        self._rest()
        if isinstance(error, ValidationError):
            self.note.setText("El filtro no se entiende: corríjalo arriba.")
            return
        self._failed(error)

    def _toggle_contacts(self, on: bool) -> None:
        self._context.memory.put(WITH_CONTACTS, on)
        self.reload()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        watched = {TABLE, "calendar_link"} | ({ranges.CONTACT} if self.contacts.isChecked() else set())
        if watched.intersection(changes.tables):
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    # --- what is asked for

    def current_id(self) -> int | None:
        """The item under the cursor; None without one, and for contacts."""
        entry = self.grid().current
        return entry.id if entry is not None and entry.is_item else None

    def open_entry(self, entry: Entry) -> None:
        """Open an item or a contact."""
        self._context.opener.open_record(entry.table, entry.id, parent=self.window())

    def move_entry(self, entry: Entry, day: dt.date, time: dt.time | None) -> None:
        """Move an item where it was dragged."""
        ident = entry.id
        self._write(lambda s: doing.move(s, ident, day, time))

    def resize_entry(self, entry: Entry, ends: dt.datetime) -> None:
        """Let an event end where its edge was dragged."""
        ident = entry.id
        self._write(lambda s: doing.resize(s, ident, ends))

    def _write(self, job: Callable[[Any], str]) -> None:
        self._context.bridge.write(job, self._written, self, failed=self._failed)

    def _written(self, done: Done[str]) -> None:
        self._context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem | NeedsConfirmation):
            self.refused.emit(str(error))
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    def _menu(self, grid: AgendaGrid, at: QPoint) -> None:
        self.menu_asked.emit(grid.current, grid.mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Supr deletes the item under the cursor."""
        ident = self.current_id()
        if event.key() == Qt.Key.Key_Delete and ident is not None:
            self.deletion_asked.emit(ident)
            return
        super().keyPressEvent(event)
