"""Presupuestos and their lines."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import choice, currency_code, day, either, integer, link, long_text, money, number, percent, text
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice

MAX_AMOUNT = Decimal(10) ** 12
"""Of a line and of a quote; far above any sale, far below what a column holds."""


class QuoteStatus(Choice):
    """State of a quote; TRANSITIONS says which may follow which."""

    DRAFT = "draft", "Borrador", "quiet"
    SENT = "sent", "Enviado", "info"
    REVIEWED = "reviewed", "Revisado", "today"
    ACCEPTED = "accepted", "Aceptado", "won"
    REJECTED = "rejected", "Rechazado", "lost"
    EXPIRED = "expired", "Vencido", "overdue"


TRANSITIONS: dict[str, frozenset[str]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.SENT, QuoteStatus.EXPIRED}),
    QuoteStatus.SENT: frozenset(
        {QuoteStatus.REVIEWED, QuoteStatus.ACCEPTED, QuoteStatus.REJECTED, QuoteStatus.EXPIRED, QuoteStatus.DRAFT}
    ),
    QuoteStatus.REVIEWED: frozenset(
        {QuoteStatus.SENT, QuoteStatus.ACCEPTED, QuoteStatus.REJECTED, QuoteStatus.EXPIRED, QuoteStatus.DRAFT}
    ),
    QuoteStatus.ACCEPTED: frozenset(),
    QuoteStatus.REJECTED: frozenset({QuoteStatus.DRAFT}),
    QuoteStatus.EXPIRED: frozenset({QuoteStatus.DRAFT}),
}


class Quote(
    Record, table="quote", label="Presupuesto", plural="Presupuestos", menu="Ventas", icon="quote", position=50,
    prefix="COT", indexes="date sort_key",
):  # fmt: skip
    """A priced proposal to a client."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    subject: Mapped[str] = text("Asunto", required=True, search=True)
    client_id: Mapped[int] = link("Cliente", "client", required=True, on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    opportunity_id: Mapped[int | None] = link("Oportunidad", "opportunity", within="client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    status: Mapped[str] = choice("Etapa", QuoteStatus, required=True, default=QuoteStatus.DRAFT, mass_edit=False)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    valid_until: Mapped[dt.date] = day("Válido hasta", required=True, default="@today+15")
    currency: Mapped[str | None] = currency_code("Moneda", mass_edit=False)
    subtotal: Mapped[Decimal] = money("Base imponible", read_only=True, default=Decimal(0), nullable=False)
    tax_total: Mapped[Decimal] = money("IVA", read_only=True, default=Decimal(0), nullable=False)
    total: Mapped[Decimal] = money("Total", read_only=True, default=Decimal(0), nullable=False)
    terms: Mapped[str | None] = long_text("Términos y condiciones", default="@quote_terms")
    notes: Mapped[str | None] = long_text("Notas internas", search=True)
    copy_number: Mapped[int] = integer("Versión", read_only=True, default=1, nullable=False)
    duplicated_from_id: Mapped[int | None] = link("Duplicado de", "quote", read_only=True, on_delete="keep")
    contact_id: Mapped[int | None] = link("Contacto de origen", "contact", read_only=True, hidden=True,
                                          on_delete="keep")  # fmt: skip

    screens = Screens(
        columns="number date client subject status total valid_until salesperson",
        filters="client subject status salesperson date",
        more_filters="number total valid_until opportunity client.status client.sector",
        sort="-date",
        form=[
            Section("Presupuesto", "subject client person opportunity status salesperson date valid_until currency"),
            Section("Textos", "terms notes"),
            Section("Archivos", "files_total files_pending files_valid files_rejected", columns=4),
        ],
        lines="quote_line",
        picker="number client total",
        head="client total valid_until",
        state="status",
        total="total",
        empty="Todavía no hay presupuestos. Añada el primero desde aquí o desde un contacto.",
    )

    def title_text(self) -> str:
        """Number and subject."""
        return f"{self.number or ''} {self.subject or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """A quote cannot lapse before it is dated."""
        if self.valid_until < self.date:
            yield Problem("valid_until", "La validez no puede terminar antes de la fecha del presupuesto.")


class QuoteLine(Record, table="quote_line", label="Línea", plural="Líneas", owner="quote", feminine=True):
    """A product or service in a quote. Amounts follow the calculation precision of Parámetros."""

    quote_id: Mapped[int] = link("Presupuesto", "quote", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    product_id: Mapped[int | None] = link("Inventariable", "product", hidden=True)
    service_id: Mapped[int | None] = link("No inventariable", "service", hidden=True)
    item = either("Producto o servicio", product_id="product", service_id="service")
    description: Mapped[str] = text("Descripción", required=True, max_length=500)
    quantity: Mapped[Decimal] = number("Cantidad", required=True, default=Decimal(1))
    unit_price: Mapped[Decimal] = money("Precio", required=True, default=Decimal(0))
    discount_percent: Mapped[Decimal] = percent("Dto. %", default=Decimal(0), nullable=False)
    tax_rate: Mapped[Decimal] = percent("IVA %", required=True, default="@tax_rate")
    line_total: Mapped[Decimal] = money("Importe", read_only=True, default=Decimal(0), nullable=False)

    screens = Screens(
        columns="item description quantity unit_price discount_percent tax_rate line_total",
        sort="position",
        form=[Section("Línea", "item description quantity unit_price discount_percent tax_rate")],
    )

    def title_text(self) -> str:
        """The text of the line."""
        return self.description or ""

    def problems(self) -> Iterator[Problem]:
        """A line sells something, for an amount that can be kept."""
        if self.quantity <= 0:
            yield Problem("quantity", "La cantidad debe ser mayor que cero.")
        elif abs(self.quantity * self.unit_price) >= MAX_AMOUNT:
            yield Problem("unit_price", "El importe de la línea es demasiado grande.")
