"""Writing example records set-based: complete rows, their texts and their history, in a few statements."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from db.bulk import creation
from db.counters import Counter, next_number
from db.history import Actor, record_changes
from db.models.masters import Master
from db.record import Record
from db.text import search_fold
from oficrm import records, settings

CHUNK = 2000
_TEXTS = ("title", "sort_key", "search_text")

T = TypeVar("T")


class Rows:
    """Inserts records of any module within the current operation of a session."""

    def __init__(self, session: Session, wrote: Callable[[int], None]) -> None:
        """`wrote` is told how many rows each chunk had."""
        self._session = session
        self._wrote = wrote
        self._actor: Actor = session.info["actor"]

    def insert(self, model: type[Record], rows: Iterable[dict[str, Any]]) -> list[int]:
        """Insert rows by attribute name and return their ids, in order.

        What a row leaves out takes the plain default of the declaration, else NULL. `created_at` (aware) is needed.
        """
        table = cast(Table, model.__table__)
        first = self.next_id(model)
        empty = self._empty(model, table)
        numbered = self._complete(model, empty, zip(count(first), rows, strict=False))
        written = 0
        for chunk in chunked(numbered, CHUNK):
            self._session.connection().execute(insert(table), chunk)
            record_changes(self._session, [creation(model, row) for row in chunk])
            written += len(chunk)
            self._wrote(len(chunk))
        self._follow_sequence(table, first + written - 1)
        return list(range(first, first + written))

    def next_id(self, model: type[Record]) -> int:
        """The id that the next row inserted will have."""
        return (self._session.scalar(select(func.max(model.id))) or 0) + 1

    def numbers(self, model: type[Record], amount: int, values: dict[str, Any] | None = None) -> Iterator[str]:
        """Take the next `amount` numbers of the series of a module."""
        series = records.series(self._session, model, values or {})
        digits = settings.read(self._session)["number_digits"]
        taken = update(Counter).where(Counter.series == series).values(value=Counter.value + amount)
        last = self._session.execute(taken.returning(Counter.value)).scalar()
        if last is None:
            self._session.execute(insert(Counter).values(series=series, value=amount))
            last = amount
        return (f"{series}-{number:0{digits}d}" for number in range(last - amount + 1, last + 1))

    def _empty(self, model: type[Record], table: Table) -> dict[str, Any]:
        """A row with nothing in it but defaults and authorship; executemany needs the same keys in all rows."""
        row: dict[str, Any] = dict.fromkeys(table.columns.keys())
        for field in model.fields.values():
            if field.attr in row and field.default is not None and not str(field.default).startswith("@"):
                row[field.attr] = field.default
        row |= {"version": 1, "extra": {}, "created_by": self._actor.user, "modified_by": self._actor.user}
        return row | {"capture_source": self._actor.source}

    def _complete(
        self, model: type[Record], empty: dict[str, Any], rows: Iterable[tuple[int, dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        for ident, given in rows:
            # A record that never enters the session works out its own texts, as it does at every save.
            record = model(**given)
            record.refresh_texts()
            made: dt.datetime = given["created_at"]
            texts = {name: getattr(record, name) for name in _TEXTS}
            yield {**empty, "modified_at": made, **given, **texts, "id": ident}

    def _follow_sequence(self, table: Table, last: int) -> None:
        """Let PostgreSQL count on from ids that were given here; SQLite does so by itself."""
        if self._session.get_bind().dialect.name == "postgresql" and last:
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
            self._session.execute(sequence, {"table": table.name, "last": last})


def chunked(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size` values."""
    source = iter(values)
    while chunk := list(islice(source, size)):
        yield chunk


def ids_of(ids: Sequence[int], position: int | None) -> int | None:
    """The id at a position, None for none."""
    return None if position is None else ids[position]


def ensure(session: Session, model: type[Master], names: Iterable[str]) -> dict[str, int]:
    """The id of each entry of a master file by its name; those that are missing are added."""
    found = {search_fold(row.name): row.id for row in session.scalars(select(model)) if row.deleted_at is None}
    ids: dict[str, int] = {}
    for name in names:
        if search_fold(name) not in found:
            number = next_number(session, model.module.prefix, settings.read(session)["number_digits"])
            entry = model(name=name, number=number, is_active=True, extra={})
            session.add(entry)
            session.flush()
            found[search_fold(name)] = entry.id
        ids[name] = found[search_fold(name)]
    return ids
