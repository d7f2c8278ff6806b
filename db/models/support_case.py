"""Casos: what clients ask or complain of, and how it is solved."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, false, or_, true
from sqlalchemy.orm import Mapped

from db import moments
from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import choice, computed, either, instant, integer, link, long_text, minutes, text
from db.fields import number as decimal_number
from db.flow import Flow, Verb
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


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


def breached_of(record: Any) -> Any:
    """Whether a time promised has passed while the case was open, or was missed when it ended."""
    now = moments.now()
    answered = case(
        (record.response_due_at.is_(None), false()),
        (record.first_response_at.is_not(None), record.first_response_at > record.response_due_at),
        (record.status.in_(("resolved", "closed", "waiting")), false()),
        else_=record.response_due_at < now,
    )
    solved = case(
        (record.resolution_due_at.is_(None), false()),
        (record.resolved_at.is_not(None), record.resolved_at > record.resolution_due_at),
        (record.status == "waiting", false()),
        else_=record.resolution_due_at < now,
    )
    return case((or_(and_(answered, true()), and_(solved, true())), true()), else_=false())


class SupportCase(
    HasAgenda, Record, table="support_case", label="Caso", plural="Casos", menu="Operaciones", icon="case", position=10,
    prefix="CAS", indexes="created_at sort_key client_id+status resolution_due_at",
):  # fmt: skip
    """A problem, question or request of a client."""

    number: Mapped[str] = text("Número de caso", max_length=20, search=True, read_only=True, unique=True,
                               default="@number", short="Número")  # fmt: skip
    title_line: Mapped[str] = text("Título", required=True, search=True, span=2)
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep",
                                         help="Quien lo comunica; solo las del cliente.")  # fmt: skip
    category: Mapped[str] = choice("Tipo soporte", CaseCategory, required=True, default=CaseCategory.TECHNICAL)
    status: Mapped[str] = choice("Estado", CaseStatus, required=True, default=CaseStatus.NEW, mass_edit=False)
    priority: Mapped[str] = choice("Prioridad", CasePriority, required=True, default=CasePriority.MEDIUM)
    channel: Mapped[str | None] = choice("Canal", CaseChannel)
    description: Mapped[str] = long_text("Descripción", required=True, search=True,
                                         help="Síntomas, mensajes de error, pasos para reproducirlo.")  # fmt: skip
    solution: Mapped[str | None] = long_text("Solución", search=True)
    assigned_user_id: Mapped[int | None] = link("Usuario asignado", "user", hidden=True)
    assigned_team_id: Mapped[int | None] = link("Equipo asignado", "team", hidden=True)
    assigned_to = either("Asignado a", assigned_user_id="user", assigned_team_id="team", required=True,
                         default="@user")  # fmt: skip
    department: Mapped[str | None] = choice("Departamento / Equipo", Department, short="Departamento")
    service_contract_id: Mapped[int | None] = link("Póliza", "service_contract", within="client",
                                                   only=(("status", "active"),), help="Una activa del cliente.")  # fmt: skip
    product_id: Mapped[int | None] = link("Producto", "product", on_delete="keep")
    service_id: Mapped[int | None] = link("Servicio", "service", on_delete="keep")
    asset_id: Mapped[int | None] = link("Activo", "asset", on_delete="keep")
    lot_serial_id: Mapped[int | None] = link("Lote o serie", "lot_serial", on_delete="keep")
    project_id: Mapped[int | None] = link("Proyecto", "project", on_delete="keep")
    units_used: Mapped[Decimal | None] = decimal_number("Unidades usadas", minimum=0, help="Horas o días de la póliza.")
    response_due_at: Mapped[dt.datetime | None] = instant("Respuesta límite", read_only=True)
    resolution_due_at: Mapped[dt.datetime | None] = instant("Solución límite", read_only=True)
    first_response_at: Mapped[dt.datetime | None] = instant("Primera respuesta", read_only=True)
    resolved_at: Mapped[dt.datetime | None] = instant("Resuelto el", read_only=True)
    closed_at: Mapped[dt.datetime | None] = instant("Cerrado el", read_only=True)
    waiting_since: Mapped[dt.datetime | None] = instant("En espera desde", read_only=True, hidden=True)
    waited_minutes: Mapped[int] = minutes("Tiempo en espera", read_only=True, default=0, nullable=False)
    reopen_count: Mapped[int] = integer("Reaperturas", read_only=True, default=0, nullable=False)

    sla_breached = computed("SLA vencido", "yes_no", breached_of)

    screens = Screens(
        columns="number title_line client priority status assigned_to resolution_due_at sla_breached created_at",
        filters="client title_line status priority assigned_to sla_breached",
        more_filters="number person category department service_contract product service asset created_at "
                     "resolution_due_at",
        sort="-created_at",
        form=[
            Section("Caso", "client person title_line category status priority channel"),
            Section("Detalle", "description solution"),
            Section("Asignación", "assigned_to department service_contract units_used"),
            Section("Objeto", "product service asset lot_serial project"),
            Section("Tiempos", "response_due_at resolution_due_at sla_breached first_response_at resolved_at closed_at "
                    "waited_minutes reopen_count", columns=4),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="calendar_item document comment email_message log_entry",
        picker="number client status",
        head="client priority resolution_due_at",
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
            CaseStatus.IN_PROGRESS: Verb("Atender o reabrir", "restore"),
            CaseStatus.WAITING: Verb("Dejar pendiente", "timer"),
            CaseStatus.RESOLVED: Verb("Resolver", "accept"),
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
