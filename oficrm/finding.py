"""Finding any record by one line of typing, over the modules people look for."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from oficrm import lists

SEARCHED = ("client", "person", "opportunity", "quote", "product", "service", "email_message", "document")
"""Clients come first: they are what is looked for most."""
EACH = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, and the module it is of."""

    table: str
    id: int
    title: str
    detail: str


def find(session: Session, text: str) -> list[Hit]:
    """Return the first records of each searched module that hold all typed words."""
    return [
        Hit(table, option.id, option.title, option.detail)
        for table in SEARCHED
        for option in lists.options(session, [table], text, limit=EACH)
    ]
