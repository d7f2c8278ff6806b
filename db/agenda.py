"""What a module knows of the events and tasks linked to its records: how many there are by state, first and last day.

Reference: the counter blocks of events and of the calendar in the list of modules. Events and tasks are two kinds of
one calendar item and are counted apart. A client counts its own and those of its persons, each once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, case, cast, func, inspect, literal, select, union
from sqlalchemy.orm import aliased

from db.fields import computed
from db.packs import Pack, how_many, together
from db.screens import Section

EVENT, TASK = "event", "task"


def _items(record: Any) -> Any:
    """The ids of the calendar items linked to a record."""
    from db.models.calendar_item import CalendarLink
    from db.models.person import Person

    place = aliased(CalendarLink)
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
    return items


def _over(record: Any, what: Callable[[Any], Any], *conditions: Callable[[Any], Any]) -> Any:
    """Work something out over the live items linked to a record that meet conditions."""
    from db.models.calendar_item import CalendarItem

    item = aliased(CalendarItem)
    statement = select(what(item)).where(item.id.in_(_items(record)), item.deleted_at.is_(None))
    return statement.where(*(each(item) for each in conditions)).correlate(record).scalar_subquery()


@dataclass(frozen=True, slots=True)
class _Figure:
    """One of the counters: of events or of tasks, all or those in a state; or the first or last day of them."""

    kind: str
    label: str
    of: str
    state: str = ""
    edge: Any = None

    def meets(self, item: Any) -> Any:
        """What the items counted meet."""
        field = item.event_status if self.of == EVENT else item.task_status
        return and_(item.kind == self.of, *([field == self.state] if self.state else []))

    def alone(self, record: Any) -> Any:
        """The expression of the figure by itself."""
        what = (lambda item: self.edge(item.date)) if self.edge else (lambda item: func.count(item.id))
        return _over(record, what, self.meets)

    def among(self, item: Any) -> Any:
        """The aggregate of the figure over items of all kinds."""
        return self.edge(case((self.meets(item), item.date))) if self.edge else how_many(self.meets(item))


_FIGURES = (
    _Figure("integer", "# eventos", EVENT),
    _Figure("integer", "# eventos planeados", EVENT, "planned"),
    _Figure("integer", "# eventos mantenidos", EVENT, "held"),
    _Figure("integer", "# eventos no mantenidos", EVENT, "not_held"),
    _Figure("day", "Fecha primer evento", EVENT, edge=func.min),
    _Figure("day", "Fecha último evento", EVENT, edge=func.max),
    _Figure("integer", "# actividades", TASK),
    _Figure("integer", "# actividades no iniciadas", TASK, "not_started"),
    _Figure("integer", "# actividades completadas", TASK, "completed"),
    _Figure("day", "Fecha primer actividad", TASK, edge=func.min),
    _Figure("day", "Fecha última actividad", TASK, edge=func.max),
)
_PACK = Pack(
    lambda record: _over(record, lambda item: together([each.among(item) for each in _FIGURES])),
    [each.kind for each in _FIGURES],
)


def _figure(at: int) -> Any:
    figure = _FIGURES[at]
    return computed(figure.label, figure.kind, figure.alone, pack=_PACK, pack_at=at)


class HasAgenda:
    """A module whose records have events and tasks; stands before Record among the bases."""

    events_total = _figure(0)
    events_planned = _figure(1)
    events_held = _figure(2)
    events_not_held = _figure(3)
    first_event_date = _figure(4)
    last_event_date = _figure(5)
    activities_total = _figure(6)
    activities_not_started = _figure(7)
    activities_completed = _figure(8)
    first_activity_date = _figure(9)
    last_activity_date = _figure(10)


AGENDA_SECTIONS = (
    Section("Eventos", "events_total events_planned events_held events_not_held first_event_date last_event_date"),
    Section("Calendario", "activities_total activities_not_started activities_completed first_activity_date "
            "last_activity_date"),
)  # fmt: skip
"""The cards of a form that show them."""
