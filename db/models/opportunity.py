"""Oportunidades: possible deals, followed through the pipeline."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import type_coerce
from sqlalchemy.orm import Mapped

from db import moments
from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import (
    children,
    choice,
    computed,
    currency_code,
    day,
    exchange_rate,
    in_company,
    link,
    long_text,
    money,
    percent,
    text,
)
from db.models.person import LeadSource
from db.models.priced import PricedLine, line_screens
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class Stage(Choice):
    """Stages of the sale in order; each has its usual probability."""

    PROSPECTING = "prospecting", "Prospección", "quiet"
    QUALIFICATION = "qualification", "Calificación", "info"
    PROPOSAL = "proposal", "Propuesta", "info"
    NEGOTIATION = "negotiation", "Negociación", "today"
    WON = "won", "Cerrada ganada", "won"
    LOST = "lost", "Cerrada perdida", "lost"


STAGE_PROBABILITY: dict[str, Decimal] = {
    Stage.PROSPECTING: Decimal(10),
    Stage.QUALIFICATION: Decimal(25),
    Stage.PROPOSAL: Decimal(50),
    Stage.NEGOTIATION: Decimal(75),
    Stage.WON: Decimal(100),
    Stage.LOST: Decimal(0),
}


class OpportunityType(Choice):
    """New or repeated business."""

    NEW = "new", "Negocio nuevo"
    EXISTING = "existing", "Negocio existente"
    RENEWAL = "renewal", "Renovación"


class LossReason(Choice):
    """Why a deal was lost."""

    PRICE = "price", "Precio"
    COMPETITION = "competition", "Competencia"
    BUDGET = "budget", "Sin presupuesto"
    NO_ANSWER = "no_answer", "Sin respuesta"
    OTHER = "other", "Otro"


def _weighted(opportunity: Any) -> Any:
    """Amount by probability; both are scaled whole numbers, the probability in hundredths of a per cent."""
    amount = type_coerce(opportunity.amount, Scaled(0))
    probability = type_coerce(opportunity.probability, Scaled(0))
    return type_coerce(amount * probability / 10_000, Scaled(MONEY_DECIMALS))


class Opportunity(
    HasAgenda, Record, table="opportunity", label="Oportunidad", plural="Oportunidades", menu="Ventas",
    icon="opportunity", position=40, prefix="OPO", feminine=True,
    indexes="expected_close_date sort_key",
):  # fmt: skip
    """A possible sale to a client."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    name: Mapped[str] = text("Nombre de la oportunidad", required=True, search=True, short="Oportunidad")
    client_id: Mapped[int] = link("Cliente", "client", required=True, on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    stage: Mapped[str] = choice("Etapa de venta", Stage, required=True, default=Stage.PROSPECTING, short="Etapa")
    probability: Mapped[Decimal | None] = percent("Probabilidad", help="Vacía: la de la etapa.", short="Prob.")
    amount: Mapped[Decimal | None] = money("Importe", minimum=0)
    currency: Mapped[str | None] = currency_code("Moneda", mass_edit=False)
    exchange_rate: Mapped[Decimal | None] = exchange_rate()
    expected_close_date: Mapped[dt.date] = day(
        "Fecha estimada de cierre", required=True, default="@today+30", short="Cierre previsto"
    )
    closed_at: Mapped[dt.date | None] = day("Fecha de cierre real", help="Al cerrarla, vacía toma la de hoy.")
    type: Mapped[str | None] = choice("Tipo", OpportunityType)
    lead_source: Mapped[str | None] = choice("Origen de prospecto", LeadSource)
    campaign_id: Mapped[int | None] = link("Campaña de origen", "campaign", on_delete="keep")
    next_step: Mapped[str | None] = text("Siguiente paso", span=2)
    loss_reason: Mapped[str | None] = choice("Motivo de pérdida", LossReason)
    contact_id: Mapped[int | None] = link("Contacto de origen", "contact", read_only=True, hidden=True,
                                          on_delete="keep")  # fmt: skip
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    weighted_amount = computed("Importe ponderado", "money", _weighted, short="Ponderado")
    items = children("Productos y servicios", "opportunity_line", "item")
    company_amount = in_company("amount")

    screens = Screens(
        columns="number name client stage amount probability expected_close_date salesperson",
        filters="name client stage salesperson expected_close_date",
        more_filters="items amount probability type lead_source loss_reason client.status client.sector",
        sort="expected_close_date",
        form=[
            Section("Oportunidad", "name client person stage probability amount currency exchange_rate "
                    "expected_close_date closed_at weighted_amount"),
            Section("Seguimiento", "salesperson type lead_source campaign loss_reason next_step"),
            Section("Descripción", "notes"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="quote sales_order calendar_item comment email_message document",
        lines="opportunity_line",
        picker="number client stage amount",
        head="client amount expected_close_date",
        state="stage",
        total="company_amount",
        empty="Todavía no hay oportunidades. Añada la primera desde aquí o desde un contacto.",
    )  # fmt: skip

    @property
    def is_closed(self) -> bool:
        """True once won or lost."""
        return self.stage in (Stage.WON, Stage.LOST)

    def derive(self) -> None:
        """The stage gives the probability while open and none was typed; a closed stage fixes it and the day."""
        if self.is_closed or self.probability is None:
            self.probability = STAGE_PROBABILITY.get(self.stage)
        if self.is_closed:
            self.closed_at = self.closed_at or moments.present().astimezone().date()
        else:
            self.closed_at = None
        if self.stage != Stage.LOST:
            self.loss_reason = None

    def problems(self) -> Iterator[Problem]:
        """A lost deal says why."""
        if self.stage == Stage.LOST and not self.loss_reason:
            yield Problem("loss_reason", "Indique por qué se perdió.")


class OpportunityLine(
    PricedLine, table="opportunity_line", label="Producto o servicio", plural="Productos y servicios",
    owner="opportunity",
):  # fmt: skip
    """What might be sold; a quote made from the opportunity starts with it."""

    opportunity_id: Mapped[int] = link("Oportunidad", "opportunity", required=True, on_delete="cascade")

    screens = line_screens()
