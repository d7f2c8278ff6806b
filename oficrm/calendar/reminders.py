"""Reminders: a notice so many minutes before an event or task begins, while the program of whom it concerns runs."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.history import Actor
from db.models.calendar_item import MOST_MINUTES, ActivityStatus, CalendarInvitee, CalendarItem, EventStatus, ItemKind
from db.notification import Notification
from oficrm.calendar import items
from oficrm.defaults import own_user
from oficrm.notifications import notify

MORNING = dt.time(9)
"""When what has no hour begins, for reminding."""
LATE = dt.timedelta(hours=12)
"""So long after it began nobody is reminded any more: the computer was off."""
_OPEN = (EventStatus.PLANNED, ActivityStatus.NOT_STARTED, ActivityStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder: of which item, in which words. ``occasion`` names this time of it: moved, it is another one."""

    item_id: int
    text: str
    occasion: str


def due(session: Session, now: dt.datetime) -> list[Due]:
    """Return what whoever is at the screen is to be reminded of now and was not yet.

    ``now`` is local and aware. Assigned to and invited to count; what is assigned to nobody reminds whoever made it.
    """
    user = own_user(session)
    if user is None:
        return []
    found = []
    for item in session.scalars(_mine(session, user, now.replace(tzinfo=None))):
        if (item.event_status if item.kind == ItemKind.EVENT else item.task_status) not in _OPEN:
            continue
        starts = dt.datetime.combine(item.date, item.time or MORNING)
        begins = starts - dt.timedelta(minutes=item.reminder_minutes or 0)
        if begins <= now.replace(tzinfo=None) < starts + LATE:
            found.append(Due(item.id, f"{items.when(item)} · {item.title}", f"reminder {starts:%Y-%m-%dT%H:%M}"))
    given = _given(session, user, found)
    return [each for each in found if (key_of(items.TABLE, each.item_id), each.occasion) not in given]


def _mine(session: Session, user: int, here: dt.datetime) -> Select[CalendarItem]:
    actor: Actor = session.info["actor"]
    invited = select(CalendarInvitee.calendar_item_id).where(
        CalendarInvitee.user_id == user, CalendarInvitee.deleted_at.is_(None)
    )
    mine = or_(
        CalendarItem.assigned_user_id == user,
        CalendarItem.id.in_(invited),
        CalendarItem.assigned_user_id.is_(None) & (CalendarItem.created_by == actor.user),
    )
    reach = here + dt.timedelta(minutes=MOST_MINUTES)
    return (
        select(CalendarItem)
        .where(CalendarItem.deleted_at.is_(None), CalendarItem.reminder_minutes.is_not(None),
               CalendarItem.date.between((here - LATE).date(), reach.date()), mine)
        .order_by(CalendarItem.date, CalendarItem.time, CalendarItem.id)
    )  # fmt: skip


def _given(session: Session, user: int, wanted: list[Due]) -> set[tuple[str, str]]:
    if not wanted:
        return set()
    records = {key_of(items.TABLE, each.item_id) for each in wanted}
    told = select(Notification.record, Notification.occasion).where(
        Notification.user_id == user, Notification.record.in_(records), Notification.occasion.is_not(None)
    )
    return {(row[0], str(row[1])) for row in session.execute(told)}


def remind(session: Session, now: dt.datetime) -> list[str]:
    """Put what is due among the notices of whoever is at the screen; return its words.

    Running it again does nothing.
    """
    user = own_user(session)
    wanted = due(session, now)
    return [each.text for each in wanted if user is not None
            and notify(session, [user], f"Recordatorio: {each.text}", key_of(items.TABLE, each.item_id),
                       each.occasion)]  # fmt: skip
