"""Asumir información de un correo: a contact takes over who wrote when about what, and keeps the message.

Whatever the two questions are answered, the message is filed under the contact. *Attach* makes a file of it and files
its attachments there; *associate* files the message, and that file, under the client too.
"""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.history import operation
from db.models.client import Client
from db.models.contact import Contact, MadeBy
from db.models.contact_type import ContactType
from db.models.document import Document, DocumentCategory, DocumentLink
from db.models.email_message import Direction, EmailLink, EmailMessage
from db.record import Record
from oficrm import clock, keys
from oficrm.drafts import Values
from oficrm.errors import Refused
from oficrm.files import attaching, keeping
from oficrm.files.kinds import kind_of_stream
from oficrm.files.names import clean_name
from oficrm.files.sources import Source, SourceProblem, said
from oficrm.mail import filing, letters, matching, storing
from oficrm.mail.matching import Match
from oficrm.mail.message import DEFAULT_LIMIT, Address, Message, Unreadable
from oficrm.mail.reading import OLE_SIGNATURE, read_message, too_large

NOTES = 8_000
"""Characters of a message that are proposed as notes."""
CUT = "[…] El correo sigue; está entero en el mensaje archivado."
NOT_AN_EMAIL = "Solo los contactos de tipo correo electrónico asumen la información de un correo."


@dataclass(frozen=True, slots=True)
class PendingMail:
    """A message whose information a form took over, to be filed when the contact is saved.

    ``attach`` and ``associate`` are the answers to the two questions.
    """

    source: Source
    attach: bool = False
    associate: bool = False


@dataclass(frozen=True, slots=True)
class Already:
    """The same message is here: the contact that took it over, if one did, and what to say."""

    email_id: int
    contact_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a message says for a contact.

    ``values`` are proposed by field (date, time, made_by, client, person, notes) with ``titles`` for the links; what
    the message does not tell is not among them. ``unknown`` is somebody nobody has, to be created. ``problems`` say
    what could not be read.
    """

    subject: str
    sender: str
    sent_at: dt.datetime | None
    values: Values = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    unknown: Address | None = None
    problems: tuple[str, ...] = ()
    already: Already | None = None
    parts: int = 0


def read_source(session: Session, source: Source) -> tuple[bytes, Message]:
    """Read a message from where it is now. Raises SourceProblem."""
    limit = attaching.limit_of(session)
    stream, size = source.open(limit)
    with stream:
        if size > DEFAULT_LIMIT:
            raise SourceProblem(too_large(size, DEFAULT_LIMIT))
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise SourceProblem(said(error)) from error
    if len(data) != size:
        raise SourceProblem(attaching.CHANGED)
    try:
        return data, read_message(data, limit=max(limit, 1))
    except Unreadable as error:
        raise SourceProblem(str(error)) from error


def propose(session: Session, source: Source, values: Values) -> Proposal:
    """Return what a message says for a contact whose form holds ``values`` now.

    A client or person chosen already stays, and notes typed already stay above. Raises Refused with the reason when the
    message cannot be read at all.
    """
    try:
        data, message = read_source(session, source)
    except SourceProblem as problem:
        raise Refused(f"{source.title()}: {problem}") from problem
    found = matching.match(session, message)
    parts = sum(not part.is_inline for part in message.parts)
    proposed, titles = _whose(session, found, values)
    proposed["made_by"] = MadeBy.US if found.direction is Direction.OUTGOING else MadeBy.THEM
    if message.sent_at is not None:
        local = message.sent_at.astimezone()
        proposed |= {"date": local.date(), "time": local.time().replace(second=0, microsecond=0)}
    proposed["notes"] = notes_of(message, values.get("notes") or "")
    return Proposal(
        message.subject, str(message.sender) if message.sender else "", message.sent_at, proposed, titles,
        found.unknown, message.problems, _already(session, data, message), parts,
    )  # fmt: skip


def _whose(session: Session, found: Match, values: Values) -> tuple[Values, dict[str, str]]:
    """The client where none is chosen, and the person where none is, if it is one of that client."""
    proposed: Values = {}
    titles: dict[str, str] = {}
    client = values.get("client")
    if client is None and found.client_id is not None:
        client = proposed["client"] = found.client_id
        titles["client"] = found.client_title
    if values.get("person") is None and found.person_id is not None and found.client_id == client:
        proposed["person"] = found.person_id
        titles["person"] = found.person_title
    return proposed, titles


def notes_of(message: Message, before: str = "") -> str:
    """Return notes that say what a message says: its subject, a blank line, its text, cut with a word about it."""
    text = "\n\n".join(part for part in (message.subject.strip(), message.text.strip()) if part)
    if len(text) > NOTES:
        kept = text[:NOTES].rsplit("\n", 1)[0] if "\n" in text[NOTES // 2 : NOTES] else text[:NOTES]
        text = f"{kept.rstrip()}\n{CUT}"
    return "\n\n".join(part for part in (before.strip(), text) if part)


def _already(session: Session, data: bytes, message: Message) -> Already | None:
    known = letters.own_id(data, message)
    ident = storing.existing(session, [known]).get(known)
    if ident is None:
        return None
    row = session.execute(
        select(Contact.id, Contact.date, Client.title).join(Client, Client.id == Contact.client_id)
        .where(Contact.email_id == ident, Contact.deleted_at.is_(None)).order_by(Contact.id).limit(1)
    ).first()  # fmt: skip
    if row is not None:
        day = row[1].strftime("%d/%m" if row[1].year == clock.today().year else "%d/%m/%Y")
        return Already(ident, row[0], f"Ya está en el contacto del {day} con {row[2]}.")
    places = session.scalars(
        select(EmailLink.record).where(EmailLink.email_id == ident, EmailLink.deleted_at.is_(None))
        .order_by(EmailLink.id).limit(1)
    ).all()  # fmt: skip
    where = keys.titles(session, places).get(places[0], "") if places else ""
    return Already(ident, None, f"Ya está archivado en {where}." if where else "Ya está archivado en Emails.")


def check_type(session: Session, contact: Contact) -> str:
    """Return why a contact cannot take over a message, "" when it can."""
    kind = session.get(ContactType, contact.type_id) if contact.type_id is not None else None
    return "" if kind is not None and kind.is_email else NOT_AN_EMAIL


def take_over(session: Session, record: Record, pending: PendingMail) -> int:
    """File a message under a saved contact, inside the operation that saves it; return the message's id.

    Raises SourceProblem when it cannot be read, or when the contact holds another message already.
    """
    assert isinstance(record, Contact)
    data, message = read_source(session, pending.source)
    found = matching.match(session, message).apart()
    places = [key_of("contact", record.id)]
    if pending.associate:
        found = _of_contact(session, found, record)
    email_id = filing.file_message(session, data, message, pending.source.title(), places, found)
    held = session.get(EmailMessage, record.email_id) if record.email_id is not None else None
    if held is not None and held.deleted_at is None and held.id != email_id:
        raise SourceProblem("Este contacto ya tiene la información de otro correo: bórrela antes.")
    record.email_id = email_id
    files = [place for place, wanted in ((places[0], pending.attach),
             (key_of("client", record.client_id), pending.associate)) if wanted]  # fmt: skip
    if files:
        _file_original(session, filing.get(session, email_id), files)
    if pending.attach:
        attaching.file_under(session, _parts(session, email_id), places[0])
    session.flush()
    return email_id


def _of_contact(session: Session, found: Match, contact: Contact) -> Match:
    """Associated with whom the contact is with, whoever else the addresses tell of."""
    return Match(found.direction, contact.client_id, "", contact.person_id)


def _file_original(session: Session, email: EmailMessage, places: Sequence[str]) -> None:
    """The message as it was filed the first time as a file, once, under the contact and the client as was chosen."""
    same = session.scalars(
        select(Document.id).join(DocumentLink, DocumentLink.document_id == Document.id)
        .where(Document.sha256 == email.sha256, Document.deleted_at.is_(None), DocumentLink.record.in_(places),
               DocumentLink.deleted_at.is_(None)).order_by(Document.id).limit(1)
    ).first()  # fmt: skip
    if same is None:
        data = keeping.read(session, email.sha256)
        ending = ".msg" if data.startswith(OLE_SIGNATURE) else ".eml"
        subject = (email.subject or "Correo")[:150].replace("/", "-").replace("\\", "-")  # no folders
        name = clean_name(f"{subject}{ending}")
        taken = attaching.Taken(email.sha256, email.size, name, kind_of_stream(name, io.BytesIO(data)))
        document = attaching.new_document(session, taken)
        document.category = DocumentCategory.CORRESPONDENCE
        session.add(document)
        session.flush()
        same = document.id
    for place in places:
        attaching.file_under(session, [same], place)


def _parts(session: Session, email_id: int) -> list[int]:
    """The files that are a message's attachments."""
    here = select(DocumentLink.document_id).join(Document, Document.id == DocumentLink.document_id).where(
        DocumentLink.record == key_of("email_message", email_id), DocumentLink.deleted_at.is_(None),
        Document.deleted_at.is_(None),
    ).order_by(Document.id)  # fmt: skip
    return list(session.scalars(here))


