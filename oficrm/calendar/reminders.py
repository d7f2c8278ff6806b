"""Reminders: a notice so many minutes before an event or task begins, while the program runs."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.calendar_item import MOST_MINUTES, ActivityStatus, CalendarInvitee, CalendarItem, EventStatus, ItemKind
from db.models.user import User
from oficrm.calendar import items
from oficrm.notifications import notify

MORNING = dt.time(9)
"""When what has no hour begins, for reminding."""
LATE = dt.timedelta(hours=12)
"""So long after it began nobody is reminded any more: the computer was off."""
_OPEN = (EventStatus.PLANNED, ActivityStatus.NOT_STARTED, ActivityStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Due:
    """Who is to be reminded of which item now; ``occasion`` names this time of it."""

    item_id: int
    users: frozenset[int]
    text: str
    occasion: str


def due(session: Session, now: dt.datetime) -> list[Due]:
    """Return the reminders whose moment has come and whose item began less than half a day ago.

    ``now`` is local and aware. Those given before are among them: ``give`` does not repeat them.
    """
    here = now.replace(tzinfo=None)
    reach = here + dt.timedelta(minutes=MOST_MINUTES)
    statement = select(CalendarItem).where(
        CalendarItem.deleted_at.is_(None), CalendarItem.reminder_minutes.is_not(None),
        CalendarItem.date.between((here - LATE).date(), reach.date()),
    )  # fmt: skip
    found = []
    for item in session.scalars(statement.order_by(CalendarItem.date, CalendarItem.time, CalendarItem.id)):
        if (item.event_status if item.kind == ItemKind.EVENT else item.task_status) not in _OPEN:
            continue
        starts = dt.datetime.combine(item.date, item.time or MORNING)
        if starts - dt.timedelta(minutes=item.reminder_minutes or 0) <= here < starts + LATE:
            occasion = f"reminder {starts:%Y-%m-%dT%H:%M}"
            found.append(Due(item.id, _users(session, item), f"{items.when(item)} · {item.title}", occasion))
    return found


def _users(session: Session, item: CalendarItem) -> frozenset[int]:
    """Whom an item concerns: its assignee and those invited; else whoever made it."""
    invited = select(CalendarInvitee.user_id).where(
        CalendarInvitee.calendar_item_id == item.id, CalendarInvitee.deleted_at.is_(None)
    )
    users = set(session.scalars(invited)) | ({item.assigned_user_id} if item.assigned_user_id else set())
    if not users:
        users = set(session.scalars(select(User.id).where(User.login == item.created_by, User.deleted_at.is_(None))))
    return frozenset(users)


def give(session: Session, wanted: list[Due]) -> int:
    """Tell of what is due, each user once for each time of an item; return how many notices were written."""
    return sum(notify(session, each.users, each.text, key_of(items.TABLE, each.item_id), each.occasion)
               for each in wanted)  # fmt: skip


def remind(session: Session, now: dt.datetime) -> int:
    """Give the reminders that are due; safe to run as often as one likes."""
    return give(session, due(session, now))
