"""Events and tasks as they are saved: hours, the series of a rule, and telling those who are invited."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.calendar_item import CalendarInvitee, CalendarItem, ItemKind, usual_minutes
from oficrm import records
from oficrm.calendar import recurrence, series
from oficrm.defaults import own_user
from oficrm.drafts import Draft, Values
from oficrm.errors import Collected
from oficrm.hooks import Hooks
from oficrm.notifications import notify
from oficrm.rules import dates
from oficrm.rules.problems import Invalid

TABLE = "calendar_item"


def first_values(now: dt.datetime, given: Values) -> Values:
    """Return what a new item starts with: an event at the next half hour, for as long as its type takes.

    ``given`` wins; an hour in it is kept and only its end is added. ``now`` is local.
    """
    kind = str(given.get("kind") or ItemKind.EVENT.value)
    if kind == ItemKind.TASK or given.get("all_day"):
        return dict(given)
    values = dict(given)
    if values.get("time") is None:
        if "date" in values and values["date"] != now.date():
            starts = dt.datetime.combine(values["date"], dt.time(9))
        else:
            starts = next_half_hour(now)
        values["date"], values["time"] = starts.date(), starts.time()
    if values.get("end_time") is None:
        starts = dt.datetime.combine(values.get("date") or now.date(), values["time"])
        ends = starts + dt.timedelta(minutes=usual_minutes(values.get("activity_type")))
        values["end_time"] = ends.time()
        if ends.date() > starts.date():
            values["end_date"] = ends.date()
    return values


def next_half_hour(now: dt.datetime) -> dt.datetime:
    """Return the next full or half hour after a local moment, naive."""
    plain = now.replace(tzinfo=None, second=0, microsecond=0)
    return plain + dt.timedelta(minutes=30 - plain.minute % 30)


def when(item: CalendarItem) -> str:
    """Say when an item is: "lun 24 nov 10:30"."""
    day = dates.short_date(item.date)
    return f"{day} {dates.short_time(item.time)}" if item.time is not None else day


def _check(session: Session, item: CalendarItem, draft: Draft, problems: Collected) -> None:
    """A rule can be read, and makes no endless number of items."""
    if item.recurrence is None:
        return
    try:
        item.recurrence = recurrence.with_day(item.recurrence, item.date)
        recurrence.following(item.recurrence, item.date, item.date + series.ENDED
                             if not recurrence.is_endless(item.recurrence) else item.date + series.AHEAD)  # fmt: skip
    except Invalid as error:
        problems.add("recurrence", error.message)


def _after(session: Session, item: CalendarItem, draft: Draft) -> None:
    """A new rule makes its items; who is newly invited, or invited to another hour, is told.

    ``original`` still holds what the form was opened with, so it tells what this saving changed.
    """
    before = draft.original.get("recurrence")
    if item.recurrence != before and (draft.id is not None or item.recurrence is not None):
        series.plan(session, item)
    invited = {line.user_id for line in records.lines_of(session, CalendarInvitee, item.id)
               if isinstance(line, CalendarInvitee)}  # fmt: skip
    tell(session, item, invited, moved=draft.id is not None and _is_moved(item, draft.original))


def _is_moved(item: CalendarItem, before: Values) -> bool:
    return (item.date, item.time) != (before.get("date"), before.get("time"))


def tell(session: Session, item: CalendarItem, users: Iterable[int], *, moved: bool = False) -> None:
    """Tell users that they are invited, once each; with ``moved`` also that it is at another time now.

    Whoever writes is not told of the own doing.
    """
    others = set(users) - {own_user(session)}
    if not others:
        return
    key = key_of(TABLE, item.id)
    label = "tarea" if item.kind == ItemKind.TASK else "actividad"
    told = notify(session, others, f"Le invitan: {item.title} ({when(item)})", key, "invited")
    if moved and not told:
        text = f"Cambia de fecha la {label} «{item.title}»: {when(item)}"
        notify(session, others, text, key, f"moved {item.date} {item.time} {item.version}")


def load_items(session: Session, ids: Iterable[int]) -> list[CalendarItem]:
    """Return live items by id, in order of day and hour."""
    statement = select(CalendarItem).where(CalendarItem.id.in_(tuple(ids)), CalendarItem.deleted_at.is_(None))
    return sorted(session.scalars(statement), key=lambda item: (item.date, item.time or dt.time.min, item.id))


HOOKS = Hooks(check=_check, after=_after)
