"""Letters written into the database, one or a hundred at a time, set-based and with full history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import contents, counters
from db.bulk import Write, chunks, insert_records
from db.filed import key_of
from db.models.document import Document, DocumentLink, DocumentStatus
from db.models.email_message import EmailLink, EmailMessage
from oficrm import keys, records
from oficrm.mail.letters import Letter, status_of
from oficrm.mail.matching import Match
from oficrm.mail.threads import Threads, rewrite


@dataclass(frozen=True, slots=True)
class Filing:
    """A letter, whose it is, and the keys of the records it is filed under."""

    letter: Letter
    match: Match
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a letter ended up; ``is_new`` is False for one that was there already."""

    email_id: int
    is_new: bool


def existing(session: Session, message_ids: Iterable[str]) -> dict[str, int]:
    """Return the ids of live messages by what they are known as."""
    found: dict[str, int] = {}
    for part in chunks(list(dict.fromkeys(message_ids))):
        found |= {row[0]: row[1] for row in session.execute(
            select(EmailMessage.message_id, EmailMessage.id)
            .where(EmailMessage.message_id.in_(part), EmailMessage.deleted_at.is_(None))
        )}  # fmt: skip
    return found


def store(session: Session, filings: Sequence[Filing]) -> list[Filed]:
    """File letters inside the current operation; one that is there already is linked to the places it lacks."""
    for place in {place for filing in filings for place in filing.places}:
        keys.parts(place)
    known = existing(session, [filing.letter.own_id for filing in filings])
    fresh: dict[str, Filing] = {}
    for filing in filings:
        if filing.letter.own_id not in known:
            fresh.setdefault(filing.letter.own_id, filing)
    new = list(fresh.values())
    ids = _insert(session, new)
    _insert_parts(session, new, ids)
    made = dict(zip(fresh, ids, strict=True))
    emails = [(filing, made.get(filing.letter.own_id) or known[filing.letter.own_id]) for filing in filings]
    link(session, [(ident, place) for filing, ident in emails for place in filing.places])
    _adopt(session, [(ident, filing.match) for filing, ident in emails if filing.letter.own_id in known])
    return [Filed(ident, fresh.get(filing.letter.own_id) is filing) for filing, ident in emails]


def _insert(session: Session, filings: Sequence[Filing]) -> list[int]:
    if not filings:
        return []
    letters = [filing.letter for filing in filings]
    contents.store_many(session, {letter.sha256: letter.data for letter in letters})
    threads = Threads(session, letters)
    ids = insert_records(session, EmailMessage, [
        filing.letter.values | {
            "direction": filing.match.direction, "status": status_of(filing.match.direction),
            "client_id": filing.match.client_id, "person_id": filing.match.person_id,
            "thread_id": threads.of(filing.letter.own_id),
        } for filing in filings
    ])  # fmt: skip
    threads.join(session)
    return ids


def _insert_parts(session: Session, filings: Sequence[Filing], ids: Sequence[int]) -> None:
    parts = [(ident, part) for filing, ident in zip(filings, ids, strict=True) for part in filing.letter.parts]
    if not parts:
        return
    contents.store_many(session, {part.sha256: part.data for _, part in parts})
    numbering = records.numbering(session, Document, {})
    documents = insert_records(session, Document, [
        {"number": counters.next_number(session, *numbering), "name": part.name, "status": DocumentStatus.PENDING,
         "file_name": part.name, "file_type": part.kind.label, "mime_type": part.kind.mime, "size": len(part.data),
         "revision": 1, "sha256": part.sha256}
        for _, part in parts
    ])  # fmt: skip
    insert_records(session, DocumentLink, [
        {"document_id": document, "record": key_of("email_message", ident)}
        for document, (ident, _) in zip(documents, parts, strict=True)
    ])  # fmt: skip


def link(session: Session, wanted: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """File messages under records, given as (id, key); return those that were not there yet."""
    pairs = list(dict.fromkeys(wanted))
    here: set[tuple[int, str]] = set()
    for part in chunks(sorted({ident for ident, _ in pairs})):
        live = select(EmailLink.email_id, EmailLink.record).where(
            EmailLink.email_id.in_(part), EmailLink.deleted_at.is_(None)
        )
        here.update((row[0], row[1]) for row in session.execute(live))
    new = [pair for pair in pairs if pair not in here]
    insert_records(session, EmailLink, [{"email_id": ident, "record": key} for ident, key in new])
    return new


def _adopt(session: Session, found: Sequence[tuple[int, Match]]) -> None:
    """A message that belonged to nobody gets the client and person that are known now."""
    owners = {ident: match for ident, match in found if match.client_id is not None or match.person_id is not None}
    lonely: list[int] = []
    for part in chunks(sorted(owners)):
        lonely += session.scalars(
            select(EmailMessage.id).where(EmailMessage.id.in_(part), EmailMessage.client_id.is_(None),
                                          EmailMessage.person_id.is_(None))
        )  # fmt: skip
    rewrite(session, "client_id", [Write(ident, None, owners[ident].client_id) for ident in lonely])
    rewrite(session, "person_id", [Write(ident, None, owners[ident].person_id) for ident in lonely])
