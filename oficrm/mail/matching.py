"""Whose message it is: who wrote to whom, and the clients and people whose addresses stand in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.filed import key_of
from db.models.client import Client
from db.models.email_message import Direction
from db.models.person import Person
from db.models.salesperson import Salesperson
from oficrm import settings
from oficrm.mail.addresses import as_email
from oficrm.mail.message import Address, Message
from oficrm.mail.providers import parents

FEW = 8
"""Domains asked for one by one; for more of them all clients are looked at once."""


@dataclass(frozen=True, slots=True)
class Match:
    """Whose message it is.

    ``client_id`` and ``person_id`` are the principal ones, the first in the order of the addresses; ``places`` are the
    keys of all that are known. ``unknown`` is the first address outside our company that nobody has.
    """

    direction: Direction = Direction.INCOMING
    client_id: int | None = None
    client_title: str = ""
    person_id: int | None = None
    person_title: str = ""
    unknown: Address | None = None
    places: tuple[str, ...] = ()

    def apart(self) -> "Match":
        """The same message, associated with nobody."""
        return replace(self, client_id=None, client_title="", person_id=None, person_title="", places=())


@dataclass(frozen=True, slots=True)
class Us:
    """Our own addresses and domains."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def has(self, address: Address | None) -> bool:
        """True for one of ours."""
        if address is None or not address.email:
            return False
        return address.email in self.addresses or address.email.rpartition("@")[2] in self.domains


@dataclass(frozen=True, slots=True)
class Known:
    """A client, or a person and its client, found by an address."""

    client_id: int | None = None
    client_title: str = ""
    person_id: int | None = None
    person_title: str = ""


@dataclass(slots=True)
class Book:
    """The addresses that were looked up: people before clients, clients by domain where only one has it."""

    us: Us
    people: dict[str, Known] = field(default_factory=dict)
    clients: dict[str, Known] = field(default_factory=dict)
    domains: dict[str, Known] = field(default_factory=dict)

    def by_email(self, email: str) -> Known | None:
        """The person, else the client, with this very address."""
        return self.people.get(email) or self.clients.get(email)

    def by_domain(self, email: str) -> Known | None:
        """The only client whose page or mail lives where this address does."""
        found = (self.domains.get(domain) for domain in parents(email.rpartition("@")[2]))
        return next((known for known in found if known is not None), None)


def us(session: Session) -> Us:
    """Return our addresses: the company's, the salespeople's, and those of Parámetros."""
    values = settings.read(session)
    sellers = session.scalars(select(Salesperson.email).where(Salesperson.deleted_at.is_(None)))
    addresses = {email.lower() for email in (values["company_email"], *sellers) if email}
    domains = set()
    for word in re.split(r"[\s,;]+", (values["own_addresses"] or "").lower()):
        if word.startswith("@") and "." in word:
            domains.add(word[1:])
        elif email := as_email(word):
            addresses.add(email)
    return Us(frozenset(addresses), frozenset(domains))


def direction_of(message: Message, ours: Us) -> Direction:
    """Outgoing when the sender is one of us."""
    return Direction.OUTGOING if ours.has(message.sender) else Direction.INCOMING


def outside(message: Message, ours: Us) -> list[Address]:
    """The addresses that say whose message it is, in order, each once: recipients of ours, else who wrote."""
    if direction_of(message, ours) is Direction.OUTGOING:
        wanted: Iterable[Address] = (*message.to, *message.cc, *message.bcc)
    else:
        wanted = (*([message.sender] if message.sender else []), *message.reply_to)
    found: dict[str, Address] = {}
    for address in wanted:
        if address.email and not ours.has(address):
            found.setdefault(address.email, address)
    return list(found.values())


def match(session: Session, message: Message) -> Match:
    """Find whose message it is."""
    ours = us(session)
    return resolve(message, look_up(session, [message], ours))


