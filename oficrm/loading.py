"""What a list page asks for: the first rows at once, all ids after them, and what a write changed in what is shown."""

import datetime as dt
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, compress
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.fields import Field
from db.models.masters import Master
from db.models.opportunity import Stage
from db.models.quote import QuoteStatus
from db.query import Found, ListQuery, fetch_rows, find_ids
from db.record import Record
from db.registry import module
from oficrm import custom_fields, lists, related, settings
from oficrm.lists import Criterion, ListFacts, ListFilter
from oficrm.related import Related
from oficrm.views import View, views

FIRST_ROWS = 64
"""Rows fetched together with their ids, before all the others: more than any screen shows."""
IN_ORDER = 20_000
"""Most records named in one query, where their common order matters; both engines take more."""

OVERDUE = "vencidos"
_STILL_OPEN: dict[tuple[str, str], Criterion] = {
    ("contact", "date"): Criterion("is_done", "is", False),
    ("contact", "next_date"): Criterion("next_missing", "is", True),
    ("opportunity", "expected_close_date"): Criterion(
        "stage", "in", tuple(stage.value for stage in Stage if stage not in (Stage.WON, Stage.LOST))
    ),
    ("quote", "valid_until"): Criterion(
        "status", "in", (QuoteStatus.DRAFT.value, QuoteStatus.SENT.value, QuoteStatus.REVIEWED.value)
    ),
}
"""Which records can be overdue by a date at all: a past date alone says nothing of what is done."""


def has_overdue(table: str, name: str) -> bool:
    """True when the period ``vencidos`` means something for this date."""
    return (table, name) in _STILL_OPEN


