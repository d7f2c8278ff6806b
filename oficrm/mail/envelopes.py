"""What stands around a filed message: its records, its thread, its attachments, and who its addresses are."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.filed import key_of
from db.models.client import Client
from db.models.document import Document, DocumentLink
from db.models.email_message import EmailLink
from db.models.person import Person
from db.models.salesperson import Salesperson
from db.registry import module
from oficrm import keys
from oficrm.files.keeping import FileFacts
from oficrm.mail import filing
from oficrm.mail.filing import ThreadRow

INTERNET, OUTLOOK = "message/rfc822", "application/vnd.ms-outlook"


@dataclass(frozen=True, slots=True)
class Place:
    """A record that a message is filed under."""

    key: str
    title: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file filed under a message; ``size`` in bytes."""

    id: int
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Party:
    """The record that an address is of; ``no_mail`` for a person who asked for none."""

    table: str
    id: int
    title: str
    no_mail: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a message stands amid."""

    places: tuple[Place, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    thread: tuple[ThreadRow, ...] = ()


def around(session: Session, email_id: int) -> Around:
    """Return what stands around a message. Raises Refused when it does not exist."""
    return Around(_places(session, email_id), _attachments(session, email_id), tuple(filing.thread(session, email_id)))


def _places(session: Session, email_id: int) -> tuple[Place, ...]:
    found = session.scalars(
        select(EmailLink.record).where(EmailLink.email_id == email_id, EmailLink.deleted_at.is_(None))
        .order_by(EmailLink.id)
    ).all()  # fmt: skip
    titles = keys.titles(session, found)
    made = []
    for key in dict.fromkeys(found):
        facts = module(keys.parts(key)[0]).module
        made.append(Place(key, titles.get(key, key), facts.label, facts.icon))
    return tuple(made)


def _attachments(session: Session, email_id: int) -> tuple[Attachment, ...]:
    rows = session.execute(
        select(Document.id, Document.file_name, Document.mime_type, Document.size)
        .join(DocumentLink, DocumentLink.document_id == Document.id)
        .where(DocumentLink.record == key_of("email_message", email_id), DocumentLink.deleted_at.is_(None),
               Document.deleted_at.is_(None))
        .order_by(Document.id)
    )  # fmt: skip
    return tuple(Attachment(ident, name, mime or "", size) for ident, name, mime, size in rows)


def parties(session: Session, emails: Iterable[str]) -> dict[str, Party]:
    """Return whose addresses these are (in lower case): people before clients before our own salespeople."""
    found: dict[str, Party] = {}
    wanted = sorted({email for email in emails if email})
    for part in chunks(wanted):
        for model, more in ((Person, Person.email_opt_out), (Client, None), (Salesperson, None)):
            columns = [func.lower(model.email), model.id, model.title, *([more] if more is not None else [])]
            rows = session.execute(
                select(*columns).where(func.lower(model.email).in_(part), model.deleted_at.is_(None))
                .order_by(model.id)
            )  # fmt: skip
            for email, ident, title, *rest in rows:
                found.setdefault(email, Party(model.module.table, ident, title, bool(rest and rest[0])))
    return found


def original(session: Session, ident: int, version_id: int | None = None) -> FileFacts:
    """Return what it takes to open or save a message as it came; there are no other versions of it.

    Raises Refused when it does not exist.
    """
    record = filing.get(session, ident)
    mime = OUTLOOK if record.file_name.lower().endswith(".msg") else INTERNET
    return FileFacts(ident, record.file_name, mime, record.size, 1, record.sha256)
