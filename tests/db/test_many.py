"""Many rows at the driver's speed: names quoted, values converted, whatever they hold."""

import datetime as dt
from typing import cast

import pytest
from sqlalchemy import Table

from db.history import Change, Operation
from db.many import insert_many, update_many
from db.models.client import Client

NASTY = '\'); DROP TABLE client; -- %s :name ? \\ "ñ" {x} %(a)s'


@pytest.fixture
def done(session):
    done = Operation(at=dt.datetime.now(dt.UTC), user="ana", label="Prueba", kind="write")
    session.add(done)
    session.flush()
    return done


def test_rows_are_inserted_as_given(session, done):
    columns = ("operation_id", "table_name", "record_id", "action", "field", "old_value", "new_value")
    rows = [
        (done.id, "client", 1, "update", NASTY, None, NASTY),
        (done.id, "client", 2, "insert", "", None, {"a": [1]}),
    ]
    insert_many(session, cast(Table, Change.__table__), columns, iter(rows))
    found = session.query(Change).order_by(Change.id).all()
    assert [(row.operation_id, row.table, row.record_id, row.action, row.field, row.old, row.new) for row in found] == [
        tuple(row) for row in rows
    ]


def test_nothing_to_insert_is_no_statement(session, done):
    insert_many(session, cast(Table, Change.__table__), ("operation_id",), [])
    assert session.query(Change).count() == 0


def test_rows_are_updated_with_stamps_and_version(office):
    clients = office.query(Client).order_by(Client.id).all()
    now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    rows = [(NASTY, client.id) for client in clients[:3]] + [(None, clients[3].id)]
    update_many(office, cast(Table, Client.__table__), "city", {"modified_at": now, "modified_by": NASTY}, iter(rows))
    office.expire_all()
    assert [client.city for client in clients[:4]] == [NASTY, NASTY, NASTY, None]
    assert [(client.version, client.modified_at, client.modified_by) for client in clients[:4]] == [(2, now, NASTY)] * 4
    assert [client.version for client in clients[4:]] == [1] * 6
