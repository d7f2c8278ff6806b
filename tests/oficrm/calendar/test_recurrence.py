"""Rules of repetition: what is read, said and counted; days against a plain calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.calendar import recurrence
from oficrm.calendar.recurrence import Rule
from oficrm.rules.problems import Invalid

MONDAY = dt.date(2026, 11, 23)
FAR = MONDAY + dt.timedelta(days=366)
RULES = st.builds(
    Rule, st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 12), st.just(()),
    st.none() | st.integers(1, 99), st.none(),
)  # fmt: skip
WEEKLY = st.builds(
    Rule, st.just("WEEKLY"), st.integers(1, 4),
    st.lists(st.integers(0, 6), min_size=1, unique=True).map(lambda days: tuple(sorted(days))),
    st.none(), st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2029, 1, 1)),
)  # fmt: skip


@given(rule=RULES | WEEKLY)
def test_what_is_written_is_read_again(rule: Rule) -> None:
    assert recurrence.parse(rule.text()) == rule


@given(rule=WEEKLY, first=st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)))
def test_weekly_days_are_those_of_a_calendar(rule: Rule, first: dt.date) -> None:
    last = first + dt.timedelta(days=200)
    week = first - dt.timedelta(days=first.weekday())
    wanted = [
        day for number in range(1, 201) if (day := first + dt.timedelta(days=number)).weekday() in rule.days
        and (day - week).days // 7 % rule.interval == 0 and (rule.until is None or day <= rule.until)
    ]  # fmt: skip
    assert recurrence.following(rule.text(), first, last) == wanted


@given(rule=RULES)
def test_a_count_holds_the_first_time_too(rule: Rule) -> None:
    found = recurrence.following(rule.text(), MONDAY, FAR)
    assert all(MONDAY < day <= FAR for day in found)
    assert rule.count is None or len(found) <= rule.count - 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "Cada día"),
        ("freq=weekly;interval=2;byday=mo,th", "Cada 2 semanas, lunes y jueves"),
        ("RRULE:FREQ=MONTHLY;COUNT=3", "Cada mes, 3 veces"),
        ("FREQ=YEARLY;UNTIL=20281231", "Cada año, hasta el 31/12/2028"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Regla propia: FREQ=MONTHLY;BYDAY=2TU"),
        (None, ""),
    ],
)
def test_words(text: str | None, words: str) -> None:
    assert recurrence.words(text) == words


@pytest.mark.parametrize(
    "text",
    ["mañana", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "INTERVAL=2",
     "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=0", ""],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        recurrence.clean(text)


def test_too_many_are_refused() -> None:
    with pytest.raises(Invalid, match="400"):
        recurrence.following("FREQ=DAILY;COUNT=900", MONDAY, MONDAY + dt.timedelta(days=3000))


def test_a_weekly_rule_names_its_day_so_that_moving_one_day_does_not_move_it() -> None:
    assert recurrence.with_day("FREQ=WEEKLY", MONDAY) == "FREQ=WEEKLY;BYDAY=MO"
    assert recurrence.ending("FREQ=WEEKLY;COUNT=4", MONDAY) == "FREQ=WEEKLY;UNTIL=20261123"
