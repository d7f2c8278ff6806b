"""Campos parametrizables: the user's own fields as Fields, so that every screen treats them like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.fields import Field
from db.history import from_json, operation, to_json
from db.models.custom_field import CustomField, CustomKind
from db.record import Record
from db.registry import listed_modules

PREFIX = "x_"
STEP = 10
"""Between the positions of neighbours, so that one can be put between two."""


def field_name(ident: int) -> str:
    """Return the public name, which is also the key in the record's JSON."""
    return f"{PREFIX}{ident}"


def as_field(custom: CustomField) -> Field:
    """Return the Field that a campo parametrizable stands for."""
    name = field_name(custom.id)
    kind = str(custom.kind)
    return Field(
        kind, custom.name, name, name, required=custom.is_required, default=custom.default_value,
        options=custom.option_list(), custom_id=custom.id, decimals=4 if kind == "quantity" else 0,
        max_length={"text": 300, "long_text": 20_000}.get(kind), span=3 if kind == "long_text" else 1,
    )  # fmt: skip


def fields_of(session: Session, table: str, *, active_only: bool = True) -> tuple[Field, ...]:
    """Return the user's fields of a module in their order. Cached for the life of the session."""
    cache: dict[tuple[str, bool], tuple[Field, ...]] = session.info.setdefault("custom_fields", {})
    key = (table, active_only)
    if key not in cache:
        statement = select(CustomField).where(CustomField.module_table == table, CustomField.deleted_at.is_(None))
        if active_only:
            statement = statement.where(CustomField.is_active)
        ordered = statement.order_by(CustomField.position, CustomField.sort_key, CustomField.id)
        cache[key] = tuple(as_field(custom) for custom in session.scalars(ordered))
    return cache[key]


@dataclass(frozen=True, slots=True)
class Defined:
    """A campo parametrizable as Parámetros lists it; ``field`` is how forms see it."""

    id: int
    field: Field
    kind: str
    is_active: bool


def defined(session: Session, table: str) -> list[Defined]:
    """Return the user's fields of a module in their order, those that are switched off included."""
    statement = select(CustomField).where(CustomField.module_table == table, CustomField.deleted_at.is_(None))
    ordered = statement.order_by(CustomField.position, CustomField.sort_key, CustomField.id)
    return [Defined(each.id, as_field(each), CustomKind(each.kind).label, each.is_active)
            for each in session.scalars(ordered)]  # fmt: skip


def reorder(session: Session, ids: Sequence[int]) -> None:
    """Put the fields of a module into this order."""
    found = {each.id: each for each in session.scalars(select(CustomField).where(CustomField.id.in_(ids)))}
    with operation(session, "Ordenar campos parametrizables"):
        for place, ident in enumerate(ids, 1):
            if ident in found and found[ident].position != place * STEP:
                found[ident].position = place * STEP


def switch(session: Session, ident: int, active: bool) -> str:
    """Show a field everywhere, or hide it while its data stays; return the sentence for the notice."""
    custom = session.get_one(CustomField, ident)
    verb, done = ("Activar", "activado") if active else ("Desactivar", "desactivado: se oculta, sus datos se conservan")
    with operation(session, f"{verb} campo {custom.name}"):
        custom.is_active = active
    return f"«{custom.name}» {done}."


def all_fields(session: Session, model: type[Record]) -> dict[str, Field]:
    """Return declared and user-defined fields of a module by name."""
    return model.fields | {field.name: field for field in fields_of(session, model.module.table)}


def read_value(field: Field, record: Record) -> Any:
    """Return the typed value of a user's field in a record."""
    return from_json(field.kind, (record.extra or {}).get(field.name))


def write_value(field: Field, record: Record, value: Any) -> None:
    """Set a user's field; the dictionary is replaced, because changes inside it would go unnoticed."""
    extra = dict(record.extra or {})
    if value is None:
        extra.pop(field.name, None)
    else:
        extra[field.name] = to_json(value)
    record.extra = extra


def modules_with_fields() -> tuple[tuple[str, str], ...]:
    """Return (table, plural) of the modules that can have fields of the user's."""
    return tuple((model.module.table, model.module.plural) for model in listed_modules()
                 if model.module.table != "custom_field")  # fmt: skip
