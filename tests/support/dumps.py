"""All that a database holds, to see that something refused left nothing behind."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.record import Base


def dump(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, history included; large binaries and all."""
    found = {}
    for name, table in sorted(Base.metadata.tables.items()):
        keys = list(table.primary_key.columns) or list(table.columns)
        found[name] = [tuple(row) for row in session.execute(select(table).order_by(*keys))]
    return found


def differences(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name in before if before[name] != after[name]]
