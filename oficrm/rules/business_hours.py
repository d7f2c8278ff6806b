"""Working time: what passes between opening and closing on working days, and nothing else.

Lengths are those of real time: on the night when clocks change, a shift that spans it is an hour longer or shorter.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from oficrm.rules.problems import Invalid
from oficrm.rules.workdays import FIRST_YEAR, LAST_YEAR, WorkCalendar, out_of_range

_NOTHING = dt.timedelta()
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class BusinessHours:
    """The hours of a firm: from ``opens`` to ``closes`` (wall time) on the working days of ``calendar``.

    ``zone`` is that of the wall times, None for the zone of this computer. Raises Invalid when it does not close after
    it opens.
    """

    calendar: WorkCalendar
    opens: dt.time
    closes: dt.time
    zone: dt.tzinfo | None = None

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise Invalid("La jornada debe terminar después de empezar.")

    def add(self, start: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the instant (UTC) by which ``length`` of working time has passed since ``start``.

        It falls within working hours, the closing time included; ``start`` itself when ``length`` is nothing. Raises
        Invalid for a negative length, and where the result lies past the years that the program can hold.
        """
        if length < _NOTHING:
            raise Invalid("El plazo no puede ser negativo.")
        start = start.astimezone(dt.UTC)
        if not length:
            return start
        for opening, closing in self._shifts(start):
            begin = max(start, opening)
            if closing - begin >= length:
                return begin + length
            length -= max(closing - begin, _NOTHING)
        raise out_of_range()

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return the working time from ``start`` to ``end``; nothing when it ends before it starts."""
        start, end = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
        total = _NOTHING
        for opening, closing in self._shifts(start):
            if opening >= end:
                break
            total += max(min(closing, end) - max(opening, start), _NOTHING)
        return total

    def is_open(self, instant: dt.datetime) -> bool:
        """Return whether an instant lies within working hours, opening and closing included."""
        day = instant.astimezone(self.zone).date()
        return self.calendar.is_workday(day) and self._at(day, self.opens) <= instant <= self._at(day, self.closes)

    def _shifts(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Opening and closing of the working days from the one of ``start`` on."""
        day = start.astimezone(self.zone).date()
        while FIRST_YEAR <= day.year <= LAST_YEAR:
            if self.calendar.is_workday(day):
                opening, closing = self._at(day, self.opens), self._at(day, self.closes)
                if closing > opening:  # the hour that clocks leave out may be all there was
                    yield opening, closing
            day += _DAY

    def _at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """A wall time of a day as an instant; one that clocks leave out is as long after midnight as it says."""
        wall = dt.datetime.combine(day, time)
        return (wall.replace(tzinfo=self.zone) if self.zone is not None else wall).astimezone(dt.UTC)
