"""Deleting: into the trash, with what hangs on it, as one operation that can be undone whole."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.history import operation
from db.models.document import Document
from db.record import Record
from db.registry import module, referrers
from oficrm import clock, filed_along
from oficrm.errors import NeedsConfirmation, Refused

DEPENDENTS = "dependents"
Gathered = dict[type[Record], dict[int, Record]]


def delete(session: Session, table: str, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> str:
    """Move records to the trash together with what belongs to them; return the sentence for the notice.

    Raises NeedsConfirmation naming what hangs on them, Refused where something else refers to them.
    """
    model = module(table)
    gathered: Gathered = {}
    _gather(session, model, ids, gathered)
    _gather(session, Document, filed_along.only_under(session, _keys(gathered)), gathered)
    chosen = gathered.get(model, {})
    victims = [chosen[ident] for ident in ids if ident in chosen]
    if not victims:
        raise Refused("Lo seleccionado ya no existe.")
    _refuse_in_use(session, gathered)
    if (text := _dependents_text(gathered, model, len(victims))) and DEPENDENTS not in accepted:
        raise NeedsConfirmation(DEPENDENTS, text, "Borrar todo")
    what = _counted(model, len(victims))
    label = f"Borrar {what}" + (f": {victims[0].title}" if len(victims) == 1 and victims[0].title else "")
    with operation(session, label):
        now = clock.now()
        for records in gathered.values():
            for record in records.values():
                record.deleted_at = now
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


def _refuse_in_use(session: Session, gathered: Gathered) -> None:
    for model, records in gathered.items():
        for other, link in referrers(model.module.table):
            if link.on_delete != "restrict":
                continue
            column = getattr(other, link.attr)
            going = gathered.get(other, {})
            for part in chunks(list(records)):
                statement = select(other.id, column).where(column.in_(part), other.deleted_at.is_(None)).limit(500)
                for ident, target in session.execute(statement):
                    if ident not in going:
                        name = records[target].title or model.module.label
                        hint = " Puede desactivarlo en su lugar." if "is_active" in model.fields else ""
                        raise Refused(f"«{name}» se usa en {other.module.plural.lower()}: no se puede borrar.{hint}")


def _dependents_text(gathered: Gathered, model: type[Record], count: int) -> str:
    counts = Counter({each: len(records) for each, records in gathered.items() if not each.module.owner})
    counts[model] -= count
    parts = [_counted(each, number) for each, number in counts.items() if number > 0]
    if not parts:
        return ""
    listed = ", ".join(parts[:-1]) + (" y " if len(parts) > 1 else "") + parts[-1]
    return f"También se borrará lo que depende: {listed}."


def _counted(model: type[Record], count: int) -> str:
    return f"{count:n} {(model.module.label if count == 1 else model.module.plural).lower()}"
