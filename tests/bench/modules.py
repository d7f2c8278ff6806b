"""Every module with many rows: the record everything hangs on, and the lists."""

import sqlite3
import statistics
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy.orm import Session

from db.engine import BUSY_TIMEOUT_MS
from db.history import Actor, Change, operation
from db.record import Record
from db.registry import listed_modules, module
from oficrm import related, start
from oficrm.jobs import Jobs
from oficrm.opening import open_jobs
from tests.bench.crowd import Crowd
from tests.bench.figures import Figure, clock, plus, within
from tests.bench.floors import Raw
from tests.bench.screens import Loads, open_form
from tests.bench.stage import Stage

AROUND, LIST, KEPT = 10_000, 100_000, 1_000
OPEN_MS, LOAD_MS = 150, 30
ROUNDS = 5
ELSEWHERE = ("contact", "document", "email_message", "chat_channel")
"""Modules with a part of the benchmark for themselves."""


def figures(folder: Path) -> Iterator[Figure]:
    """A client with ten thousand records of each related module; then the list of each module over many rows."""
    path = folder / "modules.sqlite"
    jobs = open_jobs(path, Actor("ana"))
    jobs.write(lambda s: start.begin(s, "ES", "Comercial Levante")).result()
    raw, stage = Raw(path), Stage(jobs, folder / "profile-modules")
    try:
        for model in listed_modules():
            if model.module.table not in ELSEWHERE:
                yield from _list(stage, raw, path, model)
        yield from _client(stage, jobs)
    finally:
        stage.close()
        raw.close()
        jobs.close()


def _list(stage: Stage, raw: Raw, path: Path, model: type[Record]) -> Iterator[Figure]:
    """From Cargar to painted rows, beside the bare query of the first ids in the order of the list."""
    table, jobs = model.module.table, stage.application.jobs
    jobs.write(lambda s: _fill(s, table)).result()
    loads = Loads(stage, table)
    loads.once()
    rounds, floor = [], []
    for _ in range(ROUNDS):
        rounds.append(loads.once())
        floor.append(clock(lambda: raw.first_of(model)))
    taken = [each[0] for each in rounds]
    name = f"lista de {LIST} {model.module.plural.lower()}"
    yield plus(name, statistics.median(taken), statistics.median(floor), LOAD_MS, min(taken))
    yield Figure("  ventana parada", statistics.median(each[1] for each in rounds))
    stage.window.close_current_tab()
    _empty(path, model)


def _fill(session: Session, table: str) -> None:
    with operation(session, "Datos de medida"):
        Crowd(session).add(table, LIST)


def _empty(path: Path, model: type[Record]) -> None:
    """Take the rows away without a trace, so that the file stays small: the first thousand may be linked to.

    Past the program, by a connection that does not look for what links to each row: nothing does.
    """
    own = model.module.table
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection, connection:
        connection.execute(f'DELETE FROM "{own}" WHERE id > ?', (KEPT,))
        connection.execute(f'DELETE FROM "{Change.__tablename__}" WHERE table_name = ? AND record_id > ?', (own, KEPT))


def _client(stage: Stage, jobs: Jobs) -> Iterator[Figure]:
    ident = jobs.write(_surround).result().value
    open_form(stage, "client", ident)
    rounds = [open_form(stage, "client", ident) for _ in range(ROUNDS)]
    name = f"abrir un cliente con {AROUND} registros en cada uno de sus módulos"
    yield within(name, statistics.median(each[0] for each in rounds), OPEN_MS, min(each[0] for each in rounds))
    yield Figure("  ventana parada", statistics.median(each[1] for each in rounds))
    counting = [clock(lambda: jobs.read(lambda s: related.counts(s, "client", ident)).result()) for _ in range(ROUNDS)]
    yield Figure("  contar todo lo relacionado", statistics.median(counting), best=min(counting))


def _surround(session: Session) -> int:
    with operation(session, "Datos de medida"):
        crowd = Crowd(session)
        crowd.add("client", 1)
        ident = crowd.one("client")
        for relation in related.related("client"):
            field = module(relation.table).fields[relation.link]
            name = relation.link if field.via else field.attr
            crowd.add(relation.table, AROUND, {name: relation.value("client", ident)})
    return ident