def release(session: Session, contact_id: int) -> str:
    """Delete the information that a contact took over from a message; return the sentence for the notice.

    What was typed or proposed in the form stays. A message that is filed nowhere else goes to the trash with its files.
    Raises Refused when the contact holds none.
    """
    contact = session.get(Contact, contact_id)
    if contact is None or contact.email_id is None:
        raise Refused("Este contacto no tiene la información de ningún correo.")
    email = filing.get(session, contact.email_id)
    place = key_of("contact", contact_id)
    with operation(session, f"Quitar el correo «{email.title}» de su contacto"[:300]):
        contact.email_id = None
        rest = filing.take_off(session, email, place)
        parts = _parts(session, email.id)
        original = session.scalars(
            select(Document.id).where(Document.sha256 == email.sha256, Document.deleted_at.is_(None))
        ).all()  # fmt: skip
        _take_files_off(session, [*parts, *original], place)
        if rest == 0 and email.deleted_at is None:
            email.deleted_at = clock.now()
            _take_files_off(session, parts, key_of("email_message", email.id))
    return f"Quitado el correo «{email.title}»." + ("" if rest else " Está en la papelera.")


def _take_files_off(session: Session, documents: Sequence[int], place: str) -> None:
    """Take files off a record; those filed nowhere else go to the trash."""
    now = clock.now()
    links = session.scalars(
        select(DocumentLink).where(DocumentLink.document_id.in_(documents), DocumentLink.deleted_at.is_(None))
    ).all()
    for ident in dict.fromkeys(documents):
        mine = [each for each in links if each.document_id == ident]
        going = [each for each in mine if each.record == place]
        for each in going:
            each.deleted_at = now
        if going and len(going) == len(mine):
            session.get_one(Document, ident).deleted_at = now
    session.flush()
