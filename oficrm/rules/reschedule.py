"""Planning of "Cambiar fecha" for many contacts: what would move where, and how full each day would be.

Nothing is written here. The dialog shows the plan, and the plan is what gets written, so both are the same by
construction. Every contact keeps its time of day.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from oficrm.rules.problems import Invalid
from oficrm.rules.workdays import WorkCalendar, check_year, out_of_range

Unit = Literal["days", "weeks", "workdays"]
Day = tuple[int | None, dt.date]
"""A salesperson (None: nobody) on a day."""
Calendars = Callable[[int | None], WorkCalendar]
_Move = Callable[[int | None, dt.date], dt.date]

_END_OF_DAY = dt.time.max
_DAYS_IN: Mapping[Unit, int] = {"days": 1, "weeks": 7}


@dataclass(frozen=True, slots=True)
class Item:
    """What planning needs to know of one contact."""

    id: int
    date: dt.date
    time: dt.time | None = None
    salesperson_id: int | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class SetDate:
    """All to one date, or to the next working day of each salesperson when that date is not one."""

    date: dt.date
    avoid_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """Each by the same distance, backwards when negative.

    With `avoid_holidays`, days and weeks that land on a day off go on to the next working day in the direction of the
    move. Working days never land on one.
    """

    amount: int
    unit: Unit = "days"
    avoid_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """Over the working days from `start`, at most `cap` contacts a day for each salesperson.

    As few days are used as the cap allows, and these are filled as level as possible, the earlier day taking the odd
    one. Contacts keep their order: by date, time (those without time last) and id.
    """

    start: dt.date
    cap: int


Spec = SetDate | Shift | Spread


class Row(NamedTuple):
    """One contact that changes its date."""

    id: int
    before: dt.date
    after: dt.date
    time: dt.time | None
    salesperson_id: int | None


class DayLoad(NamedTuple):
    """Number of contacts of one salesperson on one day, before and after the plan."""

    salesperson_id: int | None
    date: dt.date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome: `rows` are exactly what is to be written, in the order of the items given."""

    spec: Spec
    rows: tuple[Row, ...]
    unchanged: tuple[int, ...]
    """Ids of contacts that already have the date they would get."""
    left_out_done: tuple[int, ...]
    """Ids of closed contacts that were not asked for."""
    loads: tuple[DayLoad, ...]
    """Every day that a planned contact leaves, reaches or stays on; by salesperson (nobody last) and day."""


def plan(
    items: Sequence[Item],
    spec: Spec,
    *,
    calendars: Calendars,
    include_done: bool = False,
    existing: Mapping[Day, int] | None = None,
) -> Plan:
    """What `spec` would do to `items`.

    `calendars` gives the working days of a salesperson. `existing` counts the contacts that are *not* among `items`:
    they fill the days shown in `loads` and count towards the cap of Spread. Raises Invalid when a result lies outside
    1900..2200 or the cap is below 1, ValueError when an id comes twice.
    """
    if len({item.id for item in items}) != len(items):
        raise ValueError("the same contact was given twice")
    others = existing or {}
    chosen = [item for item in items if include_done or not item.is_done]
    targets = _targets(chosen, spec, calendars, others)
    rows: list[Row] = []
    unchanged: list[int] = []
    for item, after in zip(chosen, targets, strict=True):
        if after == item.date:
            unchanged.append(item.id)
        else:
            rows.append(Row(item.id, item.date, after, item.time, item.salesperson_id))
    return Plan(
        spec=spec,
        rows=tuple(rows),
        unchanged=tuple(unchanged),
        left_out_done=() if include_done else tuple(item.id for item in items if item.is_done),
        loads=tuple(_loads(chosen, targets, others)),
    )


def level(count: int, taken: Sequence[int], cap: int) -> list[int]:
    """How many of `count` each day gets, given what it has `taken` already, so that the days end as level as possible.

    No day goes above `cap`; the days must have room for all. Earlier days get what cannot be divided.
    """
    low, high = 0, cap
    while low < high:
        middle = (low + high + 1) // 2
        if sum(max(0, middle - load) for load in taken) <= count:
            low = middle
        else:
            high = middle - 1
    shares = [max(0, low - load) for load in taken]
    rest = count - sum(shares)
    for position, load in enumerate(taken):
        if not rest:
            break
        if load <= low < cap:
            shares[position] += 1
            rest -= 1
    return shares


def _targets(items: Sequence[Item], spec: Spec, calendars: Calendars, existing: Mapping[Day, int]) -> list[dt.date]:
    """The new date of each item, in the same order."""
    if isinstance(spec, Spread):
        spread = _spread(items, spec, calendars, existing)
        return [spread[item.id] for item in items]
    move = _mover(spec, calendars)
    # Thousands of contacts share a few hundred days: each is worked out once.
    known: dict[Day, dt.date] = {}
    targets: list[dt.date] = []
    for item in items:
        day = (item.salesperson_id, item.date)
        after = known.get(day)
        if after is None:
            after = known[day] = check_year(move(*day))
        targets.append(after)
    return targets


def _mover(spec: SetDate | Shift, calendars: Calendars) -> _Move:
    if isinstance(spec, SetDate):
        check_year(spec.date)

        def set_date(salesperson: int | None, _day: dt.date) -> dt.date:
            return calendars(salesperson).next_workday(spec.date) if spec.avoid_holidays else spec.date

        return set_date

    def shift(salesperson: int | None, day: dt.date) -> dt.date:
        if spec.unit == "workdays":
            return calendars(salesperson).add(day, spec.amount)
        try:
            after = day + dt.timedelta(days=spec.amount * _DAYS_IN[spec.unit])
        except OverflowError as error:
            raise out_of_range() from error
        if not spec.avoid_holidays or not spec.amount:
            return after
        calendar = calendars(salesperson)
        return calendar.next_workday(after) if spec.amount > 0 else calendar.previous_workday(after)

    return shift


def _spread(
    items: Sequence[Item], spec: Spread, calendars: Calendars, existing: Mapping[Day, int]
) -> dict[int, dt.date]:
    """New date by id."""
    if spec.cap < 1:
        raise Invalid("El máximo al día debe ser 1 o más.")
    check_year(spec.start)
    groups: defaultdict[int | None, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.salesperson_id].append(item)
    targets: dict[int, dt.date] = {}
    for salesperson, group in groups.items():
        group.sort(key=lambda item: (item.date, item.time or _END_OF_DAY, item.id))
        days: list[dt.date] = []
        taken: list[int] = []
        room = 0
        for day in calendars(salesperson).workdays_from(spec.start):
            days.append(day)
            taken.append(existing.get((salesperson, day), 0))
            room += max(0, spec.cap - taken[-1])
            if room >= len(group):
                break
        queue = iter(group)
        for day, share in zip(days, level(len(group), taken, spec.cap), strict=True):
            for _ in range(share):
                targets[next(queue).id] = day
    return targets


def _loads(items: Sequence[Item], targets: Sequence[dt.date], existing: Mapping[Day, int]) -> Iterator[DayLoad]:
    before = Counter((item.salesperson_id, item.date) for item in items)
    after = Counter((item.salesperson_id, target) for item, target in zip(items, targets, strict=True))
    days = before.keys() | after.keys()
    for day in sorted(days, key=lambda day: (day[0] is None, day[0] or 0, day[1])):
        others = existing.get(day, 0)
        yield DayLoad(*day, others + before[day], others + after[day])
