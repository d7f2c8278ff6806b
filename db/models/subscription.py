"""Rentas y suscripciones: what is invoiced again and again."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, literal, type_coerce
from sqlalchemy.orm import Mapped

from db.fields import children, choice, computed, day, integer, link, long_text, money, text, yes_no
from db.flow import Flow, Verb
from db.models.priced import MONEY_FIELDS, MONTHS, BillingPeriod, Priced, PricedLine, line_screens
from db.record import Problem
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class SubscriptionType(Choice):
    """Things lent, or a service taken."""

    RENT = "rent", "Renta"
    SUBSCRIPTION = "subscription", "Suscripción"


class SubscriptionStatus(Choice):
    """Whether it runs."""

    DRAFT = "draft", "Borrador", "quiet"
    ACTIVE = "active", "Activa", "won"
    PAUSED = "paused", "En pausa", "today"
    EXPIRED = "expired", "Vencida", "overdue"
    CANCELLED = "cancelled", "Cancelada", "lost"


def _monthly(subscription: Any) -> Any:
    """What it is worth a month, before tax."""
    base = type_coerce(subscription.subtotal - subscription.discount_total, Scaled(0))
    worth = case(
        (subscription.billing_period == "weekly", base * 52 / 12),
        *((subscription.billing_period == period, base / months) for period, months in MONTHS.items()),
        else_=literal(0),
    )
    return type_coerce(worth, Scaled(MONEY_DECIMALS))


class Subscription(
    Priced, table="subscription", label="Renta o suscripción", plural="Rentas y suscripciones", menu="Ventas",
    icon="subscription", position=58, prefix="SUS", feminine=True, indexes="sort_key status+next_billing_date",
):  # fmt: skip
    """Lines that make an invoice in each period."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    subject: Mapped[str] = text("Asunto", required=True, search=True)
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    type: Mapped[str] = choice("Tipo", SubscriptionType, required=True, default=SubscriptionType.SUBSCRIPTION)
    status: Mapped[str] = choice("Estado", SubscriptionStatus, required=True, default=SubscriptionStatus.DRAFT,
                                 mass_edit=False)  # fmt: skip
    start_date: Mapped[dt.date] = day("Inicio", required=True, default="@today")
    end_date: Mapped[dt.date | None] = day("Fin")
    billing_period: Mapped[str] = choice("Periodicidad", BillingPeriod, required=True, default=BillingPeriod.MONTHLY)
    next_billing_date: Mapped[dt.date | None] = day("Próximo cobro", read_only=True)
    billed_periods: Mapped[int] = integer("Periodos cobrados", read_only=True, default=0, nullable=False)
    auto_renew: Mapped[bool] = yes_no("Renovación automática", default=True,
                                      help="Al llegar el fin, sigue otro tanto.")  # fmt: skip
    deposit: Mapped[Decimal | None] = money("Depósito", minimum=0)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    monthly_value = computed("Valor mensual (MRR)", "money", _monthly)
    items = children("Productos y servicios", "subscription_line", "item")

    screens = Screens(
        columns="number subject client type status billing_period next_billing_date total monthly_value",
        filters="client subject status billing_period next_billing_date",
        more_filters="items number type start_date end_date auto_renew total salesperson",
        sort="next_billing_date",
        form=[
            Section("Renta o suscripción", "subject client person type status salesperson"),
            Section("Cobro", "start_date end_date billing_period next_billing_date billed_periods auto_renew deposit "
                    "monthly_value", columns=4),
            Section("Importes", MONEY_FIELDS, columns=4),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="invoice asset calendar_item comment document",
        lines="subscription_line",
        picker="number client next_billing_date",
        head="client next_billing_date monthly_value",
        state="status",
        total="total",
        empty="Todavía no hay rentas ni suscripciones. Añada la primera.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            SubscriptionStatus.DRAFT: "active cancelled",
            SubscriptionStatus.ACTIVE: "paused expired cancelled",
            SubscriptionStatus.PAUSED: "active cancelled",
            SubscriptionStatus.EXPIRED: "active",
        },
        verbs={
            SubscriptionStatus.ACTIVE: Verb("Activar", "accept"),
            SubscriptionStatus.PAUSED: Verb("Pausar", "stop"),
            SubscriptionStatus.CANCELLED: Verb("Cancelar", "lost", "¿Cancelar? Deja de cobrarse."),
        },
        closed={SubscriptionStatus.CANCELLED: "Está cancelada. Duplíquela para volver a empezar."},
        free="notes",
    )

    def title_text(self) -> str:
        """Number and subject."""
        return f"{self.number or ''} {self.subject or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """It does not end before it begins."""
        if self.end_date is not None and self.end_date < self.start_date:
            yield Problem("end_date", "El fin no puede ser anterior al inicio.")


class SubscriptionLine(
    PricedLine, table="subscription_line", label="Línea", plural="Líneas", owner="subscription", feminine=True
):
    """What is invoiced in each period."""

    subscription_id: Mapped[int] = link("Renta o suscripción", "subscription", required=True, on_delete="cascade")

    screens = line_screens()
