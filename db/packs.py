"""Figures that are read together: one pass over the related records instead of one for each figure.

A list sorts and filters by each figure by itself, for which each has an expression of its own. Where several of a pack
are shown, of a page or of the record of a form, the query reads all of them as one text.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, String, case, cast, func, literal

APART = "|"
LEAST_PACKED = 2
"""Figures of a pack from which one pass over all is cheaper than one for each."""


class Pack:
    """``expression(record)`` gives the text of all figures of a record; ``kinds`` are theirs, in order."""

    def __init__(self, expression: Callable[[Any], Any], kinds: Sequence[str]) -> None:
        self.expression = expression
        self.kinds = tuple(kinds)

    def read(self, text: str | None) -> tuple[Any, ...]:
        """Return the figures of a text: whole numbers and days, None for none."""
        parts = (text or APART * (len(self.kinds) - 1)).split(APART)
        return tuple(_read(kind, part) for kind, part in zip(self.kinds, parts, strict=True))


def _read(kind: str, part: str) -> Any:
    if kind == "day":
        return dt.date.fromisoformat(part) if part else None
    return int(part or 0)


def together(figures: Sequence[Any]) -> Any:
    """Return the expression of a text that holds aggregates: counts as whole numbers, days in ISO form."""
    text: Any = literal("")
    for at, figure in enumerate(figures):
        text = text.concat(literal(APART if at else "").concat(func.coalesce(cast(figure, String), "")))
    return text


def how_many(condition: Any) -> Any:
    """Return the aggregate that counts the rows that meet a condition."""
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), BigInteger)
