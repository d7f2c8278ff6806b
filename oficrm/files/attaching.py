"""Taking files in: their bytes, the record that describes them, and where they are filed, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import contents, counters
from db.bulk import chunks
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


def take(session: Session, source: Source, meter: Meter, limit: int | None = None) -> Taken:
    """Keep the bytes of a source and tell what they are. Raises SourceProblem, with nothing of it kept.

    ``limit`` (bytes) is that of Parámetros unless the caller has read it already.
    """
    most = limit_of(session) if limit is None else limit
    stream, _size = source.open(most)
    with stream:
        try:
            kind = kind_of_stream(source.title(), stream)
            sha256, found = contents.store(session, _Bounded(stream, most), meter.step)
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

    A file that cannot be taken in is left out and named, as is one that hangs there already. Raises Refused when a
    record is gone, Cancelled (nothing is kept), EnvironmentProblem.
    """
    places = tuple(dict.fromkeys(places))
    _check_places(session, places)
    is_own = "operation" not in session.info
    with operation(session, "Adjuntar archivos") as done:
        found, left_out = _take_all(session, sources, progress)
        _check_places(session, places, hold=True)  # somebody may have deleted one while the files were read
        wanted = _still_to_file(session, places, found, left_out)
        made = _new_documents(session, [(taken, source.description) for taken, source, _ in wanted])
        session.add_all(made)
        session.flush()
        for document, (_, _, where) in zip(made, wanted, strict=True):
            session.add_all(DocumentLink(document_id=document.id, record=key, extra={}) for key in where)
        session.flush()
        if is_own and made:
            done.label = _label(session, made, places)
            session.info["last_operation"] = (done.id, done.label)
    return Attached(tuple(document.id for document in made), tuple(left_out))


def _take_all(
    session: Session, sources: Sequence[Source], progress: Progress | None
) -> tuple[list[tuple[Taken, Source]], list[tuple[str, str]]]:
    """Keep the bytes of all sources; return those taken in, and the names of the others with the reason."""
    limit = limit_of(session)
    meter = Meter(progress, sum(source.size() for source in sources))
    found: list[tuple[Taken, Source]] = []
    left_out: list[tuple[str, str]] = []
    for source in sources:
        try:
            found.append((take(session, source, meter, limit), source))
        except SourceProblem as problem:
            left_out.append((source.title(), str(problem)))
    return found, left_out


def _check_places(session: Session, places: Sequence[str], hold: bool = False) -> None:
    """Refuse records that are gone; ``hold`` keeps the others from going before the transaction ends.

    Held, nobody can save them either, so this comes once the slow part is over.
    """
    for key in sorted(places):
        table, ident = keys.parts(key)
        model = module(table)
        wanted = select(model.title, model.deleted_at).where(model.id == ident)
        row = session.execute(wanted.with_for_update(read=True) if hold else wanted).first()
        if row is None:
            raise Refused(f"{'Esta' if model.module.feminine else 'Este'} {model.module.named(1)} ya no existe.")
        if row.deleted_at is not None:
            raise Refused(f"«{row.title}» está en la papelera: recupérelo antes de añadirle archivos.")


def _still_to_file(
    session: Session, places: Sequence[str], found: Sequence[tuple[Taken, Source]], left_out: list[tuple[str, str]]
) -> list[tuple[Taken, Source, list[str]]]:
    """Return what is to be filed and where; the very same file of the same name hangs in one place only once."""
    here = _filed(session, places, [taken.sha256 for taken, _ in found])
    wanted = []
    for taken, source in found:
        same = taken.sha256, taken.name
        where = [key for key in places if (key, *same) not in here]
        if ("", *same) in here or (places and not where):
            left_out.append((taken.name, ALREADY_HERE))
            continue
        here |= {(key, *same) for key in places or [""]}
        wanted.append((taken, source, where))
    return wanted


def _filed(session: Session, places: Sequence[str], hashes: Sequence[str]) -> set[tuple[str, str, str]]:
    """Return place, hash and name of the live files of these contents that hang there."""
    same = select(DocumentLink.record, Document.sha256, Document.file_name)
    same = same.join(Document, DocumentLink.document_id == Document.id)
    same = same.where(DocumentLink.record.in_(places), DocumentLink.deleted_at.is_(None))
    same = same.where(Document.deleted_at.is_(None))
    here: set[tuple[str, str, str]] = set()
    for some in chunks(sorted({*hashes}) if places else []):
        here.update((row[0], row[1], row[2]) for row in session.execute(same.where(Document.sha256.in_(some))))
    return here


def _new_documents(session: Session, taken: Sequence[tuple[Taken, str]]) -> list[Document]:
    """Return the unsaved records of files taken in, each with its description; their numbers follow each other."""
    if not taken:
        return []
    numbering = records.numbering(session, Document, {})
    return [_document(each, description, counters.next_number(session, *numbering)) for each, description in taken]


def new_document(session: Session, taken: Taken, description: str = "") -> Document:
    """Return the unsaved record of a file taken in, with its number."""
    return _new_documents(session, [(taken, description)])[0]


def _document(taken: Taken, description: str, number: str) -> Document:
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
