import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.dates import (
    PERIODS,
    Lean,
    add_months,
    compact_date,
    long_date,
    parse_date,
    parse_date_time,
    parse_time,
    period,
    short_date,
    short_time,
)
from oficrm.rules.problems import Invalid
from oficrm.rules.workdays import WorkCalendar

TODAY = dt.date(2026, 11, 20)  # a Friday
SPAIN = WorkCalendar("ES")
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
TODAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
MINUTES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoy", "2026-11-20"),
        ("Mañana", "2026-11-21"),
        ("manana", "2026-11-21"),
        ("pasado", "2026-11-22"),
        ("pasado mañana", "2026-11-22"),
        ("ayer", "2026-11-19"),
        ("anteayer", "2026-11-18"),
        ("lun", "2026-11-23"),
        ("vie", "2026-11-27"),
        ("Miércoles", "2026-11-25"),
        ("sab", "2026-11-21"),
        ("sáb.", "2026-11-21"),
        ("el próximo lunes", "2026-11-23"),
        ("+3d", "2026-11-23"),
        ("+3", "2026-11-23"),
        ("3 días", "2026-11-23"),
        ("en 3 días", "2026-11-23"),
        ("+2s", "2026-12-04"),
        ("+1m", "2026-12-20"),
        ("+1a", "2027-11-20"),
        ("-3d", "2026-11-17"),
        ("+5l", "2026-11-27"),
        ("-2 laborables", "2026-11-18"),
        ("15", "2026-11-15"),
        ("15/3", "2026-03-15"),
        ("15.3.26", "2026-03-15"),
        ("15/3/26", "2026-03-15"),
        ("15-3-2026", "2026-03-15"),
        ("15 3 2026", "2026-03-15"),
        ("2026-03-15", "2026-03-15"),
        ("150326", "2026-03-15"),
        ("15032026", "2026-03-15"),
        ("20260315", "2026-03-15"),
        ("15 mar", "2026-03-15"),
        ("15mar", "2026-03-15"),
        ("15-mar-26", "2026-03-15"),
        ("15 de marzo de 2027", "2027-03-15"),
        ("lun 24 nov", "2026-11-24"),
        ("lun 24", "2026-11-24"),
        ("fin de mes", "2026-11-30"),
        ("fin de año", "2026-12-31"),
        ("1/2/72", "1972-02-01"),
        ("29/2/2028", "2028-02-29"),
    ],
)
def test_dates_are_typed_in_many_ways(typed: str, expected: str) -> None:
    assert parse_date(typed, TODAY, SPAIN) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("31/02", "Febrero de 2026 no tiene día 31: va de 1 a 28"),
        ("29/2", "va de 1 a 28"),
        ("0/3", "no tiene día 0"),
        ("15/13/2026", "No hay mes 13"),
        ("1/1/0001", "entre 1900 y 2200"),
        ("1/1/202", "entre 1900 y 2200"),
        ("2201-01-01", "entre 1900 y 2200"),
        ("+999999d", "entre 1900 y 2200"),
        ("+999999m", "entre 1900 y 2200"),
        ("-999999l", "entre 1900 y 2200"),
        ("", "Falta la fecha"),
        ("nunca", "No es una fecha"),
        ("12345", "No es una fecha"),
        ("15 foo", "No es una fecha"),
        ("١٥/٣", "No es una fecha"),
        ("9" * 500, "No es una fecha"),
    ],
)
def test_impossible_dates_say_why(typed: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        parse_date(typed, TODAY, SPAIN)


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(Invalid, match="laborables"):
        parse_date("+5l", TODAY)


@pytest.mark.parametrize(
    ("typed", "lean", "expected"),
    [
        ("15/1", "year", "2026-01-15"),
        ("15/1", "future", "2027-01-15"),
        ("15/12", "future", "2026-12-15"),
        ("20/11", "future", "2026-11-20"),
        ("15/12", "past", "2025-12-15"),
        ("15", "future", "2026-12-15"),
        ("25", "past", "2026-10-25"),
        ("31", "past", "2026-10-31"),
        ("29/2", "future", "2028-02-29"),
        ("29 feb", "past", "2024-02-29"),
    ],
)
def test_a_date_without_year_leans_as_its_field_asks(typed: str, lean: Lean, expected: str) -> None:
    assert parse_date(typed, TODAY, lean=lean) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mañana 10", "2026-11-21T10:00"),
        ("lun 10:30", "2026-11-23T10:30"),
        ("lun a las 10", "2026-11-23T10:00"),
        ("lun 4 pm", "2026-11-23T16:00"),
        ("+1s 16:15", "2026-11-27T16:15"),
        ("hoy 9h", "2026-11-20T09:00"),
        ("15/3 10:30", "2026-03-15T10:30"),
        ("15/3/2026 8", "2026-03-15T08:00"),
        ("15 mar 10", "2026-03-15T10:00"),
        ("lun 24 nov 10:30", "2026-11-24T10:30"),
        ("2026-03-15T10:30", "2026-03-15T10:30"),
        ("2026-03-15 10:30:00", "2026-03-15T10:30"),
        ("10:30", "2026-11-20T10:30"),
        ("9h", "2026-11-20T09:00"),
    ],
)
def test_a_time_may_follow_the_date(typed: str, expected: str) -> None:
    day, time = parse_date_time(typed, TODAY)
    assert time is not None
    assert dt.datetime.combine(day, time) == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize("typed", ["15 mar 2026", "15 mar 26", "15 3", "15.3", "15", "+3d", "lun 24", "fin de mes"])
