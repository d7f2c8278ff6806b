"""Set-based writes: many records, one field, full history, in a handful of statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from db import moments
from db.history import UNTRACKED, Actor, record_changes, to_json
from db.many import insert_many, update_many
from db.record import Record

T = TypeVar("T")
CHUNK = 500
"""Ids per IN list; well under the parameter limits of both engines."""


@dataclass(frozen=True, slots=True)
class Write:
    """One cell to write: ``old`` is what the user was shown, ``new`` what was promised.

    With a ``version``, a change of any other field of the record meanwhile counts too.
    """

    id: int
    old: Any
    new: Any
    version: int | None = None


class Stale(Exception):
    """Records changed or vanished since the user saw them; ``found`` maps id to the present value (or None)."""

    def __init__(self, found: dict[int, Any]) -> None:
        super().__init__(f"{len(found)} rows changed meanwhile")
        self.found = found


def texts_depend_on(model: type[Record], attr: str) -> bool:
    """True when a field feeds title or search text, so that it must be written record by record."""
    field = next((field for field in model.fields.values() if field.attr == attr), None)
    return attr in ("name", "number", "code") or bool(field and field.search)


def chunks(ids: Sequence[T], size: int = CHUNK) -> Iterable[Sequence[T]]:
    """Split a sequence of ids (or of other keys) for IN lists."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _present(session: Session, model: type[Record], attr: str, ids: Sequence[int]) -> Iterator[tuple[int, Any, int]]:
    """Yield id, value and version of live records, locked."""
    table = cast(Table, model.__table__)
    wanted = select(table.c.id, table.c[attr], table.c.version).where(table.c.deleted_at.is_(None)).with_for_update()
    connection = session.connection()
    for part in chunks(ids):
        for row in connection.execute(wanted.where(table.c.id.in_(part))):
            yield row[0], row[1], row[2]


def write_field(session: Session, model: type[Record], attr: str, writes: Sequence[Write]) -> list[int]:
    """Write one field of many records inside the current operation, one Change each; return the ids written.

    Raises Stale, before anything is written, when a record no longer holds the ``old`` value (or has another version
    than the one given). The caller's session must not hold these records loaded.
    """
    present = {ident: (value, version) for ident, value, version in
               _present(session, model, attr, [write.id for write in writes])}  # fmt: skip
    stale = {write.id: present.get(write.id, (None, 0))[0] for write in writes if not _holds(write, present)}
    if stale:
        raise Stale(stale)
    real = [write for write in writes if write.old != write.new]
    if not real:
        return []
    actor: Actor = session.info["actor"]
    stamps = {"modified_at": moments.present(), "modified_by": actor.user}
    update_many(session, cast(Table, model.__table__), attr, stamps, ((write.new, write.id) for write in real))
    table = model.module.table
    record_changes(
        session,
        [
            {"table": table, "record_id": write.id, "action": "update", "field": attr,
             "old": to_json(write.old), "new": to_json(write.new)}
            for write in real
        ],
    )  # fmt: skip
    return [write.id for write in real]


def _holds(write: Write, present: dict[int, tuple[Any, int]]) -> bool:
    found = present.get(write.id)
    return found is not None and found[0] == write.old and write.version in (None, found[1])


_TEXTS = ("title", "sort_key", "search_text")


def insert_records(session: Session, model: type[Record], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert records given as values by attribute inside the current operation; return their ids in order.

    What a row leaves out takes the constant default of the declaration, else NULL. Texts, authorship and history are
    as the unit of work would have written them.
    """
    if not rows:
        return []
    session.flush()
    table = cast(Table, model.__table__)
    actor: Actor = session.info["actor"]
    now = moments.present()
    empty: dict[str, Any] = dict.fromkeys(table.columns.keys())
    empty |= {field.attr: field.default for field in model.fields.values()
              if field.has_constant_default and field.attr in empty}  # fmt: skip
    empty |= {"version": 1, "created_at": now, "created_by": actor.user, "modified_at": now, "modified_by": actor.user,
              "capture_source": actor.source}  # fmt: skip
    ids = _next_ids(session, table, len(rows))
    complete = []
    for ident, given in zip(ids, rows, strict=True):
        record = model(**given)  # never enters the session: it only works out its own texts
        record.refresh_texts()
        texts = {name: getattr(record, name) for name in _TEXTS}
        complete.append(empty | {"extra": {}} | dict(given) | texts | {"id": ident})
    insert_many(session, table, list(empty), (list(row.values()) for row in complete))
    record_changes(session, [creation(model, row) for row in complete])
    return ids


def _next_ids(session: Session, table: Table, count: int) -> list[int]:
    """Take ids: from the sequence that other writers take theirs from too; SQLite has one writer at a time."""
    if session.get_bind().dialect.name == "postgresql":
        taken = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return sorted(session.scalars(taken, {"name": table.name, "count": count}))
    last = session.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def creation(model: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Change that says that a record was made, with all its values by attribute."""
    copy = {attr: to_json(value) for attr, value in row.items()
            if value is not None and value != {} and attr not in UNTRACKED and attr != "deleted_at"}  # fmt: skip
    return {"table": model.module.table, "record_id": row["id"], "action": "insert", "field": "", "old": None,
            "new": copy}  # fmt: skip