def look_up(session: Session, messages: Sequence[Message], ours: Us, domains: dict[str, Known] | None = None) -> Book:
    """Look up the addresses of messages in a few statements. ``domains`` (``all_domains``) spares asking for each."""
    emails = list(dict.fromkeys(one.email for message in messages for one in outside(message, ours)))
    book = Book(ours)
    for part in chunks(emails):
        for email, known in _people(session, func.lower(Person.email).in_(part)):
            book.people.setdefault(email, known)
        for email, known in _clients(session, func.lower(Client.email).in_(part)):
            book.clients.setdefault(email, known)
    if domains is not None:
        book.domains = _still_there(session, domains, emails)
        return book
    missing = {domain for email in emails if not book.by_email(email) for domain in parents(email.rpartition("@")[2])}
    book.domains = all_domains(session, missing if len(missing) <= FEW else None) if missing else {}
    return book


def _people(session: Session, where: Any) -> Iterable[tuple[str, Known]]:
    statement = (
        select(Person.email, Person.id, Person.title, Client.id, Client.title)
        .outerjoin(Client, (Client.id == Person.client_id) & Client.deleted_at.is_(None))
        .where(where, Person.deleted_at.is_(None)).order_by(Person.id)
    )  # fmt: skip
    for email, ident, title, client_id, client_title in session.execute(statement):
        yield (email or "").lower(), Known(client_id, client_title or "", ident, title)


def _clients(session: Session, where: Any) -> Iterable[tuple[str, Known]]:
    statement = select(Client.email, Client.id, Client.title).where(where, Client.deleted_at.is_(None))
    for email, ident, title in session.execute(statement.order_by(Client.id)):
        yield (email or "").lower(), Known(ident, title)


def all_domains(session: Session, wanted: Iterable[str] | None = None) -> dict[str, Known]:
    """Return the clients by the domain of their page or address, where only one has it; all of them, or ``wanted``."""
    statement = select(Client.id, Client.title, Client.email, Client.website).where(Client.deleted_at.is_(None))
    if wanted is None:
        statement = statement.where(or_(Client.email.is_not(None), Client.website.is_not(None)))
    else:
        columns = (func.lower(Client.email), func.lower(Client.website))
        statement = statement.where(or_(*(c.contains(domain, autoescape=True) for domain in wanted for c in columns)))
    owners: dict[str, dict[int, Known]] = {}
    for ident, title, email, website in session.execute(statement):
        for domain in {(email or "").rpartition("@")[2].lower(), host(website or "")}:
            if domain and domain in parents(domain):
                owners.setdefault(domain, {})[ident] = Known(ident, title)
    return {domain: next(iter(found.values())) for domain, found in owners.items() if len(found) == 1}


def host(website: str) -> str:
    """Return the domain of a page without its "www.", "" when there is none."""
    try:
        found = urlsplit(website if "://" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    return found.lower().rstrip(".").removeprefix("www.")


def _still_there(session: Session, domains: dict[str, Known], emails: Iterable[str]) -> dict[str, Known]:
    """Those of the domains known beforehand that these addresses need and whose clients are not gone meanwhile."""
    needed = {domain for email in emails for domain in parents(email.rpartition("@")[2])}
    found = {domain: domains[domain] for domain in needed if domain in domains}
    live: set[int] = set()
    for part in chunks(sorted({known.client_id for known in found.values() if known.client_id is not None})):
        live.update(session.scalars(select(Client.id).where(Client.id.in_(part), Client.deleted_at.is_(None))))
    return {domain: known for domain, known in found.items() if known.client_id in live}


def resolve(message: Message, book: Book) -> Match:
    """Work out whose message it is from a book in which its addresses were looked up."""
    unknown: Address | None = None
    found: list[Known] = []
    for address in outside(message, book.us):
        known = book.by_email(address.email)
        if known is None:
            unknown = unknown or address
            known = book.by_domain(address.email)
        if known is not None:
            found.append(known)
    client = next((known for known in found if known.client_id is not None), Known())
    person = next((known for known in found if known.person_id is not None and known.client_id == client.client_id),
                  Known())  # fmt: skip
    places = [key_of("client", known.client_id) for known in found if known.client_id is not None]
    places += [key_of("person", known.person_id) for known in found if known.person_id is not None]
    return Match(direction_of(message, book.us), client.client_id, client.client_title, person.person_id,
                 person.person_title, unknown, tuple(dict.fromkeys(places)))  # fmt: skip
