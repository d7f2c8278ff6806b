"""Who asked for no mail: *No enviar correos* of a person, asked wherever mail is about to be written."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.person import Person


def no_mail(session: Session, address: str) -> str | None:
    """Return the name of the person with this address who asked for no mail, None when nobody did."""
    email = address.strip().removeprefix("mailto:").lower()
    if not email:
        return None
    return session.scalar(
        select(Person.title)
        .where(func.lower(Person.email) == email, Person.email_opt_out, Person.deleted_at.is_(None))
        .order_by(Person.id).limit(1)
    )  # fmt: skip
