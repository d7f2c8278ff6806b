import datetime as dt
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.problems import Invalid
from oficrm.rules.reschedule import Day, DayLoad, Item, Plan, Row, SetDate, Shift, Spread, level, plan
from oficrm.rules.workdays import WorkCalendar

SPAIN = WorkCalendar("ES")
ANA, LUIS = 1, 2
LUIS_AWAY = WorkCalendar("ES", days_off=frozenset({dt.date(2026, 11, 23), dt.date(2026, 11, 24)}))
FRIDAY, MONDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
TEN = dt.time(10, 30)


def calendars(salesperson: int | None) -> WorkCalendar:
    return LUIS_AWAY if salesperson == LUIS else SPAIN


ITEMS = st.lists(
    st.builds(
        Item,
        id=st.integers(1, 10**6),
        date=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        time=st.none() | st.times(),
        salesperson_id=st.sampled_from([ANA, LUIS, None]),
        is_done=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda item: item.id,
)
SPREADS = st.builds(Spread, start=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), cap=st.integers(1, 9))
SPECS = (
    SPREADS
    | st.builds(SetDate, st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.booleans())
    | st.builds(Shift, st.integers(-90, 90), st.sampled_from(["days", "weeks", "workdays"]), st.booleans())
)
LOADS = st.dictionaries(
    st.tuples(st.sampled_from([ANA, LUIS, None]), st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 31))),
    st.integers(0, 12),
    max_size=30,
)


def dates_after(result: Plan) -> list[dt.date]:
    return [row.after for row in result.rows]


def november(*days: int) -> list[dt.date]:
    return [dt.date(2026, 11, day) for day in days]


def test_to_a_date_keeps_each_time_and_names_those_already_there() -> None:
    items = [Item(1, FRIDAY, TEN, ANA), Item(2, MONDAY, None, ANA), Item(3, FRIDAY, None, None)]
    result = plan(items, SetDate(MONDAY), calendars=calendars)
    assert result.rows == (Row(1, FRIDAY, MONDAY, TEN, ANA), Row(3, FRIDAY, MONDAY, None, None))
    assert result.unchanged == (2,)
    assert result.loads == (
        DayLoad(ANA, FRIDAY, 1, 0),
        DayLoad(ANA, MONDAY, 1, 2),
        DayLoad(None, FRIDAY, 1, 0),
        DayLoad(None, MONDAY, 0, 1),
    )


def test_to_a_date_may_respect_each_persons_days_off() -> None:
    items = [Item(1, FRIDAY, None, ANA), Item(2, FRIDAY, None, LUIS)]
    assert dates_after(plan(items, SetDate(MONDAY, avoid_holidays=True), calendars=calendars)) == november(23, 25)


@pytest.mark.parametrize(
    ("spec", "after"),
    [
        (Shift(1, "days"), "2026-11-21"),
        (Shift(1, "days", avoid_holidays=True), "2026-11-23"),
        (Shift(-5, "days", avoid_holidays=True), "2026-11-13"),
        (Shift(2, "weeks"), "2026-12-04"),
        (Shift(-1, "weeks"), "2026-11-13"),
        (Shift(5, "workdays"), "2026-11-27"),
        (Shift(-5, "workdays"), "2026-11-13"),
        (Shift(12, "workdays"), "2026-12-09"),  # Tuesday 8 December is a holiday
    ],
)
def test_moving_by_days_weeks_and_working_days(spec: Shift, after: str) -> None:
    result = plan([Item(1, FRIDAY, TEN, ANA)], spec, calendars=calendars)
    assert dates_after(result) == [dt.date.fromisoformat(after)]


def test_working_days_skip_the_days_off_of_whoever_has_the_contact() -> None:
    items = [Item(1, FRIDAY, None, ANA), Item(2, FRIDAY, None, LUIS)]
    assert dates_after(plan(items, Shift(1, "workdays"), calendars=calendars)) == november(23, 25)


