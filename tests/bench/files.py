"""Files: attached, listed, looked for inside, and copied out, each against the same by hand."""

import hashlib
import itertools
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from db.bulk import insert_records
from db.contents import store
from db.history import operation
from db.models.client import Client
from db.models.document import Document, DocumentLink
from oficrm import loading, start
from oficrm.files import attaching, keeping
from oficrm.files.sources import Source
from oficrm.jobs import Jobs
from oficrm.lists import ListFilter
from oficrm.opening import open_jobs
from tests.bench.data import ACTOR, lanes
from tests.bench.figures import Figure, clock, plus, side_by_side, timed, times
from tests.bench.floors import Raw

FILES, MEGABYTE = 100, 1_000_000
LISTED, WORDS = 10_000, 700
LARGE = 200 * MEGABYTE
COLUMNS = Document.screens.columns
FIRST = 100
_SYLLABLES = ("ca", "ma", "ri", "to", "pre", "su", "la", "dor", "ven", "ta", "mi", "ne", "con", "fe", "gu", "zal")
_PAGE = """
SELECT d.id, d.file_type, d.name, d.category, d.status, d.size, d.revision, d.valid_until, d.created_at, d.created_by,
(SELECT group_concat(c.title, ', ') FROM document_link l JOIN client c ON l.record = 'client:' || c.id
 WHERE l.document_id = d.id AND l.deleted_at IS NULL) FROM document d WHERE d.id IN ({ids})
"""


def figures(folder: Path) -> Iterator[Figure]:
    """All figures of files, on databases of their own: what is measured may be half a gigabyte."""
    empty = folder / "files.sqlite"
    jobs = open_jobs(empty, ACTOR)
    jobs.write(lambda s: start.begin(s, "ES", "Medida")).result()
    jobs.close()
    yield from attachings(folder, empty)
    yield from lists(folder, empty)
    yield from copies(folder, empty)


def _files(folder: Path) -> list[Path]:
    """A hundred files of a megabyte that no rule and no library knows: telling what they are takes longest."""
    chance = random.Random(20)
    paths = [folder / f"{place}.dat" for place in range(FILES)]
    for path in paths:
        path.write_bytes(b"\x01" + chance.randbytes(MEGABYTE - 1))
    return paths


def attachings(folder: Path, empty: Path) -> Iterator[Figure]:
    """A hundred files attached in one go, against their bytes in one raw transaction."""
    paths = _files(folder)
    serial = itertools.count()

    def fresh() -> Path:
        return Path(shutil.copyfile(empty, folder / f"copy-{next(serial)}.sqlite"))

    def ours() -> float:
        where = fresh()
        jobs = lanes(where)
        jobs.read(lambda s: s.connection()).result()
        sources = [Source(path=path) for path in paths]
        taken = clock(jobs.write_slowly(lambda s: attaching.attach(s, [], sources)).result)
        jobs.close()
        where.unlink()
        return taken

    def floor() -> float:
        where = fresh()
        raw = Raw(where)
        raw.connection.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")
        taken = clock(lambda: _write_raw(raw.connection, paths))
        raw.close()
        where.unlink()
        return taken

    yield times(f"adjuntar {FILES} archivos de 1 MB", *side_by_side(ours, floor), 2)


