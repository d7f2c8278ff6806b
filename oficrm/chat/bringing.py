"""Files of messages brought into channels without a server: in batches that are one operation, twice adds nothing."""

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.chat_channel import ChatChannel
from db.text import sort_fold
from oficrm.chat import exports, storing
from oficrm.chat.exports import Item, Part
from oficrm.chat.importing import Outcome, Report, Row, counted, merged, write_again
from oficrm.chat.messages import Incoming, LeftOut
from oficrm.chat.storing import Taken
from oficrm.chat.work import Work, apart
from oficrm.errors import Cancelled, EnvironmentProblem, Refused
from oficrm.jobs import Jobs

BATCH = 500


@dataclass(frozen=True, slots=True)
class Into:
    """``channel_id``: the channel that takes all of it, else one of its name for each; ``places``: their records."""

    channel_id: int | None = None
    places: tuple[str, ...] = ()


def start(jobs: Jobs, paths: Sequence[Path], into: Into, work: Work, report: Report | None = None) -> "Future[Report]":
    """Bring files in, in a thread of its own. The future fails only by an error of ours."""
    return apart(lambda: run(jobs, paths, into, work, report))


def run(jobs: Jobs, paths: Sequence[Path], into: Into, work: Work, report: Report | None = None) -> Report:
    """Bring files in; return the report. Not to be called in a lane of ``jobs``, nor by a screen.

    A file that cannot be read is noted and the others go on. Progress counts files.
    """
    report = Report() if report is None else report
    writer = _Writer(jobs, report)
    try:
        for at, path in enumerate(paths):
            work.step(at, len(paths))
            _bring(path, into, writer, work)
    except (Cancelled, CancelledError):
        report.was_cancelled = True
    except EnvironmentProblem as error:
        report.problem = str(error)
    return report


def _bring(path: Path, into: Into, writer: "_Writer", work: Work) -> None:
    report, before = writer.report, len(writer.report.rows)
    try:
        for part in exports.parts(path):
            row = Row(part.name)
            report.rows.append(row)
            _bring_part(part, into, writer, row, work)
            row.outcome = Outcome.DONE
            if row.channel_id is None:
                row.outcome, row.detail = Outcome.REFUSED, "No hay mensajes que se puedan leer."
    except (Refused, OSError) as error:
        text = str(error) if isinstance(error, Refused) else f"No se puede leer: {error.strerror or error}."
        if len(report.rows) == before:
            report.rows.append(Row(path.name))
        row = report.rows[-1]
        row.outcome, row.detail = Outcome.REFUSED, text


def _bring_part(part: Part, into: Into, writer: "_Writer", row: Row, work: Work) -> None:
    for items in _batches(part.items):
        work.go_on()
        for item in items:
            if isinstance(item, LeftOut):
                row.left_out[str(item)] += 1
        found = [item for item in items if isinstance(item, Incoming)]
        if found:
            row.channel_id, taken = writer.write(part, row.channel_id or into.channel_id, into.places, found)
            row.add(taken)


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


class _Writer:
    """Writes batches as one operation."""

    def __init__(self, jobs: Jobs, report: Report) -> None:
        self._jobs, self.report = jobs, report
        self._operation: int | None = None

    def write(
        self, part: Part, channel_id: int | None, places: tuple[str, ...], found: Sequence[Incoming]
    ) -> tuple[int, Taken]:
        """Write a batch; return the channel, made where there was none of that name. Raises Refused."""
        goes_on, before = self._operation, self.report.total("new")

        def job(session: Session) -> tuple[int, Taken, int | None]:
            return write_batch(session, part, channel_id, places, found, goes_on, before)

        done = write_again(self._jobs, job)
        ident, taken, self._operation = done.value
        self.report.changes = merged(self.report.changes, done.changes)
        return ident, taken


def write_batch(
    session: Session, part: Part, channel_id: int | None, places: tuple[str, ...], found: Sequence[Incoming],
    goes_on: int | None, before: int,
) -> tuple[int, Taken, int | None]:  # fmt: skip
    """Write messages of a file inside one operation; return channel, outcome and the operation to go on with."""
    with operation(session, "Importar mensajes de chat", goes_on=goes_on) as done:
        channel = _log_called(session, part.name) if channel_id is None else storing.live(session, channel_id)
        if channel is None:
            channel = storing.new_channel(session, part.name, part.kind)
        if channel_id is None:
            storing.link(session, [channel.id], places)
        taken = storing.take_in(session, channel.id, found)
        count = (before if done.id == goes_on else 0) + taken.new
        done.label = f"Importar {counted(count, 'mensaje', 'mensajes')} de chat"
        session.info["last_operation"] = (done.id, done.label)
        ident = done.id
    return channel.id, taken, ident if "last_operation" in session.info else goes_on


def _log_called(session: Session, name: str) -> ChatChannel | None:
    """The local log of that name, so that a file brought in again finds its channel."""
    same = select(ChatChannel).where(
        ChatChannel.sort_key == sort_fold(name)[:200], ChatChannel.server.is_(None), ChatChannel.deleted_at.is_(None)
    )
    return session.scalar(same.order_by(ChatChannel.id).limit(1))
