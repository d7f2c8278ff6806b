"""Mail: ten thousand messages imported, imported again and taken back, against Python's own parser over the same files;
and what the user waits for when messages and files are opened.
"""

import statistics
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from email.parser import BytesParser
from pathlib import Path

from sqlalchemy.orm import Session

from db.bulk import insert_records
from db.history import operation
from db.models.client import Client
from oficrm import settings, start, undo
from oficrm.jobs import Jobs, Progress
from oficrm.mail import importing
from oficrm.mail.importing import Options, Outcome, Report
from oficrm.opening import open_jobs
from tests.bench import letters, mail_screens
from tests.bench.data import ACTOR, lanes
from tests.bench.figures import Figure, clock, times
from tests.support.post import US

LETTERS = 10_000


def figures(folder: Path) -> Iterator[Figure]:
    """All figures of mail, on a database of their own."""
    place = folder / "mail.sqlite"
    jobs = open_jobs(place, ACTOR)
    jobs.write(_begin).result()
    jobs.close()
    jobs = lanes(place)
    try:
        yield from mail_screens.figures(jobs, folder)
        yield from imports(jobs, folder / "letters")
    finally:
        jobs.close()


def _begin(session: Session) -> None:
    """A company whose clients write from addresses that are known."""
    start.begin(session, "ES", "Medida")
    settings.save(session, {"own_addresses": US})
    with operation(session, "Medida"):
        insert_records(session, Client, [
            {"code": f"CLI-{place}", "name": f"Cliente {place}", "status": "client", "email": letters.sender(place)}
            for place in range(letters.SENDERS)
        ])  # fmt: skip


def imports(jobs: Jobs, folder: Path) -> Iterator[Figure]:
    """The import against the parsers, then the same again, where everything is there already, then all taken back."""
    letters.write(folder, LETTERS)
    paths = sorted(folder.iterdir())
    before = clock(lambda: _each(paths, _read_plainly))
    report = Report()
    ours = clock(lambda: _import(jobs, folder, report))
    assert report.counts == {Outcome.FILED: LETTERS}, report.sentence()
    floor = statistics.mean((before, clock(lambda: _each(paths, _read_plainly))))  # around it: others work too
    bare = clock(lambda: _each(paths, BytesParser(policy=policy.compat32).parsebytes))
    name = f"importar {LETTERS} .eml"
    yield times(f"{name}, suelo: leerlos con email", ours, floor, 3)
    yield Figure(f"{name}, frente a compat32 sin leer nada", ours, bare)
    again = Report()
    taken = clock(lambda: _import(jobs, folder, again))
    assert again.counts == {Outcome.ALREADY: LETTERS}, again.sentence()
    yield Figure(f"importar los mismos {LETTERS}, que ya están", taken, floor)
    ident = report.changes.operation_id
    assert ident is not None
    yield Figure(
        f"deshacer la importación de {LETTERS}", clock(jobs.write_slowly(lambda s: undo.undo(s, ident)).result)
    )
    yield Figure("rehacerla", clock(jobs.write_slowly(undo.redo_last).result))


def _import(jobs: Jobs, folder: Path, report: Report) -> None:
    importing.run(jobs, [folder], Options(), Progress(), report)


def _each(paths: list[Path], read: Callable[[bytes], object]) -> None:
    for path in paths:
        read(path.read_bytes())


def _read_plainly(data: bytes) -> None:
    """What reading a message means: its headers decoded, its text and HTML, its attachments."""
    parsed = message_from_bytes(data, _class=Parsed, policy=policy.default)
    for _name, value in parsed.items():
        str(value)
    for kind in ("plain", "html"):
        body = parsed.get_body(preferencelist=(kind,))
        if body is not None:
            body.get_content()
    for part in parsed.iter_attachments():
        part.get_filename()
        part.get_content()
