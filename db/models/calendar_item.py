"""Calendario: events and tasks, linked to as many records as they concern."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, literal, type_coerce
from sqlalchemy.orm import Mapped

from db import moments
from db.fields import any_record, children, choice, clock, computed, day, integer, link, long_text, text, yes_no
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType

MOST_MINUTES = 40_320
"""Four weeks: the longest before which somebody is reminded."""
USUAL_MINUTES = {"call": 15}
"""How long an event takes where nobody says so, by its type; half an hour for the others."""
RELATED = (
    "client", "person", "opportunity", "quote", "sales_order", "support_case", "project", "campaign", "asset",
    "service_contract", "subscription", "prospect", "vendor",
)  # fmt: skip
"""What an item may concern."""


class ItemKind(Choice):
    """Events feed the counters of events, tasks those of the calendar."""

    EVENT = "event", "Evento"
    TASK = "task", "Tarea"


class ActivityType(Choice):
    """What is done."""

    MEETING = "meeting", "Reunión"
    CALL = "call", "Llamada"
    VISIT = "visit", "Visita"
    PRESENTATION = "presentation", "Presentación"
    FOLLOW_UP = "follow_up", "Seguimiento"
    OTHER = "other", "Otro"


class EventStatus(Choice):
    """What became of an event; not held means cancelled or missed."""

    PLANNED = "planned", "Planeado", "info"
    HELD = "held", "Mantenido", "won"
    NOT_HELD = "not_held", "No mantenido", "lost"


class ActivityStatus(Choice):
    """Where a task stands."""

    NOT_STARTED = "not_started", "No iniciada", "quiet"
    IN_PROGRESS = "in_progress", "En progreso", "today"
    COMPLETED = "completed", "Completada", "won"
    WAITING = "waiting", "Pendiente de información", "info"
    DEFERRED = "deferred", "Aplazada", "lost"


class ItemState(Choice):
    """The state of an item of either kind, and whether it is late."""

    PLANNED = "planned", "Planeado", "info"
    HELD = "held", "Mantenido", "won"
    NOT_HELD = "not_held", "No mantenido", "lost"
    NOT_STARTED = "not_started", "No iniciada", "quiet"
    IN_PROGRESS = "in_progress", "En progreso", "today"
    COMPLETED = "completed", "Completada", "done"
    WAITING = "waiting", "Pendiente de información", "info"
    DEFERRED = "deferred", "Aplazada", "lost"
    LATE = "late", "Atrasado", "overdue"


class ItemPriority(Choice):
    """How urgent it is."""

    LOW = "low", "Baja", "quiet"
    MEDIUM = "medium", "Media", "info"
    HIGH = "high", "Alta", "today"


class Visibility(Choice):
    """Who may see it."""

    PUBLIC = "public", "Público"
    PRIVATE = "private", "Privado"


def _state(item: Any) -> Any:
    own = case((item.kind == "event", item.event_status), else_=item.task_status)
    is_open = own.in_(("planned", "not_started", "in_progress", "waiting"))
    ends = func.coalesce(item.end_date, item.date)
    state = case((and_(is_open, ends < moments.today()), literal("late")), else_=own)
    return type_coerce(state, ChoiceType(ItemState))


class CalendarItem(
    Record, table="calendar_item", label="Actividad", plural="Calendario",
    several="actividades", menu="Herramientas", icon="calendar",
    position=10, feminine=True, indexes="date+time+id end_date+date series_id+date sort_key",
):  # fmt: skip
    """A meeting, visit or call at an hour, or something to be done by a day. Dates and hours are local wall time."""

    subject: Mapped[str] = text("Asunto", required=True, search=True, span=2)
    kind: Mapped[str] = choice("Clase", ItemKind, required=True, default=ItemKind.EVENT, mass_edit=False)
    activity_type: Mapped[str] = choice("Tipo de actividad", ActivityType, required=True, default=ActivityType.MEETING,
                                        short="Tipo")  # fmt: skip
    event_status: Mapped[str | None] = choice("Estado del evento", EventStatus, default=EventStatus.PLANNED)
    task_status: Mapped[str | None] = choice("Estado de la tarea", ActivityStatus, default=ActivityStatus.NOT_STARTED)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    time: Mapped[dt.time | None] = clock("Hora", help="Sin hora, es de todo el día.")
    end_date: Mapped[dt.date | None] = day("Hasta el día", short="Hasta")
    end_time: Mapped[dt.time | None] = clock("Hasta la hora")
    all_day: Mapped[bool] = yes_no("Todo el día")
    priority: Mapped[str | None] = choice("Prioridad", ItemPriority, default=ItemPriority.MEDIUM)
    location: Mapped[str | None] = text("Lugar", search=True)
    assigned_user_id: Mapped[int | None] = link("Asignada a", "user", on_delete="keep", default="@user")
    reminder_minutes: Mapped[int | None] = integer(
        "Recordatorio (min antes)", default=15, minimum=0, maximum=MOST_MINUTES, short="Recordatorio",
        help="Minutos antes; de lo que no tiene hora, antes de las 9:00. Vacío: sin aviso.",
    )  # fmt: skip
    recurrence: Mapped[str | None] = text("Repetición", max_length=200, mass_edit=False)
    series_id: Mapped[int | None] = link(
        "Serie", "calendar_item", on_delete="keep", read_only=True, hidden=True, mass_edit=False, index=False
    )
    visibility: Mapped[str] = choice("Visibilidad", Visibility, required=True, default=Visibility.PUBLIC)
    outcome: Mapped[str | None] = long_text("Resultado", search=True)
    notes: Mapped[str | None] = long_text("Descripción", search=True)
    records = children("Relacionado con", "calendar_link", "record")
    invitees = children("Invitados", "calendar_invitee", "user")

    state = computed("Estado", "choice", _state, choices=ItemState)

    screens = Screens(
        columns="date time kind activity_type subject records state assigned_user",
        filters="date kind activity_type state records assigned_user",
        more_filters="subject priority location event_status task_status invitees",
        sort="-date -time",
        form=[
            Section("Actividad", "subject kind activity_type event_status task_status priority"),
            Section("Cuándo", "date time end_date end_time all_day reminder_minutes recurrence", columns=4),
            Section("Dónde y quién", "location assigned_user visibility"),
            Section("Resultado y descripción", "outcome notes"),
            FILES_SECTION,
        ],
        tabs="comment document",
        lines="calendar_link calendar_invitee",
        picker="date activity_type",
        head="date time location",
        state="state",
        empty="Nada en el calendario. Añada un evento o una tarea.",
    )

    def title_text(self) -> str:
        """The subject."""
        return self.subject or ""

    def derive(self) -> None:
        """Each kind has its own state and its own end; what has no hour is of the whole day."""
        if self.kind == ItemKind.TASK:
            self.event_status = None
            self.task_status = self.task_status or ActivityStatus.NOT_STARTED
            self.end_date = self.end_time = None
            self.all_day = False
            return
        self.task_status = None
        self.event_status = self.event_status or EventStatus.PLANNED
        self.all_day = self.all_day or self.time is None
        if self.all_day or self.time is None:
            self.time = self.end_time = None
        elif self.end_time is None:
            ends = dt.datetime.combine(self.date, self.time) + dt.timedelta(minutes=usual_minutes(self.activity_type))
            self.end_time = ends.time()
            if self.end_date in (None, self.date) and ends.date() > self.date:
                self.end_date = ends.date()
        if self.end_date == self.date:
            self.end_date = None

    def problems(self) -> Iterator[Problem]:
        """It does not end before it begins."""
        last = self.end_date or self.date
        if last < self.date:
            yield Problem("end_date", "No puede acabar antes de empezar.")
        elif last == self.date and self.time is not None and self.end_time is not None and self.end_time < self.time:
            yield Problem("end_time", "No puede acabar antes de empezar.")


def usual_minutes(activity_type: str | None) -> int:
    """Return how many minutes an event of a type takes where nobody says so."""
    return USUAL_MINUTES.get(str(activity_type), 30)


class CalendarLink(
    Record, table="calendar_link", label="Vínculo", plural="Relacionado con", owner="calendar_item",
    indexes="record+calendar_item_id",
):  # fmt: skip
    """A record that an item concerns."""

    calendar_item_id: Mapped[int] = link("Actividad", "calendar_item", required=True, on_delete="cascade")
    record: Mapped[str] = any_record("Relacionado con", *RELATED, required=True)

    screens = Screens(columns="record", form=[Section("Vínculo", "record")])

    def title_text(self) -> str:
        """Named by its record, which the grid shows."""
        return "Vínculo"


class CalendarInvitee(Record, table="calendar_invitee", label="Invitado", plural="Invitados", owner="calendar_item"):
    """A user who is asked to come."""

    calendar_item_id: Mapped[int] = link("Actividad", "calendar_item", required=True, on_delete="cascade")
    user_id: Mapped[int] = link("Usuario", "user", required=True, on_delete="cascade")

    screens = Screens(columns="user", form=[Section("Invitado", "user")])

    def title_text(self) -> str:
        """Named by its user, which the grid shows."""
        return "Invitado"
