"""Taking back what made or deleted records by the hundred (an import), a few statements for each module."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, undefer

from db.bulk import chunks
from db.history import Actor, Change, record_changes, snapshot
from db.many import update_many
from db.record import Record
from db.registry import module, referrers


def groups(changes: Sequence[Change], actions: Collection[str], least: int) -> list[list[Change]]:
    """Return those of these actions by module, where there are many of them and nothing else befell their records."""
    presence = Counter((row.table, row.record_id) for row in changes if row.action != "update")
    found: dict[str, list[Change]] = {}
    for row in changes:
        if row.action in actions and presence[row.table, row.record_id] == 1:
            found.setdefault(row.table, []).append(row)
    return [rows for rows in found.values() if len(rows) >= least]


def bring_back(session: Session, changes: Sequence[Change]) -> dict[int, Record]:
    """Take records of one module back out of the trash; return them by id. Those that are not in it are left alone."""
    return _write(session, module(changes[0].table), [row.record_id for row in changes], None)


def read_again(session: Session, records: Iterable[Record]) -> None:
    """Read records again that were written set-based while the session held them."""
    ids: dict[type[Record], list[int]] = {}
    for record in records:
        ids.setdefault(type(record), []).append(record.id)
    for model, wanted in ids.items():
        for part in chunks(wanted):
            found = select(model).where(model.id.in_(part)).execution_options(populate_existing=True)
            session.scalars(found).all()


def plainly_unused(session: Session, changes: Sequence[Change], inserted: set[tuple[str, int]]) -> list[Change]:
    """Return those whose records nobody worked on or refers to since; the others need a closer look."""
    table, operation_id = changes[0].table, changes[0].operation_id
    made = {row.record_id: row.id for row in changes}
    doubtful: set[int] = set()
    for part in chunks(list(made)):
        later = select(Change.record_id, Change.id).where(
            Change.table == table, Change.record_id.in_(part), Change.operation_id != operation_id
        )
        doubtful.update(ident for ident, change_id in session.execute(later) if change_id > made[ident])
        for other, link in referrers(table):
            if link.on_delete == "keep":
                continue
            column = getattr(other, link.attr)
            users = select(column, other.id).where(column.in_(part), other.deleted_at.is_(None))
            doubtful.update(ident for ident, user in session.execute(users)
                            if (other.module.table, user) not in inserted)  # fmt: skip
    return [row for row in changes if row.record_id not in doubtful]


def put_away(session: Session, changes: Sequence[Change]) -> None:
    """Move the records of one module to the trash."""
    _write(session, module(changes[0].table), [row.record_id for row in changes], dt.datetime.now(dt.UTC))


def _write(session: Session, model: type[Record], ids: Sequence[int], deleted_at: dt.datetime | None
           ) -> dict[int, Record]:  # fmt: skip
    """Set the trash mark of records that have the other one, with full history; return them as they are now."""
    session.flush()
    actor: Actor = session.info["actor"]
    stamps = {"modified_at": dt.datetime.now(dt.UTC), "modified_by": actor.user}
    images = [undefer(getattr(model, field.attr)) for field in model.fields.values() if field.kind == "image"]
    other = model.deleted_at.is_(None) if deleted_at is not None else model.deleted_at.is_not(None)
    written: dict[int, Record] = {}
    for part in chunks(ids):
        wanted = session.scalars(select(model.id).where(model.id.in_(part), other).with_for_update()).all()
        update_many(
            session, cast(Table, model.__table__), "deleted_at", stamps, ((deleted_at, each) for each in wanted)
        )
        records = session.scalars(
            select(model).where(model.id.in_(wanted)).options(*images).execution_options(populate_existing=True)
        ).all()
        written |= {record.id: record for record in records}
        rows = [_change(record, is_gone=deleted_at is not None) for record in records]
        if rows:
            record_changes(session, rows)
    return written


def _change(record: Record, is_gone: bool) -> dict[str, object]:
    copy = snapshot(record)
    return {"table": record.module.table, "record_id": record.id, "action": "delete" if is_gone else "restore",
            "field": "", "old": copy if is_gone else None, "new": None if is_gone else copy}  # fmt: skip
