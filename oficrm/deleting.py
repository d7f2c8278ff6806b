"""Deleting: into the trash, with what hangs on it, as one operation that can be undone whole."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.history import operation
from db.models.document import Document
from db.record import Record
from db.registry import module, referrers
from oficrm import clock, filed_along, soundness
from oficrm.errors import NeedsConfirmation, Refused

DEPENDENTS = "dependents"
ARCHIVE = "archive"
Gathered = dict[type[Record], dict[int, Record]]


def delete(session: Session, table: str, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> str:
    """Move records to the trash together with what belongs to them; return the sentence for the notice.

    Raises NeedsConfirmation naming what hangs on them; Refused where something else refers to them, unless the module
    has a way to put records out of use, which is then offered instead, and where a rule over several records would not
    hold without them.
    """
    model = module(table)
    gathered: Gathered = {}
    _gather(session, model, ids, gathered)
    _gather(session, Document, filed_along.only_under(session, _keys(gathered)), gathered)
    chosen = gathered.get(model, {})
    victims = [chosen[ident] for ident in ids if ident in chosen]
    if not victims:
        raise Refused("Lo seleccionado ya no existe.")
    _refuse_kept(session, gathered)
    if uses := _uses(session, gathered):
        if not archive_of(model)[0]:
            raise Refused(f"{uses}: no se puede borrar.")
        if ARCHIVE not in accepted:
            raise NeedsConfirmation(ARCHIVE, f"{uses}: no se puede borrar, pero sí dejar de usar.", "Archivar")
        return _archive(session, model, victims)
    if (text := _dependents_text(gathered, model, len(victims))) and DEPENDENTS not in accepted:
        raise NeedsConfirmation(DEPENDENTS, text, "Borrar todo")
    what = _counted(model, len(victims))
    label = f"Borrar {what}" + (f": {victims[0].title}" if len(victims) == 1 and victims[0].title else "")
    with operation(session, label):
        now = clock.now()
        for records in gathered.values():
            for record in records.values():
                record.deleted_at = now
        session.flush()
        for records in gathered.values():
            for record in records.values():
                soundness.refuse(session, record, "No se puede borrar")
    return f"Se ha borrado {what}." if len(victims) == 1 else f"Se han borrado {what}."


def _keys(gathered: Gathered) -> list[str]:
    return [key for found in gathered.values() for key in filed_along.keys_of(found.values())]


def _gather(session: Session, model: type[Record], ids: Sequence[int], gathered: Gathered) -> None:
    """Collect the records and, following cascading links, everything that goes with them."""
    known = gathered.setdefault(model, {})
    new: list[int] = []
    for part in chunks([ident for ident in ids if ident not in known]):
        for record in session.scalars(select(model).where(model.id.in_(part), model.deleted_at.is_(None))):
            known[record.id] = record
            new.append(record.id)
    if not new:
        return
    for child, link in referrers(model.module.table):
        if link.on_delete == "cascade":
            column = getattr(child, link.attr)
            found: list[int] = []
            for part in chunks(new):
                found += session.scalars(select(child.id).where(column.in_(part), child.deleted_at.is_(None)))
            if found:
                _gather(session, child, found, gathered)


def _refuse_kept(session: Session, gathered: Gathered) -> None:
    """Some records stay for good, such as an issued invoice: their module says why."""
    for records in gathered.values():
        for record in records.values():
            if (text := soundness.leaving(session, record)) is not None:
                raise Refused(text)


def _uses(session: Session, gathered: Gathered) -> str:
    """Name what else refers to the records, the first of them that is in use: "" when nothing does."""
    for model, records in gathered.items():
        for record in records.values():
            counts: Counter[type[Record]] = Counter()
            for other, link in referrers(model.module.table):
                if link.on_delete != "restrict":
                    continue
                users = session.scalars(
                    select(other.id).where(getattr(other, link.attr) == record.id, other.deleted_at.is_(None))
                )
                counts[other] += sum(ident not in gathered.get(other, {}) for ident in users)
            parts = [_counted(other, count) for other, count in counts.items() if count]
            if parts:
                return f"«{record.title or model.module.label}» se usa en {joined(parts)}"
    return ""


def _archive(session: Session, model: type[Record], victims: Sequence[Record]) -> str:
    """Put records out of use instead of deleting them, as one operation."""
    field, value = archive_of(model)
    what = _counted(model, len(victims))
    label = f"Archivar {what}" + (f": {victims[0].title}" if len(victims) == 1 else "")
    with operation(session, label):
        for record in victims:
            setattr(record, model.fields[field].attr, value)
    return f"{'Queda' if len(victims) == 1 else 'Quedan'} sin uso: {what}."


def archive_of(model: type[Record]) -> tuple[str, Any]:
    """Return the field, and its value, that puts a record out of use; ("", None) where there is no such thing."""
    if model.screens.archive:
        field, _, value = model.screens.archive.partition(":")
        return field, value
    return ("is_active", False) if "is_active" in model.fields else ("", None)


def _dependents_text(gathered: Gathered, model: type[Record], count: int) -> str:
    counts = Counter({each: len(records) for each, records in gathered.items() if not each.module.owner})
    counts[model] -= count
    parts = [_counted(each, number) for each, number in counts.items() if number > 0]
    if not parts:
        return ""
    return f"También se borrará lo que depende: {joined(parts)}."


def joined(parts: Sequence[str]) -> str:
    """Return a list in words: "a, b y c"."""
    return ", ".join(parts[:-1]) + (" y " if len(parts) > 1 else "") + parts[-1]


def _counted(model: type[Record], count: int) -> str:
    return f"{count:n} {model.module.named(count)}"
