"""Set-based writes: many records, one field, full history, in a handful of statements."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from db.history import Actor, record_changes, to_json
from db.many import update_many
from db.record import Record

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


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterable[Sequence[int]]:
    """Split a sequence of ids for IN lists."""
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
    stamps = {"modified_at": dt.datetime.now(dt.UTC), "modified_by": actor.user}
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
