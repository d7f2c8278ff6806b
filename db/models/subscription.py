"""Rentas y suscripciones: what is invoiced again and again."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, and_, case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
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


NOTICE_DAYS = 30
"""How long before its end a subscription is said to end soon."""


def _monthly(subscription: Any) -> Any:
    """What it is worth a month, before tax: whole ten-thousandths, halves rounded up on both engines alike."""
    base = type_coerce(subscription.subtotal, BigInteger()) - type_coerce(subscription.discount_total, BigInteger())
    worth = case(
        (subscription.billing_period == "weekly", (base * 104 + 12) // 24),
        *((subscription.billing_period == period, (base * 2 + months) // (2 * months))
          for period, months in MONTHS.items()),
        else_=0,
    )  # fmt: skip
    return type_coerce(worth, Scaled(MONEY_DECIMALS))


def _invoices(what: Any) -> Callable[[Any], Any]:
    """What the invoices made for a subscription come to, those cancelled left out."""

    def expression(subscription: Any) -> Any:
        from db.models.invoice import Invoice

        invoice = aliased(Invoice)
        return (
            select(what(invoice))
            .where(invoice.subscription_id == subscription.id, invoice.deleted_at.is_(None),
                   invoice.status != "cancelled")
            .correlate(subscription).scalar_subquery()
        )  # fmt: skip

    return expression


def _ends_soon(subscription: Any) -> Any:
    left = moments.DaysBetween(moments.today(), subscription.end_date)
    return and_(subscription.status == "active", subscription.end_date.is_not(None), left <= NOTICE_DAYS)


class Subscription(
    Priced, table="subscription", label="Renta o suscripción", plural="Rentas y suscripciones", menu="Ventas",
    icon="subscription", position=58, prefix="SUS", feminine=True,
    indexes="sort_key next_billing_date status+next_billing_date",
):  # fmt: skip
    """Lines that make an invoice in each period."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    subject: Mapped[str] = text("Asunto", required=True, search=True, span=2)
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    type: Mapped[str] = choice("Tipo", SubscriptionType, required=True, default=SubscriptionType.SUBSCRIPTION)
    status: Mapped[str] = choice("Estado", SubscriptionStatus, required=True, default=SubscriptionStatus.DRAFT,
                                 mass_edit=False)  # fmt: skip
    start_date: Mapped[dt.date] = day("Inicio", required=True, default="@today", mass_edit=False)
    end_date: Mapped[dt.date | None] = day("Fin", help="Último día. Vacío: sin fin.")
    billing_period: Mapped[str] = choice("Periodicidad", BillingPeriod, required=True, default=BillingPeriod.MONTHLY,
                                         mass_edit=False)  # fmt: skip
    bill_from: Mapped[dt.date | None] = day("Cobrar desde", mass_edit=False,
                                            help="Vacío: desde el inicio. Lo anterior no se cobra.")  # fmt: skip
    next_billing_date: Mapped[dt.date | None] = day("Próximo cobro", read_only=True)
    billed_periods: Mapped[int] = integer("Periodos pasados", read_only=True, default=0, nullable=False,
                                          help="Los que ya se cobraron o se saltaron.")  # fmt: skip
    auto_renew: Mapped[bool] = yes_no("Renovación automática", default=True,
                                      help="Al llegar el fin, sigue otro tanto.")  # fmt: skip
    renewal_periods: Mapped[int | None] = integer(
        "Se renueva por (periodos)", minimum=1, maximum=1000, short="Renueva por",
        help="Vacío: los que hay del inicio al fin.",
    )  # fmt: skip
    deposit: Mapped[Decimal | None] = money("Depósito", minimum=0)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    monthly_value = computed("Valor mensual (MRR)", "money", _monthly, decimals=2, short="Al mes")
    invoices_total = computed("# facturas", "integer", _invoices(lambda invoice: func.count(invoice.id)))
    invoiced_total = computed(
        "Facturado", "money", decimals=2,
        expression=_invoices(lambda invoice: func.coalesce(func.sum(invoice.total), 0, type_=Scaled(MONEY_DECIMALS))),
    )  # fmt: skip
    ends_soon = computed("Termina pronto", "yes_no", _ends_soon)
    items = children("Productos y servicios", "subscription_line", "item")

    screens = Screens(
        columns="number subject client type status billing_period next_billing_date total monthly_value",
        filters="client subject status billing_period next_billing_date",
        more_filters="items number type start_date end_date ends_soon auto_renew total monthly_value salesperson",
        sort="next_billing_date",
        form=[
            Section("Renta o suscripción", "subject client person type status salesperson"),
            Section("Plazo", "start_date end_date auto_renew renewal_periods", columns=4),
            Section("Cobro", "billing_period bill_from next_billing_date deposit billed_periods invoices_total "
                    "invoiced_total monthly_value", columns=4),
            Section("Importes", MONEY_FIELDS, columns=4),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="invoice asset calendar_item comment document",
        lines="subscription_line",
        picker="number client next_billing_date",
        head="client next_billing_date monthly_value",
        state="status",
        total="company_total",
        afresh="end_date bill_from",
        empty="Todavía no hay rentas ni suscripciones. Añada la primera.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            SubscriptionStatus.DRAFT: "active cancelled",
            SubscriptionStatus.ACTIVE: "paused expired cancelled",
            SubscriptionStatus.PAUSED: "active cancelled",
            SubscriptionStatus.EXPIRED: "active cancelled",
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
        """It does not end before it begins, nor is it charged from before."""
        if self.end_date is not None and self.end_date < self.start_date:
            yield Problem("end_date", "El fin no puede ser anterior al inicio.")
        if self.bill_from is not None and self.bill_from < self.start_date:
            yield Problem("bill_from", "No se cobra desde antes del inicio.")


class SubscriptionLine(
    PricedLine, table="subscription_line", label="Línea", plural="Líneas", owner="subscription", feminine=True
):
    """What is invoiced in each period."""

    subscription_id: Mapped[int] = link("Renta o suscripción", "subscription", required=True, on_delete="cascade")

    screens = line_screens()
