"""Quotients inside queries come out alike on both engines: the nearest whole number, halves away from zero."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Engine, bindparam, select, type_coerce

from db.engine import open_engine
from db.ratios import RATE_UNIT, Ratio, at_rate

WHOLE = BigInteger()
RATIO = select(type_coerce(Ratio(bindparam("amount", type_=WHOLE), bindparam("by", type_=WHOLE), 10_000), WHOLE))
WORTH = select(type_coerce(at_rate(bindparam("amount", type_=WHOLE), bindparam("rate", type_=WHOLE)), WHOLE))
PLAIN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def engine(engine_url: str):
    made = open_engine(engine_url)
    yield made
    made.dispose()


@PLAIN
@given(amount=st.integers(-(10**13), 10**13), by=st.integers(1, 10**14))
@example(amount=-1, by=20_000)
@example(amount=1, by=20_000)
@example(amount=-3, by=20_000)
@example(amount=-1, by=30_000)
def test_it_is_the_nearest_whole_number(engine: Engine, amount: int, by: int) -> None:
    with engine.connect() as connection:
        found = connection.execute(RATIO, {"amount": amount, "by": by}).scalar_one()
    exact = (Decimal(amount * 10_000) / Decimal(by)).quantize(Decimal(1), ROUND_HALF_UP)
    assert int(found) == exact


@PLAIN
@given(amount=st.integers(0, 10**16), rate=st.none() | st.integers(1, 10**9))
@example(amount=5, rate=100_000)
def test_an_amount_at_a_rate_does_not_overflow(engine: Engine, amount: int, rate: int | None) -> None:
    with engine.connect() as connection:
        found = connection.execute(WORTH, {"amount": amount, "rate": rate}).scalar_one()
    exact = Decimal(amount) * (rate or RATE_UNIT) / RATE_UNIT
    assert int(found) == exact.quantize(Decimal(1), ROUND_HALF_UP)


def test_statements_with_it_are_kept_and_told_apart() -> None:
    once, same, other = (Ratio(bindparam("amount", type_=WHOLE), bindparam(by, type_=WHOLE)) for by in "bbc")
    assert once._generate_cache_key() is not None
    assert once.compare(same)
    assert not once.compare(other)
