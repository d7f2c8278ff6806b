"""Presupuestos and their lines."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, literal, type_coerce
from sqlalchemy.orm import Mapped

from db import moments
from db.fields import children, choice, computed, day, integer, link, long_text, text
from db.flow import Flow, Verb
from db.models.priced import MONEY_FIELDS, Priced, PricedLine, line_screens
from db.record import Problem
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType


class QuoteStatus(Choice):
    """State of a quote."""

    DRAFT = "draft", "Borrador", "quiet"
    SENT = "sent", "Enviado", "info"
    REVIEWED = "reviewed", "Revisado", "today"
    ACCEPTED = "accepted", "Aceptado", "won"
    REJECTED = "rejected", "Rechazado", "lost"


class QuoteState(Choice):
    """State of a quote as it is shown: one that is still open after its validity has lapsed."""

    DRAFT = "draft", "Borrador", "quiet"
    SENT = "sent", "Enviado", "info"
    REVIEWED = "reviewed", "Revisado", "today"
    ACCEPTED = "accepted", "Aceptado", "won"
    REJECTED = "rejected", "Rechazado", "lost"
    EXPIRED = "expired", "Vencido", "overdue"


OPEN = (QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.REVIEWED)
"""States in which the client has not answered yet."""


def _state(quote: Any) -> Any:
    lapsed = and_(quote.status.in_(OPEN), quote.valid_until < moments.today())
    return type_coerce(case((lapsed, literal("expired")), else_=quote.status), ChoiceType(QuoteState))


class Quote(
    Priced, table="quote", label="Presupuesto", plural="Presupuestos", menu="Ventas", icon="quote", position=50,
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
    billing_address_id: Mapped[int | None] = link("Dirección de facturación", "address", within="client",
                                                  on_delete="keep")  # fmt: skip
    shipping_address_id: Mapped[int | None] = link("Dirección de envío", "address", within="client", on_delete="keep")
    terms: Mapped[str | None] = long_text("Términos y condiciones", default="@quote_terms")
    notes: Mapped[str | None] = long_text("Notas internas", search=True)
    copy_number: Mapped[int] = integer("Versión", read_only=True, default=1, nullable=False)
    duplicated_from_id: Mapped[int | None] = link("Duplicado de", "quote", read_only=True, on_delete="keep")
    contact_id: Mapped[int | None] = link("Contacto de origen", "contact", read_only=True, hidden=True,
                                          on_delete="keep")  # fmt: skip
    items = children("Productos y servicios", "quote_line", "item")
    state = computed("Estado", "choice", _state, choices=QuoteState)

    screens = Screens(
        columns="number date client subject state total valid_until salesperson",
        filters="client subject state salesperson date",
        more_filters="items number total status valid_until opportunity client.status client.sector",
        sort="-date",
        form=[
            Section("Presupuesto", "subject client person opportunity status date valid_until salesperson"),
            Section("Importes", MONEY_FIELDS, columns=4),
            Section("Direcciones", "billing_address shipping_address", columns=2),
            Section("Textos", "terms notes"),
            Section("Versión", "copy_number duplicated_from", columns=2),
            FILES_SECTION,
        ],
        tabs="sales_order calendar_item comment email_message document",
        lines="quote_line",
        picker="number client total",
        head="client total valid_until",
        state="state",
        total="company_total",
        afresh="notes",
        empty="Todavía no hay presupuestos. Añada el primero desde aquí o desde un contacto.",
    )

    flow = Flow(
        "status",
        {
            QuoteStatus.DRAFT: "sent",
            QuoteStatus.SENT: "reviewed accepted rejected draft",
            QuoteStatus.REVIEWED: "sent accepted rejected draft",
            QuoteStatus.REJECTED: "draft",
        },
        verbs={
            QuoteStatus.SENT: Verb("Marcar enviado", "email"),
            QuoteStatus.REVIEWED: Verb("Marcar revisado", "done"),
            QuoteStatus.ACCEPTED: Verb("Marcar aceptado", "accept"),
            QuoteStatus.REJECTED: Verb("Marcar rechazado", "lost"),
            QuoteStatus.DRAFT: Verb("Volver a borrador", "restore"),
        },
        closed={
            QuoteStatus.ACCEPTED: "El cliente ya aceptó este presupuesto: duplíquelo para cambiar lo que se le ofrece."
        },
        free="person salesperson notes opportunity",
    )

    def title_text(self) -> str:
        """Number and subject."""
        return f"{self.number or ''} {self.subject or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """A quote cannot lapse before it is dated."""
        if self.valid_until < self.date:
            yield Problem("valid_until", "La validez no puede terminar antes de la fecha del presupuesto.")


class QuoteLine(PricedLine, table="quote_line", label="Línea", plural="Líneas", owner="quote", feminine=True):
    """A product or service in a quote."""

    quote_id: Mapped[int] = link("Presupuesto", "quote", required=True, on_delete="cascade")

    screens = line_screens()
