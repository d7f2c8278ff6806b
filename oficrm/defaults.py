"""Default values of a new record: the tokens of the declarations resolved for this user, company and day."""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.fields import Field
from db.history import Actor
from db.models.contact_type import ContactType
from db.models.salesperson import Salesperson
from db.models.user import User
from db.models.warehouse import Warehouse
from oficrm import cleaning, clock, settings
from oficrm.rules.problems import Invalid

DEFAULT_TYPE_ICON = "phone"


def own_salesperson(session: Session) -> int | None:
    """Return the salesperson of the user at the screen: the one with that login, else the only one there is."""
    actor: Actor = session.info["actor"]
    live = select(Salesperson.id).where(Salesperson.deleted_at.is_(None), Salesperson.is_active)
    found = session.scalar(live.where(func.lower(Salesperson.login) == actor.user.lower()))
    if found is None:
        all_ids = session.scalars(live.limit(2)).all()
        found = all_ids[0] if len(all_ids) == 1 else None
    return found


def own_user(session: Session) -> int | None:
    """Return the Usuario at the screen: the one with that login, else the only one there is."""
    actor: Actor = session.info["actor"]
    live = select(User.id).where(User.deleted_at.is_(None), User.is_active)
    found = session.scalar(live.where(func.lower(User.login) == actor.user.lower()))
    if found is None:
        all_ids = session.scalars(live.limit(2)).all()
        found = all_ids[0] if len(all_ids) == 1 else None
    return found


def own_warehouse(session: Session) -> int | None:
    """Return the warehouse that documents start with: the one marked so, else the only one there is."""
    live = select(Warehouse.id).where(Warehouse.deleted_at.is_(None), Warehouse.is_active)
    found = session.scalars(live.order_by(Warehouse.is_default.desc()).limit(2)).all()
    marked = found and session.get_one(Warehouse, found[0]).is_default
    return found[0] if marked or len(found) == 1 else None


def _usual_type(session: Session) -> int | None:
    live = select(ContactType.id).where(ContactType.deleted_at.is_(None), ContactType.is_active)
    return session.scalar(live.where(ContactType.icon == DEFAULT_TYPE_ICON).order_by(ContactType.id))


def _own_default(session: Session, field: Field) -> Any:
    """The user typed it as text in Parámetros; one that no longer fits the kind is left out."""
    context = cleaning.Context(settings.read(session).country)
    try:
        return cleaning.clean(replace(field, required=False), field.default, context)
    except Invalid:
        return None


def default_value(session: Session, field: Field) -> Any:
    """Return the value a new record starts with, None for none.

    ``@number`` stays empty: numbers are given at saving.
    """
    token = field.default
    if field.custom_id:
        return _own_default(session, field)
    if not isinstance(token, str) or not token.startswith("@"):
        return token
    values = settings.read(session)
    name, _, offset = token[1:].partition("+")
    match name:
        case "today":
            days = values["quote_days"] if field.name == "valid_until" else int(offset or 0)
            return clock.today() + dt.timedelta(days=days)
        case "now":
            return clock.now().replace(second=0, microsecond=0)
        case "country" | "currency" | "tax_rate" | "quote_terms":
            return values[name]
        case "user":
            found = own_user(session)
            return f"user:{found}" if found is not None and field.kind == "either" else found
        case "warehouse":
            return own_warehouse(session)
        case "salesperson":
            return own_salesperson(session)
        case "contact_type":
            return _usual_type(session)
        case "number":
            return None
    raise KeyError(f"unknown default {token!r} of {field.name}")
