"""Goods and services of clients and persons: whose they are, and until when a warranty lasts."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.person import Person
from db.models.product import Product
from db.models.product_link import ProductTie
from oficrm.drafts import Values
from oficrm.hooks import Hooks
from oficrm.rules import dates


def _client_of(session: Session, values: Values) -> Values:
    """The client of a person is that of the tie too."""
    person = values.get("person")
    client = session.scalar(select(Person.client_id).where(Person.id == person)) if isinstance(person, int) else None
    return {"client": client} if client is not None else {}


def _fill_product(session: Session, name: str, values: Values) -> Values:
    """A warranty lasts as many months as the product says, from the day it is given."""
    if name == "person":
        return _client_of(session, values)
    product, day = values.get("product"), values.get("date")
    if values.get("kind") != ProductTie.WARRANTY or not isinstance(product, int) or not isinstance(day, dt.date):
        return {}
    months = session.scalar(select(Product.warranty_months).where(Product.id == product))
    return {"until": dates.add_months(day, months)} if months else {}


def _fill_service(session: Session, name: str, values: Values) -> Values:
    return _client_of(session, values) if name == "person" else {}


PRODUCT_HOOKS = Hooks(fill=_fill_product, follows=("kind", "date"))
SERVICE_HOOKS = Hooks(fill=_fill_service)
