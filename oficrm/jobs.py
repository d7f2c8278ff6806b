"""Where database work runs: one job, one session, one transaction, never on the GUI thread.

The main lane is one thread: writes and short reads, in order. Two slow threads take reports, previews and other long
reads, in no order; one more takes the writes that last seconds. Jobs are functions of a session that return plain
values; they may be run again after a lock, so they have no effects outside the database.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor
from oficrm.errors import Cancelled, EnvironmentProblem
from oficrm.spreading import spread

T = TypeVar("T")
Job = Callable[[Session], T]
ATTEMPTS = 3
SLOW_THREADS = 2
_RETRY_CODES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialisation failure, deadlock, lock not available."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed: record ids by table, and the operation that can be undone.

    ``counted`` are records that were not written themselves, but whose counters are others now.
    """

    tables: dict[str, frozenset[int]]
    operation_id: int | None = None
    label: str = ""
    counted: dict[str, frozenset[int]] = field(default_factory=dict)

    def shown(self, table: str) -> frozenset[int]:
        """The records of a module that look different now."""
        return self.tables.get(table, frozenset()) | self.counted.get(table, frozenset())


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """Result of a write together with what it changed."""

    value: T
    changes: Changes


class Progress:
    """Lets long work report how far it is and notice that it was cancelled. Thread-safe."""

    def __init__(self, report: Callable[[int, int], None] | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._cancelled.set()

    def step(self, done: int, total: int) -> None:
        """Report progress. Raises Cancelled when the user has cancelled."""
        if self._cancelled.is_set():
            raise Cancelled
        if self._report:
            self._report(done, total)


class Jobs:
    """The lanes over one database. ``is_closed`` once nothing more may be asked."""

    is_closed = False

    def __init__(self, where: str | Path, actor: Actor) -> None:
        self.actor = actor
        self.engine: Engine = open_engine(where)
        self._main = ThreadPoolExecutor(1, thread_name_prefix="ofi-main")
        self._slow = ThreadPoolExecutor(SLOW_THREADS, thread_name_prefix="ofi-slow")
        self._long = ThreadPoolExecutor(1, thread_name_prefix="ofi-long")
        self._one_writer = threading.Lock()

    def read(self, job: Job[T]) -> "Future[T]":
        """Run a short read on the main lane, behind the writes already queued."""
        return self._main.submit(self._run, job, False)

    def read_slowly(self, job: Job[T]) -> "Future[T]":
        """Run a long read beside the main lane."""
        return self._slow.submit(self._run, job, False)

    def write(self, job: Job[T]) -> "Future[Done[T]]":
        """Run a write on the main lane; all of it is committed, or nothing."""
        return self._main.submit(self._write, job)

    def write_slowly(self, job: Job[T]) -> "Future[Done[T]]":
        """Run a long write (files, imports) beside the main lane, whose reads go on; its writes wait their turn."""
        return self._long.submit(self._write, job)

    def close(self) -> None:
        """Finish what is queued, then let go of the database."""
        self.is_closed = True
        self._main.shutdown(wait=True)
        self._long.shutdown(wait=True)
        self._slow.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()

    def _session(self, writes: bool) -> Session:
        bind = self.engine.execution_options(**{WRITES: True}) if writes else self.engine
        return Session(bind, expire_on_commit=False, info={"actor": self.actor})

    def _run(self, job: Job[T], writes: bool) -> T:
        return self._attempt(job, writes)[0]

    def _write(self, job: Job[T]) -> Done[T]:
        def whole(session: Session) -> T:
            made = job(session)
            session.flush()
            spread(session)
            return made

        with self._one_writer:  # both engines would settle it too, but by waiting for a time-out
            value, info = self._attempt(whole, True)
        touched: dict[str, set[int]] = info.get("touched", {})
        last = info.get("last_operation")
        counted: dict[str, set[int]] = info.get("counted", {})
        ident, label = last or (None, "")
        return Done(value, Changes(_frozen(touched), ident, label, _frozen(counted)))

    def _attempt(self, job: Job[T], writes: bool) -> tuple[T, dict[Any, Any]]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._session(writes) as session, session.begin():
                    return job(session), session.info
            except DBAPIError as error:
                if not (_is_lock(error) and attempt < ATTEMPTS):
                    raise translate(error) from error
        raise AssertionError("unreachable")


def _frozen(tables: dict[str, set[int]]) -> dict[str, frozenset[int]]:
    return {table: frozenset(ids) for table, ids in tables.items()}


def _is_lock(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRY_CODES or "locked" in str(error.orig)


def translate(error: DBAPIError) -> Exception:
    """Turn what the environment did to us into an EnvironmentProblem; other errors stay as they are."""
    text = str(error.orig).lower()
    if _is_lock(error):
        return EnvironmentProblem("Otro programa tiene ocupada la base de datos. Inténtelo de nuevo en un momento.")
    if "disk is full" in text or "disk full" in text or "no space" in text:
        return EnvironmentProblem("No queda sitio en el disco. Libere espacio y vuelva a intentarlo.")
    if "readonly" in text or "read-only" in text:
        return EnvironmentProblem("La base de datos es de solo lectura. Compruebe los permisos del archivo.")
    if "malformed" in text or "disk i/o error" in text or "not a database" in text:
        return EnvironmentProblem("El archivo de datos no se puede leer bien. Recupere una copia de él.")
    if "unable to open" in text:
        return EnvironmentProblem("No se puede abrir el archivo de datos. Compruebe que su carpeta sigue ahí.")
    if error.connection_invalidated or (isinstance(error, OperationalError) and "connect" in text):
        return EnvironmentProblem("No hay conexión con el servidor de datos. Compruebe la red y reintente.")
    return error
