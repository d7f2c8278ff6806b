"""What a calendar shows of some days: the items that touch them, and the contacts if they are wanted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from db.models.calendar_item import ItemKind, ItemState
from db.query import Condition, ListQuery, fetch_rows, find_ids
from oficrm import lists
from oficrm.calendar.items import TABLE
from oficrm.lists import ListFilter

MOST = 2000
"""Items shown of one range: more could neither be seen nor painted."""
MOST_CONTACTS = 500
CONTACT = "contact"
_SHOWN = ("subject", "kind", "activity_type", "state", "date", "time", "end_date", "end_time", "location", "records",
          "recurrence")  # fmt: skip
_CONTACT_MINUTES = 30
"""How tall a contact is drawn that does not say how long it took."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the calendar. ``time`` is None where it is of the whole day; ends are the last day and moment.

    ``table`` tells items from contacts, which are only looked at. ``detail`` is its second line.
    """

    table: str
    id: int
    title: str
    date: dt.date
    time: dt.time | None
    end_date: dt.date
    end_time: dt.time | None
    state: ItemState | None = None
    kind: str = ItemKind.EVENT.value
    activity_type: str = ""
    detail: str = ""
    repeats: bool = False

    @property
    def is_item(self) -> bool:
        """True for what can be moved here."""
        return self.table == TABLE

    @property
    def is_open(self) -> bool:
        """True for what is still to be done."""
        return self.state in (None, ItemState.PLANNED, ItemState.NOT_STARTED, ItemState.IN_PROGRESS,
                              ItemState.WAITING, ItemState.LATE)  # fmt: skip

    def starts(self) -> dt.datetime:
        """The local moment it begins, midnight for what has no hour."""
        return dt.datetime.combine(self.date, self.time or dt.time())

    def ends(self) -> dt.datetime:
        """The local moment it ends; what has an hour but no end is drawn half an hour tall."""
        if self.end_time is not None:
            return dt.datetime.combine(self.end_date, self.end_time)
        return self.starts() + dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Range:
    """The entries of some days in order; ``is_cut`` where there are more than can be shown."""

    entries: tuple[Entry, ...]
    is_cut: bool = False


def load(session: Session, wanted: ListFilter, first: dt.date, last: dt.date, *, contacts: bool = False) -> Range:
    """Return what touches the days ``first`` to ``last`` among the items that fit a filter.

    Criteria of the filter over its dates do not count: the range says which days. Raises ValidationError for a filter
    that cannot be read.
    """
    kept = tuple(item for item in wanted.criteria if item.field not in ("date", "end_date"))
    query = replace(lists.resolve(session, replace(wanted, criteria=kept)), sort=("date", "time"))
    within = find_ids(session, _and(query, ("date", "from", first), ("date", "to", last)), MOST + 1).ids
    day_before = first - dt.timedelta(days=1)
    begun = find_ids(session, _and(query, ("end_date", "from", first), ("date", "to", day_before)), MOST + 1).ids
    ids = [*begun, *within][:MOST]
    rows = lists.load_rows(session, TABLE, ids, _SHOWN)
    found = [_entry(ident, dict(zip(_SHOWN, rows[ident], strict=True))) for ident in ids]
    if contacts:
        found += _contacts(session, first, last)
    found.sort(key=lambda entry: (entry.starts(), entry.time is not None, entry.title))
    return Range(tuple(found), len(begun) + len(within) > MOST)


def _and(query: ListQuery, *more: tuple[str, str, dt.date]) -> ListQuery:
    return replace(query, conditions=(*query.conditions, *(Condition(*each) for each in more)))


def _entry(ident: int, row: dict[str, object]) -> Entry:
    detail = " · ".join(str(row[name]) for name in ("records", "location") if row[name])
    date, end = row["date"], row["end_date"]
    assert isinstance(date, dt.date)
    time, end_time = row["time"], row["end_time"]
    return Entry(
        TABLE, ident, str(row["subject"]), date, time if isinstance(time, dt.time) else None,
        end if isinstance(end, dt.date) else date, end_time if isinstance(end_time, dt.time) else None,
        ItemState(str(row["state"])), str(row["kind"]), str(row["activity_type"]), detail, bool(row["recurrence"]),
    )  # fmt: skip


def _contacts(session: Session, first: dt.date, last: dt.date) -> Iterator[Entry]:
    """The contacts of these days: shown dimly, for what is agreed must not collide with them."""
    query = ListQuery(CONTACT, (Condition("date", "from", first), Condition("date", "to", last)), ("date", "time"))
    ids = list(find_ids(session, query, MOST_CONTACTS).ids)
    rows = fetch_rows(session, CONTACT, ids, ("client", "type", "date", "time", "duration"))
    for ident in ids:
        client, kind, date, time, minutes = rows[ident]
        ends = dt.datetime.combine(date, time or dt.time()) + dt.timedelta(minutes=minutes or _CONTACT_MINUTES)
        yield Entry(CONTACT, ident, client or "Contacto", date, time, ends.date() if time else date,
                    ends.time() if time else None, detail=kind or "")  # fmt: skip
