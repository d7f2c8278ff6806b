"""Records around a record: which modules hang on it, how many of each, and what a new one of them starts with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.fields import Field
from db.filed import FILES, key_of
from db.query import Builder, Condition
from db.record import Record
from db.registry import filed_by, module, owner_link
from oficrm import records
from oficrm.drafts import Values

CARRIED = ("client", "person")
"""Links that a new related record takes over from the record it is made from, where both have them."""


@dataclass(frozen=True, slots=True)
class Related:
    """A module that hangs on another by ``link``; ``whole`` is the field a form shows for it.

    ``link`` is a link to the other module, a reference to a record of any module (``is_keyed``), or the line records
    by which it is filed under many (``is_keyed`` too) or names many (``is_through``: a lot in the lines of a movement).
    """

    table: str
    link: str
    whole: str
    is_keyed: bool = False
    is_through: bool = False
    stands_for: str = ""
    """The module that its records stand for, seen from here: an assignment for the asset. "" for most."""

    @property
    def plural(self) -> str:
        """What the tab is called."""
        return module(self.stands_for or self.table).module.plural

    @property
    def singular(self) -> str:
        """What one of them is called within a sentence."""
        return module(self.stands_for or self.table).module.named(1)

    @property
    def several(self) -> str:
        """What several of them are called within a sentence."""
        return module(self.stands_for or self.table).module.several

    def value(self, table: str, ident: int) -> Any:
        """What ``link`` holds in the records that hang on this one."""
        return key_of(table, ident) if self.is_keyed else ident


def related(table: str) -> tuple[Related, ...]:
    """Return the related modules of a module in their declared order, its files last unless it says otherwise.

    Files may be filed under a record of any module, so every listed module has their tab.
    """
    model = module(table)
    tabs = model.screens.tabs
    if FILES not in tabs and table != FILES and model.module.menu:
        tabs = (*tabs, FILES)
    return tuple(replace(_relation(model, other), stands_for=_stands_for(model, other)) for other in tabs)


def _stands_for(model: type[Record], other: str) -> str:
    joins = module(other).screens.joins
    target = module(other).fields[joins].target if joins else ""
    return target if target != model.module.table else ""


def _relation(model: type[Record], other: str) -> Related:
    """The field by which ``other`` hangs on ``model``; one of several modules is shown by its ``either`` field."""
    filed = filed_by(other)
    if filed is not None:
        return Related(other, filed.name, filed.name, is_keyed=True)
    fields = module(other).fields
    table = model.module.table
    links = [field for field in fields.values() if field.kind == "link" and field.target == table]
    if links:
        link = next((field for field in links if not field.hidden), links[0])
        whole = next((field.name for field in fields.values() if link.attr in field.parts), link.name)
        return Related(other, link.name, whole)
    for field in fields.values():
        if field.names_any_record and table in field.targets:
            return Related(other, field.name, field.name, is_keyed=True)
        if field.via is not None and table in (through := module(field.via[0]).fields[field.via[1]]).targets:
            return Related(other, field.name, through.name, is_keyed=bool(through.parts), is_through=True)
    raise KeyError(f"{other} has no link to {table}")


def counts(session: Session, table: str, ident: int) -> dict[str, int]:
    """Return how many live records of each related module hang on a record."""
    found = {}
    for relation in related(table):
        other = module(relation.table)
        statement = select(func.count(other.id)).select_from(other).where(other.deleted_at.is_(None))
        field = other.fields[relation.link]
        if field.via is not None:
            # A semi-join: the few lines that name this record are found first, then what they belong to.
            child = module(field.via[0])
            through = child.fields[field.via[1]]
            is_this = Builder(field.via[0]).where(Condition(through.name, "in", (relation.value(table, ident),)))
            owners = select(getattr(child, owner_link(child).attr)).where(child.deleted_at.is_(None), is_this)
            statement = statement.where(other.id.in_(owners))
        else:
            statement = statement.where(getattr(other, field.attr) == relation.value(table, ident))
        found[relation.table] = session.scalar(statement) or 0
    return found


def preset(relation: Related, table: str, ident: int, values: Values) -> Values:
    """Return what a new related record starts with: the link back, and the client and person both have.

    ``values`` are those of the record it is made from.
    """
    fields = module(relation.table).fields
    if relation.is_through:
        return {relation.link: relation.value(table, ident)}
    if relation.is_keyed:
        return {relation.whole: key_of(table, ident)}
    key = ident if relation.whole == relation.link else key_of(table, ident)
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
