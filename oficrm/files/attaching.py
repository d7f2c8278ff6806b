"""Taking files in: their bytes, the record that describes them, and where they are filed, in one transaction."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import contents, counters
from db.history import operation
from db.models.document import Document, DocumentLink, DocumentStatus
from db.registry import module
from oficrm import keys, records, settings
from oficrm.errors import Refused
from oficrm.files.kinds import Kind, kind_of_stream
from oficrm.files.sources import Source, SourceProblem, check_size, said
from oficrm.jobs import Progress
from oficrm.rules.sizes import MEGABYTE

CHANGED = "Cambió mientras se leía: espere a que termine de guardarse y vuelva a añadirlo."
ALREADY_HERE = "Ya estaba aquí."


@dataclass(frozen=True, slots=True)
class Taken:
    """A content taken in, and what it turned out to be."""

    sha256: str
    size: int
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Attached:
    """The files taken in, and those left out with the reason, by name."""

    ids: tuple[int, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    def sentence(self) -> str:
        """What to tell the user."""
        count = len(self.ids)
        done = f"{count} archivos añadidos." if count > 1 else "Archivo añadido." if count else "No se añadió nada."
        return " ".join([done, *(f"{name}: {reason}" for name, reason in self.left_out[:3]),
                         *([f"Y {len(self.left_out) - 3} más."] if len(self.left_out) > 3 else [])])  # fmt: skip


def limit_of(session: Session) -> int:
    """Return the greatest size of a file in bytes, as Parámetros say."""
    return int(settings.read(session)["file_limit"]) * MEGABYTE


class Meter:
    """Adds up the bytes that have gone by, for the progress of several files. A byte counts twice: hash, write."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, max(1, 2 * total), 0

    def step(self, count: int) -> None:
        """Note bytes. Raises Cancelled when the user has cancelled."""
        self._done += count
        if self._progress is not None:
            self._progress.step(min(self._done, self._total), self._total)


def take(session: Session, source: Source, meter: Meter) -> Taken:
    """Keep the bytes of a source and tell what they are. Raises SourceProblem, with nothing of it kept."""
    limit = limit_of(session)
    stream, size = source.open(limit)
    is_long = size >= contents.PIECE * contents.AT_ONCE
    with stream:
        try:
            kind = kind_of_stream(source.title(), stream)
            with session.begin_nested() if is_long else nullcontext():
                sha256, found = contents.store(session, _Bounded(stream, limit), meter.step)
        except contents.ChangedWhileRead as error:
            raise SourceProblem(CHANGED) from error
        except OSError as error:
            raise SourceProblem(said(error)) from error
    return Taken(sha256, found, source.title(), kind)


class _Bounded:
    """A stream that stops a file which goes on growing while it is read."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream, self._limit, self._read = stream, limit, 0

    def read(self, count: int) -> bytes:
        """As a stream does. Raises SourceProblem beyond the limit."""
        found = self._stream.read(count)
        self._read += len(found)
        check_size(self._read, self._limit)
        return found

    def seek(self, position: int) -> int:
        """As a stream does."""
        self._read = position
        return self._stream.seek(position)


def attach(
    session: Session, places: Sequence[str], sources: Sequence[Source], progress: Progress | None = None
) -> Attached:
    """Take files in and file them under records, named by their keys (``client:5``), as one operation.

    A file that cannot be taken in is left out and named. Raises Refused when a record is gone, Cancelled (nothing is
    kept), EnvironmentProblem.
    """
    for key in places:
        _check_place(session, key)
    meter = Meter(progress, sum(_size(source) for source in sources))
    made: list[Document] = []
    left_out: list[tuple[str, str]] = []
    with operation(session, "Adjuntar archivos") as done:
        for source in sources:
            try:
                taken = take(session, source, meter)
            except SourceProblem as problem:
                left_out.append((source.title(), str(problem)))
                continue
            if places and all(_is_filed(session, taken, key) for key in places):
                left_out.append((source.title(), ALREADY_HERE))
                continue
            made.append(new_document(session, taken, source.description))
        session.add_all(made)
        session.flush()
        for document in made:
            for key in places:
                session.add(DocumentLink(document_id=document.id, record=key, extra={}))
        session.flush()
        done.label = _label(session, made, places)
        session.info["last_operation"] = (done.id, done.label)
    return Attached(tuple(document.id for document in made), tuple(left_out))


def _size(source: Source) -> int:
    if source.data is not None:
        return len(source.data)
    try:
        return source.path.stat().st_size if source.path else 0
    except OSError:
        return 0


def _check_place(session: Session, key: str) -> None:
    table, ident = keys.parts(key)
    record = records.get(session, module(table), ident)
    if record.deleted_at is not None:
        raise Refused(f"«{record.title}» está en la papelera: recupérelo antes de añadirle archivos.")


def _is_filed(session: Session, taken: Taken, key: str) -> bool:
    """The very same file, under the same name, hangs there already."""
    same = select(Document.id).join(DocumentLink, DocumentLink.document_id == Document.id).where(
        DocumentLink.record == key, DocumentLink.deleted_at.is_(None), Document.deleted_at.is_(None),
        Document.sha256 == taken.sha256, Document.file_name == taken.name,
    )  # fmt: skip
    return session.scalar(same.limit(1)) is not None


def new_document(session: Session, taken: Taken, description: str = "") -> Document:
    """Return the unsaved record of a file taken in, with its number."""
    number = counters.next_number(session, *records.numbering(session, Document, {}))
    return Document(
        number=number, name=taken.name, description=description or None, status=DocumentStatus.PENDING,
        file_name=taken.name, file_type=taken.kind.label, mime_type=taken.kind.mime, size=taken.size, revision=1,
        sha256=taken.sha256, extra={},
    )  # fmt: skip


def file_under(session: Session, document_ids: Sequence[int], key: str) -> int:
    """File existing files under one more record; return how many were not there yet. To be called in an operation."""
    here = set(session.scalars(
        select(DocumentLink.document_id).where(DocumentLink.record == key, DocumentLink.deleted_at.is_(None))
    ))  # fmt: skip
    new = [ident for ident in dict.fromkeys(document_ids) if ident not in here]
    session.add_all(DocumentLink(document_id=ident, record=key, extra={}) for ident in new)
    session.flush()
    return len(new)


def _label(session: Session, made: Sequence[Document], places: Sequence[str]) -> str:
    what = f"«{made[0].file_name}»" if len(made) == 1 else f"{len(made)} archivos"
    known = keys.titles(session, places[:1])
    where = known.get(places[0], "") if places else ""
    return f"Adjuntar {what} a {where}"[:300] if where else f"Adjuntar {what}"
