"""Operations and changes: every write leaves a trace from which it can be undone.

Unit-of-work writes are captured by listeners at flush; set-based writes go through ``db.bulk``. A write to a
Record outside ``operation(...)`` is refused, so no path can bypass the history.
"""

import base64
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    event,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, UOWTransaction, attributes, mapped_column

from db.fields import Field
from db.many import insert_many
from db.moments import present
from db.record import Base, Record
from db.types import UtcInstant

BigId = BigInteger().with_variant(Integer, "sqlite")
UNTRACKED = frozenset({
    "id", "version", "title", "sort_key", "search_text", "created_at", "created_by", "modified_at", "modified_by",
    "capture_source",
})  # fmt: skip
CHANGE_COLUMNS = ("operation_id", "table_name", "record_id", "action", "field", "old_value", "new_value")


class Operation(Base):
    """One thing a person did, as shown in the activity view and undone as a whole."""

    __tablename__ = "operation"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcInstant, nullable=False)
    user: Mapped[str] = mapped_column("user_name", String(80), nullable=False)
    label: Mapped[str] = mapped_column(String(300), nullable=False)
    kind: Mapped[str] = mapped_column(String(20), nullable=False, default="write")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"), index=True)


class Change(Base):
    """One field of one record before and after; creations and deletions hold the whole record instead."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), nullable=False, index=True)
    table: Mapped[str] = mapped_column("table_name", String(60), nullable=False)
    record_id: Mapped[int] = mapped_column(Integer, nullable=False)
    action: Mapped[str] = mapped_column(String(10), nullable=False)
    field: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    old: Mapped[Any] = mapped_column("old_value", JSON(none_as_null=True), nullable=True)
    new: Mapped[Any] = mapped_column("new_value", JSON(none_as_null=True), nullable=True)
    __table_args__ = (Index("ix_change_record", "table_name", "record_id"),)


def made_by(operation: Operation) -> ColumnElement[bool]:
    """The criterion of a change made by an operation, for statements that ask for few records.

    Written so that an engine begins with the records: one operation may have made a million changes.
    """
    return Change.operation_id + 0 == operation.id


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, and by which way the record enters (``Manual``, ``Importación``, ``Ejemplo``)."""

    user: str
    source: str = "Manual"


class NoOperation(RuntimeError):
    """A record was written outside ``operation(...)``: a mistake of ours."""


@contextmanager
def operation(
    session: Session, label: str, kind: str = "write", undoes: int | None = None, *, goes_on: int | None = None
) -> Iterator[Operation]:
    """Open the operation that owns all changes made inside; nested calls join the outer one.

    One that changed nothing leaves no trace. ``goes_on`` is the id of one that an earlier transaction of the same piece
    of work opened: the changes join it, so that they are undone together. One that was undone meanwhile is over, and a
    new one begins.
    """
    current: Operation | None = session.info.get("operation")
    if current is not None:
        yield current
        return
    actor: Actor = session.info["actor"]
    opened = _earlier(session, goes_on, actor)
    if opened is None:
        opened = Operation(at=dt.datetime.now(dt.UTC), user=actor.user, label=label[:300], kind=kind, undoes_id=undoes)
        session.add(opened)
    else:
        opened.label = label[:300]
    session.info["operation"] = opened
    try:
        session.flush()  # also writes records changed just before: they belong to this operation
        session.info["last_operation"] = (opened.id, opened.label)
        yield opened
        session.flush()
        if session.scalar(select(Change.id).where(Change.operation_id == opened.id).limit(1)) is None:
            # A form accepted without edits: nothing to show in the activity, and nothing in the way of Ctrl+Z.
            session.delete(opened)
            session.flush()
            session.info.pop("last_operation", None)
    finally:
        session.info.pop("operation", None)


def _earlier(session: Session, ident: int | None, actor: Actor) -> Operation | None:
    found = session.get(Operation, ident) if ident is not None else None
    if found is None or found.user != actor.user:
        return None
    undone = session.scalar(select(Operation.id).where(Operation.undoes_id == found.id).limit(1))
    return found if undone is None else None


