"""What a preview of Cambiar fecha says at a glance: the load of each day, of each salesperson, and why a row is as
it is."""  # noqa: D209

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from oficrm.reschedule import Preview, Subject
from oficrm.rules import dates
from oficrm.rules.reschedule import SetDate, Shift, Spread
from oficrm.rules.workdays import WorkCalendar

ALL = -1
"""Stands for all salespeople together; None is nobody's."""
MOST_DAYS = 60
"""Days shown one by one; more are drawn together by weeks, more weeks than this by months."""
_WEEKEND = 5
_LONG_GAP = 4
_FARTHEST = 400
"""Days looked through for what a move passed over."""
Span = Callable[[dt.date], tuple[dt.date, dt.date]]


@dataclass(frozen=True, slots=True)
class Load:
    """Contacts of one day (or week, or month: then ``last`` is later than ``first``), before and after."""

    first: dt.date
    last: dt.date
    before: int
    after: int
    free: str = ""
    """Why nobody works that day: the holiday's name, "sábado", "día libre"; "" on working days."""


@dataclass(frozen=True, slots=True)
class Person:
    """How much of the selection belongs to a salesperson, and the fullest day afterwards."""

    id: int | None
    name: str
    count: int
    moved: int
    busiest: dt.date | None
    most: int


def people(preview: Preview) -> list[Person]:
    """Return the totals of all (id ``ALL``) and of each salesperson, those with most contacts first."""
    names = preview.selection.salespeople
    counts = Counter(subject.salesperson_id for subject in preview.selection.subjects)
    moved = Counter(row.salesperson_id for row in preview.rows)
    fullest: dict[int | None, tuple[int, dt.date]] = {}
    for load in preview.loads:
        most = fullest.get(load.salesperson_id)
        if load.after and (most is None or load.after > most[0]):
            fullest[load.salesperson_id] = (load.after, load.date)
    common = max((load for load in days(preview, ALL, grouped=False)), key=lambda load: load.after, default=None)
    found = [Person(ALL, "Todos", counts.total(), moved.total(), common.first if common else None,
                    common.after if common else 0)]  # fmt: skip
    if len(counts) > 1:
        for ident, count in sorted(counts.items(), key=lambda item: (item[0] is None, -item[1])):
            name = "Sin vendedor" if ident is None else names.get(ident, f"n.º {ident}")
            peak = fullest.get(ident)
            found.append(Person(ident, name, count, moved[ident], *(peak[::-1] if peak else (None, 0))))
    return found


def days(preview: Preview, person: int | None = ALL, *, grouped: bool = True) -> list[Load]:
    """Return the load of each day that the preview touches, in order.

    The working days and holidays in short gaps between them come too, so that free room is seen. With ``grouped``,
    more than ``MOST_DAYS`` are summed up by weeks or by months.
    """
    before: Counter[dt.date] = Counter()
    after: Counter[dt.date] = Counter()
    for load in preview.loads:
        if person in (ALL, load.salesperson_id):
            before[load.date] += load.before
            after[load.date] += load.after
    shown = list(_with_gaps(sorted(before.keys() | after.keys())))
    if grouped and len(shown) > MOST_DAYS:
        weeks = list(_together(before, after, _week))
        return weeks if len(weeks) <= MOST_DAYS else list(_together(before, after, _month))
    calendar = preview.selection.diary.calendars()(None if person == ALL else person)
    return [Load(day, day, before[day], after[day], why_free(calendar, day)) for day in shown]


def _with_gaps(touched: list[dt.date]) -> Iterator[dt.date]:
    for day, following in pairwise(touched):
        yield day
        if (following - day).days <= _LONG_GAP:
            between = (day + dt.timedelta(days=step) for step in range(1, (following - day).days))
            yield from (gap for gap in between if gap.weekday() < _WEEKEND)
    yield from touched[-1:]


def _together(before: Counter[dt.date], after: Counter[dt.date], span: Span) -> Iterator[Load]:
    sums: defaultdict[tuple[dt.date, dt.date], list[int]] = defaultdict(lambda: [0, 0])
    for place, counts in enumerate((before, after)):
        for day, count in counts.items():
            sums[span(day)][place] += count
    for (start, end), (old, new) in sorted(sums.items()):
        yield Load(start, end, old, new)


def _week(day: dt.date) -> tuple[dt.date, dt.date]:
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def _month(day: dt.date) -> tuple[dt.date, dt.date]:
    start = day.replace(day=1)
    return start, dates.add_months(start, 1) - dt.timedelta(days=1)


def why_free(calendar: WorkCalendar, day: dt.date) -> str:
    """Return why a day is not worked: the holiday's name, the day of the weekend, "día libre"; "" when it is."""
    if name := calendar.holiday(day):
        return name
    if day.weekday() >= _WEEKEND:
        return dates.long_date(day).split()[0]
    return "día libre" if day in calendar.days_off else ""


def state(preview: Preview, subject: Subject) -> str:
    """Return what becomes of a contact: ``moves``, ``same``, ``done`` (left out) or ``blocked``."""
    if subject.id in preview.after:
        return "moves"
    if subject.id in preview.blocked:
        return "blocked"
    return "done" if subject.id in preview.left_out else "same"


class Remarks:
    """The words beside the rows of a preview, each worked out once: thousands of rows share a few pairs of days."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self._spec = preview.wish.spec
        self._used = preview.selection.diary.calendars(holidays=preview.wish.holidays, days_off=preview.wish.days_off)
        self._all = preview.selection.diary.calendars()
        self._known: dict[tuple[int | None, dt.date, dt.date], str] = {}

    def of(self, subject: Subject) -> str:
        """Return why a contact does not move, what its move skipped, or on what free day it falls."""
        match state(self._preview, subject):
            case "blocked":
                return f"No se mueve: {self._preview.blocked[subject.id]}"
            case "done":
                return "Realizado: no se mueve"
            case "same":
                return "Ya está en esa fecha"
        key = (subject.salesperson_id, subject.date, self._preview.after[subject.id])
        if key not in self._known:
            self._known[key] = self._text(*key)
        return self._known[key]

    def _text(self, person: int | None, before: dt.date, after: dt.date) -> str:
        free = why_free(self._all(person), after)
        if free:
            return f"Cae en {free}"
        names = list(dict.fromkeys(self._skipped(person, before, after)))
        return f"Salta {_listed(names)}" if names else ""

    def _skipped(self, person: int | None, before: dt.date, after: dt.date) -> Iterator[str]:
        """The free days that made the result come later (or earlier) than plain counting."""
        calendar = self._used(person)
        match self._spec:
            case SetDate(date=start):
                step = 1
            case Shift(amount=amount, unit=unit):
                plain = {"days": amount, "weeks": 7 * amount, "workdays": 0}[unit]
                start, step = before + dt.timedelta(days=plain), 1 if amount > 0 else -1
            case Spread():
                return
        counting = isinstance(self._spec, Shift) and self._spec.unit == "workdays"
        day = start
        for _ in range(_FARTHEST):
            if day == after:
                return
            free = why_free(calendar, day)
            # Weekends go without saying where working days are counted.
            if free and not (counting and day.weekday() >= _WEEKEND):
                yield "fin de semana" if free in ("sábado", "domingo") else free
            day += dt.timedelta(days=step)


def _listed(names: list[str]) -> str:
    shown, more = names[:3], len(names) - 3
    if more > 0:
        return f"{', '.join(shown)} y {more} más"
    return f"{', '.join(shown[:-1])} y {shown[-1]}" if len(shown) > 1 else shown[0]
