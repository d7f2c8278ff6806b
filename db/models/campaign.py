"""Campañas: marketing campaigns, who takes part, and what comes of them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import choice, computed, day, either, integer, link, long_text, money, text
from db.flow import Flow, Verb
from db.ratios import Ratio, at_rate
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class CampaignType(Choice):
    """By what means."""

    EMAIL = "email", "Correo"
    SOCIAL = "social", "Redes sociales"
    EVENT = "event", "Evento"
    WEBINAR = "webinar", "Webinar"
    ADVERTISING = "advertising", "Publicidad"
    TELEMARKETING = "telemarketing", "Telemarketing"
    OTHER = "other", "Otro"


class CampaignStatus(Choice):
    """Where a campaign stands."""

    PLANNED = "planned", "Planeada", "quiet"
    ACTIVE = "active", "Activa", "today"
    PAUSED = "paused", "En pausa", "info"
    COMPLETED = "completed", "Completada", "won"
    CANCELLED = "cancelled", "Cancelada", "lost"


class MemberStatus(Choice):
    """How a member responded."""

    TO_CONTACT = "to_contact", "Por contactar", "quiet"
    SENT = "sent", "Enviado", "info"
    OPENED = "opened", "Abrió", "info"
    RESPONDED = "responded", "Respondió", "today"
    INTERESTED = "interested", "Interesado", "won"
    REJECTED = "rejected", "Rechazó", "lost"
    UNSUBSCRIBED = "unsubscribed", "Baja", "lost"


RESPONSES = frozenset({MemberStatus.RESPONDED, MemberStatus.INTERESTED, MemberStatus.REJECTED})
"""What counts as a response; who only opened the message, or wants no more, gave none."""


def revenue_of(campaign: Any) -> Any:
    """What the won opportunities of a campaign come to, in the company's currency."""
    from db.models.opportunity import Opportunity

    deal = aliased(Opportunity)
    worth = func.sum(at_rate(deal.amount, deal.exchange_rate))
    return (
        select(type_coerce(func.coalesce(worth, 0), Scaled(MONEY_DECIMALS)))
        .where(deal.campaign_id == campaign.id, deal.deleted_at.is_(None), deal.stage == "won")
        .correlate(campaign).scalar_subquery()
    )  # fmt: skip


def _roi(campaign: Any) -> Any:
    """(revenue - cost) / cost in per cent; nothing while nothing was spent."""
    cost = type_coerce(campaign.actual_cost, BigInteger())
    gained = type_coerce(revenue_of(campaign), BigInteger()) - cost
    return type_coerce(case((cost > 0, Ratio(gained, func.nullif(cost, 0), 10_000)), else_=None), Scaled(2))


def _members(*states: str) -> Any:
    def expression(campaign: Any) -> Any:
        member = aliased(CampaignMember)
        counted = select(func.count(member.id)).where(member.campaign_id == campaign.id, member.deleted_at.is_(None))
        if states:
            counted = counted.where(member.status.in_(states))
        return counted.correlate(campaign).scalar_subquery()

    return expression


