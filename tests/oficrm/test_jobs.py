"""The lanes: one job, one session, one transaction; what fails leaves nothing, and says whose fault it was."""

import sqlite3
import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from db.history import Actor, NoOperation, operation
from db.models.client import Client
from oficrm import jobs as lanes
from oficrm.errors import Cancelled, EnvironmentProblem
from oficrm.jobs import Changes, Jobs, Progress, translate
from tests.support.office import open_jobs

WAIT = 10


@pytest.fixture
def jobs(engine_url):
    with open_jobs(engine_url) as made:
        yield made


def _add(session, code="C-1"):
    with operation(session, "Añadir cliente"):
        session.add(client := Client(name="Talleres Ruiz", code=code, extra={}))
    return client.id


def _count(jobs):
    return jobs.read(lambda s: s.query(Client).count()).result()


def test_a_write_says_what_it_changed(jobs):
    done = jobs.write(_add).result()
    assert done.changes == Changes({"client": frozenset({done.value})}, done.changes.operation_id, "Añadir cliente")
    assert jobs.read(lambda s: s.get(Client, done.value).created_by).result() == "ana"


def test_a_write_without_changes_says_so(jobs):
    assert jobs.write(lambda s: 7).result() == lanes.Done(7, Changes({}))


def test_a_write_that_fails_leaves_nothing(jobs):
    def job(session):
        _add(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jobs.write(job).result()
    assert _count(jobs) == 0
    jobs.write(_add).result()
    assert _count(jobs) == 1


def test_jobs_of_the_main_lane_run_in_order_on_one_thread(jobs):
    order: list[int] = []

    def note(at):
        def job(_session):
            order.append(at)
            return threading.get_ident()

        return job

    threads = [jobs.read(note(at)) for at in range(10)]
    assert len({each.result() for each in threads} - {threading.get_ident()}) == 1
    assert order == list(range(10))


def test_a_read_sees_the_write_before_it(jobs):
    jobs.write(_add)
    assert _count(jobs) == 1


def test_a_slow_read_runs_beside_the_main_lane(jobs):
    gate = threading.Event()
    slow = jobs.read_slowly(lambda s: gate.wait(WAIT))
    jobs.write(_add).result(WAIT)
    gate.set()
    assert slow.result(WAIT)


def test_a_slow_read_keeps_its_view_of_the_data(jobs):
    """What a report has begun to count does not change under it."""
    began, gate = threading.Event(), threading.Event()

    def count_twice(session):
        first = session.query(Client).count()
        began.set()
        assert gate.wait(WAIT)
        return first, session.query(Client).count()

    slow = jobs.read_slowly(count_twice)
    assert began.wait(WAIT)
    jobs.write(_add).result()
    gate.set()
    first, second = slow.result(WAIT)
    assert first == 0
    if jobs.engine.dialect.name == "sqlite":
        assert second == 0


def test_values_come_out_of_the_session_whole(jobs):
    ident = jobs.write(_add).result().value
    client = jobs.read(lambda s: s.get(Client, ident)).result()
    assert (client.name, client.title) == ("Talleres Ruiz", "Talleres Ruiz")


def test_a_write_outside_an_operation_is_a_mistake_of_ours(jobs):
    with pytest.raises(NoOperation):
        jobs.write(lambda s: s.add(Client(name="x", code="x", extra={}))).result()


def test_broken_rules_of_the_database_come_as_they_are(jobs):
    jobs.write(_add).result()
    with pytest.raises(IntegrityError):
        jobs.write(_add).result()


def test_a_job_is_run_again_after_a_lock(jobs, monkeypatch):
    runs: list[int] = []

    def job(session):
        runs.append(1)
        if len(runs) < lanes.ATTEMPTS:
            raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))
        return _add(session, f"C-{len(runs)}")

    jobs.write(job).result()
    assert len(runs) == lanes.ATTEMPTS
    assert _count(jobs) == 1


def test_a_lock_that_stays_is_told_as_such(sqlite_url, monkeypatch):
    monkeypatch.setattr("db.engine.BUSY_TIMEOUT_MS", 10)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_jobs(sqlite_url) as jobs:
        with pytest.raises(EnvironmentProblem, match="ocupada"):
            jobs.write(_add).result()
        other.execute("ROLLBACK")
        jobs.write(_add).result()
    other.close()


def test_a_lost_server_is_told_as_such_and_found_again(postgres_url):
    with open_jobs(postgres_url) as jobs:
        with pytest.raises(EnvironmentProblem, match="No hay conexión"):
            jobs.read(lambda s: s.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")).all()).result()
        assert _count(jobs) == 0


def test_two_who_write_across_each_other_are_both_served(postgres_url):
    """A deadlock costs one of them a second run, not its work."""
    with open_jobs(postgres_url) as ana, open_jobs(postgres_url, "luis") as luis:
        ids = [ana.write(partial(_add, code=code)).result().value for code in ("A", "B")]
        both = threading.Barrier(2)

        def change(order: list[int]) -> Any:
            met: list[int] = []

            def job(session):
                with operation(session, "Modificar clientes"):
                    for ident in order:
                        session.execute(text("SELECT 1 FROM client WHERE id = :id FOR UPDATE"), {"id": ident})
                        if not met:
                            met.append(1)
                            both.wait(WAIT)
                        session.get(Client, ident).city = "Elche"
                        session.flush()

            return job

        waiting = [ana.write(change(ids)), luis.write(change(ids[::-1]))]
        for each in waiting:
            each.result(30)
        assert ana.read(lambda s: {client.city for client in s.query(Client)}).result() == {"Elche"}


MESSAGES = [
    ("database or disk is full", "sitio"),
    ('could not extend file "base/1": No space left on device', "sitio"),
    ("attempt to write a readonly database", "solo lectura"),
    ("database disk image is malformed", "no se puede leer bien"),
    ("disk I/O error", "no se puede leer bien"),
    ("unable to open database file", "su carpeta"),
    ("database is locked", "ocupada"),
    ("connection to server was lost", "No hay conexión"),
]


@pytest.mark.parametrize(("said", "told"), MESSAGES)
def test_what_the_environment_does_is_told_with_what_to_do(said, told):
    found = translate(OperationalError("SELECT 1", {}, sqlite3.OperationalError(said)))
    assert isinstance(found, EnvironmentProblem)
    assert told in str(found)


def test_what_we_did_ourselves_stays_an_error_of_ours():
    error = OperationalError("SELECT 1", {}, sqlite3.OperationalError("no such column: colour"))
    assert translate(error) is error


def test_progress_is_reported_and_can_be_cancelled():
    steps: list[tuple[int, int]] = []
    progress = Progress(lambda done, total: steps.append((done, total)))
    progress.step(1, 3)
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.step(2, 3)
    assert steps == [(1, 3)]
    Progress().step(1, 1)


def test_closing_finishes_what_was_asked(sqlite_url):
    jobs = Jobs(sqlite_url, Actor("ana"))
    waiting = [jobs.write(partial(_add, code=f"C-{at}")) for at in range(5)]
    jobs.close()
    assert all(each.done() for each in waiting)
    with open_jobs(sqlite_url) as again:
        assert _count(again) == 5