def test_a_date_alone_has_no_time(typed: str) -> None:
    assert parse_date_time(typed, TODAY) == (parse_date(typed, TODAY), None)


def test_a_wrong_time_is_not_lost() -> None:
    with pytest.raises(Invalid, match="23:59"):
        parse_date_time("lun 25:00", TODAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10", "10:00"),
        ("10:30", "10:30"),
        ("10.30", "10:30"),
        ("10h30", "10:30"),
        ("9h", "09:00"),
        ("1030", "10:30"),
        ("930", "09:30"),
        ("10:30:59", "10:30"),
        ("4 pm", "16:00"),
        ("12:15 a.m.", "00:15"),
        ("12 p. m.", "12:00"),
    ],
)
def test_times_are_typed_short(typed: str, expected: str) -> None:
    assert parse_time(typed) == dt.time.fromisoformat(expected)


@pytest.mark.parametrize("typed", ["24:00", "10:60", "2460", "13 pm", "0 am", "", "diez", "10:3", "1:2:3", "10:30:99"])
def test_other_times_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_time(typed)


def test_dates_and_times_are_shown_short_and_long() -> None:
    assert short_date(dt.date(2026, 11, 24), TODAY) == "mar 24 nov"
    assert short_date(dt.date(2027, 9, 1), TODAY) == "mié 1 sep 2027"
    assert compact_date(dt.date(2026, 11, 24), TODAY) == "mar 24 nov"
    assert compact_date(dt.date(2027, 9, 1), TODAY) == "1 sep 2027"
    assert long_date(dt.date(2026, 11, 23)) == "lunes 23 de noviembre de 2026"
    assert short_time(dt.time(9, 5)) == "9:05"
    this_year = dt.datetime.now().astimezone().year
    assert short_date(dt.date(this_year, 5, 1)).endswith(" 1 may")


@given(DAYS, TODAYS)
def test_what_is_shown_can_be_typed(day: dt.date, today: dt.date) -> None:
    for text in (
        short_date(day, today),
        compact_date(day, today),
        long_date(day),
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
    ):
        assert parse_date(text, today) == day


@given(DAYS, MINUTES, TODAYS)
def test_a_shown_date_and_time_can_be_typed(day: dt.date, time: dt.time, today: dt.date) -> None:
    assert parse_date_time(f"{short_date(day, today)} {short_time(time)}", today) == (day, time)
    assert parse_date_time(f"{day.isoformat()}T{time.isoformat()}", today) == (day, time)


@given(TODAYS, st.sampled_from(["lun", "mar", "mié", "jue", "vie", "sáb", "dom"]))
def test_a_weekday_is_within_the_next_seven_days(today: dt.date, word: str) -> None:
    day = parse_date(word, today)
    assert 1 <= (day - today).days <= 7
    assert short_date(day, day).startswith(word)


@given(TODAYS, st.integers(0, 3000))
def test_relative_days_and_weeks_go_both_ways(today: dt.date, count: int) -> None:
    assert parse_date(f"-{count}d", parse_date(f"+{count}d", today)) == today
    assert parse_date(f"+{count}s", today) == parse_date(f"+{count * 7}d", today)


@given(st.text(max_size=30), TODAYS)
def test_no_text_does_worse_than_invalid(text: str, today: dt.date) -> None:
    for lean in ("year", "future", "past"):
        try:
            day, _ = parse_date_time(text, today, SPAIN, lean=lean)
        except Invalid:
            continue
        assert 1900 <= day.year <= 2200


@given(TODAYS, DAYS)
def test_leaning_never_lands_on_the_wrong_side(today: dt.date, day: dt.date) -> None:
    typed = f"{day.day}/{day.month}"
    assert parse_date(typed, today, lean="future") >= today
    assert parse_date(typed, today, lean="past") <= today


def test_months_are_added_up_to_the_last_day() -> None:
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 1, 31), -11) == dt.date(2025, 2, 28)


def test_periods_are_inclusive_and_weeks_begin_on_monday() -> None:
    spans = {token: period(token, TODAY) for token in PERIODS}
    assert {token: tuple(day and day.isoformat()[5:] for day in span) for token, span in spans.items()} == {
        "hoy": ("11-20", "11-20"),
        "ayer": ("11-19", "11-19"),
        "mañana": ("11-21", "11-21"),
        "semana": ("11-16", "11-22"),
        "semana_pasada": ("11-09", "11-15"),
        "semana_proxima": ("11-23", "11-29"),
        "mes": ("11-01", "11-30"),
        "mes_pasado": ("10-01", "10-31"),
        "vencidos": (None, "11-19"),
    }
    with pytest.raises(Invalid, match="siglo"):
        period("siglo", TODAY)
