"""Saved filters: criteria, order and columns of a list under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.saved_view import SavedView
from db.text import search_fold
from oficrm import clock
from oficrm.errors import Refused, ValidationError
from oficrm.rules import text as text_rules
from oficrm.rules.problems import Invalid

MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class View:
    """A saved filter. ``value`` is what the list page gave: its filter (dates as typed), columns and their order."""

    id: int
    name: str
    value: dict[str, Any]


def views(session: Session, table: str) -> list[View]:
    """Return the saved filters of a list by name."""
    return [View(record.id, record.name, record.value or {}) for record in _live(session, table)]


def save_view(session: Session, table: str, name: str, value: Mapping[str, Any]) -> int:
    """Save a filter under a name and return its id; one of the same name, accents and case apart, is replaced.

    Raises ValidationError for ``name``.
    """
    try:
        clean = text_rules.clean_line(name, MAX_NAME)
    except Invalid as error:
        raise ValidationError({"name": [error.message]}) from error
    if not clean:
        raise ValidationError({"name": ["Póngale un nombre al filtro."]})
    folded = search_fold(clean)
    with operation(session, f"Guardar el filtro «{clean}»"):
        record = next((each for each in _live(session, table) if search_fold(each.name) == folded), None)
        if record is None:
            record = SavedView(module_table=table, extra={})
            session.add(record)
        record.name, record.value = clean, dict(value)
        session.flush()
    return record.id


def delete_view(session: Session, ident: int) -> None:
    """Delete a saved filter. Raises Refused when it is gone already."""
    record = session.get(SavedView, ident)
    if record is None or record.deleted_at is not None:
        raise Refused("Ese filtro ya no existe.")
    with operation(session, f"Borrar el filtro «{record.name}»"):
        record.deleted_at = clock.now()


def _live(session: Session, table: str) -> list[SavedView]:
    statement = select(SavedView).where(SavedView.module_table == table, SavedView.deleted_at.is_(None))
    return list(session.scalars(statement.order_by(SavedView.sort_key, SavedView.id)))
