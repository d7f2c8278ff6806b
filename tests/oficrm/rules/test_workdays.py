import datetime as dt
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.problems import Invalid
from oficrm.rules.workdays import WorkCalendar, regions

SPAIN = WorkCalendar("ES")
VALENCIA = WorkCalendar("ES", "VC")
MEXICO = WorkCalendar("MX")
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
DAYS_OFF = st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), max_size=40)


def test_holidays_have_their_spanish_name_and_region() -> None:
    assert VALENCIA.holiday(dt.date(2026, 10, 9)) == "Día de la Comunidad Valenciana"
    assert SPAIN.holiday(dt.date(2026, 10, 9)) is None
    assert MEXICO.holiday(dt.date(2026, 9, 16)) == "Día de la Independencia"
    assert WorkCalendar("es").holiday(dt.date(2026, 12, 25)) == "Natividad del Señor"


def test_weekends_holidays_and_days_off_are_not_working_days() -> None:
    friday = dt.date(2026, 11, 20)
    assert SPAIN.is_workday(friday)
    assert not SPAIN.is_workday(dt.date(2026, 11, 21))
    assert not SPAIN.is_workday(dt.date(2026, 12, 8))
    away = WorkCalendar("ES", days_off=frozenset({friday}))
    assert not away.is_workday(friday)
    assert away.holiday(friday) is None


def test_adding_skips_the_long_weekend_of_december() -> None:
    # Monday 7 is a working day in Spain; Tuesday 8 is not.
    assert SPAIN.add(dt.date(2026, 12, 4), 2) == dt.date(2026, 12, 9)
    assert SPAIN.add(dt.date(2026, 12, 9), -2) == dt.date(2026, 12, 4)
    assert SPAIN.add(dt.date(2026, 12, 8), 1) == dt.date(2026, 12, 9)
    assert SPAIN.add(dt.date(2026, 12, 8), 0) == dt.date(2026, 12, 8)
    assert SPAIN.next_workday(dt.date(2026, 12, 5)) == dt.date(2026, 12, 7)
    assert SPAIN.previous_workday(dt.date(2026, 12, 6)) == dt.date(2026, 12, 4)


def test_an_unknown_country_has_weekends_only() -> None:
    nowhere = WorkCalendar("XX")
    assert nowhere.holiday(dt.date(2026, 12, 25)) is None
    assert nowhere.is_workday(dt.date(2026, 12, 25))
    assert not nowhere.is_workday(dt.date(2026, 12, 26))


def test_every_region_offered_has_a_calendar_and_others_are_refused() -> None:
    assert regions("es")["VC"] == "Comunitat Valenciana"
    assert regions("MX") == {}
    for code in regions("ES"):
        assert WorkCalendar("ES", code).holiday(dt.date(2026, 1, 1)) == "Año Nuevo"
    with pytest.raises(Invalid, match="XX"):
        WorkCalendar("ES", "XX")


def test_nothing_leaves_the_years_the_program_can_hold() -> None:
    for day, count in ((dt.date(2200, 12, 31), 1), (dt.date(1900, 1, 1), -1), (dt.date(2026, 1, 1), 10**9)):
        with pytest.raises(Invalid, match="1900 y 2200"):
            SPAIN.add(day, count)


@given(DAYS, st.integers(-300, 300), DAYS_OFF)
def test_adding_and_taking_away_are_inverse(day: dt.date, count: int, days_off: frozenset[dt.date]) -> None:
    calendar = WorkCalendar("ES", "VC", days_off)
    start = calendar.next_workday(day)
    assert calendar.add(calendar.add(start, count), -count) == start


@given(DAYS, st.integers(1, 60))
def test_adding_counts_exactly_the_working_days_between(day: dt.date, count: int) -> None:
    end = MEXICO.add(day, count)
    between = (day + dt.timedelta(days=step) for step in range(1, (end - day).days + 1))
    assert sum(map(MEXICO.is_workday, between)) == count
    assert MEXICO.is_workday(end)


@given(DAYS)
def test_the_next_working_day_is_the_first_of_those_from_it(day: dt.date) -> None:
    days = list(islice(SPAIN.workdays_from(day), 3))
    assert days[0] == SPAIN.next_workday(day) >= day
    assert days == sorted(set(days))
    assert SPAIN.add(days[0], 2) == days[2]
