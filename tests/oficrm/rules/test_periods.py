"""Periods that come again: month ends, weeks, terms, and what an amount is worth a month."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import priced
from oficrm.rules import periods
from oficrm.rules.problems import Invalid

KINDS = (periods.WEEKLY, *periods.MONTHS)
days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
kinds = st.sampled_from(KINDS)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_kinds_are_those_a_subscription_may_have() -> None:
    assert set(KINDS) == {str(each) for each in priced.BillingPeriod}
    assert periods.MONTHS == priced.MONTHS


@pytest.mark.parametrize(
    ("start", "kind", "expected"),
    [
        ("2026-01-31", "monthly", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2027-12-31", "bimonthly", ["2027-12-31", "2028-02-29", "2028-04-30", "2028-06-30"]),
        ("2024-02-29", "yearly", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2026-08-30", "half_yearly", ["2026-08-30", "2027-02-28", "2027-08-30"]),
        ("2026-11-30", "quarterly", ["2026-11-30", "2027-02-28", "2027-05-30"]),
        ("2026-12-28", "weekly", ["2026-12-28", "2027-01-04", "2027-01-11"]),
    ],
)
def test_month_ends_come_back(start: str, kind: str, expected: list[str]) -> None:
    assert [periods.begin(day(start), kind, number).isoformat() for number in range(len(expected))] == expected


@given(days, kinds, st.integers(0, 120))
def test_periods_follow_each_other_without_gaps_and_never_drift(start: dt.date, kind: str, number: int) -> None:
    here, following = periods.begin(start, kind, number), periods.begin(start, kind, number + 1)
    assert here < following
    assert periods.end(start, kind, number) + dt.timedelta(days=1) == following
    if kind == periods.WEEKLY:
        assert (here - start).days == 7 * number
    else:
        months = (here.year - start.year) * 12 + here.month - start.month
        assert months == periods.MONTHS[kind] * number
        last = (here.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        assert here.day == min(start.day, last.day)


@given(days, kinds, st.integers(-400, 20_000))
def test_the_first_period_from_a_day_is_the_first(start: dt.date, kind: str, offset: int) -> None:
    wanted = start + dt.timedelta(days=offset)
    number = periods.first_from(start, kind, wanted)
    assert periods.begin(start, kind, number) >= wanted
    assert number == 0 or periods.begin(start, kind, number - 1) < wanted


@given(days, kinds, st.integers(0, 50), st.integers(0, 900))
def test_what_is_due_has_begun_and_nothing_is_left_out(start: dt.date, kind: str, number: int, offset: int) -> None:
    today = start + dt.timedelta(days=offset)
    found = list(periods.due(start, kind, number, today))
    assert [place for place, _ in found] == list(range(number, number + len(found)))
    assert all(first <= today for _, first in found)
    assert periods.begin(start, kind, number + len(found)) > today


@given(days, kinds, st.integers(1, 60), st.integers(1, 24))
def test_a_term_is_renewed_by_whole_periods(start: dt.date, kind: str, length: int, more: int) -> None:
    last = periods.end(start, kind, length - 1)
    further = periods.renewed(start, kind, last, more)
    assert periods.count(start, kind, last) == length
    assert further == periods.end(start, kind, length + more - 1)
    assert periods.count(start, kind, further) == length + more


@given(days, kinds, st.integers(1, 60), st.integers(1, 24))
def test_to_the_same_day_of_the_month_is_not_one_more(start: dt.date, kind: str, length: int, more: int) -> None:
    last = periods.begin(start, kind, length)
    assert periods.count(start, kind, last) == length
    assert periods.renewed(start, kind, last, more) == periods.begin(start, kind, length + more)


@given(days, kinds, st.integers(0, 400))
def test_a_term_has_a_period_at_least_and_renewing_moves_its_end(start: dt.date, kind: str, offset: int) -> None:
    last = start + dt.timedelta(days=offset)
    assert periods.count(start, kind, last) >= 1
    assert periods.renewed(start, kind, last, 1) > last


@pytest.mark.parametrize(
    ("amount", "kind", "expected"),
    [("100", "weekly", "433.3333"), ("100", "monthly", "100"), ("100", "bimonthly", "50"), ("100", "quarterly",
     "33.3333"), ("200", "quarterly", "66.6667"), ("100", "half_yearly", "16.6667"), ("100", "yearly", "8.3333")],
)  # fmt: skip
def test_what_it_is_worth_a_month(amount: str, kind: str, expected: str) -> None:
    assert periods.monthly(Decimal(amount), kind) == Decimal(expected)


def test_nothing_lies_beyond_the_years_of_a_date() -> None:
    with pytest.raises(Invalid):
        periods.begin(dt.date(2199, 6, 1), "yearly", 2)
