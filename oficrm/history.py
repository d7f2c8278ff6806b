"""What happened to a record, what was done of late, and restoring values. Undoing stands in ``oficrm.undo``."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from db.fields import Field
from db.history import Change, Operation, from_json, kind_of, operation
from db.query import fetch_rows
from db.record import Record
from db.registry import children, module, owner_link
from oficrm import custom_fields, display, records, settings
from oficrm.errors import Refused

ACTIONS = {"insert": "Alta", "update": "Modificación", "delete": "Borrado", "restore": "Recuperación"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of Histórico: who, when, what, field, before, after."""

    change_id: int
    operation_id: int
    at: dt.datetime
    user: str
    operation: str
    action: str
    table: str
    record_id: int
    field: str
    before: str
    after: str
    can_restore: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """One operation in the activity view."""

    id: int
    at: dt.datetime
    user: str
    label: str
    kind: str
    changes: int
    is_undone: bool


def record_history(session: Session, table: str, ident: int, limit: int = 2000) -> list[Entry]:
    """Return the changes of a record and of its lines, newest first."""
    model = module(table)
    wheres = [and_(Change.table == table, Change.record_id == ident)]
    for child in children(table):
        mine = select(child.id).where(getattr(child, owner_link(child).attr) == ident)
        wheres.append(and_(Change.table == child.module.table, Change.record_id.in_(mine)))
    return _entries(session, or_(*wheres), limit, main=model)


def operation_changes(session: Session, operation_id: int, limit: int = 2000) -> list[Entry]:
    """Return the changes of one operation."""
    return _entries(session, Change.operation_id == operation_id, limit)


def _entries(session: Session, where: Any, limit: int, main: type[Record] | None = None) -> list[Entry]:
    statement = (
        select(Change, Operation.at, Operation.user, Operation.label)
        .join(Operation, Operation.id == Change.operation_id)
        .where(where).order_by(Change.id.desc()).limit(limit)
    )  # fmt: skip
    shower = _Shower(session)
    entries = []
    for change, at, user, label in session.execute(statement):
        model = module(change.table)
        name, before, after = shower.texts(model, change)
        if main is not None and model is not main:
            name = f"{model.module.label}: {name}" if name else model.module.label
        can_restore = change.action == "update" or (change.action in ("insert", "delete") and model is main)
        entries.append(
            Entry(change.id, change.operation_id, at, user, label, ACTIONS[change.action], change.table,
                  change.record_id, name, before, after, can_restore)
        )  # fmt: skip
    return entries


class _Shower:
    """Turns stored values into the texts people know, looking up the names behind links."""

    def __init__(self, session: Session) -> None:
        self.session = session
        values = settings.read(session)
        self.country, self.currency = values.country, values.currency
        self._titles: dict[tuple[str, int], str] = {}

    def field(self, model: type[Record], attr: str) -> Field | None:
        """Return the field behind a changed attribute, the user's own included."""
        found = next((field for field in model.fields.values() if field.attr == attr), None)
        own = custom_fields.fields_of(self.session, model.module.table, active_only=False)
        return found or next((field for field in own if field.name == attr), None)

    def texts(self, model: type[Record], change: Change) -> tuple[str, str, str]:
        """Return the field's label, the value before and the value after."""
        if change.field:
            field = self.field(model, change.field)
            label = field.label if field else change.field
            return label, self._show(model, change.field, change.old), self._show(model, change.field, change.new)
        return "", self._whole(model, change.old), self._whole(model, change.new)

    def _show(self, model: type[Record], attr: str, stored: Any) -> str:
        if stored is None:
            return ""
        field = self.field(model, attr)
        if field is None:
            return str(stored)
        if field.kind == "link":
            return self._title(field.target, int(stored))
        return display.show(field, from_json(field.kind, stored), self.country, self.currency)

    def _title(self, table: str, ident: int) -> str:
        if (table, ident) not in self._titles:
            row = fetch_rows(self.session, table, [ident], ["title"]).get(ident)
            self._titles[table, ident] = (row[0] if row else "") or f"n.º {ident}"
        return self._titles[table, ident]

    def _whole(self, model: type[Record], copy: Any) -> str:
        if not isinstance(copy, dict):
            return ""
        parts = []
        for attr, stored in copy.items():
            field = self.field(model, attr)
            if field is None or field.kind == "image":
                continue
            parts.append(f"{field.label}: {self._show(model, attr, stored)}")
        return " · ".join(parts)


def activity(
    session: Session, *, user: str | None = None, text: str = "", before: int | None = None, limit: int = 200
) -> list[Activity]:
    """Return operations, newest first; ``before`` continues below an operation id."""
    counts = select(func.count()).where(Change.operation_id == Operation.id).scalar_subquery()
    statement = select(Operation, counts).order_by(Operation.id.desc()).limit(limit)
    if user is not None:
        statement = statement.where(Operation.user == user)
    if text.strip():
        statement = statement.where(func.ofi_search(Operation.label).contains(text.strip().lower(), autoescape=True))
    if before is not None:
        statement = statement.where(Operation.id < before)
    undone = undone_ids(session)
    return [
        Activity(row.id, row.at, row.user, row.label, row.kind, count, row.id in undone)
        for row, count in session.execute(statement)
    ]


def undone_ids(session: Session) -> set[int]:
    """Return the operations that are undone now: undone by an operation that is not undone itself."""
    pairs = session.execute(
        select(Operation.id, Operation.undoes_id).where(Operation.undoes_id.is_not(None)).order_by(Operation.id.desc())
    )
    undone: set[int] = set()
    for ident, target in pairs:
        if ident not in undone and target is not None:
            undone.add(target)
    return undone


def restore_value(session: Session, change_id: int) -> str:
    """Set a field back to what it was before a change. Raises Refused when there is nothing to restore."""
    change = session.get_one(Change, change_id)
    if change.action != "update":
        raise Refused("Este cambio no es de un solo campo: use «Restaurar versión».")
    model = module(change.table)
    record = records.get(session, model, change.record_id)
    label = _Shower(session).field(model, change.field)
    with operation(session, f"Restaurar {label.label if label else change.field} de {record.title}".strip()):
        set_stored(record, change.field, change.old)
        session.flush()
    return "Valor restaurado."


def restore_version(session: Session, change_id: int) -> str:
    """Set a whole record back to how it was right after a change; a trashed one comes back.

    Walks the later changes backwards, newest first.
    """
    change = session.get_one(Change, change_id)
    model = module(change.table)
    record = records.get(session, model, change.record_id)
    later = session.scalars(
        select(Change)
        .where(Change.table == change.table, Change.record_id == change.record_id, Change.id > change_id)
        .order_by(Change.id.desc())
    ).all()
    if not later and record.deleted_at is None:
        raise Refused("El registro ya está como en esa versión.")
    with operation(session, f"Restaurar versión de {model.module.label.lower()} {record.title}".strip()):
        record.deleted_at = None
        for step in later:
            if step.action == "update":
                set_stored(record, step.field, step.old)
        session.flush()
    return "Versión restaurada."


def set_stored(record: Record, attr: str, stored: Any) -> None:
    """Write a value as it stands in a Change into a record."""
    model = type(record)
    if attr.startswith(custom_fields.PREFIX) and attr not in model.__mapper__.attrs:
        extra = dict(record.extra or {})
        if stored is None:
            extra.pop(attr, None)
        else:
            extra[attr] = stored
        record.extra = extra
    else:
        setattr(record, attr, from_json(kind_of(model, attr), stored))