def test_a_move_by_nothing_changes_nothing_not_even_on_a_sunday() -> None:
    sunday = Item(1, dt.date(2026, 11, 22), None, ANA)
    for spec in (Shift(0, "days", avoid_holidays=True), Shift(0, "workdays")):
        assert plan([sunday], spec, calendars=calendars).unchanged == (1,)


def test_closed_contacts_stay_unless_asked_for() -> None:
    items = [Item(1, FRIDAY, is_done=True), Item(2, FRIDAY)]
    result = plan(items, Shift(3), calendars=calendars)
    assert ([row.id for row in result.rows], result.left_out_done) == ([2], (1,))
    assert result.loads[0] == DayLoad(None, FRIDAY, 1, 0)
    everything = plan(items, Shift(3), calendars=calendars, include_done=True)
    assert ([row.id for row in everything.rows], everything.left_out_done) == ([1, 2], ())


def test_spreading_uses_as_few_days_as_the_cap_allows_and_fills_them_evenly() -> None:
    items = [Item(number, FRIDAY, None, ANA) for number in range(1, 38)]
    result = plan(items, Spread(MONDAY, 8), calendars=calendars)
    assert list(Counter(dates_after(result)).values()) == [8, 8, 7, 7, 7]
    assert sorted(set(dates_after(result))) == november(23, 24, 25, 26, 27)


def test_spreading_is_for_each_salesperson_and_skips_what_each_has_off() -> None:
    items = [Item(number, FRIDAY, None, person) for number, person in enumerate([ANA, LUIS] * 3)]
    by_person = {
        person: [row.after for row in plan(items, Spread(MONDAY, 2), calendars=calendars).rows if row[4] == person]
        for person in (ANA, LUIS)
    }
    assert by_person == {ANA: november(23, 23, 24), LUIS: november(25, 25, 26)}


def test_spreading_fills_up_to_the_load_that_is_there() -> None:
    items = [Item(number, FRIDAY, None, ANA) for number in range(4)]
    existing: dict[Day, int] = {(ANA, MONDAY): 3, (ANA, dt.date(2026, 11, 24)): 9, (LUIS, MONDAY): 50}
    result = plan(items, Spread(MONDAY, 4), calendars=calendars, existing=existing)
    assert dates_after(result) == november(23, 25, 25, 25)
    assert DayLoad(ANA, MONDAY, 3, 4) in result.loads


def test_spreading_keeps_the_order_of_date_time_and_id() -> None:
    items = [
        Item(5, FRIDAY, None),
        Item(4, FRIDAY, dt.time(9)),
        Item(3, FRIDAY, dt.time(9)),
        Item(2, FRIDAY, dt.time(16)),
        Item(9, dt.date(2026, 11, 2), None),
    ]
    result = plan(items, Spread(MONDAY, 1), calendars=calendars)
    assert [row.id for row in sorted(result.rows, key=lambda row: row.after)] == [9, 3, 4, 2, 5]
    assert [row.id for row in result.rows] == [5, 4, 3, 2, 9]


@pytest.mark.parametrize(
    "spec",
    [
        SetDate(dt.date(2201, 1, 1)),
        SetDate(dt.date(1, 1, 1)),
        Shift(300, "weeks"),
        Shift(10**12, "days"),
        Shift(-(10**9), "workdays"),
        Spread(dt.date(2200, 12, 30), 1),
        Spread(dt.date(2300, 1, 1), 1),
    ],
)
def test_nothing_is_planned_outside_the_years_the_program_holds(spec: SetDate | Shift | Spread) -> None:
    items = [Item(number, dt.date(2196, 11, 20)) for number in range(5)]
    with pytest.raises(Invalid, match="1900 y 2200"):
        plan(items, spec, calendars=calendars)


def test_the_cap_must_let_something_through() -> None:
    with pytest.raises(Invalid, match="1 o más"):
        plan([Item(1, FRIDAY)], Spread(MONDAY, 0), calendars=calendars)


