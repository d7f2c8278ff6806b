"""Cambiar fecha, for many: the selection frozen, a preview of every row, and the writing of exactly that preview.

The planning itself is pure and stands in ``oficrm.rules.reschedule``. Here it meets the company's holidays, the days
off and the diary of the salespeople, and the rules of a contact, which a mass change may break as little as a form.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from db.bulk import Stale, Write, chunks, write_field
from db.history import Change, Operation, label_of, operation
from db.models.client import Client
from db.models.contact import Contact
from db.models.contact_type import ContactType
from db.models.salesperson import Salesperson, SalespersonAbsence
from oficrm import clock, settings
from oficrm.errors import Refused
from oficrm.rules import countries, dates, reschedule, workdays
from oficrm.rules.reschedule import Calendars, Day, DayLoad, Item, Row, SetDate, Shift, Spec, Spread
from oficrm.rules.workdays import WorkCalendar

__all__ = ["Item", "Row", "SetDate", "Shift", "Spec", "Spread"]

IDS_PER_QUERY = 5_000
NAMED_AT_MOST = 200
"""Contacts that are named one by one when others changed them meanwhile."""


@dataclass(frozen=True, slots=True)
class Subject(Item):
    """A selected contact as it stood when the selection was frozen."""

    version: int = 0
    client: str = ""
    subject: str = ""
    type: str = ""
    icon: str = ""
    next_at: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Diary:
    """When people work: the company's holidays, and each salesperson's days off."""

    company: WorkCalendar
    place: str = ""
    """Where the holidays are those of, in words: "España, Comunitat Valenciana"."""
    days_off: Mapping[int, frozenset[dt.date]] = field(default_factory=dict)

    def calendars(self, *, holidays: bool = True, days_off: bool = True) -> Calendars:
        """Return the working days of each salesperson; without ``holidays`` only weekends are free."""
        country, region = (self.company.country, self.company.subdivision) if holidays else ("", "")
        common = WorkCalendar(country, region)
        own = {ident: WorkCalendar(country, region, days) for ident, days in self.days_off.items()} if days_off else {}
        return lambda ident: own.get(ident, common) if ident is not None else common


@dataclass(frozen=True, slots=True)
class Selection:
    """Contacts chosen for a change of date, frozen: what the user sees is what will be written.

    ``others`` counts the open contacts outside the selection by salesperson and day; ``gone`` how many of the ids
    asked for do not exist any more; ``last_change`` is the newest change of history at that moment.
    """

    subjects: tuple[Subject, ...]
    diary: Diary
    salespeople: Mapping[int, str] = field(default_factory=dict)
    others: Mapping[Day, int] = field(default_factory=dict)
    gone: int = 0
    last_change: int = 0

    @property
    def done(self) -> int:
        """How many are Realizados."""
        return sum(subject.is_done for subject in self.subjects)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks for."""

    spec: Spec
    holidays: bool = True
    days_off: bool = True
    include_done: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to every contact of a selection; ``rows`` are exactly what ``apply`` writes.

    ``blocked`` says, by id, which rule of a contact the new date would break: these stay where they are.
    """

    selection: Selection
    wish: Wish
    rows: tuple[Row, ...]
    unchanged: frozenset[int]
    left_out: frozenset[int]
    blocked: Mapping[int, str]
    loads: tuple[DayLoad, ...]
    after: Mapping[int, dt.date]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A contact that is no longer as it was previewed: ``now`` is its present date, None when it was deleted."""

    id: int
    client: str
    before: dt.date
    now: dt.date | None
    who: str
    at: dt.datetime
    what: str


class Overtaken(Refused):
    """Contacts changed since they were previewed; nothing was written. ``contacts`` names them."""

    def __init__(self, contacts: Sequence[Meanwhile], count: int) -> None:
        many = f"{count} contactos cambiaron" if count > 1 else "Un contacto cambió"
        super().__init__(f"{many} mientras tanto. No se ha escrito nada.")
        self.contacts = tuple(contacts)
        self.count = count


