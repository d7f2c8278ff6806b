"""Working time: only hours of working days count, whatever the clocks do."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.business_hours import BusinessHours
from oficrm.rules.problems import Invalid
from oficrm.rules.workdays import WorkCalendar

MADRID = ZoneInfo("Europe/Madrid")
SPAIN = WorkCalendar("ES", "VC")
HOURS = BusinessHours(SPAIN, dt.time(9), dt.time(18), MADRID)
NIGHT = BusinessHours(WorkCalendar("XX"), dt.time(0, 30), dt.time(5), ZoneInfo("Africa/Cairo"))
"""Clocks in Cairo change on the night to a Friday, a working day here."""


def at(text: str, zone: dt.tzinfo = MADRID) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


@pytest.mark.parametrize(("start", "length", "end"), [
    ("2026-11-18 10:00", 1, "2026-11-18 11:00"),
    ("2026-11-18 17:30", 1, "2026-11-19 09:30"),
    ("2026-11-18 06:00", 1, "2026-11-18 10:00"),
    ("2026-11-18 22:00", 1, "2026-11-19 10:00"),
    ("2026-11-20 17:00", 4, "2026-11-23 12:00"),  # over a weekend
    ("2026-11-21 12:00", 1, "2026-11-23 10:00"),  # on a Saturday
    ("2026-12-07 17:00", 2, "2026-12-09 10:00"),  # the eighth of December is a holiday
    ("2026-11-18 09:00", 9, "2026-11-18 18:00"),  # to the end of the day, not to the next morning
    ("2026-11-18 09:00", 24, "2026-11-20 15:00"),
])  # fmt: skip
def test_a_term_ends_within_working_hours(start, length, end):
    assert HOURS.add(at(start), hours(length)) == at(end)
    assert HOURS.between(at(start), at(end)) == hours(length)


def test_clocks_that_change_within_a_shift_change_its_length():
    cairo = NIGHT.zone
    assert cairo is not None
    before, night = at("2024-04-25 00:30", cairo), at("2024-04-26 01:30", cairo)  # from midnight it is one o'clock
    assert NIGHT.between(before, at("2024-04-25 23:59", cairo)) == hours(4.5)
    assert NIGHT.between(night, at("2024-04-26 23:59", cairo)) == hours(3.5)
    assert NIGHT.add(before, hours(4.5 + 3.5)) == at("2024-04-26 05:00", cairo)


def test_summer_and_winter_keep_the_wall_times():
    friday, monday = at("2026-03-27 17:00"), at("2026-03-30 10:00")  # clocks go forward on the Sunday between
    assert HOURS.add(friday, hours(2)) == monday
    assert monday.utcoffset() != friday.utcoffset()


INSTANTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
LENGTHS = st.integers(0, 60 * 24 * 20).map(lambda minutes: dt.timedelta(minutes=minutes))
EITHER = st.sampled_from([HOURS, NIGHT])


@given(EITHER, INSTANTS, LENGTHS)
def test_it_never_ends_outside_of_hours_nor_before_it_starts(firm, start, length):
    end = firm.add(start, length)
    assert end >= start
    assert firm.between(start, end) == length
    if length:
        assert firm.is_open(end)


@given(EITHER, INSTANTS, LENGTHS, LENGTHS)
def test_terms_add_up(firm, start, one, two):
    assert firm.add(firm.add(start, one), two) == firm.add(start, one + two)


@given(EITHER, INSTANTS, INSTANTS, LENGTHS, LENGTHS)
def test_more_time_and_later_starts_end_later(firm, first, second, one, two):
    earlier, later = sorted([first, second])
    assert firm.add(earlier, one) <= firm.add(later, one)
    short, long = sorted([one, two])
    assert firm.add(earlier, short) <= firm.add(earlier, long)


@given(EITHER, INSTANTS, INSTANTS, INSTANTS)
def test_times_between_add_up(firm, one, two, three):
    start, middle, end = sorted([one, two, three])
    assert firm.between(start, middle) + firm.between(middle, end) == firm.between(start, end)
    assert firm.between(end, start) == dt.timedelta() or start == end


def test_nonsense_is_refused():
    with pytest.raises(Invalid, match="después de empezar"):
        BusinessHours(SPAIN, dt.time(18), dt.time(9))
    with pytest.raises(Invalid, match="negativo"):
        HOURS.add(at("2026-11-18 10:00"), dt.timedelta(minutes=-1))
    with pytest.raises(Invalid, match="2200"):
        HOURS.add(at("2200-12-30 10:00"), hours(100))


def test_without_a_zone_the_wall_times_are_those_of_this_computer():
    here = BusinessHours(SPAIN, dt.time(9), dt.time(18))
    noon = dt.datetime(2026, 11, 18, 12, tzinfo=None).astimezone()
    assert here.add(noon, hours(1)) == noon + hours(1)
