"""How a database is opened: the promises of durability, and addresses as people write them."""

import sqlite3
import threading
import time

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from db import engine as opening
from db.engine import WRITES, database_url, open_engine


@pytest.fixture
def engine(sqlite_url):
    made = open_engine(sqlite_url)
    yield made
    made.dispose()


def test_addresses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert database_url("x.sqlite") == f"sqlite:///{tmp_path}/x.sqlite"
    assert database_url(tmp_path / "x.sqlite") == f"sqlite:///{tmp_path}/x.sqlite"
    assert database_url("sqlite:////tmp/x.sqlite") == "sqlite:////tmp/x.sqlite"
    for scheme in ("postgres", "postgresql"):
        assert database_url(f"{scheme}://ana@server/crm") == "postgresql+psycopg://ana@server/crm"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", opening.BUSY_TIMEOUT_MS)],
)
def test_every_connection_keeps_the_promises(engine, pragma, value):
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_references_are_checked(engine):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO operation (id, at, user_name, label, kind, undoes_id) "
                                "VALUES (1, '2026-11-21', 'ana', '', '', 99)"))  # fmt: skip


def test_schema_changes_are_part_of_the_transaction(engine):
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE gone (id INTEGER)"))
        connection.rollback()
        assert connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'gone'")).scalar_one() == 0


def test_a_writer_waits_for_the_writer_before_it(engine, sqlite_url):
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO counter (series, value) VALUES ('X', 1)")
    threading.Timer(0.2, other.execute, ["COMMIT"]).start()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("UPDATE counter SET value = value + 1"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar_one() == 2
    other.close()


def test_a_reader_does_not_wait_for_a_writer(engine):
    with engine.execution_options(**{WRITES: True}).begin() as writer, engine.connect() as reader:
        writer.execute(text("INSERT INTO counter (series, value) VALUES ('X', 1)"))
        assert reader.execute(text("SELECT count(*) FROM counter")).scalar_one() == 0


def test_a_server_that_refuses_is_told_at_once():
    started = time.monotonic()
    engine = open_engine("postgresql://ana@127.0.0.1:1/crm", pooled=False)
    with pytest.raises(OperationalError):
        engine.connect()
    assert time.monotonic() - started < opening.CONNECT_TIMEOUT_S


@pytest.mark.parametrize(("query", "waits"), [("", opening.CONNECT_TIMEOUT_S), ("?connect_timeout=30", 30)])
def test_a_server_that_is_silent_is_waited_for_a_while(query, waits):
    engine = open_engine(f"postgresql://ana@127.0.0.1/crm{query}")
    given = engine.dialect.create_connect_args(engine.url)[1]
    found = []

    def connect(_dialect, _record, _args, parameters):
        found.append(parameters | given)
        raise ConnectionRefusedError

    event.listen(engine, "do_connect", connect)
    with pytest.raises(ConnectionRefusedError):
        engine.connect()
    assert int(found[0]["connect_timeout"]) == waits
    engine.dispose()
