"""Letters to test on, and a small company that exchanges them with Talleres Ruiz and Hotel Azahar."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage as Letter
from email.utils import format_datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor, operation, snapshot
from db.models.client import Client
from db.models.contact import Contact
from db.models.contact_type import ContactType
from db.models.person import Person
from db.models.salesperson import Salesperson
from db.registry import modules
from oficrm import settings
from tests.support.office import TODAY, fill

SENT = dt.datetime(2026, 11, 12, 10, 30, tzinfo=dt.UTC)
US, RUIZ, AZAHAR, STRANGER = "ana@levante.es", "marta@ruiz.es", "info@azahar.com", "quien@nadie.org"
PDF = b"%PDF-1.4\n%%EOF\n"
State = dict[tuple[str, int], dict[str, Any]]


def letter(
    sender: str = f"Marta Gil <{RUIZ}>", to: str = US, *, subject: str = "Oferta de otoño", text: str = "Hola, Ana.",
    ident: str | None = "uno@ruiz.es", when: dt.datetime | None = SENT, files: dict[str, bytes] | None = None,
    **headers: Any,
) -> bytes:  # fmt: skip
    """The bytes of a message; other headers by name, with _ for - (In_Reply_To)."""
    made = Letter()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    if ident:
        made["Message-ID"] = f"<{ident}>"
    if when:
        made["Date"] = format_datetime(when)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, data in (files or {}).items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if files:
        made.set_boundary("frontera")  # the same letter has the same bytes
    return made.as_bytes()


@dataclass(frozen=True)
class Known:
    """The ids of those who write to each other."""

    ruiz: int
    azahar: int
    marta: int
    email_type: int
    visit_type: int


def acquaint(session: Session) -> Known:
    """Give the people of the small office addresses: Marta works at Ruiz, the hotel has one of its own and a page."""
    with operation(session, "Direcciones"):
        ruiz = session.scalars(select(Client).where(Client.name == "Talleres Ruiz")).one()
        azahar = session.scalars(select(Client).where(Client.name == "Hotel Azahar")).one()
        marta = session.scalars(select(Person).where(Person.client_id == ruiz.id)).one()
        marta.email, ruiz.website = RUIZ, "https://www.ruiz.es/contacto"
        azahar.email = AZAHAR
        session.scalars(select(Salesperson)).one().email = US
        types = {each.name: each.id for each in session.scalars(select(ContactType))}
        session.flush()
    settings.save(session, {"own_addresses": "ventas@otra.es, @casa.es"})
    return Known(ruiz.id, azahar.id, marta.id, types["Email"], types["Visita"])


@contextmanager
def open_post(url: str, limit: int | None = None) -> Iterator[tuple[Session, Known]]:
    """A writing session over the small office, where everybody has an address; ``limit`` in MB per file."""
    engine = open_engine(url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    with Session(bind, expire_on_commit=False, info={"actor": Actor("ana")}) as session:
        fill(session, 12)
        known = acquaint(session)
        if limit:
            settings.save(session, {"file_limit": limit})
        session.commit()
        yield session, known
        session.rollback()
    engine.dispose()


def add_contact(session: Session, known: Known, **values: Any) -> int:
    """A contact by e-mail with Talleres Ruiz."""
    with operation(session, "Contacto"):
        made = Contact(client_id=known.ruiz, date=TODAY, type_id=known.email_type, made_by="us", extra={})
        for name, value in values.items():
            setattr(made, name, value)
        session.add(made)
        session.flush()
    return made.id


def state(session: Session) -> State:
    """Everything that is not in the trash, as it stands in the database."""
    session.flush()
    session.expire_all()
    return {
        (model.module.table, record.id): snapshot(record)
        for model in modules()
        for record in session.scalars(select(model).where(model.deleted_at.is_(None)))
    }
