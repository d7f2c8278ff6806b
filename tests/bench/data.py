"""The database that is measured: demo data, made once for each state of the code that makes it."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from db.history import Actor
from oficrm import clock
from oficrm.demo.build import build
from oficrm.jobs import Jobs
from oficrm.opening import open_jobs

ROOT = Path(__file__).resolve().parents[2]
MAKERS = ("db/models", "db/migrations/versions", "oficrm/demo", "oficrm/start.py")
ACTOR = Actor("ana")


def _sources() -> Iterable[Path]:
    for name in MAKERS:
        place = ROOT / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _kept(contacts: int) -> Path:
    """Where the database of this code and month is kept between runs."""
    digest = hashlib.sha256(f"{contacts} {clock.today():%Y-%m}".encode())
    for path in _sources():
        digest.update(path.read_bytes())
    return Path(tempfile.gettempdir(), f"oficrm-bench-{digest.hexdigest()[:16]}.sqlite")


def fill(where: str | Path, contacts: int) -> float:
    """Build demo data in an empty database; return the seconds it took."""
    jobs = open_jobs(where, ACTOR)
    try:
        started = time.perf_counter()
        jobs.write(lambda session: build(session, contacts, "ES", today=clock.today())).result()
        return time.perf_counter() - started
    finally:
        jobs.close()


def database(folder: Path, contacts: int, fresh: bool = False) -> tuple[Path, float]:
    """A copy, to be written to, of the demo database; and the seconds it took to build, today or when it was made."""
    kept = _kept(contacts)
    note = kept.with_suffix(".seconds")
    if fresh or not kept.exists() or not note.exists():
        made = folder / "made.sqlite"
        seconds = fill(made, contacts)
        note.unlink(missing_ok=True)
        shutil.move(made, kept)
        note.write_text(f"{seconds:.1f}")
    copy = folder / "bench.sqlite"
    shutil.copyfile(kept, copy)
    return copy, float(note.read_text())


def lanes(where: str | Path) -> Jobs:
    """The program's lanes over a database."""
    return Jobs(where, ACTOR)
