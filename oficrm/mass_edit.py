"""Cambiar campo: one field of many records set to one value, checked as in their forms, as one operation.

What depends on nothing but the field is written set-based; what texts, numbers or other records follow from is saved
record by record, as its form would.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import Stale, Write, chunks, texts_depend_on, write_field
from db.fields import Field
from db.history import from_json, operation
from db.query import fetch_rows
from db.record import Record
from db.registry import module
from oficrm import cleaning, display, history, records, saving, settings
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.hooks import Hooks
from oficrm.joined import hooks
from oficrm.rules.problems import Invalid

ONE_BY_ONE_AT_MOST = 2_000
IDS_PER_QUERY = 5_000
NAMED_AT_MOST = 5
_PLAIN = {
    "contact": {"time", "duration", "salesperson", "type", "made_by", "next_type", "result", "closed_on"},
    "client": {"status", "salesperson", "origin", "sector", "branch", "employee_count", "annual_revenue",
               "credit_limit", "credit_days"},
    "quote": {"salesperson", "valid_until", "terms"},
}  # fmt: skip
"""Fields of modules with a business of their own (hooks) which that business does not look at."""


@dataclass(frozen=True, slots=True)
class Target:
    """A record as it was when the selection was frozen."""

    id: int
    version: int
    title: str
    before: Any
    before_text: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """The records chosen, and what the field holds in them."""

    table: str
    field: Field
    targets: tuple[Target, ...]
    gone: int = 0

    def present(self) -> list[tuple[str, int]]:
        """The texts of now with how many records have each, the commonest first."""
        return Counter(target.before_text for target in self.targets).most_common()


@dataclass(frozen=True, slots=True)
class Preview:
    """What will be written: ``changes`` are ids; ``blocked`` says which rule the others would break."""

    frozen: Frozen
    value: Any
    text: str
    changes: frozenset[int]
    blocked: dict[int, str] = field(default_factory=dict)


def fields(session: Session, table: str) -> list[Field]:
    """Return the fields of a module that can be changed in many records at once, in the order of the form."""
    model = module(table)
    return [each for each in records.form_fields(session, model).values() if _can_be_changed(each)]


def _can_be_changed(each: Field) -> bool:
    return (each.mass_edit and not (each.read_only or each.hidden or each.unique or each.within or each.is_computed)
            and each.kind not in ("image", "children", "either") and each.default != "@number")  # fmt: skip


def _field(session: Session, table: str, name: str) -> Field:
    found = next((each for each in fields(session, table) if each.name == name), None)
    if found is None:
        raise Refused("Ese campo no se puede cambiar en varios registros a la vez.")
    return found


def frozen(session: Session, table: str, ids: Sequence[int], name: str) -> Frozen:
    """Freeze a selection with what ``name`` holds now. Raises Refused for fields that cannot be changed so."""
    found, model = _field(session, table, name), module(table)
    values = settings.read(session)
    column = model.extra if found.custom_id else getattr(model, found.attr)
    wanted = list(dict.fromkeys(ids))
    rows: dict[int, tuple[int, Any]] = {}
    for part in chunks(wanted, IDS_PER_QUERY):
        live = select(model.id, model.version, column).where(model.id.in_(part), model.deleted_at.is_(None))
        rows.update((row[0], (row[1], row[2])) for row in session.execute(live))
    here = [ident for ident in wanted if ident in rows]
    names = history.record_names(session, model, here)
    texts = _Texts(session, found, values)
    targets = []
    for ident in here:
        version, stored = rows[ident]
        value = from_json(found.kind, (stored or {}).get(found.name)) if found.custom_id else stored
        targets.append(Target(ident, version, names.get(ident, ""), value, texts.of(value)))
    return Frozen(table, found, tuple(targets), len(wanted) - len(here))


class _Texts:
    """Shows values, looking up the title behind a link once."""

    def __init__(self, session: Session, of: Field, values: settings.Settings) -> None:
        self._session, self._field, self._settings = session, of, values
        self._known: dict[Any, str] = {}

    def of(self, value: Any) -> str:
        """Return the text of a value; empty for None."""
        if value is None:
            return ""
        if value not in self._known:
            self._known[value] = self._text(value)
        return self._known[value]

    def _text(self, value: Any) -> str:
        if self._field.kind == "link":
            row = fetch_rows(self._session, self._field.target, [value], ["title"]).get(value)
            return str(row[0]) if row else f"n.º {value}"
        return display.show(self._field, value, self._settings.country, self._settings.currency)


def preview(session: Session, chosen: Frozen, raw: Any) -> Preview:
    """Work out what setting the field to ``raw`` would do to each record; writes nothing.

    Raises ValidationError with the text for the field.
    """
    values, found = settings.read(session), chosen.field
    try:
        value = cleaning.clean(found, raw, cleaning.Context(values.country))
    except Invalid as error:
        raise ValidationError({found.name: [error.message]}) from error
    if found.kind == "link" and value is not None:
        target = session.get(module(found.target), value)
        if target is None or target.deleted_at is not None:
            raise ValidationError({found.name: ["Ese registro ya no existe. Elija otro."]})
    moving = [target.id for target in chosen.targets if target.before != value]
    blocked = dict(_broken_rules(session, chosen, moving, value))
    return Preview(chosen, value, _Texts(session, found, values).of(value), frozenset(moving) - blocked.keys(), blocked)


def try_preview(session: Session, chosen: Frozen, raw: Any) -> Preview | ValidationError:
    """Return the preview, or what is wrong with ``raw``: while somebody types, that is no exception."""
    try:
        return preview(session, chosen, raw)
    except ValidationError as error:
        return error


def _broken_rules(session: Session, chosen: Frozen, ids: Sequence[int], value: Any) -> Iterator[tuple[int, str]]:
    """Try the value in each record, in memory only, and ask its rules."""
    model = module(chosen.table)
    if model.problems is Record.problems:
        return
    with session.no_autoflush:
        for part in chunks(ids):
            for record in session.scalars(select(model).where(model.id.in_(part))):
                records.write_field(chosen.field, record, value)
                record.derive()
                problem = next(iter(record.problems()), None)
                if problem is not None:
                    yield record.id, problem.text
            session.expunge_all()


def is_set_based(model: type[Record], of: Field) -> bool:
    """True when nothing else follows from the field, so that all records can be written together."""
    own_business = hooks(model) != Hooks()
    if model.flow is not None and model.flow.closed and of.name not in model.flow.free:
        return False  # each record must be asked whether it is closed
    return (not of.custom_id and not texts_depend_on(model, of.attr) and model.derive is Record.derive
            and (not own_business or of.name in _PLAIN.get(model.module.table, ())))  # fmt: skip


def operation_label(chosen: Frozen, count: int) -> str:
    """Return how the change is called in the history."""
    facts = module(chosen.table).module
    what = facts.named(count)
    return f"Cambiar {chosen.field.label} de {count:,} {what}".replace(",", ".")


def apply(session: Session, wanted: Preview) -> int:
    """Write a preview as one operation, all of it or nothing; return how many records changed.

    Raises Refused when a record is no longer as it was previewed, or when its form would not save it.
    """
    chosen, model = wanted.frozen, module(wanted.frozen.table)
    targets = [target for target in chosen.targets if target.id in wanted.changes]
    if not targets:
        raise Refused("Ningún registro cambiaría.")
    label = operation_label(chosen, len(targets))
    if is_set_based(model, chosen.field):
        writes = [Write(target.id, target.before, wanted.value, target.version) for target in targets]
        with operation(session, label):
            try:
                return len(write_field(session, model, chosen.field.attr, writes))
            except Stale as stale:
                raise _changed_meanwhile([target for target in targets if target.id in stale.found]) from stale
    if len(targets) > ONE_BY_ONE_AT_MOST:
        raise Refused(f"Este campo se cambia como mucho en {ONE_BY_ONE_AT_MOST} registros a la vez.")
    _check_versions(session, model, targets)
    with operation(session, label) as done:
        for target in targets:
            _save_one(session, chosen, target, wanted.value)
        done.label = label
        session.info["last_operation"] = (done.id, label)
    return len(targets)


def _save_one(session: Session, chosen: Frozen, target: Target, value: Any) -> None:
    draft = records.load(session, chosen.table, target.id).draft
    draft.values[chosen.field.name] = value
    draft.lines.clear()
    try:
        saving.save(session, draft)
    except ValidationError as error:
        raise Refused(f"«{target.title}» no se puede guardar así: {error}") from error
    except NeedsConfirmation as error:
        raise Refused(f"«{target.title}»: {error}") from error


def _check_versions(session: Session, model: type[Record], targets: Sequence[Target]) -> None:
    present: dict[int, int] = {}
    for part in chunks([target.id for target in targets]):
        live = select(model.id, model.version).where(model.id.in_(part), model.deleted_at.is_(None)).with_for_update()
        present.update((row[0], row[1]) for row in session.execute(live))
    stale = [target for target in targets if present.get(target.id) != target.version]
    if stale:
        raise _changed_meanwhile(stale)


def _changed_meanwhile(targets: Sequence[Target]) -> Refused:
    names = ", ".join(f"«{target.title}»" for target in targets[:NAMED_AT_MOST])
    more = f" y {len(targets) - NAMED_AT_MOST} más" if len(targets) > NAMED_AT_MOST else ""
    verb = "cambió" if len(targets) == 1 else "cambiaron"
    return Refused(f"{names}{more} {verb} mientras tanto. No se ha escrito nada.")
