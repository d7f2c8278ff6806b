"""Items as iCalendar (RFC 5545), for other calendars: VEVENT and VTODO, each occurrence on its own."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.calendar_item import (
    ActivityStatus,
    CalendarInvitee,
    CalendarItem,
    CalendarLink,
    EventStatus,
    ItemKind,
    ItemPriority,
    Visibility,
)
from db.models.user import User
from oficrm import clock, keys
from oficrm.calendar import items
from oficrm.errors import EnvironmentProblem

PRODUCT = "-//OfiCRM//Calendario//ES"
WIDTH = 75
"""Octets of a line before it goes on in the next (section 3.1)."""
_STATES = {EventStatus.NOT_HELD: "CANCELLED", EventStatus.PLANNED: "CONFIRMED", EventStatus.HELD: "CONFIRMED",
           ActivityStatus.NOT_STARTED: "NEEDS-ACTION", ActivityStatus.WAITING: "NEEDS-ACTION",
           ActivityStatus.IN_PROGRESS: "IN-PROCESS", ActivityStatus.COMPLETED: "COMPLETED",
           ActivityStatus.DEFERRED: "CANCELLED"}  # fmt: skip
_PRIORITIES = {ItemPriority.HIGH: 1, ItemPriority.MEDIUM: 5, ItemPriority.LOW: 9}


def write(session: Session, ids: Iterable[int], path: Path) -> int:
    """Write items to a file; return how many. Raises EnvironmentProblem when it cannot be written."""
    chosen: list[CalendarItem] = []
    for some in chunks(list(ids)):
        chosen += items.load_items(session, some)
    try:
        path.write_bytes(text(session, chosen).encode())
    except OSError as error:
        raise EnvironmentProblem(f"No se puede escribir {path.name}: {error.strerror}.") from error
    return len(chosen)


def text(session: Session, chosen: Sequence[CalendarItem]) -> str:
    """Return a whole calendar. Hours are floating: wall time wherever it is read, as they are kept."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    about = _about(session, [item.id for item in chosen])
    invited = _invited(session, [item.id for item in chosen])
    for item in chosen:
        lines += _item(item, about.get(item.id, []), invited.get(item.id, []))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def _item(item: CalendarItem, about: Sequence[str], invited: Sequence[tuple[str, str]]) -> list[str]:
    is_event = item.kind == ItemKind.EVENT
    name = "VEVENT" if is_event else "VTODO"
    state = item.event_status if is_event else item.task_status
    lines = [f"BEGIN:{name}", f"UID:calendar_item-{item.id}-{item.created_at:%Y%m%dT%H%M%S}@oficrm",
             f"DTSTAMP:{_utc(clock.now())}", f"LAST-MODIFIED:{_utc(item.modified_at)}", f"SEQUENCE:{item.version - 1}",
             f"SUMMARY:{_escaped(item.subject)}"]  # fmt: skip
    lines += _when(item) if is_event else [_due(item)]
    description = "\n".join(part for part in (*about, item.notes, item.outcome) if part)
    if description:
        lines.append(f"DESCRIPTION:{_escaped(description)}")
    if item.location:
        lines.append(f"LOCATION:{_escaped(item.location)}")
    if state is not None:
        lines.append(f"STATUS:{_STATES[EventStatus(state) if is_event else ActivityStatus(state)]}")
    if item.priority is not None:
        lines.append(f"PRIORITY:{_PRIORITIES[ItemPriority(item.priority)]}")
    lines.append(f"CLASS:{'PRIVATE' if item.visibility == Visibility.PRIVATE else 'PUBLIC'}")
    lines += [f"ATTENDEE;CN={_quoted(who)}:mailto:{address}" for who, address in invited]
    if item.reminder_minutes is not None and item.time is not None:
        related = "" if is_event else ";RELATED=END"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(item.subject)}",
                  f"TRIGGER{related}:-PT{item.reminder_minutes}M", "END:VALARM"]  # fmt: skip
    return [*lines, f"END:{name}"]


def _when(item: CalendarItem) -> list[str]:
    last = item.end_date or item.date
    if item.time is None:  # the end of whole days is the day after
        return [f"DTSTART;VALUE=DATE:{item.date:%Y%m%d}", f"DTEND;VALUE=DATE:{last + dt.timedelta(days=1):%Y%m%d}"]
    lines = [f"DTSTART:{_local(item.date, item.time)}"]
    if item.end_time is not None:
        lines.append(f"DTEND:{_local(last, item.end_time)}")
    return lines


def _due(item: CalendarItem) -> str:
    if item.time is None:
        return f"DUE;VALUE=DATE:{item.date:%Y%m%d}"
    return f"DUE:{_local(item.date, item.time)}"


def _local(day: dt.date, time: dt.time) -> str:
    return f"{dt.datetime.combine(day, time):%Y%m%dT%H%M%S}"


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(value: str) -> str:
    """A text as section 3.3.11 wants it."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(char for char in value if char >= " " or char == "\t")


def _quoted(value: str) -> str:
    """A parameter's value: it cannot hold quotes or control signs."""
    return '"' + "".join(char for char in value if char >= " " and char != '"') + '"'


def _fold(line: str) -> list[str]:
    """Break a line into pieces of at most 75 octets, never inside a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        wide = len(char.encode())
        if size + wide > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += wide
    return [*pieces, piece]


def _about(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """The titles of the records that items concern."""
    found: list[tuple[int, str]] = []
    for some in chunks(ids):
        rows = select(CalendarLink.calendar_item_id, CalendarLink.record).where(
            CalendarLink.calendar_item_id.in_(some), CalendarLink.deleted_at.is_(None)
        )
        found += [(row[0], row[1]) for row in session.execute(rows.order_by(CalendarLink.id))]
    titles = keys.titles(session, {key for _ident, key in found})
    about: dict[int, list[str]] = {}
    for ident, key in found:
        about.setdefault(ident, []).append(titles.get(key, key))
    return about


def _invited(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Name and address of the users invited who have one."""
    invited: dict[int, list[tuple[str, str]]] = {}
    for some in chunks(ids):
        rows = (
            select(CalendarInvitee.calendar_item_id, User.name, User.email)
            .join(User, User.id == CalendarInvitee.user_id)
            .where(CalendarInvitee.calendar_item_id.in_(some), CalendarInvitee.deleted_at.is_(None),
                   User.email.is_not(None))
        )  # fmt: skip
        for ident, name, email in session.execute(rows):
            invited.setdefault(ident, []).append((name, str(email)))
    return invited
