"""The master entries every company starts with: the types of contact and the results of the reference."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import counters
from db.history import operation
from db.models.contact_type import ContactIcon, ContactType
from db.models.masters import Master
from db.models.result import Result, ResultTone
from db.text import search_fold
from oficrm import settings

TYPES: tuple[dict[str, Any], ...] = (
    {"name": "Teléfono", "icon": ContactIcon.PHONE},
    {"name": "Email", "icon": ContactIcon.EMAIL, "is_email": True},
    {"name": "Visita", "icon": ContactIcon.VISIT, "in_diary": True},
    {"name": "Demo", "icon": ContactIcon.DEMO},
    {"name": "Feria", "icon": ContactIcon.FAIR},
    {"name": "Web", "icon": ContactIcon.WEB},
    {"name": "Correo", "icon": ContactIcon.POST},
    {"name": "Fax", "icon": ContactIcon.FAX},
    {"name": "Otros", "icon": ContactIcon.OTHER, "in_diary": True},
)
RESULTS: tuple[dict[str, Any], ...] = (
    {"name": "Informativo", "tone": ResultTone.OPENING},
    {"name": "Seguimiento", "tone": ResultTone.FOLLOW_UP},
    {"name": "Venta", "tone": ResultTone.WON},
    {"name": "Nulo", "tone": ResultTone.LOST},
)


def prepare(session: Session) -> None:
    """Add the standard types of contact and results that are missing; what the user has stays as it is."""
    ensure(session, ContactType, TYPES)
    ensure(session, Result, RESULTS)


def ensure(session: Session, model: type[Master], entries: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return the id of each entry by its name, adding those that no live record is called."""
    found = _ids(session, model)
    missing = [entry for entry in entries if search_fold(entry["name"]) not in found]
    if missing:
        with operation(session, f"Preparar {model.module.plural}"):
            digits = settings.read(session)["number_digits"]
            for entry in missing:
                values = _defaults(model) | dict(entry)
                number = counters.next_number(session, model.module.prefix, digits)
                session.add(model(**values, number=number))
            session.flush()
        found = _ids(session, model)
    return {entry["name"]: found[search_fold(entry["name"])] for entry in entries}


def _ids(session: Session, model: type[Master]) -> dict[str, int]:
    live = select(model.name, model.id).where(model.deleted_at.is_(None))
    return {search_fold(name): ident for name, ident in session.execute(live)}


def _defaults(model: type[Master]) -> dict[str, Any]:
    """Plain defaults of the declaration; tokens such as @number are none of them."""
    plain = {field.attr: field.default for field in model.fields.values() if field.default is not None}
    return {attr: value for attr, value in plain.items() if not str(value).startswith("@")}
