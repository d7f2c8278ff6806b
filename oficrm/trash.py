"""Papelera: what was deleted, newest first. Bringing it back stands in ``oficrm.restoring``."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.history import Change, Operation
from db.models.document import Document, DocumentLink
from db.record import Record
from db.registry import listed_modules, module
from db.text import LIKE_ESCAPE, like_pattern
from oficrm import history, keys

SCAN = 500
"""Deletions read at a time; those that came back since are passed over."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record in the trash; ``change_id`` says where to go on from, ``along`` how many went because of it."""

    change_id: int
    table: str
    record_id: int
    label: str
    title: str
    at: dt.datetime
    user: str
    along: int = 0


def deleted(session: Session, *, text: str = "", before: int | None = None, limit: int = 200) -> list[Deleted]:
    """Return records in the trash, last deleted first; ``before`` continues below a change id.

    Those that went because of another one (the contacts of a deleted client) are counted there and come by themselves
    only when ``text`` finds them.
    """
    found: list[Deleted] = []
    last = before
    while len(found) < limit:
        rows = _deletions(session, last)
        there = _still_there(session, rows, text)
        found += there if text.strip() else _roots(session, there, {row[0]: row[5] for row in rows})
        if len(rows) < SCAN:
            break
        last = rows[-1][0]
    return found[:limit]


_Row = tuple[int, str, int, dt.datetime, str, int]


def _deletions(session: Session, before: int | None) -> list[_Row]:
    tables = [model.module.table for model in listed_modules()]
    statement = (
        select(Change.id, Change.table, Change.record_id, Operation.at, Operation.user, Operation.id)
        .join(Operation, Operation.id == Change.operation_id)
        .where(Change.action == "delete", Change.table.in_(tables))
    )
    if before is not None:
        statement = statement.where(Change.id < before)
    return [(row[0], row[1], row[2], row[3], row[4], row[5])
            for row in session.execute(statement.order_by(Change.id.desc()).limit(SCAN))]  # fmt: skip


def _still_there(session: Session, rows: list[_Row], text: str) -> list[Deleted]:
    ids: dict[str, set[int]] = {}
    for _, table, ident, *_ in rows:
        ids.setdefault(table, set()).add(ident)
    names: dict[tuple[str, int], str] = {}
    for table, wanted in ids.items():
        model = module(table)
        there = _in_trash(session, model, wanted, text)
        titles = history.record_names(session, model, there)
        names |= {(table, ident): titles.get(ident, "") for ident in there}
    newest = set(_latest(session, ids))
    return [
        Deleted(change_id, table, ident, module(table).module.label, names[table, ident], at, user)
        for change_id, table, ident, at, user, _ in rows
        if (table, ident) in names and change_id in newest
    ]


def _roots(session: Session, rows: list[Deleted], operations: dict[int, int]) -> list[Deleted]:
    """Leave out what hangs on a record deleted by the same operation, and count it there."""
    together: dict[int, set[tuple[str, int]]] = {}
    wanted = sorted({operations[row.change_id] for row in rows})
    statement = select(Change.operation_id, Change.table, Change.record_id).where(
        Change.operation_id.in_(wanted), Change.action == "delete"
    )
    for operation_id, table, ident in session.execute(statement):
        together.setdefault(operation_id, set()).add((table, ident))
    owners = _owners(session, rows)
    roots = [row for row in rows
             if not owners.get((row.table, row.record_id), set()) & together[operations[row.change_id]]]  # fmt: skip
    alone = Counter(operations[row.change_id] for row in roots)

    def along(row: Deleted) -> int:
        operation_id = operations[row.change_id]
        return _still_gone(session, together[operation_id]) - 1 if alone[operation_id] == 1 else 0

    return [replace(row, along=along(row)) for row in roots]


def _still_gone(session: Session, gone: set[tuple[str, int]]) -> int:
    """How many of these are in the trash now, lines not counted."""
    total = 0
    for model in listed_modules():
        ids = [ident for table, ident in gone if table == model.module.table]
        for part in chunks(ids):
            there = select(func.count()).where(model.id.in_(part), model.deleted_at.is_not(None))
            total += session.scalar(there) or 0
    return total


def _owners(session: Session, rows: list[Deleted]) -> dict[tuple[str, int], set[tuple[str, int]]]:
    """What each record hangs on by a link that deletes it too."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.table, []).append(row.record_id)
    found: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for table, wanted in ids.items():
        model = module(table)
        for field in model.fields.values():
            if field.kind == "link" and field.on_delete == "cascade":
                column = getattr(model, field.attr)
                for ident, owner in session.execute(select(model.id, column).where(model.id.in_(wanted))):
                    found.setdefault((table, ident), set()).add((field.target, owner))
    for part in chunks(ids.get(Document.module.table, [])):
        places = select(DocumentLink.document_id, DocumentLink.record).where(DocumentLink.document_id.in_(part))
        for ident, key in session.execute(places):
            found.setdefault((Document.module.table, ident), set()).add(keys.parts(key))
    return found


def _in_trash(session: Session, model: type[Record], ids: set[int], text: str) -> list[int]:
    statement = select(model.id).where(model.id.in_(ids), model.deleted_at.is_not(None))
    for word in text.split():
        statement = statement.where(model.search_text.like(like_pattern(word), escape=LIKE_ESCAPE))
    return list(session.scalars(statement))


def _latest(session: Session, ids: dict[str, set[int]]) -> list[int]:
    """The last deletion of each record: it may have come back and gone again."""
    found: list[int] = []
    for table, wanted in ids.items():
        last = select(func.max(Change.id)).where(
            Change.table == table, Change.record_id.in_(wanted), Change.action == "delete"
        )
        found += session.scalars(last.group_by(Change.record_id))
    return found
