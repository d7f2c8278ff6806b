"""The same on PostgreSQL: its floors are the same statements straight on psycopg."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from db.migrate import upgrade
from oficrm.jobs import Jobs
from tests.bench import data
from tests.bench.figures import Figure, plus, side_by_side, timed, times
from tests.bench.floors import FIRST, IDS, PAGE, Question, questions
from tests.bench.storage import Mover, all_ids, first_rows, open_ids, raw_moves
from tests.support.postgres import Keeper, NoPostgres, Server


class RawServer:
    """A bare psycopg connection."""

    def __init__(self, url: str) -> None:
        made = make_url(url)
        self.connection: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
            dbname=made.database, user=made.username, host=str(made.query["host"]), autocommit=True
        )

    def ids(self, question: Question, limit: int | None = None) -> list[int]:
        """The ids of a filter in order."""
        statement = IDS.format(joins=question.joins, where=question.where) + (f" LIMIT {limit}" if limit else "")
        return [row[0] for row in self.connection.execute(statement.replace("?", "%s"), question.values).fetchall()]

    def first(self, question: Question) -> list[Any]:
        """The first ids and the rows of the first page."""
        ids = self.ids(question, FIRST)
        return self.connection.execute(PAGE.format(ids=", ".join(["%s"] * len(ids))), ids).fetchall()

    def move(self, ids: list[int], days: int) -> None:
        """The bare UPDATE and the bare INSERT of as many rows of history, in one transaction."""
        with self.connection.transaction(), self.connection.cursor() as run:
            run.execute("SELECT id, date FROM contact WHERE id = ANY(%s) FOR UPDATE", (ids,))
            moved = [(ident, day, day + dt.timedelta(days)) for ident, day in run.fetchall()]
            run.execute("INSERT INTO operation (at, user_name, label, kind) VALUES (now(), 'ana', 'Mover', 'bench') "
                        "RETURNING id")  # fmt: skip
            [(made,)] = run.fetchall()
            run.executemany(
                "UPDATE contact SET date = %s, version = version + 1, modified_at = now(), modified_by = 'ana' "
                "WHERE id = %s",
                [(after, ident) for ident, _, after in moved],
            )
            run.executemany(
                "INSERT INTO change (operation_id, table_name, record_id, action, field, old_value, new_value) "
                "VALUES (%s, 'contact', %s, 'update', 'date', %s, %s)",
                [(made, ident, json.dumps(str(day)), json.dumps(str(after))) for ident, day, after in moved],
            )


def figures(contacts: int) -> Iterator[Figure]:
    """Load and move on a private server, on demo data of its own. Raises NoPostgres."""
    keeper = Keeper()
    try:
        server = Server(keeper.folder)
        with server.database() as url:
            upgrade(url)
            yield Figure(f"PostgreSQL: {contacts} contactos de ejemplo", data.fill(url, contacts) * 1000)
            jobs, raw = data.lanes(url), RawServer(url)
            raw.connection.execute("ANALYZE")
            try:
                yield from _measured(jobs, raw)
            finally:
                jobs.close()
                raw.connection.close()
        server.close()
    finally:
        keeper.close()


def _measured(jobs: Jobs, raw: RawServer) -> Iterator[Figure]:
    for question in questions():
        ours, floor = side_by_side(first_rows(jobs, question.filter), timed(raw.first, question))
        yield plus(f"PostgreSQL: primeras filas: {question.name}", ours, floor, 30)
        ours, floor = side_by_side(all_ids(jobs, question.filter), timed(raw.ids, question), 3)
        yield Figure(f"PostgreSQL: todos los ids ({len(raw.ids(question))}): {question.name}", ours, floor)
    ids = open_ids(jobs)
    mover, floor_of = Mover(jobs, ids), raw_moves(raw, ids)
    ours, floor = side_by_side(mover.move, floor_of)
    yield times(f"PostgreSQL: mover {len(ids)} fechas con su historial", ours, floor, 3)
    ours, floor = side_by_side(mover.undo, floor_of)
    yield Figure(f"PostgreSQL: deshacer el cambio de {len(ids)} fechas", ours, floor)


__all__ = ["NoPostgres", "figures"]
