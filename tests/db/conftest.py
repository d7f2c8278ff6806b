"""A session as the program opens it, and a small office in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor, Change, Operation
from tests.support.office import fill, open_jobs


@pytest.fixture
def session(engine_url) -> Iterator[Session]:
    """A writing session of ana's, whose work the test may commit or leave."""
    engine = open_engine(engine_url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    with Session(bind, expire_on_commit=False, info={"actor": Actor("ana", "Prueba")}) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def office(engine_url, session: Session) -> Session:
    """The session, on a database that a small company has begun."""
    with open_jobs(engine_url) as jobs:
        jobs.write(lambda s: fill(s, 12)).result()
    return session


@pytest.fixture
def changes(session):
    """Reads what the history holds since the last call: operation label, table, record, action, field, old, new."""
    seen = 0

    def read() -> list[tuple]:
        nonlocal seen
        session.flush()
        rows = session.query(Change, Operation).join(Operation, Change.operation_id == Operation.id)
        found = rows.filter(Change.id > seen).order_by(Change.id).all()
        seen = max([seen, *(change.id for change, _ in found)])
        return [(done.label, row.table, row.record_id, row.action, row.field, row.old, row.new) for row, done in found]

    return read