def _write_raw(connection: sqlite3.Connection, paths: list[Path]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO raw (data) VALUES (?)", ((path.read_bytes(),) for path in paths))
    connection.execute("COMMIT")


def _text(chance: random.Random) -> str:
    """About five thousand characters of words such as documents hold."""
    return " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(WORDS))


def _fill(session: Session) -> None:
    """Ten thousand files of a client each, whose words are known."""
    chance = random.Random(5)
    connection = session.connection()
    with operation(session, "Medida"):
        clients = insert_records(session, Client, [
            {"code": f"CLI-{place}", "name": f"Cliente {place}", "status": "client"} for place in range(200)
        ])  # fmt: skip
        hashes = [hashlib.sha256(str(place).encode()).hexdigest() for place in range(LISTED)]
        connection.exec_driver_sql(
            "INSERT INTO content (sha256, size, words) VALUES (?, 1, ?)", [(each, _text(chance)) for each in hashes]
        )
        rows = [{"number": f"ARC-{place}", "name": f"Archivo {place}", "status": "pending", "file_name": f"{place}.txt",
                 "file_type": "Texto", "mime_type": "text/plain", "size": 1, "revision": 1, "sha256": sha256}
                for place, sha256 in enumerate(hashes)]  # fmt: skip
        ids = insert_records(session, Document, rows)
        links = [{"document_id": ident, "record": f"client:{clients[ident % 200]}"} for ident in ids]
        insert_records(session, DocumentLink, links)


def lists(folder: Path, empty: Path) -> Iterator[Figure]:
    """The list of ten thousand files, with the column of their records, and with words looked for inside."""
    where = Path(shutil.copyfile(empty, folder / "listed.sqlite"))
    jobs, raw = lanes(where), Raw(where)
    try:
        jobs.write(_fill).result()
        raw.connection.execute("ANALYZE")
        for name, text in (("todos", ""), ("por una palabra de dentro", "mirito")):
            ours, floor = side_by_side(_first(jobs, text), timed(_first_raw, raw, text))
            yield plus(f"primeras filas de {LISTED} archivos: {name}", ours, floor, 30)
    finally:
        raw.close()
        jobs.close()


def _first(jobs: Jobs, text: str) -> Callable[[], float]:
    wanted = ListFilter("document", text=text)
    return lambda: clock(jobs.read(lambda s: loading.first(s, wanted, COLUMNS)).result)


def _first_raw(raw: Raw, text: str) -> None:
    wanted = "AND (d.search_text LIKE :word OR d.sha256 IN (SELECT sha256 FROM content WHERE words LIKE :word))"
    statement = (f"SELECT d.id FROM document d WHERE d.deleted_at IS NULL {wanted if text else ''} "
                 "ORDER BY d.created_at DESC, d.id DESC LIMIT :most")  # fmt: skip
    values = {"most": FIRST} | ({"word": f"%{text}%"} if text else {})
    ids = raw.connection.execute(statement, values).fetchall()
    raw.connection.execute(_PAGE.format(ids=", ".join(str(ident) for (ident,) in ids))).fetchall()


def copies(folder: Path, empty: Path) -> Iterator[Figure]:
    """A large file taken in and written to disk again, against its bytes through a bare connection.

    Both compare what they read with its hash: that costs more than the reading.
    """
    where = Path(shutil.copyfile(empty, folder / "large.sqlite"))
    source = folder / "large.bin"
    with source.open("wb") as file:
        chance = random.Random(7)
        for _ in range(LARGE // MEGABYTE):
            file.write(chance.randbytes(MEGABYTE))
    jobs, raw = lanes(where), Raw(where)
    try:
        sha256 = jobs.write_slowly(lambda s: _take(s, source)).result().value
        facts = keeping.FileFacts(0, "large.bin", "", LARGE, 1, sha256)
        serial = itertools.count()

        def ours() -> float:
            target = folder / f"out-{next(serial)}"
            taken = clock(jobs.read_slowly(lambda s: keeping.copy_out(s, facts, target)).result)
            target.unlink()
            return taken

        def floor() -> float:
            target = folder / f"out-{next(serial)}"
            taken = clock(lambda: _copy_raw(raw.connection, sha256, target))
            target.unlink()
            return taken

        yield times("guardar en el disco un archivo de 200 MB", *side_by_side(ours, floor, 3), 2)
    finally:
        raw.close()
        jobs.close()


def _take(session: Session, path: Path) -> str:
    with path.open("rb") as stream:
        return store(session, stream)[0]


def _copy_raw(connection: sqlite3.Connection, sha256: str, target: Path) -> None:
    wanted = "SELECT data FROM content_piece WHERE sha256 = ? ORDER BY position"
    digest = hashlib.sha256()
    with target.open("wb") as stream:
        for (data,) in connection.execute(wanted, (sha256,)):
            digest.update(data)
            stream.write(data)
    assert digest.hexdigest() == sha256
