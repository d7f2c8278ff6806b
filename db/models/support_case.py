"""Casos: what clients ask or complain of, and how it is solved."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import String, case, cast, exists, false, func, literal, select, true, type_coerce, union_all
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import choice, computed, either, instant, integer, link, long_text, minutes, text
from db.fields import number as decimal_number
from db.flow import Flow, Verb
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType


class CaseCategory(Choice):
    """What kind of support is asked for."""

    TECHNICAL = "technical", "Problemas técnicos"
    QUESTION = "question", "Consultas"
    REQUEST = "request", "Solicitudes"
    MAINTENANCE = "maintenance", "Mantenimiento"
    WARRANTY = "warranty", "Garantía"
    COMPLAINT = "complaint", "Queja"
    OTHER = "other", "Otro"


class CaseStatus(Choice):
    """Where a case stands. While it waits (Pendiente) its clock stands still."""

    NEW = "new", "Nuevo", "info"
    IN_PROGRESS = "in_progress", "En proceso", "today"
    WAITING = "waiting", "Pendiente", "quiet"
    RESOLVED = "resolved", "Resuelto", "won"
    CLOSED = "closed", "Cerrado", "done"


class CasePriority(Choice):
    """How urgent it is; it sets the times of Parámetros."""

    LOW = "low", "Baja", "quiet"
    MEDIUM = "medium", "Media", "info"
    HIGH = "high", "Alta", "today"
    CRITICAL = "critical", "Crítica", "overdue"


class Department(Choice):
    """Who attends to it in the firm."""

    SUPPORT = "support", "Soporte Técnico"
    CUSTOMER = "customer", "Atención al Cliente"
    SALES = "sales", "Ventas"
    BILLING = "billing", "Facturación"


class CaseChannel(Choice):
    """How it came in."""

    PHONE = "phone", "Teléfono"
    EMAIL = "email", "Correo"
    PORTAL = "portal", "Portal"
    CHAT = "chat", "Chat"
    IN_PERSON = "in_person", "Presencial"


class SlaState(Choice):
    """How a case stands against the times that were promised."""

    IN_TIME = "in_time", "En plazo", "won"
    STOPPED = "stopped", "En espera", "quiet"
    BREACHED = "breached", "Vencido", "overdue"
    MET = "met", "Cumplido", "done"
    NONE = "none", "Sin plazo"


def _answers(record: Any) -> tuple[Any, Any]:
    """What the firm said on a case: comments, and messages sent after it was opened; as statements without columns."""
    from db.models.comment import Comment
    from db.models.email_message import EmailLink, EmailMessage

    key = literal("support_case:") + cast(record.id, String)
    remark, place, message = aliased(Comment), aliased(EmailLink), aliased(EmailMessage)
    remarks = select(remark.created_at.label("at")).where(remark.record == key, remark.deleted_at.is_(None))
    sent = (
        select(message.sent_at.label("at"))
        .join(place, place.email_id == message.id)
        .where(place.record == key, place.deleted_at.is_(None), message.deleted_at.is_(None),
               message.direction == "outgoing", message.sent_at >= record.created_at)
    )  # fmt: skip
    return remarks.correlate(record), sent.correlate(record)


def _first_response(record: Any) -> Any:
    """The first of: a comment, a message sent to the client, the case leaving «Nuevo»."""
    remarks, sent = _answers(record)
    attended = select(record.attended_at.label("at")).correlate(record)
    said = union_all(attended, remarks, sent).subquery()
    return select(func.min(said.c.at)).scalar_subquery()


def _late_response(record: Any) -> Any:
    """The time for the first response has passed without one; the cheap questions come first."""
    due = record.response_due_at
    remarks, sent = _answers(record)
    return case(
        (due.is_(None), false()),
        (due >= moments.now(), false()),
        (record.attended_at <= due, false()),
        (exists(remarks.where(remarks.selected_columns.at <= due)), false()),
        (exists(sent.where(sent.selected_columns.at <= due)), false()),
        else_=true(),
    )


def _late_solution(record: Any) -> Any:
    """The time for the solution has passed: until it was solved, until it had to wait, or until now."""
    until = func.coalesce(record.resolved_at, record.stopped_since, moments.now())
    return case((record.resolution_due_at < until, true()), else_=false())


def breached_of(record: Any) -> Any:
    """Whether a time promised has passed while the case was open, or was missed when it ended."""
    return case((_late_solution(record), true()), (_late_response(record), true()), else_=false())


def _sla(record: Any) -> Any:
    state = case(
        (record.resolution_due_at.is_(None), literal("none")),
        (_late_solution(record), literal("breached")),
        (_late_response(record), literal("breached")),
        (record.status.in_(("resolved", "closed")), literal("met")),
        (record.status == "waiting", literal("stopped")),
        else_=literal("in_time"),
    )
    return type_coerce(state, ChoiceType(SlaState))


class SupportCase(
    HasAgenda, Record, table="support_case", label="Caso", plural="Casos", menu="Operaciones", icon="case", position=10,
    prefix="CAS", indexes="created_at sort_key client_id+status resolution_due_at status",
):  # fmt: skip
    """A problem, question or request of a client."""

    number: Mapped[str] = text("Número de caso", max_length=20, search=True, read_only=True, unique=True,
                               default="@number", short="Número")  # fmt: skip
    title_line: Mapped[str] = text("Título", required=True, search=True, span=3,
                                    help="Breve y descriptivo.")  # fmt: skip
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep",
                                         help="Quien lo comunica: solo las personas del cliente.")  # fmt: skip
    category: Mapped[str] = choice("Categoría / Tipo soporte", CaseCategory, required=True,
                                   default=CaseCategory.TECHNICAL, short="Tipo soporte")  # fmt: skip
    status: Mapped[str] = choice("Estado", CaseStatus, required=True, default=CaseStatus.NEW, mass_edit=False)
    priority: Mapped[str] = choice("Prioridad", CasePriority, required=True, default=CasePriority.MEDIUM,
                                   help="Decide los tiempos de respuesta y solución de Parámetros.")  # fmt: skip
    channel: Mapped[str | None] = choice("Canal", CaseChannel)
    description: Mapped[str] = long_text("Descripción", required=True, search=True,
                                         help="Síntomas, mensajes de error, pasos para reproducirlo.")  # fmt: skip
    solution: Mapped[str | None] = long_text(
        "Solución", search=True, help="Puede quedar en blanco; hace falta para darlo por resuelto."
    )  # fmt: skip
    assigned_user_id: Mapped[int | None] = link("Usuario asignado", "user", hidden=True)
    assigned_team_id: Mapped[int | None] = link("Equipo asignado", "team", hidden=True)
    assigned_to = either("Asignado a", assigned_user_id="user", assigned_team_id="team", required=True,
                         default="@user")  # fmt: skip
    department: Mapped[str | None] = choice("Departamento / Equipo", Department, short="Departamento")
    service_contract_id: Mapped[int | None] = link("Póliza", "service_contract", within="client",
                                                   only=(("state", "active"),),
                                                   help="Solo las pólizas activas del cliente.")  # fmt: skip
    product_id: Mapped[int | None] = link("Producto", "product", on_delete="keep")
    service_id: Mapped[int | None] = link("Servicio", "service", on_delete="keep")
    asset_id: Mapped[int | None] = link("Activo", "asset", on_delete="keep")
    lot_serial_id: Mapped[int | None] = link("Lote o serie", "lot_serial", on_delete="keep")
    project_id: Mapped[int | None] = link("Proyecto", "project", on_delete="keep")
    units_used: Mapped[Decimal | None] = decimal_number("Unidades usadas", minimum=0, help="Horas o días de la póliza.")
    response_due_at: Mapped[dt.datetime | None] = instant("Respuesta límite", read_only=True)
    resolution_due_at: Mapped[dt.datetime | None] = instant("Solución límite", read_only=True)
    attended_at: Mapped[dt.datetime | None] = instant("Atendido el", read_only=True, hidden=True)
    resolved_at: Mapped[dt.datetime | None] = instant("Resuelto el", read_only=True)
    closed_at: Mapped[dt.datetime | None] = instant("Cerrado el", read_only=True)
    stopped_since: Mapped[dt.datetime | None] = instant("En espera desde", read_only=True, hidden=True)
    waited_minutes: Mapped[int] = minutes("Tiempo en espera", read_only=True, default=0, nullable=False,
                                          help="Horas laborables en que el reloj estuvo parado.")  # fmt: skip
    reopen_count: Mapped[int] = integer("Reaperturas", read_only=True, default=0, nullable=False)

    first_response_at = computed("Primera respuesta", "instant", _first_response)
    sla_breached = computed("SLA vencido", "yes_no", breached_of)
    sla = computed("SLA", "choice", _sla, choices=SlaState)

    screens = Screens(
        columns="number title_line client priority status assigned_to resolution_due_at sla created_at",
        filters="client title_line status priority assigned_to sla_breached",
        more_filters="number person category department channel service_contract product service asset project "
                     "created_at response_due_at resolution_due_at",
        sort="-created_at",
        form=[
            Section("Información básica", "client person"),
            Section("Clasificación", "title_line category status priority"),
            Section("Detalle", "description solution"),
            Section("Asignación", "assigned_to department service_contract"),
            Section("Objeto", "product service asset lot_serial project channel units_used"),
            Section("Tiempos", "response_due_at first_response_at resolution_due_at resolved_at sla closed_at "
                    "waited_minutes reopen_count", columns=4),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="calendar_item document comment email_message log_entry",
        picker="number client status",
        head="client priority resolution_due_at sla",
        state="status",
        empty="Todavía no hay casos. Añada el primero desde aquí o desde un cliente.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            CaseStatus.NEW: "in_progress waiting resolved",
            CaseStatus.IN_PROGRESS: "waiting resolved",
            CaseStatus.WAITING: "in_progress resolved",
            CaseStatus.RESOLVED: "closed in_progress",
            CaseStatus.CLOSED: "in_progress",
        },
        verbs={
            CaseStatus.WAITING: Verb("Dejar pendiente", "timer"),
            CaseStatus.CLOSED: Verb("Cerrar", "done"),
        },
    )

    def title_text(self) -> str:
        """Number and title."""
        return f"{self.number or ''} {self.title_line or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """What is solved says how."""
        if self.status in (CaseStatus.RESOLVED, CaseStatus.CLOSED) and not self.solution:
            yield Problem("solution", "Escriba la solución para darlo por resuelto.")
        if self.assigned_user_id is None and self.assigned_team_id is None:
            yield Problem("assigned_to", "Indique quién lo atiende.")
