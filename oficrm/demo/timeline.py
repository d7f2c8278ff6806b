"""The year of the example company, day by day: what happens at an instant is written with the clock standing there."""

import datetime as dt
import heapq
from collections.abc import Callable
from itertools import count

from oficrm import clock

Act = Callable[[], None]
OPENS = dt.time(7)
"""On the last day nothing has happened yet at this hour."""


class Timeline:
    """Things to happen, in the order of their instants; each may bring about later ones. Days are those of here."""

    def __init__(self, first: dt.date, last: dt.date, told: Callable[[float], None]) -> None:
        """From ``first`` until the morning of ``last``; ``told`` hears how much of it has passed, from 0 to 1."""
        self.first, self.last = first, last
        self._told, self._order = told, count()
        self._waiting: list[tuple[dt.datetime, int, Act]] = []

    def at(self, day: dt.date, hour: dt.time, act: Act) -> bool:
        """Let something happen then; what lies beyond the end does not. Return whether it will."""
        moment = instant(day, hour)
        if moment >= instant(self.last, OPENS):
            return False
        heapq.heappush(self._waiting, (moment, next(self._order), act))
        return True

    def run(self) -> None:
        """Let everything happen."""
        whole = max(1, (self.last - self.first).days)
        while self._waiting:
            moment, _, act = heapq.heappop(self._waiting)
            with clock.standing(moment):
                act()
            self._told(min(1.0, max(0.0, (moment.date() - self.first).days / whole)))


def instant(day: dt.date, hour: dt.time) -> dt.datetime:
    """Return the instant of a day and hour on this computer, aware."""
    return dt.datetime.combine(day, hour).astimezone()


def workday(day: dt.date) -> dt.date:
    """Return the day itself, of a weekend the Monday after it."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
