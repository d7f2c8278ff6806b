"""What the operation in hand has changed of a document and its lines: rules that look at it need not ask the rest."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.history import Change, Operation, made_by
from db.record import Record
from db.registry import module, owner_link
from oficrm import pricing


def changed(session: Session, record: Record, fields: Collection[str], line_fields: Collection[str] = ()) -> bool:
    """Whether this operation made, deleted or brought back the record, or changed one of these attributes of it.

    ``line_fields`` are attributes of its priced lines, whose coming and going tells too.
    """
    session.flush()
    current: Operation = session.info["operation"]
    table = record.module.table
    mine = and_(Change.table == table, Change.record_id == record.id, Change.field.in_(("", *fields)))
    told = [mine]
    if line_fields:
        child = module(pricing.LINES[table])
        owner = getattr(child, owner_link(child).attr)
        told.append(and_(Change.table == child.module.table, Change.field.in_(("", *line_fields)),
                         Change.record_id.in_(select(child.id).where(owner == record.id))))  # fmt: skip
    found = select(Change.id).where(made_by(current), or_(*told)).limit(1)
    return session.scalar(found) is not None
