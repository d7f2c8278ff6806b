"""Files that go and come back with the records they are filed under: those that hang on nothing else."""

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from db.bulk import chunks
from db.filed import key_of
from db.models.document import Document, DocumentLink
from db.record import Record


def keys_of(records: Iterable[Record]) -> list[str]:
    """Return the keys of those records under which files can be filed."""
    return [key_of(each.module.table, each.id) for each in records if each.module.menu]


def only_under(session: Session, keys: Iterable[str]) -> list[int]:
    """Return the live files that are filed under these records and under no other live place."""
    wanted = list(keys)
    found: set[int] = set()
    for part in chunks(wanted):
        found.update(session.scalars(
            select(Document.id).join(DocumentLink, DocumentLink.document_id == Document.id)
            .where(DocumentLink.record.in_(part), DocumentLink.deleted_at.is_(None), Document.deleted_at.is_(None))
        ))  # fmt: skip
    going = set(wanted)
    for some in chunks(sorted(found)):
        links = select(DocumentLink.document_id, DocumentLink.record).where(
            DocumentLink.document_id.in_(some), DocumentLink.deleted_at.is_(None)
        )
        found.difference_update(ident for ident, record in session.execute(links).all() if record not in going)
    return sorted(found)


def gone_with(session: Session, record: Record, gone: set[int]) -> list[Document]:
    """Return those of the files ``gone`` in one operation that were filed under a record."""
    if not record.module.menu or not gone:
        return []
    place = aliased(DocumentLink)
    here = exists().where(place.document_id == Document.id, place.record == key_of(record.module.table, record.id))
    found: list[Document] = []
    for part in chunks(sorted(gone)):
        found += session.scalars(select(Document).where(Document.id.in_(part), Document.deleted_at.is_not(None), here))
    return found
