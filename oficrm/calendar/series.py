"""A series: the items that one rule of repetition makes.

Each time is an item of its own, so that it is held, moved, counted, filtered and reminded of like any other. What is
changed in one of them stays in that one; its rule, and what a command carries on, hold for the following ones.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.calendar_item import ActivityStatus, CalendarInvitee, CalendarItem, CalendarLink, EventStatus, ItemKind
from db.record import Record
from oficrm import clock, records
from oficrm.calendar import recurrence

AHEAD = dt.timedelta(days=366)
"""How far a rule without an end is planned."""
REFILL = dt.timedelta(days=335)
"""Once its last item is nearer than this, the following ones are added."""
ENDED = dt.timedelta(days=3660)
"""How far a rule with an end may reach."""
CARRIED = ("subject", "kind", "activity_type", "time", "end_time", "all_day", "priority", "location",
           "assigned_user_id", "reminder_minutes", "visibility", "notes")  # fmt: skip
"""What the following items of a series take from the one they come from."""
OPEN = (EventStatus.PLANNED, ActivityStatus.NOT_STARTED)
LINES: tuple[type[Record], ...] = (CalendarLink, CalendarInvitee)


def plan(session: Session, item: CalendarItem) -> None:
    """Make the items that follow one by its rule, in place of those that followed it and are still to be done.

    Raises Invalid for a rule that cannot be read or makes too many.
    """
    for old in later(session, item):
        old.deleted_at = clock.now()
    if item.recurrence is None:
        return
    item.series_id = item.series_id or item.id
    last = item.date + (AHEAD if recurrence.is_endless(item.recurrence) else ENDED)
    _add(session, item, recurrence.following(item.recurrence, item.date, last))


def _add(session: Session, item: CalendarItem, days: Sequence[dt.date]) -> list[CalendarItem]:
    made = []
    for day in days:
        copy = records.new_record(CalendarItem)
        assert isinstance(copy, CalendarItem)
        _carry(item, copy)
        copy.date = day
        copy.end_date = day + (item.end_date - item.date) if item.end_date else None
        copy.recurrence, copy.series_id = item.recurrence, item.series_id
        copy.derive()
        made.append(copy)
    session.add_all(made)
    session.flush()
    for child in LINES:
        _copy_lines(session, child, item, made)
    return made


def _carry(item: CalendarItem, other: CalendarItem) -> None:
    for attr in CARRIED:
        setattr(other, attr, getattr(item, attr))


def _copy_lines(session: Session, child: type[Any], item: CalendarItem, others: Sequence[CalendarItem]) -> None:
    """Give others the links and invited users of an item."""
    attr = "record" if child is CalendarLink else "user_id"
    values = [getattr(line, attr) for line in records.lines_of(session, child, item.id)]
    session.add_all(child(calendar_item_id=other.id, extra={}, **{attr: value}) for other in others for value in values)


def later(session: Session, item: CalendarItem) -> list[CalendarItem]:
    """Return the items of the same series after one that are still to be done, by day."""
    if item.series_id is None:
        return []
    same = select(CalendarItem).where(
        CalendarItem.series_id == item.series_id, CalendarItem.id != item.id, CalendarItem.date > item.date,
        CalendarItem.deleted_at.is_(None),
    )  # fmt: skip
    found = session.scalars(same.order_by(CalendarItem.date, CalendarItem.id))
    return [other for other in found if _state(other) in OPEN]


def _state(item: CalendarItem) -> str | None:
    return item.event_status if item.kind == ItemKind.EVENT else item.task_status


def carry_on(session: Session, item: CalendarItem) -> int:
    """Give the following items of a series what this one says now (not its day); return how many.

    Links and invited users are replaced too.
    """
    others = later(session, item)
    for other in others:
        _carry(item, other)
        other.end_date = other.date + (item.end_date - item.date) if item.end_date else None
        other.derive()
        for child in LINES:
            for line in records.lines_of(session, child, other.id):
                line.deleted_at = clock.now()
    for child in LINES:
        _copy_lines(session, child, item, others)
    return len(others)


def end_at(session: Session, item: CalendarItem) -> int:
    """Let a series end with this item: the following ones still to be done go to the trash; return how many."""
    others = later(session, item)
    for other in others:
        other.deleted_at = clock.now()
    if item.recurrence is not None:
        item.recurrence = recurrence.ending(item.recurrence, item.date)
    return len(others)


def extend(session: Session, today: dt.date) -> int:
    """Add to the series without an end what the coming year brings; return how many items were made.

    Days on which something was deleted do not come back. Running it again adds nothing.
    """
    latest = func.max(CalendarItem.date)
    ends = select(CalendarItem.series_id, latest).where(
        CalendarItem.series_id.is_not(None), CalendarItem.recurrence.is_not(None)
    ).group_by(CalendarItem.series_id).having(latest < today + REFILL)  # fmt: skip
    made = 0
    found = [(row[0], row[1]) for row in session.execute(ends)]
    for series_id, reached in found:
        live = select(CalendarItem).where(CalendarItem.series_id == series_id, CalendarItem.deleted_at.is_(None))
        last = session.scalars(live.order_by(CalendarItem.date.desc(), CalendarItem.id.desc()).limit(1)).first()
        if last is None or last.recurrence is None or not recurrence.is_endless(last.recurrence):
            continue
        days = [day for day in recurrence.following(last.recurrence, last.date, today + AHEAD) if day > reached]
        if days:
            with operation(session, f"Repetir {last.title}"[:300], kind="daily"):
                made += len(_add(session, last, days))
    return made


def extend_today(session: Session) -> None:
    """Do that for this day: a job of the daily round."""
    extend(session, clock.today())
