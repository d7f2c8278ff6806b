"""Column types: what goes in comes out, on both engines, and what would lose something is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from db.engine import open_engine
from db.types import Choice, ChoiceType, Money, Scaled, UtcInstant, ordered_text


class Colour(Choice):
    """Three colours."""

    RED = "red", "Rojo", "lost"
    GREEN = "green", "Verde"
    PLAIN = "plain"


FIRST, LAST = (dt.datetime.combine(dt.date(year, 1, 3), dt.time()) for year in (1900, 2200))
TABLE = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("amount", Money()),
    Column("percent", Scaled(2)),
    Column("at", UtcInstant),
    Column("colour", ChoiceType(Colour)),
    Column("key", ordered_text(40)),
    Column("words", ordered_text()),
)


@pytest.fixture
def connection(empty_url):
    engine = open_engine(empty_url, pooled=False)
    with engine.begin() as opened:
        TABLE.create(opened)
        yield opened
    engine.dispose()


def _round_trip(connection, **values):
    ident = connection.execute(insert(TABLE).values(**values)).inserted_primary_key[0]
    row = connection.execute(select(TABLE).where(TABLE.c.id == ident)).mappings().one()
    return {name: row[name] for name in values}


def test_money_and_instants_come_back_as_they_went_in(connection):
    zones = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-6)), dt.timezone(dt.timedelta(hours=2))])
    instants = st.datetimes(FIRST, LAST, timezones=zones)

    @given(st.decimals(-(10**12), 10**12, places=4), instants)
    def check(amount, at):
        found = _round_trip(connection, amount=amount, at=at)
        assert found == {"amount": amount, "at": at}
        assert found["at"].utcoffset() == dt.timedelta(0)
        assert isinstance(found["amount"], Decimal)

    check()


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00"), ("21", "21.00"), ("99.995", "100.00")],
)
def test_what_does_not_fit_is_rounded_half_up(connection, given_, kept):
    assert _round_trip(connection, percent=Decimal(given_)) == {"percent": Decimal(kept)}


def test_a_float_never_becomes_money(connection):
    inexact = 1 / 10
    with pytest.raises(StatementError, match="never float"):
        _round_trip(connection, amount=inexact)


def test_an_instant_without_zone_is_refused(connection):
    with pytest.raises(StatementError, match="time zone"):
        _round_trip(connection, at=LAST)


def test_empty_stays_empty(connection):
    nothing = {"amount": None, "percent": None, "at": None, "colour": None, "key": None, "words": None}
    assert _round_trip(connection, **nothing) == nothing


def test_a_choice_keeps_key_label_and_tone(connection):
    found = _round_trip(connection, colour=Colour.RED)["colour"]
    assert (found, found.label, found.tone) == (Colour.RED, "Rojo", "lost")
    assert (Colour.GREEN.tone, Colour.PLAIN.label) == ("", "plain")
    assert _round_trip(connection, colour="green")["colour"] is Colour.GREEN


def test_a_choice_of_a_newer_program_survives_as_text(connection):
    assert _round_trip(connection, colour="violet") == {"colour": "violet"}


def test_ordered_text_is_ordered_by_bytes_on_both_engines(connection):
    connection.execute(insert(TABLE), [{"key": key, "words": key} for key in ("b", "A", "a", "á", "B", "n~", "nz")])
    for column in (TABLE.c.key, TABLE.c.words):
        assert list(connection.execute(select(column).order_by(column)).scalars()) == [
            "A", "B", "a", "b", "nz", "n~", "á",
        ]  # fmt: skip
