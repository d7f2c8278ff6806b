"""The present moment inside queries: a value that is asked for each time a statement runs, not when it is made.

Statements of lists are kept and run again, and the same words must do on both engines.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from db.types import UtcInstant

_STANDING: ContextVar[dt.datetime | None] = ContextVar("standing", default=None)


def present() -> dt.datetime:
    """The present instant in UTC, or the one at which the clock stands for what is being written."""
    return _STANDING.get() or dt.datetime.now(dt.UTC)


@contextmanager
def standing(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand at an aware instant: what is written inside took place then, as far as rules can tell."""
    token = _STANDING.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _STANDING.reset(token)


def now() -> BindParameter[dt.datetime]:
    """The instant at which the statement runs."""
    return bindparam("now", callable_=present, type_=UtcInstant(), unique=True)


def today() -> BindParameter[Any]:
    """The civil date at which the statement runs, where the program runs."""
    return bindparam("today", callable_=lambda: present().astimezone().date(), type_=Date(), unique=True)


class DaysBetween(ColumnElement[int]):
    """Whole days from one civil date to another; each engine has its own words for it."""

    inherit_cache = True
    type = Integer()

    def __init__(self, first: Any, last: Any) -> None:
        self.first, self.last = first, last


@compiles(DaysBetween)
def _days_sqlite(element: DaysBetween, compiler: SQLCompiler, **more: Any) -> str:
    first, last = compiler.process(element.first, **more), compiler.process(element.last, **more)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _days_postgresql(element: DaysBetween, compiler: SQLCompiler, **more: Any) -> str:
    first, last = compiler.process(element.first, **more), compiler.process(element.last, **more)
    return f"(CAST({last} AS DATE) - CAST({first} AS DATE))"
