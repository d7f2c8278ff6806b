"""Importing messages by the thousand: folders, lists of files and mboxes, in batches that are undone as one.

Reading goes on in a thread of its own while the batch before is written, in a short transaction each, so that neither
the screens nor other writes wait for the whole. ``start`` is all a screen needs; ``run`` is the same work where
the caller brings the thread.
"""

import datetime as dt
import enum
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.history import operation
from oficrm.errors import Cancelled, EnvironmentProblem, Refused
from oficrm.files.attaching import limit_of
from oficrm.files.sources import SourceProblem
from oficrm.jobs import Changes, Done, Job, Jobs, Progress
from oficrm.mail import filing, gathering, matching, storing
from oficrm.mail.letters import Letter, prepare
from oficrm.mail.matching import Known
from oficrm.mail.message import DEFAULT_LIMIT, Unreadable
from oficrm.mail.reading import read_message

T = TypeVar("T")
BATCH = 100
"""Messages in one transaction."""
BATCH_BYTES = 32 * 1024 * 1024
"""Bytes in one transaction, unless a single message has more."""
MOST_ROWS = 100_000
"""Lines of a report; beyond that messages are only counted."""


class Outcome(enum.Enum):
    """What became of a message, in Spanish."""

    FILED = "Archivado"
    ALREADY = "Ya estaba"
    NO_CLIENT = "Sin cliente"
    UNREADABLE = "Ilegible"


@dataclass(frozen=True, slots=True)
class Options:
    """``file_unknown``: those of nobody known are filed too. ``places``: keys of records that get all of them."""

    file_unknown: bool = False
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: the file, what became of it, why or which message it is.

    The rest is what could be read of the message; ``email_id`` where it is filed, ``own_id`` what it is known by.
    """

    name: str
    outcome: Outcome
    detail: str = ""
    sent_at: dt.datetime | None = field(default=None, compare=False)
    sender: str = field(default="", compare=False)
    subject: str = field(default="", compare=False)
    email_id: int | None = field(default=None, compare=False)
    own_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch came to, and the operation to go on with."""

    rows: tuple[Row, ...]
    operation_id: int | None


@dataclass(slots=True)
class Report:
    """What an import came to; counts and lines grow while it goes on.

    ``changes`` is what to announce; its operation takes all of it back. ``problem`` is what ended it before its time.
    ``files`` are the files looked at by the name that the report gives them.
    """

    rows: list[Row] = field(default_factory=list)
    counts: Counter[Outcome] = field(default_factory=Counter)
    changes: Changes = field(default_factory=lambda: Changes({}))
    was_cancelled: bool = False
    problem: str = ""
    files: dict[str, list[Path]] = field(default_factory=dict)

    def files_of(self, rows: Iterable[Row]) -> list[Path]:
        """Return the files in which the messages of some lines are, to be read again."""
        names = dict.fromkeys(row.name.rpartition(gathering.NUMBERED)[0] or row.name for row in rows)
        return [path for name in names for path in self.files.get(name, ())]

    def add(self, rows: Sequence[Row]) -> None:
        """Take in lines; they are counted even where there is no room for them."""
        self.counts.update(row.outcome for row in rows)
        self.rows += rows[: max(0, MOST_ROWS - len(self.rows))]

    def sentence(self) -> str:
        """What to tell the user."""
        filed, already = self.counts[Outcome.FILED], self.counts[Outcome.ALREADY]
        parts = [_counted(filed, "correo archivado", "correos archivados")]
        if already:
            parts.append(f"{already:n} ya {'estaba' if already == 1 else 'estaban'}")
        if nobodys := self.counts[Outcome.NO_CLIENT]:
            parts.append(f"{nobodys:n} sin cliente")
        if bad := self.counts[Outcome.UNREADABLE]:
            parts.append(_counted(bad, "ilegible", "ilegibles"))
        text = ", ".join(parts) + "."
        if self.was_cancelled or self.problem:
            return f"Importación interrumpida: {text} Lo archivado se conserva. {self.problem}".strip()
        return text


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:n} {one if count == 1 else many}"


