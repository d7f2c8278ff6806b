from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.numbers import (
    format_decimal,
    format_percent,
    parse_decimal,
    parse_integer,
    parse_percent,
    round_half_up,
)
from oficrm.rules.problems import Invalid

COUNTRIES = st.sampled_from(["ES", "MX", "AR", "US"])
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)


@pytest.mark.parametrize("country", ["ES", "MX"])
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.240,50", "1240.50"),
        ("1,240.50", "1240.50"),
        ("1240,5", "1240.5"),
        ("1240.5", "1240.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 240,5", "1240.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (",5", "0.5"),
        ("5,", "5"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("-0", "0"),
        ("0007", "7"),
    ],
)
def test_what_is_clear_is_read_alike_everywhere(typed: str, value: str, country: str) -> None:
    assert parse_decimal(typed, country) == Decimal(value)


@pytest.mark.parametrize(("country", "point", "comma"), [("ES", "1240", "1.24"), ("MX", "1.24", "1240")])
def test_what_is_ambiguous_is_read_as_the_country_writes(country: str, point: str, comma: str) -> None:
    assert parse_decimal("1.240", country) == Decimal(point)
    assert parse_decimal("1,240", country) == Decimal(comma)


@pytest.mark.parametrize(
    "typed", ["", "-", ",", "abc", "1e5", "NaN", "Infinity", "1.24.5", "1,2,3", "12.34,5.6", "1--2", "٣", "1_000", "½"]
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="No es un número"):
        parse_decimal(typed)


def test_size_and_decimals_are_limited() -> None:
    with pytest.raises(Invalid, match="15 cifras"):
        parse_decimal("1" * 16)
    with pytest.raises(Invalid, match="2 decimales"):
        parse_decimal("1,234", max_decimals=2)
    assert parse_decimal("1,2300", max_decimals=2) == Decimal("1.23")
    with pytest.raises(Invalid) as refused:
        parse_decimal("x" * 5000)
    assert len(refused.value.message) < 80


def test_integers_keep_to_their_range() -> None:
    assert parse_integer("1.240") == 1240
    assert parse_integer("12,0") == 12
    for typed, text in (("12,5", "decimales"), ("0", "1 o más"), ("11", "10 o menos")):
        with pytest.raises(Invalid, match=text):
            parse_integer(typed, minimum=1, maximum=10)


def test_percentages() -> None:
    assert parse_percent("21 %") == 21
    assert parse_percent("5,2%") == Decimal("5.2")
    assert format_percent(Decimal("5.20")) == "5,2 %"
    for bad in ("-1", "100,1"):
        with pytest.raises(Invalid, match="entre 0 y 100"):
            parse_percent(bad)


def test_halves_go_away_from_zero_and_zero_has_no_sign() -> None:
    assert [str(round_half_up(Decimal(text), 2)) for text in ("0.125", "-0.125", "2.675", "-0.001")] == [
        "0.13",
        "-0.13",
        "2.68",
        "0.00",
    ]


def test_formatting_follows_the_country() -> None:
    assert format_decimal(Decimal("1234567.50")) == "1.234.567,5"
    assert format_decimal(Decimal("1234567.5"), "MX", 2) == "1,234,567.50"
    assert format_decimal(-0) == "0"
    assert format_decimal(100) == "100"


@given(NUMBERS, COUNTRIES)
def test_what_is_written_can_be_read_back(value: Decimal, country: str) -> None:
    assert parse_decimal(format_decimal(value, country, 4), country) == value
    # Without fixed decimals "1.24" and "1,240" stay apart because trailing zeros are cut.
    assert parse_decimal(format_decimal(value, country), country) == value


@given(st.text(max_size=20), COUNTRIES)
def test_no_text_does_worse_than_invalid(text: str, country: str) -> None:
    try:
        value = parse_decimal(text, country)
    except Invalid:
        return
    assert value.is_finite()