def complete(wanted: ListFilter) -> ListFilter:
    """Return the filter with what ``vencidos`` implies: past, and not done."""
    more = tuple(
        still_open
        for item in wanted.criteria
        if item.op == "period" and item.value == OVERDUE and (still_open := _STILL_OPEN.get((wanted.table, item.field)))
    )
    return replace(wanted, criteria=wanted.criteria + more) if more else wanted


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a small catalogue offered by a filter; ``icon`` names one of the screen's icons."""

    id: int
    title: str
    icon: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Everything a list page needs before it loads anything."""

    facts: ListFacts
    catalogues: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    views: tuple[View, ...] = ()
    company: str = ""
    reports_folder: str = ""


def page_facts(session: Session, table: str) -> PageFacts:
    """Return fields, filters, the entries of the master files among them, and the saved filters of a list."""
    facts = lists.facts(session, table)
    wanted = {name for path in (*facts.filters, *facts.more_filters) if (name := catalogue_of(facts.fields.get(path)))}
    values = settings.read(session)
    return PageFacts(
        facts, {name: catalogue(session, name) for name in sorted(wanted)}, tuple(views(session, table)),
        values["company_name"] or "", values["reports_folder"] or "",
    )  # fmt: skip


def catalogue_of(found: Field | None) -> str:
    """Return the master file a field chooses from, "" when it is none."""
    if found is None:
        return ""
    target = found.target
    if found.via is not None:
        through = module(found.via[0]).fields[found.via[1]]
        target = through.target if through.kind == "link" else ""
    return target if found.kind in ("link", "children") and target and issubclass(module(target), Master) else ""


def catalogue(session: Session, table: str) -> tuple[Entry, ...]:
    """Return all entries of a master file by name, the inactive ones too: old records still have them."""
    names = ["title", "is_active", *(["icon"] if "icon" in module(table).fields else [])]
    ids = find_ids(session, ListQuery(table, sort=("name",))).ids
    rows = fetch_rows(session, table, ids, names)
    return tuple(
        Entry(ident, row[0], str(row[2]) if len(row) > 2 else "", bool(row[1]))
        for ident in ids
        if (row := rows.get(ident))
    )


@dataclass(slots=True)
class Listing:
    """A loaded list: ids in order with flag and total each, the rows that come with it, whether it is whole."""

    found: Found
    rows: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    is_whole: bool = True


def first(session: Session, wanted: ListFilter, columns: Sequence[str]) -> Listing:
    """Return the first rows of a filter with their values. Raises ValidationError by criterion field."""
    found = lists.load_ids(session, complete(wanted), FIRST_ROWS)
    rows = page(session, wanted.table, found.ids.tolist(), columns)
    return Listing(found, rows, len(found.ids) < FIRST_ROWS)


def everything(session: Session, wanted: ListFilter, kept: frozenset[int] = frozenset()) -> Listing:
    """Return all ids of a filter.

    ``kept`` are records changed since the list was loaded: those that no longer fit stay, at the end, until the
    user loads again.
    """
    found = lists.load_ids(session, complete(wanted))
    lost = kept.difference(found.ids) if kept else frozenset()
    if lost:
        _append(session, found, wanted, lost)
    return Listing(found)


def _append(session: Session, found: Found, wanted: ListFilter, lost: frozenset[int]) -> None:
    for part in chunks(sorted(lost), IN_ORDER):
        more = find_ids(session, ListQuery(wanted.table, sort=wanted.sort, ids=tuple(part)))
        found.ids.extend(more.ids)
        found.flags.extend(more.flags)
        found.totals.extend(more.totals)


@dataclass(slots=True)
class Refresh:
    """What a write means for a loaded list: rows gone, rows with a new flag or total, and records that now fit."""

    gone: frozenset[int]
    flags: dict[int, bool]
    totals: dict[int, Any]
    added: Found


def refresh(session: Session, wanted: ListFilter, loaded: "array[int]", changed: frozenset[int]) -> Refresh:
    """Compare changed records with the list. ``loaded`` is only read."""
    here = changed.intersection(loaded)
    table = wanted.table
    extras = [name for name in (module(table).screens.narrow, module(table).screens.total) if name]
    rows: dict[int, tuple[Any, ...]] = {}
    for part in chunks(sorted(here)):
        rows |= fetch_rows(session, table, part, extras)
    live = _live(session, module(table), here)
    result = Refresh(frozenset(here - live), {}, {}, Found())
    for ident in live:
        row = rows[ident]
        if module(table).screens.narrow:
            result.flags[ident] = bool(row[0])
        if module(table).screens.total:
            result.totals[ident] = row[-1] or 0
    if (others := changed - here) and len(others) <= IN_ORDER:
        result.added = find_ids(session, replace(lists.resolve(session, complete(wanted)), ids=tuple(sorted(others))))
    return result


def _live(session: Session, model: type[Record], ids: frozenset[int]) -> frozenset[int]:
    found: set[int] = set()
    for part in chunks(sorted(ids)):
        found.update(session.scalars(select(model.id).where(model.id.in_(part), model.deleted_at.is_(None))))
    return frozenset(found)


def sums(found: Found) -> tuple[Any, Any]:
    """Return the total of all rows, and of those whose flag is set."""
    return sum(found.totals), sum(compress(found.totals, found.flags)) if found.flags else 0


def running(session: Session, table: str, ids: Sequence[int]) -> dict[int, Any]:
    """Return by id what records come to one after the other: ``total`` added up in the order of ``sort`` and made."""
    screens = module(table).screens
    rows: list[tuple[Any, int, Any]] = []
    for part in chunks(sorted(ids)):
        found = fetch_rows(session, table, part, [screens.sort[0].removeprefix("-"), screens.total])
        rows += [(row[0], ident, row[1]) for ident, row in found.items()]
    rows.sort(key=lambda row: row[:2])
    return dict(zip((row[1] for row in rows), accumulate(row[2] for row in rows), strict=True))


def page(session: Session, table: str, ids: Sequence[int], columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """Return the typed values of the named columns by id; the dates of campos parametrizables are kept as text."""
    rows = lists.load_rows(session, table, ids, columns)
    known = {item.name for item in custom_fields.fields_of(session, table) if item.kind == "day"}
    days = [at for at, name in enumerate(columns) if name in known]
    if not days:
        return rows
    return {
        ident: tuple(dt.date.fromisoformat(value) if at in days and value else value for at, value in enumerate(row))
        for ident, row in rows.items()
    }


def preset_for(session: Session, relation: Related, table: str, ident: int) -> dict[str, Any]:
    """Return what a new record of a related module starts with when it is added to a row of a list."""
    model = module(table)
    links = {name: getattr(model, model.fields[name].attr) for name in related.CARRIED if name in model.fields}
    row = session.execute(select(model.id, *links.values()).where(model.id == ident)).one()
    return related.preset(relation, table, ident, dict(zip(links, row[1:], strict=True)))


def fixed_preset(table: str, fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a new record starts with in a list that shows only records with these links."""
    fields = module(table).fields
    preset: dict[str, Any] = {}
    for name, ident in fixed.items():
        if fields[name].via is not None:
            preset[name] = ident
            continue
        whole = next((each for each in fields.values() if fields[name].attr in each.parts), None)
        preset[whole.name if whole else name] = f"{fields[name].target}:{ident}" if whole else ident
    return preset