def to_json(value: Any) -> Any:
    """Encode a field value for a Change row."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value) if isinstance(value, str) else value


def from_json(kind: str, value: Any) -> Any:
    """Decode what ``to_json`` wrote, by the kind of the field."""
    if value is None:
        return None
    match kind:
        case "day":
            return dt.date.fromisoformat(value)
        case "clock":
            return dt.time.fromisoformat(value)
        case "instant":
            return dt.datetime.fromisoformat(value)
        case "quantity" | "percent" | "money":
            return Decimal(value)
        case "image":
            return base64.b64decode(value)
    return value


def kind_of(model: type[Record], attr: str) -> str:
    """Return the field kind of a mapped attribute; trash marks are instants."""
    field = next((field for field in model.fields.values() if field.attr == attr), None)
    return field.kind if field else ("instant" if attr == "deleted_at" else "text")


def snapshot(record: Record) -> dict[str, Any]:
    """Return the whole record as JSON values, without system columns."""
    state = inspect(record)
    copy: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        key = attribute.key
        if key in UNTRACKED or key == "deleted_at" or (key in state.unloaded and attribute.deferred):
            continue
        value = getattr(record, key)
        if value is not None and value != {}:
            copy[key] = to_json(value)
    return copy


def _changes_of(record: Record) -> Iterator[dict[str, Any]]:
    """Yield the Change rows of a modified record."""
    state = inspect(record)
    trash = attributes.get_history(record, "deleted_at")
    if trash.has_changes():
        action = "delete" if record.deleted_at is not None else "restore"
        copy = snapshot(record)
        yield {"action": action, "field": "", "old": copy if action == "delete" else None,
               "new": None if action == "delete" else copy}  # fmt: skip
    for attribute in state.mapper.column_attrs:
        key = attribute.key
        if key in UNTRACKED or key == "deleted_at" or key in state.unloaded:
            continue
        history = attributes.get_history(record, key)
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if key == "extra":
            old, new = old or {}, new or {}
            for name in sorted({*old, *new}):
                if old.get(name) != new.get(name):
                    yield {"action": "update", "field": name, "old": old.get(name), "new": new.get(name)}
        elif to_json(old) != to_json(new):
            yield {"action": "update", "field": key, "old": to_json(old), "new": to_json(new)}


def record_changes(session: Session, rows: list[dict[str, Any]]) -> None:
    """Append Change rows to the current operation."""
    current: Operation | None = session.info.get("operation")
    if current is None:
        raise NoOperation(f"write outside an operation: {rows[0]['table']}")
    touched: dict[str, set[int]] = session.info.setdefault("touched", {})
    for row in rows:
        touched.setdefault(row["table"], set()).add(row["record_id"])
    insert_many(
        session, cast(Table, Change.__table__), CHANGE_COLUMNS,
        [(current.id, row["table"], row["record_id"], row["action"], row["field"], row["old"], row["new"])
         for row in rows],
    )  # fmt: skip


@event.listens_for(Session, "before_flush")
def _stamp(session: Session, context: UOWTransaction, instances: Any) -> None:
    written = [record for record in session.new if isinstance(record, Record)]
    touched = [r for r in session.dirty if isinstance(r, Record) and session.is_modified(r)]
    if any(isinstance(record, Record) for record in session.deleted):
        raise NoOperation("records are moved to the trash, never deleted from the table")
    if not written and not touched:
        return
    if session.info.get("operation") is None:
        raise NoOperation(f"write outside an operation: {(written or touched)[0].module.table}")
    actor: Actor = session.info["actor"]
    now = present()
    for record in written:
        record.created_at = vars(record).get("created_at") or now
        record.created_by = record.created_by or actor.user
        record.capture_source = record.capture_source or actor.source
    for record in (*written, *touched):
        record.modified_at, record.modified_by = now, actor.user
        record.refresh_texts()


@event.listens_for(Session, "after_flush")
def _capture(session: Session, context: UOWTransaction) -> None:
    rows: list[dict[str, Any]] = []
    for record in session.new:
        if isinstance(record, Record):
            copy = snapshot(record)
            rows.append({"table": record.module.table, "record_id": record.id, "action": "insert", "field": "",
                         "old": None, "new": copy})  # fmt: skip
    for record in session.dirty:
        if isinstance(record, Record):
            rows.extend(
                {"table": record.module.table, "record_id": record.id, **change} for change in _changes_of(record)
            )
    if rows:
        record_changes(session, rows)


def label_of(model: type[Record], attr: str, custom: dict[str, Field]) -> str:
    """Return the Spanish label of a changed attribute, campos parametrizables included."""
    field = next((field for field in model.fields.values() if field.attr == attr), None) or custom.get(attr)
    return field.label if field else attr