def test_the_same_contact_twice_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="twice"):
        plan([Item(1, FRIDAY), Item(1, MONDAY)], SetDate(MONDAY), calendars=calendars)


def test_no_contacts_make_an_empty_plan() -> None:
    for spec in (SetDate(MONDAY), Shift(1), Spread(MONDAY, 3)):
        result = plan([], spec, calendars=calendars)
        assert (result.rows, result.unchanged, result.loads) == ((), (), ())


@given(ITEMS, SPECS, st.booleans(), LOADS)
def test_every_contact_is_accounted_for_once(
    items: Sequence[Item], spec: SetDate | Shift | Spread, include_done: bool, existing: dict[Day, int]
) -> None:
    result = plan(items, spec, calendars=calendars, include_done=include_done, existing=existing)
    by_id = {item.id: item for item in items}
    told = [row.id for row in result.rows] + [*result.unchanged, *result.left_out_done]
    assert sorted(told) == sorted(by_id)
    for row in result.rows:
        item = by_id[row.id]
        assert (row.before, row.time, row.salesperson_id) == (item.date, item.time, item.salesperson_id)
        assert row.after != row.before
    assert all(by_id[number].is_done for number in result.left_out_done)
    assert sum(load.after - load.before for load in result.loads) == 0
    others = sum(existing.get(load[:2], 0) for load in result.loads)
    assert sum(load.before for load in result.loads) - others == len(items) - len(result.left_out_done)
    assert plan(items, spec, calendars=calendars, include_done=include_done, existing=existing) == result


@given(ITEMS, SPREADS, LOADS)
def test_spreading_never_passes_the_cap_nor_uses_a_day_off(
    items: Sequence[Item], spec: Spread, existing: dict[Day, int]
) -> None:
    result = plan(items, spec, calendars=calendars, include_done=True, existing=existing)
    after = {item.id: item.date for item in items} | {row.id: row.after for row in result.rows}
    person = {item.id: item.salesperson_id for item in items}
    used = Counter((person[number], day) for number, day in after.items())
    for (who, day), count in used.items():
        assert existing.get((who, day), 0) + count <= spec.cap
        assert calendars(who).is_workday(day)
        assert day >= spec.start
    for who in (ANA, LUIS, None):
        queue = sorted(
            (item for item in items if item.salesperson_id == who),
            key=lambda item: (item.date, item.time or dt.time.max, item.id),
        )
        days = [after[item.id] for item in queue]
        assert days == sorted(days)


@given(ITEMS, st.integers(-60, 60), st.sampled_from(["days", "weeks"]))
def test_moving_there_and_back_restores_every_date(items: Sequence[Item], amount: int, unit: str) -> None:
    there, back = (Shift(amount, "days"), Shift(-amount, "days"))
    if unit == "weeks":
        there, back = (Shift(amount, "weeks"), Shift(-amount, "weeks"))
    moved = plan(items, there, calendars=calendars, include_done=True)
    again = [Item(row.id, row.after, row.time, row.salesperson_id) for row in moved.rows]
    returned = plan(again, back, calendars=calendars)
    assert {row.id: row.after for row in returned.rows} == {row.id: row.before for row in moved.rows}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(1, 12), st.data())
def test_levelling_is_as_level_as_can_be(taken: list[int], cap: int, data: st.DataObject) -> None:
    room = sum(max(0, cap - load) for load in taken)
    count = data.draw(st.integers(0, room))
    shares = level(count, taken, cap)
    assert sum(shares) == count
    ends = [load + share for load, share in zip(taken, shares, strict=True)]
    filled = [end for end, share in zip(ends, shares, strict=True) if share]
    assert all(end <= cap for end in filled)
    # No contact could move to a day that would still end lower.
    if filled:
        assert max(filled) - 1 <= min(end for end, load in zip(ends, taken, strict=True) if load < cap)
