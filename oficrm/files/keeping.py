"""What is done with files that are here: versions, validation, names, taking them off a record, copies on disk."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import contents
from db.bulk import chunks
from db.history import Actor, operation
from db.models.document import Document, DocumentLink, DocumentStatus, DocumentVersion
from oficrm import clock, keys, records
from oficrm.errors import EnvironmentProblem, Refused, ValidationError
from oficrm.files.attaching import Meter, Taken, take
from oficrm.files.names import renamed
from oficrm.files.sources import Source
from oficrm.jobs import Progress

DAMAGED = "El archivo está dañado en la base de datos. Recupere una copia de ella."


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What it takes to show, open or save a file, or an earlier version of it."""

    id: int
    name: str
    mime: str
    size: int
    revision: int
    sha256: str
    version_id: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a file, the present one included; ``version_id`` is None for the present one."""

    revision: int
    file_name: str
    file_type: str
    size: int
    at: dt.datetime
    by: str
    version_id: int | None


def _document(session: Session, ident: int) -> Document:
    record = records.get(session, Document, ident)
    assert isinstance(record, Document)
    return record


def _live(session: Session, ids: Sequence[int]) -> list[Document]:
    found: list[Document] = []
    for part in chunks(list(ids)):
        found += session.scalars(select(Document).where(Document.id.in_(part), Document.deleted_at.is_(None)))
    if not found:
        raise Refused("Esos archivos ya no existen.")
    return found


def _what(documents: Sequence[Document]) -> str:
    return f"«{documents[0].file_name}»" if len(documents) == 1 else f"{len(documents)} archivos"


def facts(session: Session, ident: int, version_id: int | None = None) -> FileFacts:
    """Return what is needed to show or copy a file. Raises Refused when it does not exist."""
    document = _document(session, ident)
    if version_id is None:
        return FileFacts(ident, document.file_name, document.mime_type, document.size, document.revision,
                         document.sha256)  # fmt: skip
    version = session.get(DocumentVersion, version_id)
    if version is None or version.document_id != ident:
        raise Refused("Esa versión ya no existe.")
    return FileFacts(ident, version.file_name, version.mime_type, version.size, version.revision, version.sha256,
                     version_id)  # fmt: skip


def copy_out(session: Session, wanted: FileFacts, path: Path, progress: Progress | None = None) -> Path:
    """Write the bytes of a file to ``path``, which must not exist; nothing is left when it does not come to its end.

    Raises EnvironmentProblem (disk, damage), Cancelled.
    """
    meter = Meter(progress, wanted.size)
    try:
        stream = path.open("xb")
    except OSError as error:  # what was there before stays
        raise EnvironmentProblem(f"No se pudo escribir {path}: {error.strerror or error}.") from error
    try:
        with stream:
            contents.copy_to(session, wanted.sha256, stream, lambda count: meter.step(2 * count))
    except contents.Damaged as error:
        path.unlink(missing_ok=True)
        raise EnvironmentProblem(DAMAGED) from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise EnvironmentProblem(f"No se pudo escribir {path}: {error.strerror or error}.") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def read(session: Session, sha256: str, most: int | None = None) -> bytes:
    """Return a content, or its first ``most`` bytes. Raises EnvironmentProblem when it is damaged."""
    try:
        return contents.read(session, sha256, most)
    except contents.Damaged as error:
        raise EnvironmentProblem(DAMAGED) from error


def revisions(session: Session, ident: int) -> list[Revision]:
    """Return all versions of a file, the newest first."""
    document = _document(session, ident)
    kept = session.scalars(
        select(DocumentVersion).where(DocumentVersion.document_id == ident, DocumentVersion.deleted_at.is_(None))
        .order_by(DocumentVersion.revision.desc(), DocumentVersion.id.desc())
    ).all()  # fmt: skip
    earlier = [Revision(each.revision, each.file_name, each.file_type, each.size, each.created_at, each.created_by,
                        each.id) for each in kept if each.revision != document.revision]  # fmt: skip
    present = next((each for each in kept if each.revision == document.revision), None)
    at, by = (present.created_at, present.created_by) if present else (document.created_at, document.created_by)
    return [Revision(document.revision, document.file_name, document.file_type, document.size, at, by, None), *earlier]


def new_version(session: Session, ident: int, source: Source, progress: Progress | None = None) -> str:
    """Replace the bytes of a file; the earlier ones stay as a version, and it is to be validated anew.

    Returns the sentence for the notice. Raises SourceProblem, Refused (the same bytes, a file in the trash), Cancelled.
    """
    document = _live(session, [ident])[0]
    with operation(session, f"Nueva versión de «{document.file_name}»"):
        taken = take(session, source, Meter(progress, source.size()))
        if taken.sha256 == document.sha256:
            raise Refused("Es igual que la versión que ya hay.")
        _replace(session, document, taken)
    return f"«{document.file_name}»: versión {document.revision}."


def restore_version(session: Session, ident: int, version_id: int) -> str:
    """Make an earlier version the present one again, as a new version. Raises Refused."""
    document = _live(session, [ident])[0]
    version = session.get(DocumentVersion, version_id)
    if version is None or version.document_id != ident:
        raise Refused("Esa versión ya no existe.")
    if version.sha256 == document.sha256:
        raise Refused("Es igual que la versión que ya hay.")
    with operation(session, f"Volver a la versión {version.revision} de «{document.file_name}»"):
        _keep_present(session, document)
        if document.name == document.file_name:
            document.name = version.file_name
        document.file_name, document.file_type = version.file_name, version.file_type
        document.mime_type, document.size, document.sha256 = version.mime_type, version.size, version.sha256
        _advance(session, document)
    return f"«{document.file_name}» vuelve a ser como en la versión {version.revision}."


def _replace(session: Session, document: Document, taken: Taken) -> None:
    _keep_present(session, document)
    if document.name == document.file_name:
        document.name = taken.name
    document.file_name, document.file_type, document.mime_type = taken.name, taken.kind.label, taken.kind.mime
    document.size, document.sha256 = taken.size, taken.sha256
    _advance(session, document)


def _keep_present(session: Session, document: Document) -> None:
    """Versions are noted from the moment there are two: most files never have a second one."""
    same = select(DocumentVersion.id).where(DocumentVersion.document_id == document.id,
                                            DocumentVersion.revision == document.revision,
                                            DocumentVersion.deleted_at.is_(None))  # fmt: skip
    if session.scalar(same) is None:
        version = _version_of(document)
        version.created_at, version.created_by = document.created_at, document.created_by
        session.add(version)
        session.flush()


def _advance(session: Session, document: Document) -> None:
    most = session.scalar(select(func.max(DocumentVersion.revision)).where(DocumentVersion.document_id == document.id))
    document.revision = max(document.revision, most or 0) + 1
    _set_status(document, DocumentStatus.PENDING)
    session.add(_version_of(document))
    session.flush()


def _version_of(document: Document) -> DocumentVersion:
    return DocumentVersion(
        document_id=document.id, revision=document.revision, file_name=document.file_name,
        file_type=document.file_type, mime_type=document.mime_type, size=document.size, sha256=document.sha256,
        extra={},
    )  # fmt: skip


def _set_status(document: Document, status: DocumentStatus, by: str | None = None, reason: str | None = None) -> None:
    document.status = status
    document.validated_by, document.validated_at = by, clock.now() if by else None
    document.rejection_reason = reason


def validate(session: Session, ids: Sequence[int]) -> str:
    """Mark files as found good; return the sentence for the notice. Raises Refused."""
    actor: Actor = session.info["actor"]
    found = _live(session, ids)
    changed = [document for document in found if document.status != DocumentStatus.VALID]
    if not changed:
        return f"Ya estaba validado: {_what(found)}."
    with operation(session, f"Validar {_what(changed)}"):
        for document in changed:
            _set_status(document, DocumentStatus.VALID, actor.user)
    return f"Validado: {_what(changed)}."


def reject(session: Session, ids: Sequence[int], reason: str) -> str:
    """Mark files as not good enough, saying why; return the sentence for the notice.

    Raises ValidationError without a reason, Refused.
    """
    why = " ".join(reason.split())[:500]
    if not why:
        raise ValidationError({"rejection_reason": ["Diga por qué se rechaza."]})
    actor: Actor = session.info["actor"]
    found = _live(session, ids)
    with operation(session, f"Rechazar {_what(found)}"):
        for document in found:
            _set_status(document, DocumentStatus.REJECTED, actor.user, why)
    return f"Rechazado: {_what(found)}."


def reopen(session: Session, ids: Sequence[int]) -> str:
    """Put files back to pending; return the sentence for the notice. Raises Refused."""
    found = _live(session, ids)
    changed = [document for document in found if document.status != DocumentStatus.PENDING]
    if not changed:
        return f"Ya estaba pendiente de validar: {_what(found)}."
    with operation(session, f"Dejar pendiente {_what(changed)}"):
        for document in changed:
            _set_status(document, DocumentStatus.PENDING)
    return f"Pendiente de validar: {_what(changed)}."


def rename(session: Session, ident: int, name: str) -> str:
    """Give a file another name; an ending left out stays as it was. Raises ValidationError, Refused."""
    if not name.strip():
        raise ValidationError({"file_name": ["Falta este dato."]})
    document = _live(session, [ident])[0]
    old = document.file_name
    new = renamed(old, name)
    with operation(session, f"Renombrar «{old}»"):
        if document.name == old:
            document.name = new
        document.file_name = new
    return f"«{old}» se llama ahora «{new}»."


def take_off(session: Session, ids: Sequence[int], key: str | None) -> str:
    """Take files off a record; those filed nowhere else go to the trash. Without a record all go there.

    Returns the sentence for the notice. Raises Refused.
    """
    found = _live(session, ids)
    where = keys.titles(session, [key]).get(key, "") if key else ""
    with operation(session, f"Quitar {_what(found)} de {where}"[:300] if where else f"Borrar {_what(found)}"):
        now = clock.now()
        places = _places(session, found)
        for document in found:
            links = places.get(document.id, [])
            going = [each for each in links if key is None or each.record == key]
            for each in going:
                each.deleted_at = now
            if len(going) == len(links):
                document.deleted_at = now
    return f"Quitado: {_what(found)}."


def _places(session: Session, documents: Sequence[Document]) -> dict[int, list[DocumentLink]]:
    found: dict[int, list[DocumentLink]] = {}
    for part in chunks([document.id for document in documents]):
        live = select(DocumentLink).where(DocumentLink.document_id.in_(part), DocumentLink.deleted_at.is_(None))
        for link in session.scalars(live):
            found.setdefault(link.document_id, []).append(link)
    return found
