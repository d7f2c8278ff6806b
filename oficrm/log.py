"""Bitácora: entries are added and stay as they are; a later one corrects. Changes of state are noted by themselves."""

from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.log_entry import LogEntry, LogKind, LogSource
from db.record import Record
from oficrm import clock
from oficrm.defaults import own_user
from oficrm.drafts import Draft
from oficrm.errors import Collected
from oficrm.hooks import Hooks

TABLE = "log_entry"
FIXED = "Lo anotado en la bitácora no se cambia: use «Corregir…» para añadir una entrada que lo corrija."
STAYS = "La bitácora no se borra: es el registro de lo que pasó. Si algo no es cierto, añada una corrección."


def _check(session: Session, entry: LogEntry, draft: Draft, problems: Collected) -> None:
    if draft.id is not None:
        if session.is_modified(entry):
            problems.add("", FIXED)
    elif entry.kind == LogKind.SYSTEM and entry.source == LogSource.MANUAL:
        problems.add("kind", "Los cambios de sistema los anota el programa. Elija otra clase.")


def _before(session: Session, entry: LogEntry, _draft: Draft) -> None:
    entry.author_id = entry.author_id or own_user(session)


def _leaving(_session: Session, _entry: LogEntry) -> str:
    return STAYS


HOOKS = Hooks(check=_check, before=_before, leaving=_leaving)


def note_state(session: Session, record: Record, draft: Draft) -> None:
    """Note that this saving brought a record from one state of its flow into another.

    Nothing is noted of a new record, nor of what only changed otherwise: that is the Histórico.
    """
    flow = record.flow
    if flow is None or draft.id is None:
        return
    before, now = draft.original.get(flow.field), getattr(record, flow.field)
    if before is None or before == now:
        return
    field = record.fields[flow.field]
    assert field.choices is not None
    add(
        session, record,
        f"{record.module.label} {record.title}: {field.choices(before).label} → {field.choices(now).label}",
    )  # fmt: skip


def add(session: Session, record: Record, summary: str, details: str | None = None) -> None:
    """Add an entry of the program's own about a record, inside the current operation."""
    session.add(LogEntry(
        occurred_at=clock.now().replace(microsecond=0), kind=LogKind.SYSTEM, summary=summary[:200], details=details,
        record=key_of(record.module.table, record.id), author_id=own_user(session),
        source=LogSource.AUTOMATIC, extra={},
    ))  # fmt: skip
