"""Editors of days, times and durations, made for typing."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from oficrm.rules import dates, durations
from oficrm.rules.problems import Invalid
from oficrm.rules.workdays import WorkCalendar
from ui import icons, theme
from ui.widgets.calendar import CalendarPopup
from ui.widgets.editor import TypedEditor
from ui.widgets.flow import FlowLayout
from ui.widgets.popup import opens_list

_LINE_WITH_ECHO = 228
QUICK_DAYS = (("mañana", "mañana"), ("+3 d", "+3d"), ("+1 sem", "+1s"), ("+1 mes", "+1m"))


def local_today() -> dt.date:
    """The day on the wall."""
    return dt.datetime.now().astimezone().date()


class DateEditor(TypedEditor):
    """A day, typed ("+1s", "lun", "15/3") with what was understood beside it, or picked from a month.

    F4, Alt+Down or the button open the month; the arrow keys go to the next and last day, Page keys by months. With
    ``with_time`` a time typed behind the day ("mañana 10") goes out through ``time_typed``. ``calendar`` allows "+5l"
    and names holidays; ``lean`` says where a date without a year falls (see ``oficrm.rules.dates``).
    """

    time_typed = Signal(object)
    """A dt.time typed behind the day."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        quick: bool = False,
        with_time: bool = False,
        calendar: WorkCalendar | None = None,
        lean: dates.Lean = "year",
        today: Callable[[], dt.date] = local_today,
    ) -> None:
        super().__init__(parent)
        self._with_time, self._calendar, self._lean, self._today = with_time, calendar, lean, today
        self.quick_buttons: list[QPushButton] = []
        self._button = self.line.add_button("calendar", "Calendario (F4)", self.open_calendar)
        self.line.set_steps()
        self.line.stepped.connect(self._step)
        self.line.setMinimumWidth(116)
        self._popup: CalendarPopup | None = None
        if quick:
            self._add_quick()
        else:
            self._row(self.line)

    def set_calendar(self, calendar: WorkCalendar | None) -> None:
        """The working days that "+5l" counts and whose holidays are named."""
        self._calendar = calendar
        self._popup = None

    def _add_quick(self) -> None:
        """Buttons beside the line, or under it where both would be cramped."""
        group = QWidget(self)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for label, words in QUICK_DAYS:
            button = QPushButton(label, self)
            theme.set_kind(button, "quiet")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # from the keyboard one types +1s
            button.setToolTip(f"Se puede escribir: {words}")
            button.clicked.connect(lambda _on=False, words=words: self._pick(self._read(words)[0]))
            self.quick_buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self.line.setMinimumWidth(_LINE_WITH_ECHO)
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        flow = FlowLayout(self)
        flow.addWidget(self.line)
        flow.addWidget(group)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _read(self, text: str) -> tuple[dt.date, dt.time | None]:
        if self._with_time:
            return dates.parse_date_time(text, self._today(), self._calendar, lean=self._lean)
        return dates.parse_date(text, self._today(), self._calendar, lean=self._lean), None

    def _parse(self, text: str) -> dt.date:
        return self._read(text)[0]

    def _format(self, value: Any) -> str:
        return dates.short_date(value, self._today())

    def _echo_of(self, value: Any, typing: bool) -> tuple[str, str]:
        if value is None:
            return "", "dim"
        holiday = self._calendar.holiday(value) if self._calendar else None
        self.line.setToolTip("\n".join(filter(None, (dates.long_date(value), holiday))))
        if not typing:
            return (holiday, "today") if holiday else ("", "dim")
        hour = self._read(self.line.text())[1]
        echo = dates.short_date(value, self._today()) + (f" {dates.short_time(hour)}" if hour else "")
        return echo, "today" if holiday else "dim"

    def commit(self) -> None:
        hour: dt.time | None = None
        if self._with_time and self.problem() is None and self.line.text() not in ("", self._shown):
            hour = self._read(self.line.text())[1] if self.line.text().strip() else None
        if hour is not None:
            self.time_typed.emit(hour)
        super().commit()

    def _step(self, step: int) -> None:
        value = self.value()
        if isinstance(value, str):
            return
        try:
            if value is None:
                moved = self._today()
            elif abs(step) > 1:
                moved = dates.add_months(value, 1 if step > 0 else -1)
            else:
                moved = value + dt.timedelta(days=step)
        except (Invalid, OverflowError):
            return  # the end of the years we know: stay
        self.put(moved)
        self.line.selectAll()

    def _pick(self, day: dt.date) -> None:
        self.put(day)
        self.line.setFocus()
        self.line.selectAll()
        self.commit()

    def open_calendar(self) -> None:
        """Show the month."""
        if self.is_read_only():
            return
        if self._popup is None:
            self._popup = CalendarPopup(self._today(), self)
            if self._calendar is not None:
                self._popup.grid.note = self._calendar.holiday
            self._popup.picked.connect(self._pick)
        value = self.value()
        self._popup.open_at(self.line, value if isinstance(value, dt.date) else self._today())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F4 and Alt+Down open the month."""
        if opens_list(event):
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def _lock(self, locked: bool) -> None:
        super()._lock(locked)
        self.line.show_button(self._button, not locked)
        for button in self.quick_buttons:
            button.setVisible(not locked)


class TimeEditor(TypedEditor):
    """A time of day: "10", "1030", "4 pm". The arrow keys go by five minutes, Page keys by the hour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line.set_steps()
        self.line.stepped.connect(self._step)
        self.line.setMinimumWidth(64)
        self.line.setPlaceholderText("h:mm")
        self._row(self.line)

    def _parse(self, text: str) -> dt.time:
        return dates.parse_time(text)

    def _format(self, value: Any) -> str:
        return dates.short_time(value)

    def _echo_of(self, value: Any, typing: bool) -> tuple[str, str]:
        return (dates.short_time(value), "dim") if value is not None and typing else ("", "dim")

    def _step(self, step: int) -> None:
        value = self.value()
        if isinstance(value, str):
            return
        if value is None:
            moved = dt.time(9, 0)
        else:
            minutes = (value.hour * 60 + value.minute + step * (5 if abs(step) == 1 else 6)) % (24 * 60)
            moved = dt.time(*divmod(minutes, 60))
        self.put(moved)
        self.line.selectAll()


