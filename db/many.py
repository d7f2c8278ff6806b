"""Many rows written at the speed of the driver: the SQL and the converters of the values are made once.

SQLAlchemy's own ``executemany`` builds a parameter dictionary per row, which costs more than the write itself. Here
the statement is put together from the table's own names and types, so nothing that a user typed ever enters the SQL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


def insert_many(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values in the order of ``columns``; other columns take their database default."""
    dialect = session.get_bind().dialect
    mark = _mark(dialect)
    quote = dialect.identifier_preparer
    names = ", ".join(quote.quote(column) for column in columns)
    sql = f"INSERT INTO {quote.format_table(table)} ({names}) VALUES ({', '.join([mark] * len(columns))})"
    _run(session, sql, [_converter(table.c[column].type, dialect) for column in columns], rows)


def update_many(
    session: Session, table: Table, column: str, stamps: Mapping[str, Any], rows: Iterable[tuple[Any, int]]
) -> None:
    """Set ``column`` in rows given as (value, id); their version goes up by one, ``stamps`` are set in all of them."""
    dialect = session.get_bind().dialect
    mark = _mark(dialect)
    quote = dialect.identifier_preparer.quote
    constants = [_converter(table.c[name].type, dialect)(value) for name, value in stamps.items()]
    sets = [f"{quote(name)} = {mark}" for name in (column, *stamps)]
    version = quote("version")
    sql = (f"UPDATE {dialect.identifier_preparer.format_table(table)} SET {', '.join(sets)}, "
           f"{version} = {version} + 1 WHERE {quote('id')} = {mark}")  # fmt: skip
    convert = _converter(table.c[column].type, dialect)
    _run(session, sql, None, [(convert(value), *constants, ident) for value, ident in rows])


def _run(session: Session, sql: str, converters: Sequence[Convert] | None, rows: Iterable[Sequence[Any]]) -> None:
    if converters is not None:
        rows = [tuple(convert(value) for convert, value in zip(converters, row, strict=True)) for row in rows]
    found = list(map(tuple, rows))
    if found:
        session.connection().exec_driver_sql(sql, found)


def _mark(dialect: Dialect) -> str:
    """The placeholder of a positional parameter; psycopg takes %s beside its named ones."""
    return "?" if dialect.paramstyle == "qmark" else "%s"


def _as_is(value: Any) -> Any:
    return value


def _converter(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    """How a value of this column goes to the driver."""
    return type_.dialect_impl(dialect).bind_processor(dialect) or _as_is
