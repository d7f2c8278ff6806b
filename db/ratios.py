"""Quotients of whole numbers inside queries, rounded half up (away from zero, as money is) on both engines alike.

SQLite cuts what is left of an integer division off; PostgreSQL adds up to numeric and goes on with fractions.
"""

from typing import Any

from sqlalchemy import BigInteger, case, cast, func, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

RATE_UNIT = 1_000_000
"""An exchange rate of one, as it is stored."""


class Ratio(FunctionElement[int]):
    """``amount * times / by`` of whole numbers, ``by`` above zero, as the nearest whole number."""

    inherit_cache = True
    name = "ratio"
    type = BigInteger()

    def __init__(self, amount: Any, by: Any, times: int = 1) -> None:
        super().__init__(amount, by, type_coerce(times, BigInteger()))


def _parts(element: Ratio, compiler: SQLCompiler, more: dict[str, Any]) -> list[str]:
    return [f"({compiler.process(each, **more)})" for each in element.clauses]


@compiles(Ratio)
def _ratio_sqlite(element: Ratio, compiler: SQLCompiler, **more: Any) -> str:
    amount, by, times = _parts(element, compiler, more)
    half = f"CASE WHEN {amount} < 0 THEN -{by} ELSE {by} END"
    return f"(({amount} * {times} * 2 + {half}) / ({by} * 2))"


@compiles(Ratio, "postgresql")
def _ratio_postgresql(element: Ratio, compiler: SQLCompiler, **more: Any) -> str:
    amount, by, times = _parts(element, compiler, more)
    return f"round(CAST({amount} AS numeric) * {times} / {by})"


def at_rate(amount: Any, rate: Any) -> Any:
    """Return an amount of a document in the company's currency, both as whole numbers; without a rate it is in it.

    Their product would not fit: the amount is taken in two parts. Most documents are in the company's currency: their
    amount, which may take a while to work out, is read once.
    """
    whole = func.coalesce(type_coerce(rate, BigInteger()), RATE_UNIT, type_=BigInteger())
    # PostgreSQL adds whole numbers up to a numeric, which it would divide with decimals.
    worth = cast(type_coerce(amount, BigInteger()), BigInteger())
    foreign = worth // RATE_UNIT * whole + Ratio(worth % RATE_UNIT * whole, type_coerce(RATE_UNIT, BigInteger()))
    return case((whole == RATE_UNIT, worth), else_=foreign)
