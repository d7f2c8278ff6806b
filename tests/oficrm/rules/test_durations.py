import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.durations import MAX_MINUTES, format_minutes, parse_minutes
from oficrm.rules.problems import Invalid


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90", 90),
        ("1:30", 90),
        ("1h30", 90),
        ("1 H 30", 90),
        ("1h", 60),
        ("45m", 45),
        ("45 min", 45),
        ("1,5h", 90),
        ("1.5 h", 90),
        ("0,33h", 20),
        ("1 h 30 min", 90),
        ("1 hora y 30 minutos", 90),
        ("2 horas", 120),
        ("0", 0),
        ("24h", 1440),
        (" 90 ", 90),
    ],
)
def test_durations_are_typed_short(typed: str, minutes: int) -> None:
    assert parse_minutes(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("-5", "negativa"),
        ("-1:30", "negativa"),
        ("1441", "24 horas"),
        ("24:01", "24 horas"),
        ("25h", "24 horas"),
        ("999999", "24 horas"),
        ("1h75", "0 a 59"),
        ("1:75", "No es una duración"),
        ("1,5", "No es una duración"),
        ("", "No es una duración"),
        ("mucho", "No es una duración"),
        ("1" * 400, "No es una duración"),
        ("٣", "No es una duración"),
    ],
)
def test_absurd_durations_say_why(typed: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        parse_minutes(typed)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (135, "2 h 15 min"), (1865, "31 h 5 min")]
)
def test_hours_and_minutes_are_worked_out(minutes: int, shown: str) -> None:
    assert format_minutes(minutes) == shown


def test_a_negative_duration_is_not_written() -> None:
    with pytest.raises(Invalid):
        format_minutes(-1)


@given(st.integers(0, MAX_MINUTES))
def test_what_is_shown_can_be_typed(minutes: int) -> None:
    assert parse_minutes(format_minutes(minutes)) == minutes
    assert parse_minutes(f"{minutes // 60}:{minutes % 60:02}") == minutes


@given(st.text(max_size=20))
def test_no_text_gives_more_than_a_day_or_another_error(text: str) -> None:
    try:
        minutes = parse_minutes(text)
    except Invalid:
        return
    assert 0 <= minutes <= MAX_MINUTES
