"""The PostgreSQL half of the tests: a private server, started when first needed, gone when the tests end.

The server lives in a temporary folder, listens on a Unix socket only and runs as an unprivileged user. Under xdist
the controlling process owns it and the workers share it, each with databases of its own.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Connection

from tests.support import scratch

OLDEST = 15
WAIT_SECONDS = 90
HAS_STRATEGY = 150_000
"""First version of PostgreSQL that lets one choose how a database is copied."""
TEMPLATE_LOCK = 20_261_121  # advisory lock number: one worker builds the template, the others wait for it
KEEPER = Path(__file__).with_name("postgres_keeper.py")


class NoPostgres(Exception):
    """There is no server to test with; the text says why, in one line."""


def find_binaries(roots: tuple[Path, ...] = (Path("/usr/lib/postgresql"),)) -> Path:
    """The folder of the newest `initdb` and `postgres` at hand, version 15 or later.

    Raises NoPostgres when there is none.
    """
    if sys.platform == "win32":
        raise NoPostgres("the private PostgreSQL server of the tests needs a Unix system")
    found = {folder for root in roots for folder in root.glob("*/bin")}
    if on_path := shutil.which("postgres"):
        found.add(Path(on_path).resolve().parent)
    usable = [(version, folder) for folder in found if (version := server_version(folder)) >= OLDEST]
    if not usable:
        raise NoPostgres(f"PostgreSQL {OLDEST} or later not found (Debian: apt-get install postgresql)")
    return max(usable)[1]


def server_version(folder: Path) -> int:
    """Major version of the server in `folder`, 0 when it cannot be run or is incomplete."""
    if not (folder / "initdb").exists():
        return 0
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def unprivileged_user() -> str | None:
    """Whom to run the server as: ourselves, or when we are root the account made for it, or nobody."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


class Keeper:
    """The process that keeps the server alive until `close`, or until this process ends in whatever way."""

    def __init__(self) -> None:
        binaries = find_binaries()
        user = unprivileged_user()
        self.folder = Path(tempfile.mkdtemp(prefix="oficrm-pg-", dir=scratch.folder()))
        command = [sys.executable, str(KEEPER), str(self.folder), str(binaries), *([user] if user else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def close(self) -> None:
        """Stop the server and wait until its folder is gone."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


class Server:
    """A running server, by its socket folder. Makes and drops databases; never stops the server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._wait()
        self._admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", pool_size=1)

    def _wait(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while not (self.folder / "ready").exists():
            failure = self.folder / "failed"
            if failure.exists():
                raise NoPostgres("PostgreSQL did not start: " + failure.read_text().strip())
            if time.monotonic() > until or not self.folder.exists():
                raise NoPostgres(f"PostgreSQL did not start within {WAIT_SECONDS} s")
            time.sleep(0.02)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one database of this server."""
        made = URL.create("postgresql+psycopg", "oficrm", database=database, query={"host": str(self.folder)})
        return made.render_as_string(hide_password=False)

    def ensure_template(self, name: str, base: str, build: Callable[[str], None]) -> None:
        """Build a template database on top of another one, unless another worker already has."""
        with self._admin.connect() as admin:
            admin.execute(text("SELECT pg_advisory_lock(:number)"), {"number": TEMPLATE_LOCK})
            try:
                if not self._exists(admin, name):
                    unfinished = name + "_unfinished"
                    admin.execute(text(f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"))
                    admin.execute(text(f"CREATE DATABASE {unfinished} TEMPLATE {base}"))
                    build(self.url(unfinished))
                    self._end_sessions(admin, unfinished)
                    admin.execute(text(f"ALTER DATABASE {unfinished} RENAME TO {name}"))
            finally:
                admin.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": TEMPLATE_LOCK})

    @staticmethod
    def _exists(admin: Connection, name: str) -> bool:
        found = admin.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        return found.first() is not None

    @staticmethod
    def _end_sessions(admin: Connection, name: str) -> None:
        """Close what a pool may have left open: neither renaming nor copying works under an open session."""
        admin.execute(
            text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )

    @contextlib.contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A fresh database, a copy of `template`, dropped afterwards. Yields its URL."""
        name = "test_" + uuid.uuid4().hex[:16]
        with self._admin.connect() as admin:
            # Copied file by file: with a hundred tables that takes a third of writing each page to the log.
            version = admin.scalar(text("SELECT current_setting('server_version_num')::int")) or 0
            strategy = " STRATEGY FILE_COPY" if version >= HAS_STRATEGY else ""
            admin.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}"))
        try:
            yield self.url(name)
        finally:
            with self._admin.connect() as admin:
                admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Close our own connections, not the server."""
        self._admin.dispose()
