"""Bringing a database to the schema of this program, and refusing what is not ours or is newer.

Migrations are frozen steps in ``db/migrations/versions`` that never import the models. On SQLite they run on a
connection of their own with foreign keys off (a table rebuild drops the old table, which would cascade into its
children) and are verified with ``foreign_key_check`` before they commit; a copy is taken first.
"""

import datetime as dt
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url

from db.engine import WRITES, database_url, open_engine
from db.examine import APPLICATION_ID, Unusable, examine_file, newer

MIGRATIONS = Path(__file__).with_name("migrations")
KEPT_COPIES = 5


def known_revisions() -> frozenset[str]:
    """Return every schema this program can bring up to date.

    Read off the names of the steps: Alembic takes a while to load, and most starts find nothing to do for it.
    """
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def head_revision() -> str:
    """Return the newest schema this program knows."""
    return max(known_revisions())


def sqlite_path(where: str | Path) -> Path | None:
    """Return the file behind a path or SQLite URL, None for a server."""
    url = make_url(database_url(where))
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _copy_before(path: Path) -> Path:
    """Copy the file through SQLite's backup API (a plain copy would miss the WAL); keep the newest few."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.stem}.antes-de-actualizar-{stamp}{path.suffix}")
    source, copy = sqlite3.connect(path), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    for old in sorted(path.parent.glob(f"{path.stem}.antes-de-actualizar-*{path.suffix}"))[:-KEPT_COPIES]:
        old.unlink()
    return target


def _migrate(connection: Connection, current: str | None) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"migration from {current} breaks references: {tuple(broken)}")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _current(engine: Engine) -> str | None:
    """Return the revision of a database, None for one without tables. Raises Unusable for a newer or foreign one."""
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        versioned = "alembic_version" in tables
        current = connection.scalar(text("SELECT version_num FROM alembic_version")) if versioned else None
    if current is not None and current not in known_revisions():
        raise newer()
    if current is None and tables:
        raise Unusable("La base de datos tiene tablas de otro programa. No se ha modificado.")
    return current


def check(where: str | Path) -> None:
    """Raise Unusable for a newer, foreign, damaged or unreachable database; change nothing."""
    path = sqlite_path(where)
    if path is not None:
        examine_file(path, known_revisions())
        return
    engine = open_engine(where, pooled=False)
    try:
        _current(engine)
    finally:
        engine.dispose()


def upgrade(where: str | Path) -> None:
    """Create or bring up to date the database at a path or URL.

    Raises Unusable for a newer, foreign or damaged database. A migration that fails leaves the old schema.
    """
    path = sqlite_path(where)
    if path is not None:
        examine_file(path, known_revisions())
    engine = open_engine(where, pooled=False, foreign_keys=False)
    try:
        current = _current(engine)
        if current == head_revision():
            return
        if path is not None and current is not None:
            _copy_before(path)
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            _migrate(connection, current)
    finally:
        engine.dispose()