def frozen(session: Session, ids: Sequence[int]) -> Selection:
    """Freeze a selection: the contacts in the order of ``ids``, with all that planning needs."""
    last_change = session.scalar(select(func.max(Change.id))) or 0
    found = {subject.id: subject for subject in _subjects(session, ids)}
    subjects = tuple(found[ident] for ident in dict.fromkeys(ids) if ident in found)
    people = {subject.salesperson_id for subject in subjects} - {None}
    days = {subject.date for subject in subjects} | {clock.today()}
    diary = calendars(session, people)
    for year in {day.year + step for day in days for step in (-1, 0, 1, 2)}:
        # Working out a year's holidays takes a while the first time: here nobody waits for it.
        diary.company.holiday(dt.date(year, 1, 1))
    return Selection(subjects, diary, _names(session, people), _others(session, subjects, min(days)),
                     len(set(ids)) - len(subjects), last_change)  # fmt: skip


def calendars(session: Session, people: Iterable[int | None] | None = None) -> Diary:
    """Return the working days of the company and of its salespeople (of ``people`` only, when given)."""
    values = settings.read(session)
    statement = select(
        SalespersonAbsence.salesperson_id, SalespersonAbsence.first_day, SalespersonAbsence.last_day
    ).where(SalespersonAbsence.deleted_at.is_(None))
    wanted = None if people is None else set(people)
    off: dict[int, set[dt.date]] = {}
    for ident, first, last in session.execute(statement):
        if wanted is None or ident in wanted:
            days = off.setdefault(ident, set())
            days.update(first + dt.timedelta(days=step) for step in range((last - first).days + 1))
    company = values.calendar
    region = workdays.regions(company.country).get(company.subdivision, "")
    country = countries.country_name(company.country)
    place = f"{country}, {region}" if region else country
    return Diary(company, place, {ident: frozenset(days) for ident, days in off.items()})


def _subjects(session: Session, ids: Sequence[int]) -> Iterable[Subject]:
    statement = (
        select(Contact.id, Contact.date, Contact.time, Contact.salesperson_id, Contact.result_id, Contact.closed_on,
               Contact.version, Client.title, Contact.title, ContactType.title, ContactType.icon, Contact.next_at)
        .join(Client, Client.id == Contact.client_id)
        .outerjoin(ContactType, ContactType.id == Contact.type_id)
        .where(Contact.deleted_at.is_(None))
    )  # fmt: skip
    for part in chunks(list(dict.fromkeys(ids)), IDS_PER_QUERY):
        for row in session.execute(statement.where(Contact.id.in_(part))):
            yield _subject(*row)


def _subject(*row: Any) -> Subject:
    ident, day, time, person, result, closed_on, version, client, title, kind, icon, next_at = row
    is_done = result is not None and closed_on is not None
    return Subject(ident, day, time, person, is_done, version, client, title, kind or "", str(icon or ""),
                   next_at, closed_on)  # fmt: skip


