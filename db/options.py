"""What pickers offer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.query import Builder
from db.text import LIKE_ESCAPE, like_pattern


def find_options(
    session: Session, table: str, text: str, *, within: tuple[str, int] | None = None,
    only: Sequence[tuple[str, Any]] = (), limit: int = 30,
) -> list[tuple[int, str, tuple[Any, ...]]]:  # fmt: skip
    """Return (id, title, picker details) of the records a picker offers for the typed text.

    ``within`` and ``only`` are fields with the value that they must have. Names that begin with the text come first,
    then the others that hold all its words anywhere.
    """
    builder = Builder(table)
    model = builder.model
    details = [builder.shown(name) for name in model.screens.picker]
    wheres: list[ColumnElement[bool]] = [model.deleted_at.is_(None)]
    wheres += [model.search_text.like(like_pattern(word), escape=LIKE_ESCAPE) for word in text.split()]
    if "is_active" in model.fields:
        wheres.append(builder.raw("is_active"))
    wheres += [builder.raw(name) == value for name, value in (*((within,) if within else ()), *only)]
    starts = model.search_text.like(like_pattern(text)[1:], escape=LIKE_ESCAPE)
    statement = builder.apply(select(model.id, model.title, *details)).where(*wheres)
    statement = statement.order_by(starts.desc(), model.sort_key, model.id).limit(limit)
    return [(row[0], row[1], tuple(row[2:])) for row in session.execute(statement)]