class Campaign(
    HasAgenda, Record, table="campaign", label="Campaña", plural="Campañas", menu="Ventas", icon="campaign",
    position=70, prefix="CMP", feminine=True, indexes="expected_close_date sort_key",
):  # fmt: skip
    """An action on many clients and persons at once."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    name: Mapped[str] = text("Nombre de la campaña", required=True, search=True, span=2)
    type: Mapped[str | None] = choice("Tipo", CampaignType)
    status: Mapped[str] = choice("Estado", CampaignStatus, required=True, default=CampaignStatus.PLANNED,
                                mass_edit=False)  # fmt: skip
    salesperson_id: Mapped[int | None] = link("Responsable", "salesperson", default="@salesperson")
    start_date: Mapped[dt.date | None] = day("Inicio", default="@today")
    expected_close_date: Mapped[dt.date] = day("Cierre esperado", required=True, default="@today+30")
    budget: Mapped[Decimal | None] = money("Presupuesto", minimum=0)
    actual_cost: Mapped[Decimal | None] = money("Costo real", minimum=0)
    expected_revenue: Mapped[Decimal | None] = money("Ingreso esperado", minimum=0)
    expected_responses: Mapped[int | None] = integer("Respuestas esperadas", minimum=0)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    member_count = computed("# miembros", "integer", _members())
    actual_responses = computed("Respuestas reales", "integer", _members(*RESPONSES))
    actual_revenue = computed("Ingreso real", "money", revenue_of)
    roi = computed("ROI %", "percent", _roi, decimals=2)

    screens = Screens(
        columns="number name type status expected_close_date member_count actual_responses actual_revenue roi",
        filters="name type status expected_close_date",
        more_filters="number salesperson start_date budget actual_cost",
        sort="-expected_close_date",
        form=[
            Section("Campaña", "name type status salesperson start_date expected_close_date"),
            Section("Presupuesto", "budget actual_cost expected_revenue expected_responses", columns=4),
            Section("Resultado", "actual_revenue roi actual_responses member_count", columns=4),
            Section("Descripción", "notes"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="campaign_member opportunity calendar_item comment document",
        picker="number type status",
        head="expected_close_date member_count roi",
        state="status",
        afresh="actual_cost",
        empty="Todavía no hay campañas. Añada la primera.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            CampaignStatus.PLANNED: "active completed cancelled",
            CampaignStatus.ACTIVE: "planned paused completed cancelled",
            CampaignStatus.PAUSED: "active completed cancelled",
            CampaignStatus.COMPLETED: "active",
            CampaignStatus.CANCELLED: "planned",
        },
        verbs={
            CampaignStatus.ACTIVE: Verb("Activar", "play"),
            CampaignStatus.PAUSED: Verb("Poner en pausa", "busy"),
            CampaignStatus.COMPLETED: Verb("Completar", "accept"),
            CampaignStatus.CANCELLED: Verb("Cancelar la campaña", "lost", "¿Cancelar la campaña?"),
        },
    )

    def problems(self) -> Iterator[Problem]:
        """It does not end before it begins."""
        if self.start_date is not None and self.expected_close_date < self.start_date:
            yield Problem("expected_close_date", "El cierre no puede ser anterior al inicio.")


class CampaignMember(
    Record, table="campaign_member", label="Miembro de campaña", plural="Miembros de campañas", menu="Relaciones",
    icon="people", position=40, indexes="sort_key created_at campaign_id+status",
):  # fmt: skip
    """A client or person in a campaign, and how it responded."""

    campaign_id: Mapped[int] = link("Campaña", "campaign", required=True, on_delete="cascade")
    client_id: Mapped[int | None] = link("Cliente", "client", hidden=True, on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", hidden=True, on_delete="cascade")
    member = either("Miembro", client_id="client", person_id="person", required=True)
    status: Mapped[str] = choice("Respuesta", MemberStatus, required=True, default=MemberStatus.TO_CONTACT)
    responded_on: Mapped[dt.date | None] = day("Respondió el", help="Al anotar la respuesta, vacía toma la de hoy.")
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="campaign member status responded_on",
        filters="campaign member status responded_on",
        sort="-created_at",
        form=[Section("Miembro", "campaign member status responded_on"), Section("Notas", "notes")],
        picker="status",
        head="campaign member",
        state="status",
        joins="campaign",
        afresh="responded_on",
        empty="Todavía no hay miembros. Selecciónelos entre los clientes o las personas.",
    )
    flow = Flow(
        "status",
        {each: " ".join(other for other in MemberStatus if other != each) for each in MemberStatus},
        verbs={
            MemberStatus.SENT: Verb("Marcar enviado", "email"),
            MemberStatus.RESPONDED: Verb("Respondió", "chat"),
            MemberStatus.INTERESTED: Verb("Interesado", "star"),
            MemberStatus.REJECTED: Verb("Rechazó", "lost"),
            MemberStatus.UNSUBSCRIBED: Verb("Dar de baja", "no_mail"),
        },
    )

    def title_text(self) -> str:
        """Named by campaign and member, which the lists join."""
        return "Miembro de campaña"

    def derive(self) -> None:
        """Who responded did so some day; who has not, has no such day."""
        if self.status in RESPONSES and self.responded_on is None:
            self.responded_on = moments.present().astimezone().date()
        elif self.status not in RESPONSES:
            self.responded_on = None

    def problems(self) -> Iterator[Problem]:
        """Somebody takes part."""
        if self.client_id is None and self.person_id is None:
            yield Problem("member", "Indique el cliente o la persona.")
