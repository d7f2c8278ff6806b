"""Filed messages: filing them, reading them again, their threads, and the records they hang on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.history import operation
from db.models.contact import Contact
from db.models.email_message import EmailLink, EmailMessage
from db.registry import module
from oficrm import clock, keys, records
from oficrm.errors import Refused
from oficrm.files import keeping
from oficrm.files.attaching import limit_of
from oficrm.mail import storing
from oficrm.mail.letters import known_as, prepare
from oficrm.mail.matching import Match, match
from oficrm.mail.message import Message, Unreadable
from oficrm.mail.reading import read_message

__all__ = ["Match", "ThreadRow", "file_message", "find", "link", "match", "open_message", "thread", "unlink"]


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A message of a thread; ``is_this`` marks the one the thread was asked for."""

    id: int
    sent_at: dt.datetime | None
    sender: str
    subject: str
    preview: str
    is_this: bool


def find(session: Session, message_id: str) -> int | None:
    """Return the live message of a Message-ID; one that has none is known by "sha256-" and the hash of its bytes."""
    known = known_as(message_id)
    return storing.existing(session, [known]).get(known)


def file_message(
    session: Session, data: bytes, message: Message, name: str, places: Sequence[str], match: Match
) -> int:
    """File a message inside the caller's operation; return its id.

    ``data`` are its bytes, kept as they came; attachments become files under it. It is linked to ``places`` and to the
    principal client and person of ``match``. One that is filed already is linked to what it lacks.

    Raises SourceProblem when it is larger than a file may be.
    """
    letter = prepare(data, message, name, limit_of(session))
    principal = [keys.key_of(table, ident) for table, ident in
                 (("client", match.client_id), ("person", match.person_id)) if ident is not None]  # fmt: skip
    every = tuple(dict.fromkeys([*places, *principal]))
    return storing.store(session, [storing.Filing(letter, match, every)])[0].email_id


def get(session: Session, email_id: int) -> EmailMessage:
    """Return a message. Raises Refused when it does not exist."""
    record = records.get(session, EmailMessage, email_id)
    assert isinstance(record, EmailMessage)
    return record


def open_message(session: Session, email_id: int) -> Message:
    """Read a message from its stored original. Raises Refused, EnvironmentProblem when the original is damaged."""
    record = get(session, email_id)
    data = keeping.read(session, record.sha256)
    try:
        return read_message(data, limit=max(len(data), 1))
    except Unreadable as error:
        raise Refused(str(error)) from error


def thread(session: Session, email_id: int) -> list[ThreadRow]:
    """Return the messages of a message's thread, the oldest first. Raises Refused when it does not exist."""
    record = get(session, email_id)
    found = session.execute(
        select(EmailMessage.id, EmailMessage.sent_at, EmailMessage.from_address, EmailMessage.title,
               EmailMessage.preview)
        .where(EmailMessage.thread_id == record.thread_id,
               EmailMessage.deleted_at.is_(None) | (EmailMessage.id == email_id))
        .order_by(EmailMessage.sent_at.nulls_last(), EmailMessage.id)
    )  # fmt: skip
    return [ThreadRow(ident, sent_at, sender or "", subject, preview or "", ident == email_id)
            for ident, sent_at, sender, subject, preview in found]  # fmt: skip


def _live(session: Session, ids: Sequence[int]) -> list[EmailMessage]:
    found: list[EmailMessage] = []
    for part in chunks(list(ids)):
        live = select(EmailMessage).where(EmailMessage.id.in_(part), EmailMessage.deleted_at.is_(None))
        found += session.scalars(live)
    if not found:
        raise Refused("Esos correos ya no existen.")
    return found


def _what(found: Sequence[EmailMessage]) -> str:
    return f"«{found[0].title}»" if len(found) == 1 else f"{len(found)} correos"


def link(session: Session, email_ids: Sequence[int], places: Sequence[str]) -> str:
    """File messages under more records; return the sentence for the notice.

    One that belongs to nobody yet gets the first client among them. Raises Refused.
    """
    found = _live(session, email_ids)
    check_places(session, places)
    where = keys.titles(session, places[:1]).get(places[0], "") if len(places) == 1 else f"{len(places)} registros"
    with operation(session, f"Vincular {_what(found)} a {where}"[:300]):
        new = storing.link(session, [(record.id, key) for record in found for key in places])
        clients = [keys.parts(key)[1] for key in places if key.startswith("client:")]
        for record in found:
            if clients and record.client_id is None and record.person_id is None:
                record.client_id = clients[0]
    many = len({ident for ident, _ in new}) > 1
    return f"Vinculado{'s' if many else ''} a {where}: {_what(found)}." if new else f"Ya estaba en {where}."


def check_places(session: Session, places: Sequence[str]) -> None:
    """Raise Refused where a record that is to get messages does not exist or is in the trash."""
    for key in places:
        table, ident = keys.parts(key)
        record = records.get(session, module(table), ident)
        if record.deleted_at is not None:
            raise Refused(f"«{record.title}» está en la papelera: recupérelo antes de vincularle correos.")


def unlink(session: Session, email_ids: Sequence[int], key: str) -> str:
    """Take messages off a record; return the sentence for the notice. They stay in Emails. Raises Refused."""
    found = _live(session, email_ids)
    where = keys.titles(session, [key]).get(key, "")
    with operation(session, f"Quitar {_what(found)} de {where}"[:300]):
        for record in found:
            take_off(session, record, key)
    return f"Quitado de {where}: {_what(found)}."


def take_off(session: Session, record: EmailMessage, key: str) -> int:
    """Take a message off a record inside the current operation; return under how many it is still filed."""
    table, ident = keys.parts(key)
    links = session.scalars(
        select(EmailLink).where(EmailLink.email_id == record.id, EmailLink.deleted_at.is_(None))
    ).all()
    for each in links:
        if each.record == key:
            each.deleted_at = clock.now()
    if table == "client" and record.client_id == ident:
        record.client_id = record.person_id = None
    elif table == "person" and record.person_id == ident:
        record.person_id = None
    elif table == "contact":
        contact = session.get(Contact, ident)
        if contact is not None and contact.email_id == record.id:
            contact.email_id = None
    return sum(each.record != key for each in links)
