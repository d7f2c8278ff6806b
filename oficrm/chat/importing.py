"""Rooms of a chat server brought into channels: their history in pages, later only what changed.

Each page is a transaction; all of one run are one operation, undone at once. Interrupted at any point, what is written
stays whole, and the next run goes on from there. ``start`` is all a screen needs; ``run`` is the same work where the
caller brings the thread. Nothing of this runs in the lanes of the database but the short writes.
"""

import datetime as dt
import enum
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.history import operation
from db.models.chat_channel import ChannelType
from oficrm.chat import messages, storing
from oficrm.chat.messages import Incoming, LeftOut
from oficrm.chat.rocket import BEGINNING, Rocket, Room
from oficrm.chat.servers import Denied
from oficrm.chat.storing import Taken
from oficrm.chat.work import Work, apart
from oficrm.errors import Cancelled, EnvironmentProblem, Refused
from oficrm.jobs import Changes, Done, Job, Jobs

T = TypeVar("T")
BATCH = 200
"""Changed messages in one transaction."""


class Outcome(enum.Enum):
    """What became of a channel, in Spanish."""

    DONE = "Al día"
    REFUSED = "No se pudo"
    STOPPED = "Interrumpido"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A room to follow, and the keys of records its channel is linked to."""

    room_id: str
    name: str
    kind: ChannelType
    places: tuple[str, ...] = ()
    members: str = ""
    is_archived: bool = False
    messages: int = 0


def wanted(room: Room, places: Sequence[str] = ()) -> Wanted:
    """What to ask for a room of the server's list."""
    return Wanted(room.id, room.name, room.kind, tuple(places), room.members, room.is_archived, room.messages)


@dataclass(slots=True)
class Row:
    """A line of the report: a channel and what its messages came to."""

    name: str
    outcome: Outcome = Outcome.STOPPED
    detail: str = ""
    channel_id: int | None = None
    new: int = 0
    edited: int = 0
    removed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, taken: Taken) -> None:
        """Count a batch."""
        self.new, self.edited, self.removed = (
            self.new + taken.new,
            self.edited + taken.edited,
            self.removed + taken.removed,
        )

    def words(self) -> str:
        """What is to be told of it."""
        if self.outcome is Outcome.REFUSED:
            return (
                f"{self.detail} ({counted(self.new, 'mensaje traído', 'mensajes traídos')})"
                if self.new
                else self.detail
            )
        parts = [counted(self.new, "mensaje nuevo", "mensajes nuevos")] if self.new else []
        parts += [counted(self.edited, "editado", "editados")] if self.edited else []
        parts += [counted(self.removed, "borrado", "borrados")] if self.removed else []
        text = ", ".join(parts) or "nada nuevo"
        if self.left_out:
            text += " · sin traer: " + ", ".join(f"{count} {why}" for why, count in sorted(self.left_out.items()))
        return text


