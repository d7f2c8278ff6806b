"""Who asked for no mail: *No enviar correos* of a person, asked wherever mail is about to be written."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.person import Person
from oficrm.mail.addresses import parse_addresses


def no_mail(session: Session, address: str) -> str | None:
    """Return the name of the first person who asked for no mail among those of an address, None when nobody did.

    A link of a message may name several ("a@x.es,b@y.es") and may name them as headers do ("Marta <a@x.es>").
    """
    emails = {each.email for each in parse_addresses(address.strip().removeprefix("mailto:")) if each.email}
    if not emails:
        return None
    return session.scalar(
        select(Person.title)
        .where(func.lower(Person.email).in_(emails), Person.email_opt_out, Person.deleted_at.is_(None))
        .order_by(Person.id).limit(1)
    )  # fmt: skip


def refusing(session: Session, addresses: Collection[str]) -> set[str]:
    """Return those of many plain addresses, in lower case, behind which somebody asked for no mail."""
    column = func.lower(Person.email)
    found: set[str] = set()
    for part in chunks(sorted({address.lower() for address in addresses})):
        wanted = select(column).where(column.in_(part), Person.email_opt_out, Person.deleted_at.is_(None))
        found.update(session.scalars(wanted))
    return found
