"""Equipment: who has what from when to when, and the end of warranties."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.asset import Asset, AssetAssignment, AssetCondition
from db.models.client import Client
from db.models.person import Person
from oficrm import clock
from oficrm.drafts import Draft, Values
from oficrm.errors import Collected, NeedsConfirmation, Refused
from oficrm.hooks import Hooks
from oficrm.notifications import concerned, notify
from oficrm.rules import dates

TABLE = "asset_assignment"
OVERLAP = "overlap"
WARRANTY_DAYS = 30
_FAR = dt.date.max


def held(session: Session, asset_id: int) -> AssetAssignment | None:
    """Return the assignment by which somebody has an asset today, the latest where there are several."""
    today = clock.today()
    return session.scalar(
        select(AssetAssignment)
        .where(AssetAssignment.asset_id == asset_id, AssetAssignment.deleted_at.is_(None),
               AssetAssignment.start_date <= today,
               or_(AssetAssignment.end_date.is_(None), AssetAssignment.end_date > today))
        .order_by(AssetAssignment.start_date.desc(), AssetAssignment.id.desc()).limit(1)
    )  # fmt: skip


def _fill(session: Session, name: str, values: Values) -> Values:
    """A person stands for its client."""
    ident = values.get("person")
    if name != "person" or not isinstance(ident, int) or values.get("client") is not None:
        return {}
    client = session.get_one(Person, ident).client_id
    return {"client": client} if client is not None else {}


def _check(session: Session, assignment: AssetAssignment, draft: Draft, problems: Collected) -> None:
    if draft.id is None or draft.original.get("asset") != assignment.asset_id:
        asset = session.get(Asset, assignment.asset_id)
        if asset is not None and asset.condition == AssetCondition.RETIRED:
            problems.add("asset", "Está dado de baja: no se puede asignar.")


def _before(session: Session, assignment: AssetAssignment, draft: Draft) -> None:
    """Ask before an asset is in two hands at once; what it is handed over from ends then."""
    _complete(session, assignment)
    previous = session.get(AssetAssignment, assignment.previous_id) if assignment.previous_id else None
    if draft.id is None and previous is not None and last_day(previous) > assignment.start_date:
        if previous.start_date > assignment.start_date:
            raise Refused("No se puede transferir antes de que empezara la asignación anterior.")
        previous.end_date = assignment.start_date
    if OVERLAP in draft.accepted or (draft.id is not None and not _moved(assignment, draft)):
        return
    other = _overlapping(session, assignment)
    if other is not None:
        asset = session.get_one(Asset, assignment.asset_id)
        text = f"«{asset.title}» está asignado a {_holder(session, other)} {_period(other)}."
        raise NeedsConfirmation(OVERLAP, text, "Asignar también")


def _complete(session: Session, assignment: AssetAssignment) -> None:
    """The client of the person, where the form was filled in by somebody in a hurry."""
    if assignment.client_id is None and assignment.person_id is not None:
        assignment.client_id = session.get_one(Person, assignment.person_id).client_id


def _moved(assignment: AssetAssignment, draft: Draft) -> bool:
    return any(draft.original.get(name) != getattr(assignment, attr) for name, attr in
               (("asset", "asset_id"), ("start_date", "start_date"), ("end_date", "end_date")))  # fmt: skip


def last_day(assignment: AssetAssignment) -> dt.date:
    """Return when an assignment ends; the end of time when it is open."""
    return assignment.end_date or _FAR


def overlap(first: tuple[dt.date, dt.date | None], second: tuple[dt.date, dt.date | None]) -> bool:
    """Return whether two assignments of (start, end) have days in common.

    One that ends on the day the other begins hands the thing over on it, unless both are that one day.
    """
    (start, end), (other_start, other_end) = first, second
    end, other_end = end or _FAR, other_end or _FAR
    if start == other_start:
        return True
    return start < other_end and other_start < end


def _overlapping(session: Session, assignment: AssetAssignment) -> AssetAssignment | None:
    others = select(AssetAssignment).where(
        AssetAssignment.asset_id == assignment.asset_id, AssetAssignment.deleted_at.is_(None),
        AssetAssignment.id != assignment.id,
    )  # fmt: skip
    mine = (assignment.start_date, assignment.end_date)
    for other in session.scalars(others.order_by(AssetAssignment.start_date.desc())):
        if overlap(mine, (other.start_date, other.end_date)):
            return other
    return None


def _holder(session: Session, assignment: AssetAssignment) -> str:
    person = session.get(Person, assignment.person_id) if assignment.person_id else None
    client = session.get(Client, assignment.client_id) if assignment.client_id else None
    return " · ".join(found.title for found in (person, client) if found is not None)


def _period(assignment: AssetAssignment) -> str:
    today = clock.today()
    start = dates.short_date(assignment.start_date, today)
    if assignment.end_date is None:
        return f"desde el {start}"
    return f"del {start} al {dates.short_date(assignment.end_date, today)}"


HOOKS = Hooks(fill=_fill, check=_check, before=_before)


# --- day by day


def warn_of_warranties(session: Session) -> None:
    """Tell who has to know, once, of the assets in use whose warranty ends within the next 30 days."""
    today = clock.today()
    ending = select(Asset).where(
        Asset.deleted_at.is_(None), Asset.condition != AssetCondition.RETIRED,
        Asset.warranty_end >= today, Asset.warranty_end <= today + dt.timedelta(days=WARRANTY_DAYS),
    )  # fmt: skip
    for asset in session.scalars(ending.order_by(Asset.warranty_end, Asset.id)):
        assert asset.warranty_end is not None
        assignment = held(session, asset.id)
        client_id = assignment.client_id if assignment is not None else None
        text = f"La garantía de {asset.title} termina el {dates.short_date(asset.warranty_end, today)}"
        notify(
            session, concerned(session, client_id), text, key_of("asset", asset.id), f"warranty:{asset.warranty_end}"
        )
