"""Records that lie inside others of their module, as Screens.tree declares."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.registry import module


def below(session: Session, table: str, idents: Iterable[int]) -> list[int]:
    """Return these records and all live ones that lie in them, however deep; circles do no harm."""
    model: Any = module(table)
    inside = getattr(model, model.fields[model.screens.tree].attr)
    found = dict.fromkeys(idents)
    layer = list(found)
    while layer:
        wanted = select(model.id).where(inside.in_(layer), model.deleted_at.is_(None))
        layer = [each for each in session.scalars(wanted) if each not in found]
        found |= dict.fromkeys(layer)
    return list(found)