@dataclass(slots=True)
class Report:
    """What a run came to; grows while it goes on. ``problem`` is what ended it before its time."""

    rows: list[Row] = field(default_factory=list)
    changes: Changes = field(default_factory=lambda: Changes({}))
    was_cancelled: bool = False
    problem: str = ""

    def total(self, name: str) -> int:
        """Add up ``new``, ``edited`` or ``removed``."""
        return sum(getattr(row, name) for row in self.rows)

    def sentence(self) -> str:
        """What to tell the user."""
        everything = Row("", new=self.total("new"), edited=self.total("edited"), removed=self.total("removed"))
        for row in self.rows:
            everything.left_out += row.left_out
        text = everything.words().capitalize() + "."
        refused = [row for row in self.rows if row.outcome is Outcome.REFUSED]
        if len(self.rows) == 1 and refused:
            return refused[0].detail
        if refused:
            text += f" {counted(len(refused), 'canal no se pudo leer', 'canales no se pudieron leer')}."
        if self.problem and not self.changes.tables:
            return self.problem
        if self.was_cancelled or self.problem:
            return f"Interrumpido: {text} Lo traído se conserva y se puede seguir. {self.problem}".strip()
        return text


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class _State:
    """How far a channel is: its id, up to when changes are known, and from where history is still to come."""

    channel_id: int | None = None
    synced_at: dt.datetime | None = None
    open_before: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one transaction writes; ``synced_at`` and ``open_before`` are left alone where they are not ``moved``."""

    incoming: tuple[Incoming, ...] = ()
    gone: tuple[str, ...] = ()
    synced_at: dt.datetime | None = None
    open_before: dt.datetime | None = None
    moves_history: bool = False


def start(
    jobs: Jobs, connect: Callable[[], Rocket], rooms: Sequence[Wanted], report: Report | None = None
) -> "Future[Report]":
    """Import in a thread of its own, where ``connect`` is called too. The future fails only by an error of ours."""
    report = Report() if report is None else report

    def work() -> Report:
        try:
            rocket = connect()
        except EnvironmentProblem as error:
            report.problem = str(error)
            return report
        try:
            return run(jobs, rocket, rooms, report)
        finally:
            rocket.close()

    return apart(work)


def run(jobs: Jobs, rocket: Rocket, rooms: Sequence[Wanted], report: Report | None = None) -> Report:
    """Bring rooms in; return the report. Not to be called in a lane of ``jobs``, nor by a screen.

    A room that the server refuses is noted and the others go on; a server that is gone ends the run.
    """
    report = Report() if report is None else report
    writer = Writer(jobs, report, rocket.work, sum(room.messages for room in rooms))
    try:
        for room in rooms:
            row = Row(room.name)
            report.rows.append(row)
            try:
                _Following(jobs, rocket, writer, room, row).run()
                row.outcome = Outcome.DONE
            except (Denied, Refused) as error:
                row.outcome, row.detail = Outcome.REFUSED, str(error)
    except (Cancelled, CancelledError):
        report.was_cancelled = True
    except EnvironmentProblem as error:
        report.problem = str(error)
    return report


def parse(raws: Iterable[object], row: Row) -> tuple[list[Incoming], list[str]]:
    """Return messages that can be kept and the ids of those the server shows as deleted; the rest is counted."""
    found: list[Incoming] = []
    gone: list[str] = []
    for raw in raws:
        try:
            found.append(messages.read(raw))
        except LeftOut as error:
            if str(error) == messages.DELETED and isinstance(raw, dict):
                gone.append(str(raw["_id"]))
            else:
                row.left_out[str(error)] += 1
    return found, gone


class _Following:
    """One room on its way."""

    def __init__(self, jobs: Jobs, rocket: Rocket, writer: "Writer", room: Wanted, row: Row) -> None:
        self._jobs, self._rocket, self._writer, self._room, self._row = jobs, rocket, writer, room, row
        self._state = _State()
        self._places = room.places

    def run(self) -> None:
        """Changes first, then what is missing of the history."""
        server, room = self._rocket.server, self._room
        self._state = ask(self._jobs, self._jobs.read_slowly, lambda s: _state(s, server, room.room_id)).result()
        self._row.channel_id = self._state.channel_id
        began = self._state
        if began.synced_at is not None:
            self._follow_changes(began.synced_at)
        if began.synced_at is None or began.open_before is not None:
            self._fetch_history(began.open_before)

    def _follow_changes(self, since: dt.datetime) -> None:
        delta = self._rocket.changes(self._room.room_id, since)
        found, gone = parse(delta.updated, self._row)
        every = [*delta.deleted, *gone]
        for at in range(0, max(len(found), 1), BATCH):
            is_last = at + BATCH >= len(found)
            self._write(_Batch(
                tuple(found[at : at + BATCH]), tuple(every) if is_last else (), delta.until if is_last else None
            ))  # fmt: skip

    def _fetch_history(self, before: dt.datetime | None) -> None:
        wrote = False
        for page in self._rocket.history(self._room.room_id, self._room.kind, before):
            found, gone = parse(page, self._row)
            times = [at for raw in page if (at := messages.moment(raw.get("ts"))) is not None]
            known = [at for raw in page if (at := messages.moment(raw.get("_updatedAt"))) is not None]
            synced = None if self._state.synced_at else max(known or times or [BEGINNING])
            self._write(_Batch(tuple(found), tuple(gone), synced, min(times, default=before), moves_history=True))
            wrote = True
        synced = None if wrote or self._state.synced_at else BEGINNING
        self._write(_Batch(synced_at=synced, moves_history=True))

    def _write(self, batch: _Batch) -> None:
        self._rocket.work.go_on()
        room, self._places = replace(self._room, places=self._places), ()  # linked once, by the first batch
        channel_id, taken = self._writer.write(self._rocket.server, room, self._state.channel_id, batch)
        self._state = _State(channel_id, self._state.synced_at or batch.synced_at, batch.open_before)
        self._row.channel_id = channel_id
        self._row.add(taken)


def _state(session: Session, server: str, room_id: str) -> _State:
    channel = storing.find(session, server, room_id)
    return _State(channel.id, channel.synced_at, channel.open_before) if channel is not None else _State()


def ask(jobs: Jobs, lane: Callable[[Job[T]], "Future[Any]"], job: Job[T]) -> "Future[Any]":
    """Hand a job to a lane. Raises Cancelled when the program is ending."""
    try:
        return lane(job)
    except RuntimeError as error:
        if jobs.is_closed:
            raise Cancelled from error
        raise


def write_again(jobs: Jobs, job: Job[T]) -> Done[T]:
    """Write, once more where somebody else brought the same messages in at that moment: now they are there."""
    try:
        return ask(jobs, jobs.write_slowly, job).result()  # type: ignore[no-any-return]
    except IntegrityError:
        return ask(jobs, jobs.write_slowly, job).result()  # type: ignore[no-any-return]


class Writer:
    """Writes batches as one operation and adds up what they changed."""

    def __init__(self, jobs: Jobs, report: Report, work: Work, expected: int) -> None:
        self._jobs, self._report, self._work = jobs, report, work
        self._operation: int | None = None
        self._done, self._expected = 0, expected

    def write(self, server: str, room: Wanted, channel_id: int | None, batch: _Batch) -> tuple[int, Taken]:
        """Write a batch; return the channel, made where it did not exist, and what came of it. Raises Refused."""
        goes_on, before = self._operation, self._report.total("new")

        def job(session: Session) -> tuple[int, Taken, int | None]:
            return write_batch(session, server, room, channel_id, batch, goes_on, before)

        done = write_again(self._jobs, job)
        ident, taken, self._operation = done.value
        self._report.changes = merged(self._report.changes, done.changes)
        self._done += len(batch.incoming)
        self._work.step(self._done, max(self._done, self._expected))
        return ident, taken


def write_batch(
    session: Session, server: str, room: Wanted, channel_id: int | None, batch: _Batch, goes_on: int | None, before: int
) -> tuple[int, Taken, int | None]:
    """Write one batch inside one operation; return channel, outcome and the operation to go on with."""
    with operation(session, "Traer mensajes de chat", goes_on=goes_on) as done:
        channel = (
            storing.find(session, server, room.room_id) if channel_id is None else storing.live(session, channel_id)
        )
        if channel is None:
            channel = storing.new_channel(session, room.name, room.kind, server=server, external_id=room.room_id,
                                          members=room.members, is_archived=room.is_archived)  # fmt: skip
        storing.link(session, [channel.id], room.places)
        taken = storing.take_in(session, channel.id, batch.incoming, batch.gone)
        if batch.synced_at is not None and batch.synced_at != channel.synced_at:
            channel.synced_at = batch.synced_at
        if batch.moves_history and batch.open_before != channel.open_before:
            channel.open_before = batch.open_before
        count = (before if done.id == goes_on else 0) + taken.new
        what = f"Traer {counted(count, 'mensaje', 'mensajes')}" if count else "Actualizar canal"
        done.label = f"{what} de {channel.name}"[:300]
        session.info["last_operation"] = (done.id, done.label)
        ident = done.id
    return channel.id, taken, ident if "last_operation" in session.info else goes_on


def merged(before: Changes, after: Changes) -> Changes:
    """Return what two writes changed together."""
    tables, more = dict(before.tables), dict(before.counted)
    for mine, theirs in ((tables, after.tables), (more, after.counted)):
        for table, ids in theirs.items():
            mine[table] = mine.get(table, frozenset()) | ids
    return Changes(tables, after.operation_id or before.operation_id, after.label or before.label, more)
