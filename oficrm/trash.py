"""Papelera: what was deleted, newest first. Bringing it back stands in ``oficrm.restoring``."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import Change, Operation
from db.record import Record
from db.registry import listed_modules, module
from db.text import LIKE_ESCAPE, like_pattern
from oficrm import history

SCAN = 500
"""Deletions read at a time; those that came back since are passed over."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record in the trash; ``change_id`` says where to go on from."""

    change_id: int
    table: str
    record_id: int
    label: str
    title: str
    at: dt.datetime
    user: str


def deleted(session: Session, *, text: str = "", before: int | None = None, limit: int = 200) -> list[Deleted]:
    """Return records in the trash, last deleted first; ``before`` continues below a change id."""
    found: list[Deleted] = []
    last = before
    while len(found) < limit:
        rows = _deletions(session, last)
        found += _still_there(session, rows, text)
        if len(rows) < SCAN:
            break
        last = rows[-1][0]
    return found[:limit]


_Row = tuple[int, str, int, dt.datetime, str]


def _deletions(session: Session, before: int | None) -> list[_Row]:
    tables = [model.module.table for model in listed_modules()]
    statement = (
        select(Change.id, Change.table, Change.record_id, Operation.at, Operation.user)
        .join(Operation, Operation.id == Change.operation_id)
        .where(Change.action == "delete", Change.table.in_(tables))
    )
    if before is not None:
        statement = statement.where(Change.id < before)
    return [(row[0], row[1], row[2], row[3], row[4])
            for row in session.execute(statement.order_by(Change.id.desc()).limit(SCAN))]  # fmt: skip


def _still_there(session: Session, rows: list[_Row], text: str) -> list[Deleted]:
    ids: dict[str, set[int]] = {}
    for _, table, ident, _, _ in rows:
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
        for change_id, table, ident, at, user in rows
        if (table, ident) in names and change_id in newest
    ]


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
