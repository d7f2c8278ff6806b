"""Addresses: of each use a client or person has at most one that is the usual one."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models.address import Address
from db.models.person import Person
from oficrm.drafts import Draft, Values
from oficrm.errors import Collected
from oficrm.hooks import Hooks

USES = ("is_shipping", "is_billing", "is_visit")


def _check(session: Session, address: Address, draft: Draft, problems: Collected) -> None:
    """A usual address is usual for something."""
    if address.is_default and not any(getattr(address, use) for use in USES):
        problems.add("is_default", "Marque para qué es la predeterminada: envío, facturación o visita.")


def _after(session: Session, address: Address, draft: Draft) -> None:
    """Whoever had another usual one for the same use has this one now."""
    if not address.is_default or (address.client_id is None and address.person_id is None):
        return
    is_owner = Address.person_id == address.person_id if address.person_id is not None else (
        (Address.client_id == address.client_id) & Address.person_id.is_(None)
    )  # fmt: skip
    shared = or_(*(getattr(Address, use) for use in USES if getattr(address, use)))
    others = select(Address).where(
        is_owner, Address.is_default, Address.id != address.id, Address.deleted_at.is_(None), shared
    )
    for other in session.scalars(others):
        other.is_default = False


def usual(session: Session, use: str, *, client: int | None = None, person: int | None = None) -> int | None:
    """Return the usual address of a person, else of the client, for a use (``is_shipping``...)."""
    for column, owner in ((Address.person_id, person), (Address.client_id, client)):
        if owner is None:
            continue
        found = select(Address.id).where(
            column == owner, getattr(Address, use), Address.is_default, Address.deleted_at.is_(None)
        ).order_by(Address.person_id.is_not(None), Address.id).limit(1)  # fmt: skip
        if (ident := session.scalar(found)) is not None:
            return ident
    return None


def _fill(session: Session, name: str, values: Values) -> Values:
    """The client of a person is that of the address too."""
    person = values.get("person")
    if name == "person" and isinstance(person, int):
        client = session.scalar(select(Person.client_id).where(Person.id == person))
        return {"client": client} if client is not None else {}
    return {}


HOOKS = Hooks(fill=_fill, check=_check, after=_after)
