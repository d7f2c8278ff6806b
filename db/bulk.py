"""Set-based writes: many records, one field, full history, in a handful of statements."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from db.history import Actor, record_changes, to_json
from db.record import Record

CHUNK = 500
"""Ids per IN list; well under the parameter limits of both engines."""


@dataclass(frozen=True, slots=True)
class Write:
    """One cell to write: ``old`` is what the user was shown, ``new`` what was promised."""

    id: int
    old: Any
    new: Any


class Stale(Exception):
    """Records changed or vanished since the user saw them; ``found`` maps id to the present value (or None)."""

    def __init__(self, found: dict[int, Any]) -> None:
        super().__init__(f"{len(found)} rows changed meanwhile")
        self.found = found


def texts_depend_on(model: type[Record], attr: str) -> bool:
    """True when a field feeds title or search text, so that it must be written record by record."""
    field = next((field for field in model.fields.values() if field.attr == attr), None)
    return attr in ("name", "number", "code") or bool(field and field.search)


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterable[Sequence[int]]:
    """Split a sequence of ids for IN lists."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def current_values(session: Session, model: type[Record], attr: str, ids: Sequence[int]) -> dict[int, Any]:
    """Return ``{id: value}`` of live records, locked against other writers until the transaction ends."""
    column = getattr(model, attr)
    found: dict[int, Any] = {}
    for part in chunks(ids):
        statement = select(model.id, column).where(model.id.in_(part), model.deleted_at.is_(None)).with_for_update()
        found.update((row[0], row[1]) for row in session.execute(statement))
    return found


def write_field(session: Session, model: type[Record], attr: str, writes: Sequence[Write]) -> list[int]:
    """Write one field of many records inside the current operation, one Change each; return the ids written.

    Raises Stale, before anything is written, when a record no longer holds the ``old`` value. The caller's
    session must not hold these records loaded.
    """
    present = current_values(session, model, attr, [write.id for write in writes])
    stale = {write.id: present.get(write.id) for write in writes if present.get(write.id, ...) != write.old}
    if stale:
        raise Stale(stale)
    real = [write for write in writes if write.old != write.new]
    if not real:
        return []
    table = cast(Table, model.__table__)
    actor: Actor = session.info["actor"]
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"))
        .values({
            attr: bindparam("b_new"),
            "version": table.c.version + 1,
            "modified_at": dt.datetime.now(dt.UTC),
            "modified_by": actor.user,
        })
    )  # fmt: skip
    session.connection().execute(statement, [{"b_id": write.id, "b_new": write.new} for write in real])
    record_changes(
        session,
        [
            {"table": model.module.table, "record_id": write.id, "action": "update", "field": attr,
             "old": to_json(write.old), "new": to_json(write.new)}
            for write in real
        ],
    )  # fmt: skip
    return [write.id for write in real]