def _names(session: Session, people: Iterable[int | None]) -> dict[int, str]:
    wanted = [ident for ident in people if ident is not None]
    rows = session.execute(select(Salesperson.id, Salesperson.title).where(Salesperson.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def _others(session: Session, subjects: Sequence[Subject], first: dt.date) -> dict[Day, int]:
    """Open contacts by salesperson and day, without those of the selection."""
    is_open = ~and_(Contact.result_id.is_not(None), Contact.closed_on.is_not(None))
    statement = (
        select(Contact.salesperson_id, Contact.date, func.count())
        .where(Contact.deleted_at.is_(None), is_open, Contact.date >= min(first, clock.today()))
        .group_by(Contact.salesperson_id, Contact.date)
    )
    mine = Counter((subject.salesperson_id, subject.date) for subject in subjects if not subject.is_done)
    counts: dict[Day, int] = {}
    for person, day, count in session.execute(statement):
        if count > mine[person, day]:
            counts[person, day] = count - mine[person, day]
    return counts


def preview(selection: Selection, wish: Wish) -> Preview:
    """Work out what a wish would do; needs no database.

    Raises Invalid when a date would lie outside 1900..2200 or the cap is below 1.
    """
    diary = selection.diary.calendars(holidays=wish.holidays, days_off=wish.days_off)
    by_id = {subject.id: subject for subject in selection.subjects}
    blocked: dict[int, str] = {}
    while True:
        # Those that must stay where they are make room for the others, and are counted where they stand.
        movable = [subject for subject in selection.subjects if subject.id not in blocked]
        others = Counter(selection.others)
        others.update((by_id[ident].salesperson_id, by_id[ident].date) for ident in blocked)
        plan = reschedule.plan(movable, wish.spec, calendars=diary, include_done=wish.include_done, existing=others)
        broken = {row.id: text for row in plan.rows if (text := _broken_rule(by_id[row.id], row.after))}
        if not broken:
            break
        blocked |= broken
    return Preview(
        selection, wish, plan.rows, frozenset(plan.unchanged), frozenset(plan.left_out_done), blocked, plan.loads,
        {row.id: row.after for row in plan.rows},
    )  # fmt: skip


def _broken_rule(subject: Subject, after: dt.date) -> str:
    """What comes before the new date and may not, in few words: the rules that its form checks; "" when none."""
    if subject.next_at is not None and after > subject.next_at >= subject.date:
        return f"próximo el {dates.short_date(subject.next_at)}"
    if subject.closed_on is not None and after > subject.closed_on >= subject.date:
        return f"cerrado el {dates.short_date(subject.closed_on)}"
    return ""


def operation_label(count: int) -> str:
    """Return how the change is called in the history."""
    return "Cambiar fecha de 1 contacto" if count == 1 else f"Cambiar fecha de {count:,} contactos".replace(",", ".")


def apply(session: Session, wanted: Preview) -> tuple[int, ...]:
    """Write a preview as one operation, all of it or nothing; return the ids of the contacts whose date changed.

    Raises Overtaken when a contact is no longer as it was previewed, and Refused when there is nothing to write.
    """
    if not wanted.rows:
        raise Refused("Ningún contacto cambiaría de fecha.")
    versions = {subject.id: subject.version for subject in wanted.selection.subjects}
    writes = [Write(row.id, row.before, row.after, versions[row.id]) for row in wanted.rows]
    with operation(session, operation_label(len(writes))):
        try:
            return tuple(write_field(session, Contact, "date", writes))
        except Stale as stale:
            raise _overtaken(session, wanted.selection, list(stale.found)) from stale


def _overtaken(session: Session, selection: Selection, ids: Sequence[int]) -> Overtaken:
    seen = {subject.id: subject for subject in selection.subjects}
    named: list[Meanwhile] = []
    for contact in session.scalars(select(Contact).where(Contact.id.in_(ids[:NAMED_AT_MOST])).order_by(Contact.id)):
        subject = seen[contact.id]
        who, at, what = _what_happened(session, contact, subject, selection.last_change)
        now = contact.date if contact.deleted_at is None else None
        named.append(Meanwhile(contact.id, subject.client, subject.date, now, who, at, what))
    return Overtaken(named, len(ids))


def _what_happened(
    session: Session, contact: Contact, subject: Subject, last_change: int
) -> tuple[str, dt.datetime, str]:
    """Who touched a contact after it was frozen, when, and what came of it, in words."""
    changes = session.execute(
        select(Operation.user, Operation.at, Change.field)
        .join(Operation, Operation.id == Change.operation_id)
        .where(Change.table == "contact", Change.record_id == contact.id, Change.id > last_change)
        .order_by(Change.id.desc())
    ).all()
    who, at = (changes[0][0], changes[0][1]) if changes else (contact.modified_by, contact.modified_at)
    if contact.deleted_at is not None:
        return who, at, "lo borró"
    if contact.date != subject.date:
        return who, at, f"lo pasó al {dates.short_date(contact.date)}"
    if contact.result_id is not None and contact.closed_on is not None and not subject.is_done:
        return who, at, "lo dio por realizado"
    fields = list(dict.fromkeys(label_of(Contact, name, {}) for _, _, name in reversed(changes) if name))
    return who, at, f"cambió {', '.join(fields)}" if fields else "lo modificó"
