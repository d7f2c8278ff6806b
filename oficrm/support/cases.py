"""Cases: what a new one takes over, the clock of its times, and who is told.

Times count in working hours. The clock stands still while a case waits (Pendiente), and from when it is solved until
it is reopened; the time for the solution moves on by the working time it stood still. Leaving «Nuevo» counts as the
first response, and so do the first comment and the first message sent; the time for the response does not move.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.asset import Asset, AssetAssignment
from db.models.client import Client
from db.models.person import Person
from db.models.project import Project
from db.models.service_contract import ServiceContract, ServiceLevel
from db.models.support_case import CasePriority, CaseStatus, SupportCase
from db.record import Record
from oficrm import clock, settings
from oficrm.drafts import Draft, Values
from oficrm.hooks import Hooks
from oficrm.notifications import members, notify
from oficrm.rules.business_hours import BusinessHours
from oficrm.support import sla
from oficrm.support.assets import held

TABLE = "support_case"
SOLVED = (CaseStatus.RESOLVED, CaseStatus.CLOSED)
STOPPED = (CaseStatus.WAITING, *SOLVED)
"""States in which the clock stands still."""
_BY_LINK: dict[str, tuple[type[Record], tuple[str, ...]]] = {
    "person": (Person, ("client",)),
    "service_contract": (ServiceContract, ("client",)),
    "project": (Project, ("client",)),
}
"""What a case takes over from a record chosen in it, where it says nothing yet."""


def _fill(session: Session, name: str, values: Values) -> Values:
    ident = values.get(name)
    if not isinstance(ident, int):
        return {}
    found: Values = {}
    if name == "asset":
        found = _of_asset(session, ident)
    elif name in _BY_LINK:
        model, names = _BY_LINK[name]
        record = session.get_one(model, ident)
        found = {other: getattr(record, f"{other}_id") for other in names}
    client = values.get("client") or found.get("client")
    if "person" in found and client != found.get("client"):
        found.pop("person")
    return {other: value for other, value in found.items() if value is not None and values.get(other) is None}


def _of_asset(session: Session, ident: int) -> Values:
    """Who has it, and what model it is."""
    assignment: AssetAssignment | None = held(session, ident)
    found: Values = {"product": session.get_one(Asset, ident).product_id}
    if assignment is not None:
        found |= {"client": assignment.client_id, "person": assignment.person_id}
    return found


# --- the clock


def _before(session: Session, case: SupportCase, draft: Draft) -> None:
    is_new = draft.id is None
    values = settings.read(session)
    keep_time(case, clock.now(), sla.hours(values))
    if is_new or any(draft.original.get(name) != getattr(case, attr) for name, attr in _PROMISED_BY):
        _promise(session, case, values, is_new=is_new)
    if is_new or draft.values.get("assigned_to") != draft.original.get("assigned_to"):
        tell(session, case, "Caso nuevo" if is_new else "Caso reasignado")


_PROMISED_BY = (("priority", "priority"), ("service_contract", "service_contract_id"))


def keep_time(case: SupportCase, now: dt.datetime, hours: BusinessHours) -> None:
    """Note when a case was attended to, solved, closed and reopened, and let its clock stand or run on.

    What it notes follows from the state and from what was noted before, so it may be asked any number of times.
    """
    is_solved = case.status in SOLVED
    if case.status != CaseStatus.NEW and case.attended_at is None:
        case.attended_at = now
    stood_solved = case.resolved_at is not None
    goes_on = not is_solved if stood_solved else case.status != CaseStatus.WAITING
    if case.stopped_since is not None and goes_on:
        stood = int(hours.between(case.stopped_since, now) / dt.timedelta(minutes=1))
        case.waited_minutes += stood
        if case.resolution_due_at is not None:
            case.resolution_due_at = hours.add(case.resolution_due_at, dt.timedelta(minutes=stood))
        case.stopped_since = None
    if case.status in STOPPED and case.stopped_since is None:
        case.stopped_since = now
    if is_solved and not stood_solved:
        case.resolved_at = now
    elif stood_solved and not is_solved:
        case.resolved_at = None
        case.reopen_count += 1
    if (case.status == CaseStatus.CLOSED) != (case.closed_at is not None):
        case.closed_at = now if case.closed_at is None else None


def _promise(session: Session, case: SupportCase, values: settings.Settings, *, is_new: bool) -> None:
    """Set by when it is answered and solved, counted from its opening; a response given is no longer promised."""
    if case.status in SOLVED and not is_new:
        return
    contract = session.get(ServiceContract, case.service_contract_id) if case.service_contract_id else None
    level = ServiceLevel(contract.service_level) if contract is not None and contract.service_level else None
    times, hours = sla.targets(values, CasePriority(case.priority), level), sla.hours(values)
    opened = case.created_at.replace(second=0, microsecond=0)
    if is_new or case.attended_at is None:
        case.response_due_at = hours.add(opened, times.response)
    case.resolution_due_at = hours.add(opened, times.solution + dt.timedelta(minutes=case.waited_minutes))


# --- who is told


def tell(session: Session, case: SupportCase, what: str) -> None:
    """Tell whoever it is assigned to, all members of a team, oneself included: one's list of notices is complete."""
    client = session.scalar(select(Client.title).where(Client.id == case.client_id))
    text = f"{what}: {case.number} {case.title_line} · {client}"
    notify(session, members(session, case.assigned_to), text, key_of(TABLE, case.id))


HOOKS = Hooks(fill=_fill, before=_before)