Entry = tuple[str, Letter | Row]
"""The name of a message, and itself made ready to be filed, or its line of the report where it could not be read."""


def start(
    jobs: Jobs, paths: Sequence[Path], options: Options, progress: Progress, report: Report | None = None,
    only: frozenset[str] | None = None,
) -> "Future[Report]":  # fmt: skip
    """Import in a thread of its own. The future brings the report; it fails only by an error of ours."""
    future: Future[Report] = Future()

    def work() -> None:
        try:
            future.set_result(run(jobs, paths, options, progress, report, only))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, name="ofi-import", daemon=True).start()
    return future


def run(
    jobs: Jobs, paths: Sequence[Path], options: Options, progress: Progress, report: Report | None = None,
    only: frozenset[str] | None = None,
) -> Report:  # fmt: skip
    """Import messages of files and folders; return the report. Not to be called in a lane of ``jobs``, nor by a screen.

    Cancelling, a full disk, the end of the program: what is filed is kept, and the report says why it is not more.
    Progress counts bytes read. ``report`` is written into as it goes on; ``only`` leaves out all messages but those
    known by these names.
    """
    report = Report() if report is None else report
    writer = None
    try:
        progress.step(0, 1)
        limit, domains = _ask(jobs, jobs.read_slowly, _beginning).result()
        writer = _Writer(jobs, options, domains, report)
        planned = gathering.plan(paths)
        for each in planned:
            report.files.setdefault(each.name, []).append(each.path)
        for batch in batches(planned, limit, progress, only):
            writer.write(batch)
        writer.finish()
    except (Cancelled, CancelledError):
        report.was_cancelled = True
        if writer is not None and not jobs.is_closed:
            writer.finish()  # what was handed over is written
    except (EnvironmentProblem, Refused) as error:
        report.problem = str(error)
    return report


def _ask(jobs: Jobs, lane: Callable[[Job[T]], "Future[Any]"], job: Job[T]) -> "Future[Any]":
    """Hand a job to a lane. Raises Cancelled when the program is ending."""
    try:
        return lane(job)
    except RuntimeError as error:
        if jobs.is_closed:
            raise Cancelled from error
        raise


def _beginning(session: Session) -> tuple[int, dict[str, Known]]:
    return min(limit_of(session), DEFAULT_LIMIT), matching.all_domains(session)


def batches(
    planned: Sequence[gathering.Planned], limit: int, progress: Progress, only: frozenset[str] | None = None
) -> Iterator[list[Entry]]:
    """Read files and yield their messages in batches. Raises Cancelled between two messages."""
    total = max(1, sum(each.size for each in planned))
    batch: list[Entry] = []
    done = held = 0
    for each in planned:
        for item in gathering.items(each, limit):
            read = read_item(item, limit)
            if only is None or (isinstance(read, Letter) and read.own_id in only):
                batch.append((item.name, read))
                held += len(read.data) if isinstance(read, Letter) else 0
            done += item.weight
            progress.step(min(done, total), total)
            if len(batch) >= BATCH or held >= BATCH_BYTES:
                yield batch
                batch, held = [], 0
    if batch:
        yield batch


def read_item(item: gathering.Item, limit: int) -> Letter | Row:
    """Read a message and make it ready, or say in a line of the report why that cannot be."""
    if item.data is None:
        return Row(item.name, Outcome.UNREADABLE, item.problem)
    try:
        return prepare(item.data, read_message(item.data, limit=limit), file_name(item.name), limit)
    except (Unreadable, SourceProblem) as error:
        return Row(item.name, Outcome.UNREADABLE, str(error))


def file_name(name: str) -> str:
    """What a message of an import is called: its file, and in an mbox its number."""
    last = name.rpartition("/")[2]
    return last.replace(gathering.NUMBERED, " ") + ".eml" if gathering.NUMBERED in last else last


