"""Categorías: a tree without circles."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.category import Category
from db.record import Problem
from oficrm.hooks import Hooks

MAX_DEPTH = 20


def _sound(session: Session, category: Category) -> Iterator[Problem]:
    """Going up from a category ends somewhere, and does not come back to it."""
    parent, steps = category.parent_id, 0
    while parent is not None:
        steps += 1
        if parent == category.id:
            yield Problem("parent", "Esa categoría está dentro de esta: el árbol daría una vuelta.")
            return
        if steps > MAX_DEPTH:
            yield Problem("parent", f"Son más de {MAX_DEPTH} niveles.")
            return
        parent = session.scalar(select(Category.parent_id).where(Category.id == parent))


HOOKS = Hooks(sound=_sound)
