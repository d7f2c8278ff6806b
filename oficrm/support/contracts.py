"""Service contracts: renewing them for another term, by hand or by themselves, and telling before they lapse."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from db.filed import key_of
from db.history import operation
from db.models.service_contract import ContractStatus, ServiceContract
from oficrm import clock, commands, records
from oficrm.commands import Command
from oficrm.drafts import Loaded
from oficrm.errors import Refused
from oficrm.notifications import concerned, notify
from oficrm.rules import dates

TABLE = "service_contract"
NOTICES = (60, 30, 7)
"""Days before the due date at which it is told; of those that have come, only the last."""
MOST_MONTHS = 240
MOST_TERMS = 60
"""Terms renewed at once after the program was not opened for long."""
_KEPT = ("subject", "client", "person", "type", "service_level", "tracking_unit", "total_units", "amount",
         "billing_period", "auto_renew", "notes")  # fmt: skip


def next_term(start: dt.date, due: dt.date) -> tuple[dt.date, dt.date]:
    """Return first and last day of the term that follows: as many whole months where it was that, else as many days.

    A year may be written from 1 January to 31 December or to the next 1 January; the next one ends alike.
    """
    for months in range(1, MOST_MONTHS + 1):
        end = dates.add_months(start, months)
        if end - dt.timedelta(days=1) > due:
            break
        if due == end:
            return due, dates.add_months(start, 2 * months)
        if due == end - dt.timedelta(days=1):
            return end, dates.add_months(start, 2 * months) - dt.timedelta(days=1)
    first = due + dt.timedelta(days=1)
    return first, first + (due - start)


def renew(session: Session, ident: int) -> Loaded:
    """Return a contract for the term after this one, filled from it, for the user to look over.

    Raises Refused when it was renewed already, was cancelled or is still a draft.
    """
    contract = session.get_one(ServiceContract, ident)
    later = _renewal(session, ident)
    if later is not None:
        raise Refused(f"{contract.title} ya está renovada: {later.title}.")
    if contract.status in (ContractStatus.DRAFT, ContractStatus.CANCELLED):
        raise Refused(f"{contract.title} no está en vigor: no se puede renovar.")
    source = records.load(session, TABLE, ident)
    start, due = next_term(contract.start_date, contract.due_date)
    preset: dict[str, Any] = {name: source.draft.values.get(name) for name in _KEPT}
    preset |= {"start_date": start, "due_date": due, "status": ContractStatus.ACTIVE, "renewed_from": ident}
    made = records.blank(session, TABLE, preset)
    made.draft.preset["renewed_from"] = ident  # the form shows it, and only the program sets it
    return made


def _renewal(session: Session, ident: int) -> ServiceContract | None:
    return session.scalar(
        select(ServiceContract)
        .where(ServiceContract.renewed_from_id == ident, ServiceContract.deleted_at.is_(None))
        .order_by(ServiceContract.id).limit(1)
    )  # fmt: skip


COMMANDS = (
    Command("renew", "Renovar…", "renew", blank=renew,
            states=frozenset({ContractStatus.ACTIVE, ContractStatus.ON_HOLD})),
)  # fmt: skip


# --- day by day


def warn_of_ends(session: Session) -> None:
    """Tell who has to know, once each, that a contract lapses within 60, 30 and 7 days; not of those renewed."""
    today = clock.today()
    later = aliased(ServiceContract)
    renewed = select(later.id).where(later.renewed_from_id == ServiceContract.id, later.deleted_at.is_(None))
    ending = select(ServiceContract).where(
        ServiceContract.deleted_at.is_(None), ServiceContract.status == ContractStatus.ACTIVE,
        ServiceContract.due_date >= today, ServiceContract.due_date <= today + dt.timedelta(days=max(NOTICES)),
        ~renewed.exists(),
    )  # fmt: skip
    for contract in session.scalars(ending.order_by(ServiceContract.due_date, ServiceContract.id)):
        left = (contract.due_date - today).days
        days = min(each for each in NOTICES if left <= each)
        text = f"La póliza {contract.title} vence {_when(left, contract.due_date, today)}"
        notify(session, concerned(session, contract.client_id), text, key_of(TABLE, contract.id),
               f"due:{contract.due_date}:{days}")  # fmt: skip


def _when(left: int, due: dt.date, today: dt.date) -> str:
    if left <= 1:
        return "mañana" if left else "hoy"
    return f"en {left} días, el {dates.short_date(due, today)}"


def renew_by_themselves(session: Session) -> None:
    """Renew the contracts that say so and whose last day has passed, as often as it takes to reach today.

    One whose renewal was made already, by hand or before, is left alone. Those concerned are told.
    """
    for _ in range(MOST_TERMS):
        lapsed = _lapsed(session)
        if not lapsed:
            return
        for contract in lapsed:
            with operation(session, f"Renovar {contract.title}", kind="daily"):
                saved = commands.save(session, renew(session, contract.id).draft)
            notify(session, concerned(session, contract.client_id), f"Póliza renovada: {saved.title}",
                   key_of(TABLE, saved.id))  # fmt: skip


def _lapsed(session: Session) -> list[ServiceContract]:
    later = aliased(ServiceContract)
    renewed = select(later.id).where(later.renewed_from_id == ServiceContract.id)  # one thrown away counts too
    return list(session.scalars(
        select(ServiceContract)
        .where(ServiceContract.deleted_at.is_(None), ServiceContract.auto_renew,
               ServiceContract.status == ContractStatus.ACTIVE, ServiceContract.end_date.is_(None),
               ServiceContract.due_date < clock.today(), ~renewed.exists())
        .order_by(ServiceContract.id)
    ))  # fmt: skip
