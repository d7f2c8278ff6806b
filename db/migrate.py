"""Bringing a database to the schema of this program, and refusing what is not ours or is newer.

Migrations are frozen steps in ``db/migrations/versions`` that never import the models. On SQLite they run on a
connection of their own with foreign keys off (a table rebuild drops the old table, which would cascade into its
children) and are verified with ``foreign_key_check`` before they commit; a copy is taken first.
"""

import datetime as dt
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.engine import make_url

from db.engine import WRITES, database_url, open_engine

APPLICATION_ID = 0x4F666943
"""``OfiC`` in the header of our SQLite files (PRAGMA application_id)."""
MIGRATIONS = Path(__file__).with_name("migrations")
KEPT_COPIES = 5
_HEADER = b"SQLite format 3\0"


class Unusable(Exception):
    """The database cannot be opened; the Spanish text says why and what to do. It was left untouched."""


def config(connection: Connection | None = None) -> Config:
    """Build the Alembic configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def head_revision() -> str:
    """Return the newest schema this program knows."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


def sqlite_path(where: str | Path) -> Path | None:
    """Return the file behind a path or SQLite URL, None for a server."""
    url = make_url(database_url(where))
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def examine_file(path: Path) -> None:
    """Check, without writing a byte, that a file is absent, empty, or an OfiCRM database in good order.

    Raises Unusable with the reason. Reads the header itself first: SQLite would gladly open a foreign file.
    """
    if path.is_dir():
        raise Unusable(f"«{path}» es una carpeta, no una base de datos.")
    if not path.exists():
        if not path.parent.is_dir():
            raise Unusable(f"No existe la carpeta «{path.parent}».")
        return
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise Unusable(f"No se puede leer «{path}»: {error.strerror or error}.") from error
    if not size:
        return
    if not header.startswith(_HEADER) or len(header) < 100:
        raise Unusable(f"«{path}» no es una base de datos de OfiCRM. No se ha modificado.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise Unusable(f"«{path}» es de otro programa, no de OfiCRM. No se ha modificado.")
    damaged = Unusable(
        f"«{path}» está dañado y no se puede abrir. No se ha modificado; restaure la última copia de seguridad."
    )
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            page = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise damaged from error
    if page != "ok":
        raise damaged


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
    command.upgrade(config(connection), "head")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"migration from {current} breaks references: {tuple(broken)}")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def upgrade(where: str | Path) -> None:
    """Create or bring up to date the database at a path or URL.

    Raises Unusable for a newer, foreign or damaged database. A migration that fails leaves the old schema.
    """
    path = sqlite_path(where)
    if path is not None:
        examine_file(path)
    engine = open_engine(where, pooled=False, foreign_keys=False)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            current = context.get_current_revision()
            tables = inspect(connection).get_table_names()
            connection.rollback()
        head = head_revision()
        if current == head:
            return
        script = ScriptDirectory.from_config(config())
        known = {revision.revision for revision in script.walk_revisions()}
        if current is not None and current not in known:
            raise Unusable("La base de datos es de una versión más nueva de OfiCRM. Actualice el programa.")
        if current is None and tables:
            raise Unusable("La base de datos tiene tablas de otro programa. No se ha modificado.")
        if path is not None and current is not None:
            _copy_before(path)
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            _migrate(connection, current)
    finally:
        engine.dispose()
