"""Importing messages: folders, files and mboxes, a line for each, cancelled or undone as one."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.history import Operation, operation
from db.models.document import Document
from db.models.email_message import EmailLink, EmailMessage
from oficrm import deleting, history, undo
from oficrm.errors import EnvironmentProblem
from oficrm.jobs import Jobs, Progress
from oficrm.mail import gathering, importing
from oficrm.mail.importing import Options, Outcome, Report
from tests.support.office import fill, open_jobs
from tests.support.post import AZAHAR, PDF, STRANGER, US, Known, acquaint, letter, state

Office = tuple[Jobs, Known]


@pytest.fixture
def office(started_url: str) -> Iterator[Office]:
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 12)).result()
        yield jobs, jobs.write(acquaint).result().value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two letters of clients, one of a stranger, one twice, and things that are none."""
    root = tmp_path / "correo"
    (root / "2026" / "enero").mkdir(parents=True)
    (root / "a.eml").write_bytes(letter(ident="a@x", files={"oferta.pdf": PDF}))
    (root / "b.eml").write_bytes(letter(sender=STRANGER, ident="b@x"))
    (root / "2026" / "c.eml").write_bytes(letter(sender=US, to=AZAHAR, ident="c@x", In_Reply_To="<a@x>"))
    (root / "2026" / "enero" / "otra vez.eml").write_bytes(letter(ident="a@x"))
    (root / "foto.eml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (root / "vacio.eml").write_bytes(b"")
    (root / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    return root


def run(jobs: Jobs, *paths: Path, progress: Progress | None = None, **options: Any) -> Report:
    return importing.run(jobs, paths, Options(**options), progress or Progress())


def lines(report: Report) -> dict[str, str]:
    return {row.name: row.outcome.value for row in report.rows}


def filed(jobs: Jobs) -> list[str]:
    live = select(EmailMessage.message_id).where(EmailMessage.deleted_at.is_(None)).order_by(EmailMessage.id)
    return jobs.read(lambda s: list(s.scalars(live))).result()


def test_a_folder_is_imported_with_a_line_for_each_file(office: Office, folder: Path) -> None:
    jobs, known = office
    report = run(jobs, folder)
    assert lines(report) == {
        ".DS_Store": "Ilegible", "a.eml": "Archivado", "b.eml": "Sin cliente", "foto.eml": "Ilegible",
        "vacio.eml": "Ilegible", "2026/c.eml": "Archivado", "2026/enero/otra vez.eml": "Ya estaba",
    }  # fmt: skip
    details = {row.name: row.detail for row in report.rows}
    assert details[".DS_Store"] == gathering.NO_MAIL
    assert details["vacio.eml"] == "El archivo está vacío: no contiene ningún mensaje."
    assert (details["a.eml"], details["b.eml"]) == ("Oferta de otoño", STRANGER)
    assert filed(jobs) == ["a@x", "c@x"]
    assert report.sentence() == "2 correos archivados, 1 ya estaba, 1 sin cliente, 3 ilegibles."
    links = jobs.read(lambda s: set(s.scalars(select(EmailLink.record)))).result()
    assert links == {f"client:{known.ruiz}", f"person:{known.marta}", f"client:{known.azahar}"}
    threads = jobs.read(lambda s: set(s.scalars(select(EmailMessage.thread_id)))).result()
    assert threads == {"a@x"}
    assert jobs.read(lambda s: s.scalar(select(func.count(Document.id)))).result() == 1


def test_what_changed_is_announced_and_undone_as_one(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, known = office
    monkeypatch.setattr(importing, "BATCH", 1)  # a transaction for each
    before = jobs.read(state).result()
    report = run(jobs, folder, file_unknown=True)
    ident = report.changes.operation_id
    assert ident is not None
    assert set(filed(jobs)) == {"a@x", "b@x", "c@x"}
    assert len(report.changes.tables["email_message"]) == 3
    assert known.ruiz in report.changes.counted["client"] | report.changes.tables.get("client", frozenset())
    shown = jobs.read(history.activity).result()[0]
    assert (shown.id, shown.label) == (ident, "Importar 3 correos")
    after = jobs.read(state).result()
    jobs.write(lambda s: undo.undo(s, ident)).result()
    assert jobs.read(state).result() == before
    jobs.write(undo.redo_last).result()
    assert jobs.read(state).result() == after


def test_the_same_folder_again_changes_nothing(office: Office, folder: Path) -> None:
    jobs, _ = office
    run(jobs, folder)
    before = jobs.read(lambda s: s.scalar(select(func.count(Operation.id)))).result()
    report = run(jobs, folder)
    assert (report.counts[Outcome.ALREADY], report.counts[Outcome.FILED]) == (3, 0)
    assert report.changes.operation_id is None
    assert jobs.read(lambda s: s.scalar(select(func.count(Operation.id)))).result() == before


def test_messages_can_all_go_to_one_record(office: Office, folder: Path) -> None:
    jobs, known = office
    report = run(jobs, folder / "b.eml", folder / "a.eml", places=(f"client:{known.azahar}",))
    assert lines(report) == {"b.eml": "Archivado", "a.eml": "Archivado"}
    wanted = select(func.count(EmailLink.id)).where(EmailLink.record == f"client:{known.azahar}")
    assert jobs.read(lambda s: s.scalar(wanted)).result() == 2


def test_a_record_that_went_to_the_trash_gets_nothing(office: Office, folder: Path) -> None:
    jobs, known = office
    jobs.write(lambda s: deleting.delete(s, "client", [known.azahar], frozenset({"dependents"}))).result()
    report = run(jobs, folder, places=(f"client:{known.azahar}",))
    assert "«Hotel Azahar» está en la papelera" in report.sentence()
    assert filed(jobs) == []


def test_an_mbox_is_imported_message_by_message(office: Office, tmp_path: Path) -> None:
    jobs, _ = office
    line = b"From - Fri Jul  8 12:08:34 2011\n"
    box = tmp_path / "Recibidos"
    box.write_bytes(b"".join(line + letter(ident=f"{number}@x") + b"\n" for number in range(3)))
    (tmp_path / "uno.eml").write_bytes(line + letter(ident="uno@x"))
    report = run(jobs, box, tmp_path / "uno.eml")
    assert [row.name for row in report.rows] == ["Recibidos · 1", "Recibidos · 2", "Recibidos · 3", "uno.eml"]
    assert filed(jobs) == ["0@x", "1@x", "2@x", "uno@x"]
    names = jobs.read(lambda s: list(s.scalars(select(EmailMessage.file_name).order_by(EmailMessage.id)))).result()
    assert names == ["Recibidos 1.eml", "Recibidos 2.eml", "Recibidos 3.eml", "uno.eml"]


def test_what_is_too_large_is_told_and_the_rest_goes_on(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = office
    monkeypatch.setattr(importing, "limit_of", lambda _: 2000)
    root = tmp_path / "correo"
    root.mkdir()
    (root / "a.eml").write_bytes(letter(text="x" * 5000))
    box = b"From - Fri Jul  8 12:08:34 2011\n" + letter(text="x\n" * 5000, ident="b@x")
    (root / "b.mbox").write_bytes(box + b"\nFrom - Fri Jul  8 12:08:34 2011\n" + letter(ident="c@x"))
    assert lines(run(jobs, root)) == {"a.eml": "Ilegible", "b.mbox · 1": "Ilegible", "b.mbox · 2": "Archivado"}


def test_links_that_go_round_and_things_that_are_no_files_do_no_harm(office: Office, folder: Path) -> None:
    jobs, _ = office
    (folder / "vuelta").symlink_to(folder, target_is_directory=True)
    (folder / "2026" / "arriba").symlink_to(folder, target_is_directory=True)
    (folder / "perdido.eml").symlink_to(folder / "no hay")
    os.mkfifo(folder / "tubo.eml")
    report = lines(run(jobs, folder, folder / "2026", folder / "ya no"))
    assert report["correo/perdido.eml"] == report["correo/tubo.eml"] == report["ya no"] == "Ilegible"
    assert sum("a.eml" in name for name in report) == 1
    assert len(report) == 10


def test_a_folder_that_may_not_be_read_is_told(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, _ = office
    scan = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("2026"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = run(jobs, folder)
    assert lines(report)["2026"] == "Ilegible"
    assert filed(jobs) == ["a@x"]


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.eml").write_bytes(letter(ident=f"{number}@x"))
    return folder


def test_cancelling_keeps_what_is_filed_and_says_so(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = office
    monkeypatch.setattr(importing, "BATCH", 5)
    told: list[tuple[int, int]] = []

    def report(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 13:
            progress.cancel()

    progress = Progress(report)
    found = run(jobs, many(tmp_path / "correo", 40), progress=progress)
    assert found.was_cancelled
    assert found.sentence() == "Importación interrumpida: 10 correos archivados. Lo archivado se conserva."
    assert filed(jobs) == [f"{number}@x" for number in range(10)]
    assert all(0 <= done <= total for done, total in told)
    ident = found.changes.operation_id
    assert ident is not None
    jobs.write(lambda s: undo.undo(s, ident)).result()
    assert filed(jobs) == []


def test_reads_and_writes_of_others_go_on_meanwhile(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = office
    monkeypatch.setattr(importing, "BATCH", 2)
    seen: list[int] = []

    def between(done: int, total: int) -> None:
        jobs.write(lambda s: _touch(s, len(seen))).result(timeout=60)
        seen.append(done)

    found = importing.start(jobs, [many(tmp_path / "correo", 6)], Options(), Progress(between)).result(timeout=60)
    assert found.counts[Outcome.FILED] == 6
    labels = [row.label for row in jobs.read(history.activity).result()]
    assert labels.count("Importar 6 correos") == 1
    assert len(seen) == 7


def _touch(session: Session, number: int) -> None:
    from db.models.sector import Sector

    with operation(session, "Otra cosa"):
        session.add(Sector(name=f"Sector {number}", number=f"S-{number}", is_active=True, extra={}))


def test_undoing_while_it_runs_leaves_what_comes_after_to_be_undone_too(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = office
    monkeypatch.setattr(importing, "BATCH", 2)
    times: list[int] = []

    def meddle(done: int, total: int) -> None:
        times.append(done)
        if len(times) == 7:  # the first batch is in by now
            jobs.write(undo.undo_last).result(timeout=60)

    report = run(jobs, many(tmp_path / "correo", 8), progress=Progress(meddle))
    assert report.counts[Outcome.FILED] == 8
    left = filed(jobs)
    assert 0 < len(left) < 8
    ident = report.changes.operation_id
    assert ident is not None
    jobs.write(lambda s: undo.undo(s, ident)).result()
    assert filed(jobs) == []


def test_what_the_environment_does_ends_it_in_words(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = office
    monkeypatch.setattr(importing, "BATCH", 2)
    batch = importing.import_batch
    calls: list[int] = []

    def full(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise EnvironmentProblem("No queda sitio en el disco.")
        return batch(*args, **more)

    monkeypatch.setattr(importing, "import_batch", full)
    report = run(jobs, many(tmp_path / "correo", 8))
    expected = "Importación interrumpida: 2 correos archivados. Lo archivado se conserva. No queda sitio en el disco."
    assert report.sentence() == expected
    assert len(filed(jobs)) == 2


def test_somebody_filing_the_same_at_the_same_moment_is_no_error(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = office
    batch = importing.import_batch
    calls: list[int] = []

    def collide(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed"))
        return batch(*args, **more)

    monkeypatch.setattr(importing, "import_batch", collide)
    assert run(jobs, many(tmp_path / "correo", 3)).counts[Outcome.FILED] == 3


def test_the_end_of_the_program_ends_it_quietly(started_url: str, tmp_path: Path) -> None:
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 12)).result()
        begun, closed = threading.Event(), threading.Event()

        def wait(done: int, total: int) -> None:
            begun.set()
            closed.wait(60)

        future: Future[Report] = importing.start(jobs, [many(tmp_path / "correo", 3)], Options(True), Progress(wait))
        begun.wait(60)
    closed.set()
    report = future.result(timeout=60)
    assert report.was_cancelled
    assert report.counts[Outcome.FILED] == 0


def test_a_report_counts_what_it_has_no_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ROWS", 3)
    report = Report()
    for _ in range(2):
        report.add([importing.Row("a", Outcome.FILED), importing.Row("b", Outcome.UNREADABLE)])
    assert (len(report.rows), report.counts[Outcome.FILED], report.counts[Outcome.UNREADABLE]) == (3, 2, 2)
    assert report.sentence() == "2 correos archivados, 2 ilegibles."
