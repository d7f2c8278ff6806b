"""The correspondence of the example company: its latest mails, assumed by their contacts, and its clients' files."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage as Letter
from email.utils import format_datetime
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.bulk import Write, write_field
from db.filed import key_of
from db.models.contact import Contact
from db.models.document import Document, DocumentCategory, DocumentLink, DocumentStatus
from db.models.document_folder import DocumentFolder
from db.models.email_message import EmailMessage
from oficrm.demo import papers
from oficrm.demo.chains import Draft
from oficrm.demo.plan import Plan
from oficrm.demo.rows import ensure
from oficrm.files import attaching
from oficrm.files.sources import Source
from oficrm.mail import filing
from oficrm.mail.reading import read_message

MOST_MAILS, MOST_CLIENTS = 150, 40
"""Enough to look at; more would only make the first start longer."""
FOLDERS = ("General", "Contratos", "Ofertas", "Planos y fotos")
_RATES = (("Concepto", "Precio"), ("Transporte península", "12,50"), ("Montaje, por hora", "38,00"))
_STATUS = (DocumentStatus.PENDING, DocumentStatus.VALID, DocumentStatus.REJECTED)


@dataclass(frozen=True, slots=True)
class Written:
    """The ids of what the example already has, by position in its plan."""

    clients: Sequence[int]
    people: Sequence[int]
    contacts: Sequence[int]
    quotes: Sequence[int]


class Correspondence:
    """Files and mails around what a plan has written; ``at`` makes an instant of a day and a wall time."""

    def __init__(
        self, session: Session, plan: Plan, ids: Written, at: Callable[[dt.date, dt.time | None], dt.datetime]
    ) -> None:
        self._session, self._plan, self._ids, self._at = session, plan, ids, at
        self._rng = Random(len(plan.contacts))
        self._folders = ensure(session, DocumentFolder, FOLDERS)

    def write(self) -> None:
        """All of it."""
        self._write_mails()
        for client in range(min(MOST_CLIENTS, len(self._ids.clients))):
            self._write_papers(client)
        self._write_offers()
        self._session.flush()

    # --- mails

    def _write_mails(self) -> None:
        sent = [draft for draft in self._plan.contacts
                if draft.kind == "email" and draft.date < self._plan.today and draft.person is not None
                and self._plan.people[draft.person].get("email")]  # fmt: skip
        for draft in sent[-MOST_MAILS:]:
            data = self._letter(draft)
            message = read_message(data)
            contact = self._ids.contacts[draft.place]
            ident = filing.file_message(self._session, data, message, f"{message.subject}.eml",
                                        [key_of("contact", contact)], filing.match(self._session, message))  # fmt: skip
            write_field(self._session, Contact, "email_id", [Write(contact, None, ident)])
            self._date_back(ident, self._at(draft.date, draft.time))

    def _date_back(self, email_id: int, when: dt.datetime) -> None:
        """It came in then, with what it brought."""
        key = key_of("email_message", email_id)
        brought = select(DocumentLink.document_id).where(DocumentLink.record == key)
        self._session.execute(update(EmailMessage).where(EmailMessage.id == email_id).values(created_at=when))
        self._session.execute(update(Document).where(Document.id.in_(brought)).values(created_at=when))

    def _letter(self, draft: Draft) -> bytes:
        assert draft.person is not None
        person, seller = self._plan.people[draft.person], self._plan.salespeople[draft.salesperson]
        theirs = f"{person['first_name']} {person['last_name']} <{person['email']}>"
        ours = f"{seller['name']} <{seller['email']}>"
        reason, _, rest = draft.notes.partition("\n")
        letter = Letter()
        letter["From"], letter["To"] = (theirs, ours) if draft.by_them else (ours, theirs)
        letter["Subject"] = ("Re: " if draft.previous else "") + reason
        letter["Date"] = format_datetime(self._at(draft.date, draft.time))
        letter["Message-ID"] = _message_id(draft)
        if draft.previous is not None:
            letter["In-Reply-To"] = _message_id(draft.previous)
            letter["References"] = _message_id(_first(draft))
        name = seller["name"].split()[0] if draft.by_them else person["first_name"]
        sign = person["first_name"] if draft.by_them else seller["name"]
        letter.set_content(f"Hola, {name}:\n\n{rest.strip() or reason}\n\nUn saludo,\n{sign}\n")
        if self._rng.random() < 0.25:
            sheet = papers.pdf(reason[:60], [reason, "", *rest.strip().splitlines()])
            letter.add_attachment(sheet, maintype="application", subtype="pdf", filename="Ficha técnica.pdf")
        return bytes(letter)

    # --- files

    def _write_papers(self, client: int) -> None:
        facts, rng = self._plan.clients[client], self._rng
        name, since = facts["name"], facts["since"]
        made: list[tuple[str, bytes, str, DocumentCategory]] = [
            ("Contrato de suministro.docx", papers.letter("Contrato de suministro", [
                f"Entre la empresa y {name} se acuerda el suministro de los artículos que se pidan durante un año.",
                "Los precios son los de la tarifa vigente en la fecha de cada pedido."]),
             "Contratos", DocumentCategory.CONTRACT),
            ("Condiciones de transporte.xlsx", papers.sheet("Transporte", _RATES), "General", DocumentCategory.OTHER),
            ("Plano de la nave.png", papers.picture(rng), "Planos y fotos", DocumentCategory.OTHER),
            ("Alta fiscal.pdf", papers.pdf("Comprobante de alta fiscal", [name, str(facts.get("tax_id") or "")]),
             "General", DocumentCategory.TAX),
        ]  # fmt: skip
        for title, data, folder, category in rng.sample(made, rng.randint(1, len(made))):
            self._file(title, data, [key_of("client", self._ids.clients[client])], since, folder, category)

    def _write_offers(self) -> None:
        for (chain, row, lines), quote in list(zip(self._plan.quotes, self._ids.quotes, strict=True))[:MOST_CLIENTS]:
            text = [row["subject"], "", *(f"{line['quantity']:n} x {line['description']}" for line in lines)]
            places = [key_of("quote", quote), key_of("client", self._ids.clients[chain.client])]
            self._file("Oferta firmada.pdf", papers.pdf("Oferta", text), places, row["date"], "Ofertas",
                       DocumentCategory.PROPOSAL)  # fmt: skip

    def _file(
        self, name: str, data: bytes, places: list[str], day: dt.date, folder: str, category: DocumentCategory
    ) -> None:
        session = self._session
        when = self._at(day, dt.time(12))
        taken = attaching.take(session, Source(data=data, name=name), attaching.Meter(None, len(data)))
        document: Document = attaching.new_document(session, taken)
        document.folder_id, document.category, document.created_at = self._folders[folder], category, when
        self._validate(document, when)
        session.add(document)
        session.flush()
        session.add_all(DocumentLink(document_id=document.id, record=key, extra={}) for key in places)

    def _validate(self, document: Document, when: dt.datetime) -> None:
        status = self._rng.choices(_STATUS, (3, 6, 1))[0]
        if status != DocumentStatus.PENDING:
            document.validated_by = self._plan.salespeople[0]["login"]
            document.validated_at = when
        document.status = status
        if status == DocumentStatus.REJECTED:
            document.rejection_reason = "Falta la firma de la última página."


def _message_id(draft: Draft) -> str:
    return f"<{draft.date:%Y%m%d}.{draft.place}@correo.example>"


def _first(draft: Draft) -> Draft:
    while draft.previous is not None:
        draft = draft.previous
    return draft
