"""What else a write concerns: filing a file or an event changes the counters of the records it is filed under.

A client counts the events of its persons too, so what concerns a person's events concerns the client.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.history import Change
from db.models.person import Person
from db.registry import filed_by, module, modules, owner_link
from oficrm import keys

AGENDA = "calendar_item"
MOST = 5_000
"""Changed records looked at; a longer write refreshes what is shown when it is loaded again."""


def spread(session: Session) -> None:
    """Note as counted the records whose filing was written in this session, so that what shows them is refreshed."""
    touched: dict[str, set[int]] = session.info.get("touched", {})
    counted: dict[str, set[int]] = session.info.setdefault("counted", {})
    hosts: set[int] = set()
    for model in modules():
        field = filed_by(model.module.table)
        if field is None or field.via is None:
            continue
        child = module(field.via[0])
        owner = getattr(child, owner_link(child).attr)
        through = getattr(child, child.fields[field.via[1]].attr)
        owners = touched.get(model.module.table, set())
        places = touched.get(child.module.table, set())
        if (not owners and not places) or len(owners) + len(places) > MOST:
            continue
        found: set[tuple[int, str]] = set()
        for column, ids in ((owner, owners), (child.id, places)):
            for some in chunks(sorted(ids)):
                found.update(
                    (row[0], row[1]) for row in session.execute(select(owner, through).where(column.in_(some)))
                )
        found |= _left(session, child.module.table, child.fields[field.via[1]].attr, places)
        for ident, key in found:
            if ident:
                counted.setdefault(model.module.table, set()).add(ident)
            table, record = keys.parts(key)
            counted.setdefault(table, set()).add(record)
            if table == "person" and model.module.table == AGENDA:
                hosts.add(record)
    _count_clients(session, hosts, touched.get("person", set()))


def _count_clients(session: Session, hosts: set[int], written: set[int]) -> None:
    """Note the clients of persons whose events were written, and those a written person belongs or belonged to."""
    if len(hosts) + len(written) > MOST:
        return
    clients: set[int] = set()
    for some in chunks(sorted(hosts | written)):
        theirs = select(Person.client_id).where(Person.id.in_(some), Person.client_id.is_not(None))
        clients.update(ident for ident in session.scalars(theirs) if ident is not None)
    operation_id, _label = session.info.get("last_operation") or (None, "")
    if operation_id is not None and written:
        left = select(Change.old).where(Change.operation_id == operation_id, Change.table == "person",
                                        Change.field == "client_id")  # fmt: skip
        clients.update(int(ident) for ident in session.scalars(left) if ident)
    if clients:
        session.info["counted"].setdefault("client", set()).update(clients)


def _left(session: Session, table: str, attr: str, places: Collection[int]) -> set[tuple[int, str]]:
    """The records from which a place was moved away in the last operation, with 0 for what was filed there."""
    operation_id, _label = session.info.get("last_operation") or (None, "")
    if operation_id is None or not places:
        return set()
    moved = select(Change.old).where(Change.operation_id == operation_id, Change.table == table, Change.field == attr)
    return {(0, key) for key in session.scalars(moved) if key}
