"""Clients: their codes by Estado, and their place in the hierarchy."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.branch import Branch
from db.models.client import Client, ClientStatus
from db.record import Problem
from oficrm import settings
from oficrm.hooks import Hooks

MAX_DEPTH = 100


def series(session: Session, values: dict[str, Any]) -> str:
    """Return the prefix that belongs to an Estado, with the branch in it when Parámetros say so."""
    known = settings.read(session)
    status = values.get("status") or ClientStatus.POTENTIAL
    prefix = str(known[f"client_prefix_{ClientStatus(status).value}"])
    branch_id = values.get("branch")
    if known["branch_in_code"] and branch_id:
        letters = session.scalar(select(Branch.code).where(Branch.id == branch_id))
        if letters:
            return f"{prefix}-{letters}"
    return prefix


def _sound(session: Session, client: Client) -> Iterator[Problem]:
    """The hierarchy has no circles, whichever way a parent came to be: typed, restored or undone."""
    parent_id, steps = client.parent_client_id, 0
    while parent_id is not None and steps < MAX_DEPTH:
        if parent_id == client.id:
            yield Problem("parent_client", "Ese cliente depende de este: la jerarquía daría una vuelta.")
            return
        parent_id = session.scalar(select(Client.parent_client_id).where(Client.id == parent_id))
        steps += 1


HOOKS = Hooks(sound=_sound, series=series)


def card_text(session: Session, ident: int) -> str:
    """Return the client's card as plain text, for the clipboard."""
    client = session.get_one(Client, ident)
    lines = [
        f"{client.name} ({client.code})",
        client.legal_name if client.legal_name != client.name else None,
        client.tax_id,
        client.street,
        " ".join(part for part in (client.postal_code, client.city) if part),
        client.province,
        *(value for value in (client.phone, client.mobile_phone, client.email, client.website)),
    ]
    return "\n".join(line for line in lines if line)
