"""Pólizas: service contracts and warranties of a client."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, literal, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.fields import choice, computed, day, link, long_text, money, text, yes_no
from db.fields import number as decimal_number
from db.flow import Flow, Verb
from db.models.priced import BillingPeriod
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType, Scaled


class ContractType(Choice):
    """What it promises."""

    SUPPORT = "support", "Soporte"
    MAINTENANCE = "maintenance", "Mantenimiento"
    WARRANTY = "warranty", "Garantía extendida"
    SERVICES = "services", "Servicios"
    ADMINISTRATION = "administration", "Administración"


class ContractStatus(Choice):
    """What was decided about it."""

    DRAFT = "draft", "Borrador", "quiet"
    ACTIVE = "active", "Activa", "won"
    ON_HOLD = "on_hold", "En espera", "today"
    CANCELLED = "cancelled", "Cancelada", "lost"


class ContractState(Choice):
    """Whether it holds; only an active one can be given to a case. It lapses by its date, or when it is used up."""

    DRAFT = "draft", "Borrador", "quiet"
    ACTIVE = "active", "Activa", "won"
    ON_HOLD = "on_hold", "En espera", "today"
    EXPIRED = "expired", "Vencida", "overdue"
    CANCELLED = "cancelled", "Cancelada", "lost"


class ServiceLevel(Choice):
    """How quickly it is served; Parámetros says in which part of the usual times."""

    BASIC = "basic", "Básico"
    STANDARD = "standard", "Estándar"
    PREMIUM = "premium", "Premium"


class TrackingUnit(Choice):
    """What is counted off."""

    NONE = "none", "Ninguna"
    HOURS = "hours", "Horas"
    DAYS = "days", "Días"
    INCIDENTS = "incidents", "Incidentes"


def used_of(contract: Any) -> Any:
    """What resolved cases used up: one each, or the units they state."""
    from db.models.support_case import SupportCase

    case_ = aliased(SupportCase)
    one = literal(1, Scaled(4))
    units = case((contract.tracking_unit == "incidents", one), else_=func.coalesce(case_.units_used, 0))
    return (
        select(type_coerce(func.coalesce(func.sum(units), 0), Scaled(4)))
        .where(case_.service_contract_id == contract.id, case_.deleted_at.is_(None),
               case_.status.in_(("resolved", "closed")))
        .correlate(contract).scalar_subquery()
    )  # fmt: skip


def _progress(contract: Any) -> Any:
    """Per cent used up, or else elapsed of the term."""
    used = type_coerce(used_of(contract), Scaled(0))
    total = type_coerce(contract.total_units, Scaled(0))
    today = moments.today()
    elapsed = moments.DaysBetween(contract.start_date, today)
    term = moments.DaysBetween(contract.start_date, contract.due_date)
    by_time = case((term <= 0, literal(10_000)), (elapsed <= 0, literal(0)), (elapsed >= term, literal(10_000)),
                   else_=elapsed * 10_000 / term)  # fmt: skip
    by_units = case((used >= total, literal(10_000)), else_=used * 10_000 / total)
    return type_coerce(case((total > 0, by_units), else_=by_time), Scaled(2))


def _state(contract: Any) -> Any:
    """As decided, but for one in force whose last day has passed or whose units are used up."""
    last = case((contract.end_date < contract.due_date, contract.end_date), else_=contract.due_date)
    is_over = last < moments.today()
    total = type_coerce(contract.total_units, Scaled(0))
    is_used_up = and_(total > 0, contract.tracking_unit != "none", type_coerce(used_of(contract), Scaled(0)) >= total)
    is_open = contract.status.in_(("active", "on_hold"))
    state = case((and_(is_open, is_over), literal("expired")), (and_(is_open, is_used_up), literal("expired")),
                 else_=contract.status)  # fmt: skip
    return type_coerce(state, ChoiceType(ContractState))


def _renewal(contract: Any) -> Any:
    """The number of the contract that follows this one."""
    later = aliased(ServiceContract)
    return (
        select(func.min(later.number))
        .where(later.renewed_from_id == contract.id, later.deleted_at.is_(None))
        .correlate(contract).scalar_subquery()
    )  # fmt: skip


class ServiceContract(
    Record, table="service_contract", label="Póliza", plural="Pólizas", menu="Operaciones", icon="contract",
    position=20, prefix="POL", feminine=True, indexes="due_date sort_key client_id+status",
):  # fmt: skip
    """What a client may ask of us, how quickly and until when."""

    number: Mapped[str] = text("Número de póliza", max_length=20, search=True, read_only=True, unique=True,
                               default="@number", short="Número")  # fmt: skip
    subject: Mapped[str] = text("Asunto", required=True, search=True, span=2)
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    type: Mapped[str] = choice("Tipo", ContractType, required=True, default=ContractType.SUPPORT)
    status: Mapped[str] = choice("Situación", ContractStatus, required=True, default=ContractStatus.DRAFT,
                                 mass_edit=False)  # fmt: skip
    service_level: Mapped[str | None] = choice("Nivel de servicio", ServiceLevel)
    start_date: Mapped[dt.date] = day("Fecha de inicio", required=True, default="@today", short="Inicio")
    due_date: Mapped[dt.date] = day("Fecha de vencimiento", required=True, default="@today+365", short="Vence")
    end_date: Mapped[dt.date | None] = day("Fecha de fin", help="Cuando acabó de verdad.")
    tracking_unit: Mapped[str] = choice("Unidad de seguimiento", TrackingUnit, required=True,
                                        default=TrackingUnit.INCIDENTS)  # fmt: skip
    total_units: Mapped[Decimal | None] = decimal_number("Unidades totales", minimum=0)
    amount: Mapped[Decimal | None] = money("Valor del contrato", minimum=0)
    billing_period: Mapped[str | None] = choice("Periodicidad de cobro", BillingPeriod)
    auto_renew: Mapped[bool] = yes_no("Renovación automática",
                                      help="Al vencer se crea la siguiente, por el mismo tiempo.")  # fmt: skip
    renewed_from_id: Mapped[int | None] = link("Renovación de", "service_contract", read_only=True, on_delete="keep",
                                               mass_edit=False)  # fmt: skip
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    state = computed("Estado", "choice", _state, choices=ContractState)
    renewal = computed("Renovada en", "text", _renewal)
    used_units = computed("Unidades usadas", "quantity", used_of, decimals=4)
    progress = computed("Progreso %", "percent", _progress, decimals=2)

    screens = Screens(
        columns="number subject client type state service_level due_date used_units progress",
        filters="client subject state type due_date",
        more_filters="number person status service_level start_date auto_renew renewed_from",
        sort="due_date",
        form=[
            Section("Póliza", "subject client person type status service_level"),
            Section("Vigencia", "start_date due_date end_date auto_renew renewed_from renewal", columns=3),
            Section("Seguimiento", "tracking_unit total_units used_units progress amount billing_period"),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="support_case calendar_item comment document",
        picker="number service_level due_date",
        head="client due_date progress",
        state="state",
        empty="Todavía no hay pólizas. Añada la primera.",
    )
    flow = Flow(
        "status",
        {
            ContractStatus.DRAFT: "active cancelled",
            ContractStatus.ACTIVE: "on_hold cancelled",
            ContractStatus.ON_HOLD: "active cancelled",
        },
        verbs={
            ContractStatus.ACTIVE: Verb("Activar", "accept"),
            ContractStatus.ON_HOLD: Verb("Poner en espera", "stop"),
            ContractStatus.CANCELLED: Verb("Cancelar la póliza", "lost", "¿Cancelar la póliza? Ya no podrá cambiarse."),
        },
        closed={ContractStatus.CANCELLED: "La póliza está cancelada."},
        free="notes",
    )

    def title_text(self) -> str:
        """Number and subject."""
        return f"{self.number or ''} {self.subject or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """It does not lapse before it begins."""
        if self.due_date < self.start_date:
            yield Problem("due_date", "El vencimiento no puede ser anterior al inicio.")
        if self.end_date is not None and self.end_date < self.start_date:
            yield Problem("end_date", "El fin no puede ser anterior al inicio.")
