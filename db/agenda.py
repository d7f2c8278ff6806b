"""What a module knows of the events and tasks linked to its records: how many there are by state, first and last day.

Reference: the counter blocks of events and of the calendar in the list of modules. Events and tasks are two kinds of
one calendar item and are counted apart. A client counts its own and those of its persons, each once.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import String, cast, func, inspect, literal, select, union
from sqlalchemy.orm import aliased

from db.fields import computed
from db.screens import Section

EVENT, TASK = "event", "task"


def _linked(record: Any, kind: str) -> Callable[[Any], Any]:
    """Return what narrows a statement over calendar items to those linked to a record."""
    from db.models.calendar_item import CalendarItem, CalendarLink
    from db.models.person import Person

    item, place = aliased(CalendarItem), aliased(CalendarLink)
    table = inspect(record).mapper.class_.module.table
    key = literal(f"{table}:") + cast(record.id, String)
    items: Any = select(place.calendar_item_id).where(place.record == key, place.deleted_at.is_(None))
    items = items.correlate(record)
    if table == "client":
        # A union, not an "or" over both: each half is read off the index of the links.
        person, theirs = aliased(Person), aliased(CalendarLink)
        people = select(theirs.calendar_item_id).join(
            person, theirs.record == literal("person:") + cast(person.id, String)
        ).where(person.client_id == record.id, person.deleted_at.is_(None), theirs.deleted_at.is_(None))  # fmt: skip
        items = union(items, people.correlate(record))

    def narrowed(what: Callable[[Any], Any], *conditions: Callable[[Any], Any]) -> Any:
        statement = select(what(item)).where(item.id.in_(items), item.deleted_at.is_(None), item.kind == kind)
        for condition in conditions:
            statement = statement.where(condition(item))
        return statement.correlate(record).scalar_subquery()

    return narrowed


def _count(kind: str, field: str = "", state: str = "") -> Callable[[Any], Any]:
    def expression(record: Any) -> Any:
        narrowed = _linked(record, kind)
        states = [lambda item: getattr(item, field) == state] if state else []
        return narrowed(lambda item: func.count(item.id), *states)

    return expression


def _edge(kind: str, function: Any) -> Callable[[Any], Any]:
    return lambda record: _linked(record, kind)(lambda item: function(item.date))


class HasAgenda:
    """A module whose records have events and tasks; stands before Record among the bases."""

    events_total = computed("# eventos", "integer", _count(EVENT))
    events_planned = computed("# eventos planeados", "integer", _count(EVENT, "event_status", "planned"))
    events_held = computed("# eventos mantenidos", "integer", _count(EVENT, "event_status", "held"))
    events_not_held = computed("# eventos no mantenidos", "integer", _count(EVENT, "event_status", "not_held"))
    first_event_date = computed("Fecha primer evento", "day", _edge(EVENT, func.min))
    last_event_date = computed("Fecha último evento", "day", _edge(EVENT, func.max))
    activities_total = computed("# actividades", "integer", _count(TASK))
    activities_not_started = computed(
        "# actividades no iniciadas", "integer", _count(TASK, "task_status", "not_started")
    )
    activities_completed = computed("# actividades completadas", "integer", _count(TASK, "task_status", "completed"))
    first_activity_date = computed("Fecha primer actividad", "day", _edge(TASK, func.min))
    last_activity_date = computed("Fecha última actividad", "day", _edge(TASK, func.max))


AGENDA_SECTIONS = (
    Section("Eventos", "events_total events_planned events_held events_not_held first_event_date last_event_date"),
    Section("Calendario", "activities_total activities_not_started activities_completed first_activity_date "
            "last_activity_date"),
)  # fmt: skip
"""The cards of a form that show them."""
