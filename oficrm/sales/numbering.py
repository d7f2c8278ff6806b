"""Series and folio of issued documents: given when they are issued, one after the other, none left out.

A draft has no folio; a cancelled document keeps its own. Taking an issue back returns the folio as long as it is the
last one of its series, and doing it again takes it again: so the series has no gaps, whatever is undone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from db import counters
from db.history import Change, Operation, made_by
from db.record import Problem, Record
from oficrm import records

DRAFT, CANCELLED = "draft", "cancelled"


@dataclass(frozen=True, slots=True)
class Folio:
    """A number taken apart: ``F-000012`` is 12 of the series F."""

    series: str
    value: int
    text: str

    @classmethod
    def read(cls, text: str) -> "Folio":
        """Take a number apart. Raises ValueError for one that ends in no folio."""
        series, _, digits = text.rpartition("-")
        return cls(series, int(digits), text)

    def at(self, value: int) -> str:
        """The number of another value of the series, with as many digits."""
        return f"{self.series}-{value:0{len(self.text) - len(self.series) - 1}d}"


def issue(session: Session, record: Any) -> None:
    """Give a document the next folio of its series, unless it has one."""
    model = type(record)
    if record.number:
        return
    prefix, digits, first = records.numbering(session, model, {})
    number = f"{prefix}-{counters.take(session, _counter(model, prefix), first):0{digits}d}"
    while session.scalar(select(model.id).where(model.number == number, model.deleted_at.is_(None))):
        number = f"{prefix}-{counters.take(session, _counter(model, prefix), first):0{digits}d}"
    record.number = number


def leaving(_session: Session, record: Any) -> str | None:
    """Return why an issued document stays (Hooks.leaving): its folio would be missing."""
    if not record.number:
        return None
    return (
        f"«{record.title}» ya tiene folio: no se borra. Cancélela y conservará su número."
        if (record.module.feminine)
        else f"«{record.title}» ya tiene folio: no se borra. Cancélelo y conservará su número."
    )


def sound(session: Session, record: Any) -> Iterator[Problem]:
    """Yield what is wrong with the folio of a document after a write, and settle the counter of its series.

    Drafts have none, issued ones do. Undoing and doing again move folios without ``issue``: here the counter follows.
    """
    if record.deleted_at is None:
        if record.status == DRAFT and record.number:
            yield Problem("status", f"{record.number} ya está emitido: no puede volver a borrador.")
            return
        if record.status not in (DRAFT, CANCELLED) and not record.number:
            yield Problem("status", "Solo se emite con su acción «Emitir», que le da folio.")
            return
    before = _held_before(session, record)
    now = record.number if record.deleted_at is None else None
    if before == now:
        return
    if before:
        yield from _given_up(session, type(record), Folio.read(before))
    if now:
        yield from _taken(session, type(record), Folio.read(now))


def _counter(model: type[Record], prefix: str) -> str:
    """Each module counts its own, even if two have the same prefix."""
    return f"{model.module.table}/{prefix}"


def _held_before(session: Session, record: Any) -> str | None:
    """The folio a document had when the operation in hand began."""
    current: Operation = session.info["operation"]
    rows = session.scalars(
        select(Change).where(made_by(current), Change.table == record.module.table,
                             Change.record_id == record.id).order_by(Change.id)
    )  # fmt: skip
    for row in rows:
        if row.action in ("insert", "restore"):
            return None
        if row.action == "delete":
            return (row.old or {}).get("number")
        if row.field == "number":
            return str(row.old) if row.old else None
    return str(record.number) if record.number else None


def _given_up(session: Session, model: type[Record], folio: Folio) -> Iterator[Problem]:
    """The counter steps back, which only the last folio allows."""
    value = counters.hold(session, _counter(model, folio.series))
    later = session.scalar(_live(model, folio).where(_beyond(model, folio.text)).order_by(model.id.desc()).limit(1))
    if later is not None:
        yield Problem("", f"después de {folio.text} se emitió {later} y faltaría un folio. Cancele el documento.")
    elif value >= folio.value:
        counters.put(session, _counter(model, folio.series), folio.value - 1)


def _taken(session: Session, model: type[Record], folio: Folio) -> Iterator[Problem]:
    """The counter goes on, with none left out between."""
    value = counters.hold(session, _counter(model, folio.series))
    if value >= folio.value:
        return
    last = folio.at(value)
    between = select(func.count()).select_from(
        _live(model, folio).where(_beyond(model, last), ~_beyond(model, folio.text)).subquery()
    )
    if (session.scalar(between) or 0) < folio.value - value:
        yield Problem("", f"antes de {folio.text} falta {folio.at(value + 1)}, que está sin usar.")
    else:
        counters.put(session, _counter(model, folio.series), folio.value)


def _live(model: Any, folio: Folio) -> Any:
    """The numbers of a series that documents hold now."""
    head = f"{folio.series}-"
    return select(model.number).where(model.deleted_at.is_(None), func.substr(model.number, 1, len(head)) == head)


def _beyond(model: Any, number: str) -> ColumnElement[bool]:
    """Later in the series, however many digits were in use."""
    length = func.length(model.number)
    return or_(length > len(number), and_(length == len(number), model.number > number))
