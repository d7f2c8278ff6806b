"""Persons: the address things are sent to is a copy of one of theirs, made when it is chosen."""

from sqlalchemy.orm import Session

from db.models.address import Address
from db.models.person import Person
from oficrm.drafts import Draft, Values
from oficrm.errors import Collected
from oficrm.filling import Over
from oficrm.hooks import Hooks

COPIED = {
    "shipping_street": "street", "shipping_exterior_number": "exterior_number",
    "shipping_interior_number": "interior_number", "shipping_neighborhood": "neighborhood",
    "shipping_postal_code": "postal_code", "shipping_municipality": "city", "shipping_state": "state",
    "shipping_country": "country",
}  # fmt: skip
"""Field of the person, and that of the address it is a copy of."""


def _fill(session: Session, name: str, values: Values) -> Values:
    """Choosing the address writes its copy over what is there; changing the copy leaves the address alone."""
    ident = values.get("default_shipping_address")
    if name != "default_shipping_address" or not isinstance(ident, int):
        return {}
    address = session.get(Address, ident)
    if address is None:
        return {}
    return {mine: Over(getattr(address, theirs)) for mine, theirs in COPIED.items()}


def _check(session: Session, person: Person, draft: Draft, problems: Collected) -> None:
    """The address is one of the person's own, or of the client."""
    address = session.get(Address, person.default_shipping_address_id) if person.default_shipping_address_id else None
    if address is None:
        return
    is_own = address.person_id == person.id
    is_clients = person.client_id is not None and address.client_id == person.client_id and address.person_id is None
    if not (is_own or is_clients):
        problems.add("default_shipping_address", "Elija una dirección de la persona o de su cliente.")


HOOKS = Hooks(fill=_fill, check=_check)
