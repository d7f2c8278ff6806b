"""Changing one field of many records: previewed, checked like a form, one operation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import Write, chunks, current_values, texts_depend_on, write_field
from db.fields import Field
from db.history import operation
from db.record import Record
from db.registry import module
from oficrm import cleaning, display, records, settings
from oficrm.errors import Collected, Refused, ValidationError
from oficrm.hooks import Hooks, hooks
from oficrm.rules.problems import Invalid

SHOWN_VALUES = 6
NAMED = 5


@dataclass(frozen=True, slots=True)
class Before:
    """What the chosen records hold in a field now: (text, how many), commonest first, and how many kinds in all."""

    total: int
    values: tuple[tuple[str, int], ...]
    kinds: int


def editable(session: Session, table: str) -> tuple[Field, ...]:
    """Return the fields of a module that may be changed in many records at once."""
    fields = records.form_fields(session, module(table)).values()
    return tuple(
        field
        for field in fields
        if field.mass_edit and not field.read_only and not field.unique and field.kind not in ("image", "children")
    )


def before(session: Session, table: str, ids: Sequence[int], name: str) -> Before:
    """Count what the records hold now."""
    model = module(table)
    field = _field(session, table, name)
    values = settings.read(session)
    counts: Counter[str] = Counter()
    texts: dict[Any, str] = {}
    for record in _records(session, model, ids):
        value = records.read_field(field, record)
        key = repr(value)
        if key not in texts:
            title = records.link_titles(session, [field], {name: value}).get(name)
            texts[key] = title or display.show(field, value, values.country, values.currency) or "(vacío)"
        counts[texts[key]] += 1
    return Before(sum(counts.values()), tuple(counts.most_common(SHOWN_VALUES)), len(counts))


def apply(session: Session, table: str, ids: Sequence[int], name: str, raw: Any) -> tuple[int, ...]:
    """Write one value into a field of many records, all of them or none; return the ids that changed.

    Raises ValidationError (the value itself is wrong), Refused naming records whose rules the value would break.
    """
    model = module(table)
    field = _field(session, table, name)
    try:
        value = cleaning.clean(field, raw, cleaning.Context(settings.read(session).country))
    except Invalid as error:
        raise ValidationError({name: [error.message]}) from error
    with operation(session, _label(model, field, len(ids))):
        if _is_plain(model, field):
            return _write_set_based(session, model, field, ids, value)
        return _write_one_by_one(session, model, field, ids, value)


def _label(model: type[Record], field: Field, count: int) -> str:
    facts = model.module
    return f"Cambiar {field.label.lower()} de {count} {(facts.label if count == 1 else facts.plural).lower()}"


def _field(session: Session, table: str, name: str) -> Field:
    found = next((field for field in editable(session, table) if field.name == name), None)
    if found is None:
        raise Refused("Este campo no se puede cambiar en varios registros a la vez.")
    return found


def _is_plain(model: type[Record], field: Field) -> bool:
    """True when nothing else depends on the field: no texts, derived values, rules or links to check."""
    own_rules = model.derive is not Record.derive or model.problems is not Record.problems
    simple = field.kind not in ("link", "either") and not field.custom_id
    return simple and not own_rules and hooks(model) == Hooks() and not texts_depend_on(model, field.attr)


def _write_set_based(
    session: Session, model: type[Record], field: Field, ids: Sequence[int], value: Any
) -> tuple[int, ...]:
    present = current_values(session, model, field.attr, list(ids))
    writes = [Write(ident, old, value) for ident, old in present.items()]
    return tuple(write_field(session, model, field.attr, writes))


def _write_one_by_one(
    session: Session, model: type[Record], field: Field, ids: Sequence[int], value: Any
) -> tuple[int, ...]:
    changed: list[int] = []
    broken: list[str] = []
    for record in _records(session, model, ids):
        if records.read_field(field, record) == value:
            continue
        records.write_field(field, record, value)
        problems = Collected()
        _check(session, model, record, field, problems)
        if problems.errors:
            text = next(iter(problems.errors.values()))[0]
            broken.append(f"«{record.title or record.id}»: {text}")
        changed.append(record.id)
    if broken:
        more = f" Y {len(broken) - NAMED} más." if len(broken) > NAMED else ""
        raise Refused(" ".join(broken[:NAMED]) + more)
    session.flush()
    return tuple(changed)


def _check(session: Session, model: type[Record], record: Record, field: Field, problems: Collected) -> None:
    """The rules a form would check: derived values, the module's own rules, links within the same client."""
    record.derive()
    for problem in record.problems():
        problems.add(problem.field, problem.text)
    related = (field, *(other for other in model.fields.values() if other.within == field.name))
    for link in related:
        ident = records.read_field(link, record) if link.within else None
        if ident is not None:
            found = session.get(module(link.target), ident)
            owner = model.fields[link.within].attr
            if found is not None and getattr(found, owner, None) != getattr(record, owner):
                problems.add(link.name, f"{link.label} de otro cliente.")


def _records(session: Session, model: type[Record], ids: Sequence[int]) -> list[Record]:
    found: list[Record] = []
    for part in chunks(list(ids)):
        found += session.scalars(select(model).where(model.id.in_(part), model.deleted_at.is_(None)))
    return found
