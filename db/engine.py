"""Opening a database: one function for the embedded SQLite file and for the team's PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool, QueuePool

from db.text import search_fold, sort_fold

BUSY_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 5
"""How long to wait for a server that does not answer at all; a URL may say otherwise."""
WRITES = "ofi_writes"
"""Execution option of connections that will write: SQLite then takes its write lock at BEGIN, where the busy
timeout applies; upgrading a read transaction later would fail at once with SQLITE_BUSY_SNAPSHOT."""


def database_url(where: str | Path) -> str:
    """Turn a file path into a SQLAlchemy URL; URLs pass through, PostgreSQL ones get our driver."""
    text = str(where)
    if "://" not in text:
        return f"sqlite:///{Path(text).expanduser().absolute()}"
    scheme, _, rest = text.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else text


def open_engine(where: str | Path, *, pooled: bool = True, foreign_keys: bool = True) -> Engine:
    """Create the engine for a path or URL, with the pragmas and functions the program relies on."""
    url = database_url(where)
    made = make_url(url)
    if made.get_backend_name() != "sqlite":
        # Compiling a page of counters takes seconds, running it a tenth of one: plans are not compiled (jit).
        usual = {"connect_timeout": CONNECT_TIMEOUT_S, "options": "-c jit=off"}
        given = {name: value for name, value in usual.items() if name not in made.query}
        return create_engine(url, poolclass=QueuePool if pooled else NullPool, pool_pre_ping=pooled,
                             connect_args=given)  # fmt: skip
    engine = create_engine(url, poolclass=QueuePool if pooled else NullPool,
                           connect_args={"check_same_thread": False})  # fmt: skip
    event.listen(engine, "connect", _prepare_sqlite(foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(foreign_keys: bool) -> Any:
    def connected(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: it leaves schema changes outside them.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA cache_size = -64000")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()
        connection.create_function("ofi_search", 1, search_fold, deterministic=True)
        connection.create_function("ofi_sort", 1, sort_fold, deterministic=True)

    return connected


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
