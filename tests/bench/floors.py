"""The floors: the same questions and writes by hand, straight on the driver, on a connection as ours is set up."""

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.record import Record
from db.text import search_fold, sort_fold
from oficrm import clock
from oficrm.lists import Criterion, ListFilter

FIRST = 100
PAGE = """
SELECT c.id, t.title, c.date, c.time, k.title, p.title, c.duration, c.notes, r.title, c.closed_on, c.next_at, s.title
FROM contact c LEFT JOIN contact_type t ON t.id = c.type_id LEFT JOIN client k ON k.id = c.client_id
LEFT JOIN person p ON p.id = c.person_id LEFT JOIN result r ON r.id = c.result_id
LEFT JOIN salesperson s ON s.id = c.salesperson_id WHERE c.id IN ({ids})
"""
IDS = """
SELECT c.id, c.result_id IS NOT NULL AND c.closed_on IS NOT NULL, c.duration FROM contact c {joins}
WHERE c.deleted_at IS NULL {where}
ORDER BY c.date DESC NULLS LAST, c.time DESC NULLS LAST, c.id DESC
"""


@dataclass(frozen=True)
class Question:
    """A filter as the user sets it, and the same by hand."""

    name: str
    filter: ListFilter
    where: str = ""
    values: tuple[Any, ...] = ()
    joins: str = ""


def questions() -> list[Question]:
    """The filters that are measured: all, a month, through the client, text in the notes."""
    first = clock.today().replace(day=1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    month = (Criterion("date", "from", first), Criterion("date", "to", last))
    client = (Criterion("client.status", "in", ("potential", "probable")), Criterion("is_done", "is", False))
    return [
        Question("todos", ListFilter("contact")),
        Question("este mes", ListFilter("contact", month), "AND c.date >= ? AND c.date <= ?",
                 (first.isoformat(), last.isoformat())),
        Question("abiertos, por estado del cliente", ListFilter("contact", client),
                 "AND k.status IN (?, ?) AND NOT (c.result_id IS NOT NULL AND c.closed_on IS NOT NULL)",
                 ("potential", "probable"), "LEFT JOIN client k ON k.id = c.client_id"),
        Question("texto en las notas", ListFilter("contact", (Criterion("notes", "contains", "Catálogo"),)),
                 "AND ofi_search(c.notes) LIKE ? ESCAPE '\\'", ("%catalogo%",)),
    ]  # fmt: skip


class Raw:
    """A bare sqlite3 connection with the program's pragmas and functions."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "cache_size = -64000", "temp_store = MEMORY"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.create_function("ofi_search", 1, search_fold, deterministic=True)
        self.connection.create_function("ofi_sort", 1, sort_fold, deterministic=True)

    def ids(self, question: Question, limit: int | None = None) -> list[int]:
        """The ids of a filter in order, read to the end with what the program reads beside them."""
        statement = IDS.format(joins=question.joins, where=question.where) + (f" LIMIT {limit}" if limit else "")
        return [row[0] for row in self.connection.execute(statement, question.values).fetchall()]

    def first(self, question: Question) -> list[Any]:
        """The first ids and the rows of the first page."""
        ids = self.ids(question, FIRST)
        return self.connection.execute(PAGE.format(ids=", ".join("?" * len(ids))), ids).fetchall()

    def first_of(self, model: type[Record]) -> list[Any]:
        """The first ids of a whole list in its order, and their rows: what any list must at least read."""
        name = model.screens.sort[0].removeprefix("-") if model.screens.sort else "title"
        field = model.fields[name]
        column = field.attr if field.kind in ("day", "instant", "clock", "money", "integer") else "sort_key"
        direction = "DESC" if model.screens.sort and model.screens.sort[0].startswith("-") else "ASC"
        table = model.module.table
        found = self.connection.execute(
            f'SELECT id FROM "{table}" WHERE deleted_at IS NULL ORDER BY {column} {direction} LIMIT {FIRST}'
        ).fetchall()
        marks = ", ".join("?" * len(found))
        ids = tuple(row[0] for row in found)
        return self.connection.execute(f'SELECT * FROM "{table}" WHERE id IN ({marks})', ids).fetchall()

    def move(self, ids: list[int], days: int) -> None:
        """Move dates: the bare UPDATE, and the bare INSERT of as many rows of history, in one transaction."""
        marks = ", ".join("?" * len(ids))
        run = self.connection
        run.execute("BEGIN IMMEDIATE")
        before = run.execute(f"SELECT id, date FROM contact WHERE id IN ({marks})", tuple(ids)).fetchall()
        now = dt.datetime.now(dt.UTC).isoformat(" ")[:26]
        moved = [(ident, day, str(dt.date.fromisoformat(day) + dt.timedelta(days))) for ident, day in before]
        made = run.execute("INSERT INTO operation (at, user_name, label, kind) VALUES (?, 'ana', 'Mover', 'bench')",
                           (now,)).lastrowid  # fmt: skip
        run.executemany("UPDATE contact SET date = ?, version = version + 1, modified_at = ?, modified_by = 'ana' "
                        "WHERE id = ?", [(after, now, ident) for ident, _, after in moved])  # fmt: skip
        run.executemany(
            "INSERT INTO change (operation_id, table_name, record_id, action, field, old_value, new_value) "
            "VALUES (?, 'contact', ?, 'update', 'date', ?, ?)",
            [(made, ident, json.dumps(day), json.dumps(after)) for ident, day, after in moved],
        )
        run.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
