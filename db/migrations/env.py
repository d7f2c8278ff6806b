"""Alembic's entry point: uses the connection the program hands over, else a database of its own.

For ``alembic check`` and ``alembic revision`` from the command line, OFICRM_DATABASE names the database; without it
a fresh temporary SQLite file at head is made.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from db.counters import Counter  # noqa: F401  registers the table
from db.engine import open_engine
from db.history import Change  # noqa: F401  registers the tables
from db.notification import Notification  # noqa: F401  registers the table
from db.record import Base
from db.registry import modules
from db.types import ChoiceType, Scaled, UtcInstant


def _compare_type(_context: Any, _column: Any, _inspected: Any, inspected_type: Any, metadata_type: Any) -> bool | None:
    # Our decorators compare by what they are stored as.
    return None


def _render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as what they are stored as: migrations never import the program."""
    if kind == "type":
        if isinstance(item, UtcInstant):
            return 'sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")'
        if isinstance(item, Scaled):
            return "sa.BigInteger()"
        if isinstance(item, ChoiceType):
            return "sa.String(length=40)"
    return False


def run(connection: Connection) -> None:
    """Run the migrations on a connection."""
    modules()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render_item,
        compare_type=_compare_type,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with tempfile.TemporaryDirectory() as folder:
        where = os.environ.get("OFICRM_DATABASE") or str(Path(folder) / "check.sqlite")
        # In a process of its own: Alembic's context cannot be entered twice.
        subprocess.run([sys.executable, "-c", "import sys, db.migrate as m; m.upgrade(sys.argv[1])", where], check=True)
        engine = open_engine(where, pooled=False)
        with engine.connect() as opened:
            run(opened)
        engine.dispose()
