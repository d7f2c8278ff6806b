"""An instant typed as day and hour on the wall: "lun 10:30", "+1s 9", "hoy"."""

from __future__ import annotations

import datetime as dt
from typing import Any

from oficrm.rules import dates, moments
from oficrm.rules.problems import Invalid
from ui.widgets.date_editors import DateEditor


class InstantEditor(DateEditor):
    """One line for both. A day picked or stepped to keeps the hour that stands there; without one it is midnight."""

    def _parse(self, text: str) -> dt.datetime:
        day, hour = dates.parse_date_time(text, self._today(), self._calendar, lean=self._lean)
        return moments.on_the_wall(day, hour or dt.time())

    def _format(self, value: Any) -> str:
        local = value.astimezone()
        return f"{dates.short_date(local.date(), self._today())} {dates.short_time(local.time())}"

    def _echo_of(self, value: Any, typing: bool) -> tuple[str, str]:
        if not isinstance(value, dt.datetime):
            return "", "dim"
        self.line.setToolTip(f"{dates.long_date(value.astimezone().date())}, {value.astimezone():%H:%M}")
        return (self._format(value), "dim") if typing else ("", "dim")

    def put(self, value: Any) -> None:
        """A day alone keeps the hour."""
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            before = self.value()
            hour = before.astimezone().time() if isinstance(before, dt.datetime) else dt.time()
            value = moments.on_the_wall(value, hour)
        super().put(value)

    def _step(self, step: int) -> None:
        """By days, and by months with the Page keys, as in a day."""
        value = self.value()
        if isinstance(value, str):
            return
        if value is None:
            self.put(moments.on_the_wall(self._today(), dt.time(9)))
            return
        local = value.astimezone()
        try:
            months = 1 if step > 0 else -1
            is_far = abs(step) > 1
            day = dates.add_months(local.date(), months) if is_far else local.date() + dt.timedelta(days=step)
        except (Invalid, OverflowError):
            return  # the end of the years we know: stay
        self.put(moments.on_the_wall(day, local.time()))
        self.line.selectAll()

    def open_calendar(self) -> None:
        """Show the month of the day that stands there."""
        value = self.value()
        super().open_calendar()
        if self._popup is not None and isinstance(value, dt.datetime):
            self._popup.open_at(self.line, value.astimezone().date())