def import_batch(
    session: Session, letters: Sequence[tuple[str, Letter]], options: Options,
    domains: dict[str, Known] | None = None, goes_on: int | None = None, filed_before: int = 0,
) -> BatchResult:  # fmt: skip
    """File a batch of messages as one transaction of an import; a line of the report for each, in their order.

    ``goes_on`` is the operation of the batch before, ``filed_before`` how many messages it holds; the result names the
    operation to go on with. Raises Refused when a record of ``options.places`` is gone.
    """
    filing.check_places(session, options.places)
    messages = [letter.message for _, letter in letters]
    book = matching.look_up(session, messages, matching.us(session), domains)
    known = storing.existing(session, [letter.own_id for _, letter in letters])
    rows: list[Row | None] = []
    filings: list[storing.Filing] = []
    for name, letter in letters:
        found = matching.resolve(letter.message, book)
        places = tuple(dict.fromkeys([*options.places, *found.places]))
        if places or options.file_unknown or letter.own_id in known:
            filings.append(storing.Filing(letter, found, places))
            rows.append(None)
        else:
            who = found.unknown or letter.message.sender
            rows.append(_row(name, letter, Outcome.NO_CLIENT, str(who) if who else ""))
    with operation(session, _label(filed_before), goes_on=goes_on) as done:
        filed = storing.store(session, filings)
        before = filed_before if done.id == goes_on else 0
        done.label = _label(before + sum(each.is_new for each in filed))
        session.info["last_operation"] = (done.id, done.label)
        ident = done.id
    outcome = iter(filed)
    complete = tuple(
        row or _filed(name, letter, next(outcome)) for (name, letter), row in zip(letters, rows, strict=True)
    )
    return BatchResult(complete, ident if "last_operation" in session.info else goes_on)


def _label(count: int) -> str:
    return f"Importar {_counted(count, 'correo', 'correos')}"


def _filed(name: str, letter: Letter, where: storing.Filed) -> Row:
    outcome = Outcome.FILED if where.is_new else Outcome.ALREADY
    return _row(name, letter, outcome, letter.message.subject[:200], where.email_id)


def _row(name: str, letter: Letter, outcome: Outcome, detail: str, email_id: int | None = None) -> Row:
    message = letter.message
    sender = str(message.sender)[:200] if message.sender else ""
    return Row(name, outcome, detail, message.sent_at, sender, message.subject[:200], email_id, letter.own_id)


class _Writer:
    """Writes one batch while the next is being read, and adds up what they came to."""

    def __init__(self, jobs: Jobs, options: Options, domains: dict[str, Known], report: Report) -> None:
        self._jobs, self._options, self._domains, self._report = jobs, options, domains, report
        self._operation: int | None = None
        self._waiting: tuple[list[Entry], Future[Done[BatchResult]]] | None = None

    def write(self, batch: list[Entry]) -> None:
        """Hand a batch over, once the one before is written."""
        self.finish()
        self._waiting = batch, self._submit(batch)

    def _submit(self, batch: list[Entry]) -> "Future[Done[BatchResult]]":
        letters = [(name, read) for name, read in batch if isinstance(read, Letter)]
        goes_on, before = self._operation, self._report.counts[Outcome.FILED]
        return _ask(
            self._jobs, self._jobs.write_slowly,
            lambda session: import_batch(session, letters, self._options, self._domains, goes_on, before),
        )  # fmt: skip

    def finish(self) -> None:
        """Wait for the batch that is being written, and count it."""
        if self._waiting is None:
            return
        (batch, future), self._waiting = self._waiting, None
        try:
            done = future.result()
        except IntegrityError:  # somebody else filed one of them at the same moment: now it is there
            done = self._submit(batch).result()
        self._operation = done.value.operation_id
        written = iter(done.value.rows)
        self._report.add([read if isinstance(read, Row) else next(written) for _, read in batch])
        self._report.changes = _merged(self._report.changes, done.changes)


def _merged(before: Changes, after: Changes) -> Changes:
    tables, counted = dict(before.tables), dict(before.counted)
    for mine, theirs in ((tables, after.tables), (counted, after.counted)):
        for table, ids in theirs.items():
            mine[table] = mine.get(table, frozenset()) | ids
    return Changes(tables, after.operation_id or before.operation_id, after.label or before.label, counted)