class DurationEditor(TypedEditor):
    """Minutes in, hours and minutes beside them. With ``timer`` a running call can be counted.

    Stopping adds the minutes run, begun ones counted whole, to those that were there.
    """

    timer_changed = Signal(bool)
    """The count began or ended."""

    def __init__(
        self, parent: QWidget | None = None, *, timer: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.line.setFont(theme.tabular(self.line.font()))
        self.line.set_steps()
        self.line.stepped.connect(self._step)
        self.line.setMinimumWidth(96)
        self.line.setPlaceholderText("min")
        self._clock = clock
        self._since: float | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(500)
        self._tick.timeout.connect(self._show_running)
        self._button = self.line.add_button("timer", "Contar la llamada (Ctrl+T)", self.toggle_timer)
        self.line.show_button(self._button, timer)
        self._timer = timer
        self._row(self.line)

    def _parse(self, text: str) -> int:
        return durations.parse_minutes(text)

    def _format(self, value: Any) -> str:
        return str(value)

    def _echo_of(self, value: Any, typing: bool) -> tuple[str, str]:
        if self.is_running():
            return self._running_text(), "accent"
        return (durations.format_minutes(value), "dim") if value is not None else ("", "dim")

    def _step(self, step: int) -> None:
        value = self.value()
        if not isinstance(value, str):
            # Page keys go by the half hour
            moved = (value or 0) + (step * 5 if abs(step) == 1 else step * 3)
            self.put(min(max(moved, 0), durations.MAX_MINUTES))
            self.line.selectAll()

    # --- the timer of a call

    def is_running(self) -> bool:
        """Whether a call is being counted."""
        return self._since is not None

    def toggle_timer(self) -> None:
        """Start counting, or stop and add the minutes."""
        if self._since is None:
            if not self.is_read_only():
                self._since = self._clock()
                self._tick.start()
                self._dress_button()
                self._show_running()
            return
        run = math.ceil(max(self._clock() - self._since, 1) / 60)
        self._since = None
        self._tick.stop()
        self._dress_button()
        value = self.value()
        before = value if isinstance(value, int) else 0
        self.put(min(before + run, durations.MAX_MINUTES))
        self.commit()

    def _dress_button(self) -> None:
        running = self.is_running()
        tip = "Parar y anotar los minutos (Ctrl+T)" if running else "Contar la llamada (Ctrl+T)"
        self._button.setIcon(icons.icon("stop", "accent") if running else icons.icon("timer"))
        self._button.setToolTip(tip)
        self._button.setAccessibleName(tip)
        self.timer_changed.emit(running)

    def _running_text(self) -> str:
        minutes, seconds = divmod(int(self._clock() - (self._since or 0)), 60)
        return f"{minutes:02}:{seconds:02}"

    def _show_running(self) -> None:
        self._refresh_echo(typing=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+T starts and stops the count."""
        if self._timer and event.key() == Qt.Key.Key_T and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.toggle_timer()
            return
        super().keyPressEvent(event)

    def _lock(self, locked: bool) -> None:
        super()._lock(locked)
        self.line.show_button(self._button, self._timer and not locked)
