"""The counters of events and tasks: right after any change, and known to whoever shows them."""

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.agenda import HasAgenda
from db.models.calendar_item import CalendarItem, CalendarLink
from db.models.person import Person
from db.query import ListQuery, fetch_rows, find_ids
from db.registry import module
from oficrm import deleting, mass_edit, records, restoring, saving, undo
from oficrm.errors import NeedsConfirmation, Refused
from tests.oficrm.calendar.conftest import Clerk

COLUMNS = tuple(name for name in vars(HasAgenda) if not name.startswith("_"))
PLACES = ("client:1", "client:2", "person:1", "person:2")


def recount(session: Session, key: str) -> tuple[Any, ...]:
    """What the counters of a record must say, from all that is stored."""
    table, _, ident = key.partition(":")
    keys = {key}
    if table == "client":
        people = session.scalars(select(Person).where(Person.deleted_at.is_(None))).all()
        keys |= {f"person:{person.id}" for person in people if person.client_id == int(ident)}
    links = session.scalars(select(CalendarLink).where(CalendarLink.deleted_at.is_(None))).all()
    wanted = {link.calendar_item_id for link in links if link.record in keys}
    items = [item for item in session.scalars(select(CalendarItem).where(CalendarItem.deleted_at.is_(None)))
             if item.id in wanted]  # fmt: skip
    events = [item for item in items if item.kind == "event"]
    tasks = [item for item in items if item.kind == "task"]
    states, steps = Counter(item.event_status for item in events), Counter(item.task_status for item in tasks)
    return (
        len(events), states["planned"], states["held"], states["not_held"], *edges(events),
        len(tasks), steps["not_started"], steps["completed"], *edges(tasks),
    )  # fmt: skip


def edges(items: list[CalendarItem]) -> tuple[dt.date | None, dt.date | None]:
    days = [item.date for item in items]
    return min(days, default=None), max(days, default=None)


def shown(session: Session, key: str) -> tuple[Any, ...]:
    table, _, ident = key.partition(":")
    together = fetch_rows(session, table, [int(ident)], COLUMNS)[int(ident)]
    assert together == tuple(fetch_rows(session, table, [int(ident)], [name])[int(ident)][0] for name in COLUMNS)
    return together


ITEM = st.fixed_dictionaries({
    "kind": st.sampled_from(["event", "task"]),
    "event_status": st.sampled_from(["planned", "held", "not_held"]),
    "task_status": st.sampled_from(["not_started", "completed", "deferred"]),
    "date": st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    "records": st.lists(st.sampled_from(PLACES), unique=True, max_size=3),
})  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), ITEM),
        st.tuples(st.just("change"), st.integers(0, 5), ITEM),
        st.tuples(st.just("delete"), st.integers(0, 5)),
        st.tuples(st.just("restore"), st.integers(0, 5)),
        st.tuples(st.just("mass"), st.sampled_from(["planned", "held", "not_held"])),
        st.tuples(st.just("person"), st.sampled_from([1, 2]), st.sampled_from([1, 2, None])),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
    ),
    min_size=4, max_size=12,
)  # fmt: skip


def items_of(clerk: Clerk, *, live: bool) -> list[int]:
    where = CalendarItem.deleted_at.is_(None) if live else CalendarItem.deleted_at.is_not(None)
    return list(clerk.read(lambda s: s.scalars(select(CalendarItem.id).where(where).order_by(CalendarItem.id)).all()))


def mass(session: Session, ids: list[int], state: str) -> int:
    frozen = mass_edit.frozen(session, "calendar_item", ids, "event_status")
    return mass_edit.apply(session, mass_edit.preview(session, frozen, state))


def do(clerk: Clerk, step: tuple[Any, ...]) -> None:
    """One thing a person does; what the program refuses leaves everything as it was."""
    what, *more = step
    live = items_of(clerk, live=True)
    if what == "add":
        clerk.save("calendar_item", subject="Visita", **more[0])
    elif what == "change" and live:
        clerk.save("calendar_item", live[more[0] % len(live)], **more[1])
    elif what == "delete" and live:
        clerk.write(lambda s: deleting.delete(s, "calendar_item", [live[more[0] % len(live)]]))
    elif what == "restore" and (gone := items_of(clerk, live=False)):
        clerk.write(lambda s: restoring.restore_deleted(s, "calendar_item", gone[more[0] % len(gone)]))
    elif what == "mass" and live:
        clerk.write(lambda s: mass(s, live, more[0]))
    elif what == "person":
        clerk.save("person", more[0], client=more[1])
    elif what == "undo":
        clerk.write(undo.undo_last)
    elif what == "redo":
        clerk.write(undo.redo_last)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_counters_are_those_of_a_recount(clerk: Clerk, steps: list[tuple[Any, ...]]) -> None:
    for step in steps:
        try:
            do(clerk, step)
        except (Refused, NeedsConfirmation):
            continue
        for key in PLACES:
            assert clerk.read(lambda s, key=key: shown(s, key)) == clerk.read(lambda s, key=key: recount(s, key)), step


def test_an_event_of_a_client_and_its_person_counts_once(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Visita", records=["client:1", "person:1"])
    assert clerk.read(lambda s: shown(s, "client:1"))[0] == 1


def test_the_client_of_a_linked_person_is_told(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Visita", records=["person:1"])
    changes = clerk.done(lambda s: deleting.delete(s, "calendar_item", [1])).changes
    assert changes.counted["person"] == {1}
    assert changes.counted["client"] == {1}


def test_both_clients_of_a_person_who_moves_are_told(clerk: Clerk) -> None:
    def move(session: Session) -> None:
        draft = records.load(session, "person", 1).draft
        draft.values["client"] = 2
        saving.save(session, draft)

    assert clerk.done(move).changes.counted["client"] == {1, 2}


def test_a_list_sorts_by_a_counter(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Visita", records=["person:2"])
    found = clerk.read(lambda s: list(find_ids(s, ListQuery("client", sort=("-events_total",))).ids))
    assert found == [2, 1]


def test_other_modules_have_them_too() -> None:
    for table in ("opportunity", "support_case", "project", "asset", "campaign"):
        assert set(COLUMNS) <= module(table).fields.keys()
