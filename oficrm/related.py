"""Records around a record: which modules hang on it, how many of each, and what a new one of them starts with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.fields import Field
from db.record import Record
from db.registry import module
from oficrm import records
from oficrm.drafts import Values

CARRIED = ("client", "person")
"""Links that a new related record takes over from the record it is made from, where both have them."""


@dataclass(frozen=True, slots=True)
class Related:
    """A module that hangs on another by the link field ``link``; ``whole`` is the field a form shows for it."""

    table: str
    link: str
    whole: str


def related(table: str) -> tuple[Related, ...]:
    """Return the related modules of a module in their declared order."""
    return tuple(_relation(module(table), other) for other in module(table).screens.tabs)


def _relation(model: type[Record], other: str) -> Related:
    """The link by which ``other`` hangs on ``model``; one of several modules is shown by its ``either`` field."""
    fields = module(other).fields
    links = [field for field in fields.values() if field.kind == "link" and field.target == model.module.table]
    if not links:
        raise KeyError(f"{other} has no link to {model.module.table}")
    link = next((field for field in links if not field.hidden), links[0])
    whole = next((field.name for field in fields.values() if link.attr in field.parts), link.name)
    return Related(other, link.name, whole)


def counts(session: Session, table: str, ident: int) -> dict[str, int]:
    """Return how many live records of each related module hang on a record."""
    found = {}
    for relation in related(table):
        other = module(relation.table)
        column = getattr(other, other.fields[relation.link].attr)
        statement = select(func.count()).select_from(other).where(column == ident, other.deleted_at.is_(None))
        found[relation.table] = session.scalar(statement) or 0
    return found


def preset(relation: Related, table: str, ident: int, values: Values) -> Values:
    """Return what a new related record starts with: the link back, and the client and person both have.

    ``values`` are those of the record it is made from.
    """
    fields = module(relation.table).fields
    key = ident if relation.whole == relation.link else f"{table}:{ident}"
    carried = {name: values[name] for name in CARRIED
               if name in fields and name != relation.link and isinstance(values.get(name), int)
               and fields[name].target == module(table).fields[name].target}  # fmt: skip
    return carried | {relation.whole: key}


def link_of(session: Session, table: str, ident: int, name: str) -> tuple[int, str] | None:
    """Return id and title of what a link of a record points to, None for nothing."""
    model = module(table)
    field = model.fields.get(name)
    value = session.scalar(select(getattr(model, field.attr)).where(model.id == ident)) if field else None
    if field is None or value is None:
        return None
    return value, records.link_titles(session, [field], {name: value}).get(name, "")


def titles(session: Session, table: str, names: Iterable[str], values: Values) -> dict[str, str]:
    """Return the texts of some links of a module among ``values``, by field name."""
    fields = module(table).fields
    wanted = [fields[name] for name in names if name in fields and _is_key(fields[name], values.get(name))]
    return records.link_titles(session, wanted, values)


def _is_key(field: Field, value: Any) -> bool:
    """A link may still hold what somebody was typing."""
    if field.kind == "link":
        return isinstance(value, int)
    target, _, ident = str(value).partition(":")
    return target in field.targets and ident.isdigit()
