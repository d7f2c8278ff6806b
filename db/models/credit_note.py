"""Notas de crédito: returns, later discounts and adjustments, applied to invoices."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, literal, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, day, integer, link, long_text, money, text, yes_no
from db.flow import Flow, Verb
from db.models.priced import MONEY_FIELDS, Priced, PricedLine, line_screens
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, ChoiceType, Scaled


class NoteStatus(Choice):
    """What was done with a credit note."""

    DRAFT = "draft", "Borrador", "quiet"
    ISSUED = "issued", "Emitida", "info"
    CANCELLED = "cancelled", "Cancelada", "lost"


class NoteState(Choice):
    """Where a credit note stands, by what was done with it and what remains to be applied."""

    DRAFT = "draft", "Borrador", "quiet"
    ISSUED = "issued", "Emitida", "info"
    APPLIED = "applied", "Aplicada", "won"
    CANCELLED = "cancelled", "Cancelada", "lost"


class NoteReason(Choice):
    """Why a credit note is made."""

    RETURN = "return", "Devolución"
    DISCOUNT = "discount", "Descuento posterior"
    ADJUSTMENT = "adjustment", "Ajuste"
    BONUS = "bonus", "Bonificación"
    ERROR = "error", "Error"


def applied_of(note: Any) -> Any:
    """What of a credit note is applied to invoices or paid back."""
    applied = aliased(CreditApplication)
    return (
        select(func.coalesce(func.sum(applied.amount), 0, type_=Scaled(MONEY_DECIMALS)))
        .where(applied.credit_note_id == note.id, applied.deleted_at.is_(None))
        .correlate(note).scalar_subquery()
    )  # fmt: skip


def remaining_of(note: Any) -> Any:
    """What of an issued credit note still waits to be applied."""
    nothing = literal(0, Scaled(MONEY_DECIMALS))
    left = case((note.status == "issued", note.total - applied_of(note)), else_=nothing)
    return type_coerce(left, Scaled(MONEY_DECIMALS))


def _state(note: Any) -> Any:
    nothing = literal(0, Scaled(MONEY_DECIMALS))
    state = case(
        (note.status != "issued", note.status), (remaining_of(note) <= nothing, literal("applied")),
        else_=literal("issued"),
    )  # fmt: skip
    return type_coerce(state, ChoiceType(NoteState))


class CreditNote(
    Priced, table="credit_note", label="Nota de crédito", plural="Notas de crédito", menu="Facturación",
    icon="credit_note", position=30, prefix="NC", feminine=True, indexes="date sort_key",
):  # fmt: skip
    """Money given back to a client, on paper. Its number is given when it is issued."""

    number: Mapped[str | None] = text("Serie y folio", max_length=30, search=True, read_only=True, unique=True,
                                      short="Folio")  # fmt: skip
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    invoice_id: Mapped[int | None] = link("Factura", "invoice", within="client", only=(("status", "issued"),))
    reason: Mapped[str] = choice("Motivo", NoteReason, required=True, default=NoteReason.RETURN)
    status: Mapped[str] = choice("Emisión", NoteStatus, required=True, default=NoteStatus.DRAFT, mass_edit=False)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    restock: Mapped[bool] = yes_no("Regresa a almacén", default=False, help="Al emitirla hace la entrada de almacén.")
    warehouse_id: Mapped[int | None] = link("Almacén", "warehouse", default="@warehouse")
    fiscal_uuid: Mapped[str | None] = text("Folio fiscal (UUID)", max_length=36, search=True, unique=True)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    state = computed("Estado", "choice", _state, choices=NoteState)
    applied_total = computed("Aplicado", "money", applied_of)
    remaining = computed("Por aplicar", "money", remaining_of)

    screens = Screens(
        columns="number date client invoice reason state total remaining",
        filters="client state reason date",
        more_filters="number total invoice fiscal_uuid",
        sort="-date",
        form=[
            Section("Nota de crédito", "client invoice reason date status number restock warehouse fiscal_uuid"),
            Section("Importes", f"{MONEY_FIELDS} applied_total remaining", columns=4),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="stock_movement cash_flow_entry comment document",
        lines="credit_note_line credit_application",
        picker="client total date",
        head="client total remaining",
        state="state",
        total="company_total",
        afresh="invoice",
        empty="Todavía no hay notas de crédito. Hágalas desde una factura.",
    )
    flow = Flow(
        "status",
        {NoteStatus.DRAFT: "issued cancelled", NoteStatus.ISSUED: "cancelled"},
        verbs={
            NoteStatus.ISSUED: Verb("Emitir", "accept", "Al emitirla recibe su folio y ya no se cambia."),
            NoteStatus.CANCELLED: Verb("Cancelar la nota", "lost", "¿Cancelar la nota de crédito?"),
        },
        closed={
            NoteStatus.ISSUED: "La nota está emitida: no se cambia. Cancélela y haga otra.",
            NoteStatus.CANCELLED: "La nota está cancelada.",
        },
        free="notes fiscal_uuid credit_application",
    )

    def title_text(self) -> str:
        """Series and folio, or that it is a draft."""
        return self.number or "Nota de crédito en borrador"


class CreditNoteLine(
    PricedLine, table="credit_note_line", label="Línea", plural="Líneas", owner="credit_note", feminine=True
):
    """What is credited."""

    credit_note_id: Mapped[int] = link("Nota de crédito", "credit_note", required=True, on_delete="cascade")
    lot_serial_id: Mapped[int | None] = link("Lote o serie", "lot_serial", on_delete="keep")

    screens = line_screens(fields="item description quantity unit_price discount_percent tax_rate lot_serial comment")


class CreditApplication(
    Record, table="credit_application", label="Aplicación", plural="Aplicaciones", owner="credit_note", feminine=True
):
    """The part of a credit note that goes to one invoice, or, without one, that was paid back."""

    credit_note_id: Mapped[int] = link("Nota de crédito", "credit_note", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    invoice_id: Mapped[int | None] = link("Factura", "invoice", only=(("status", "issued"),),
                                          help="Vacía: reembolsado al cliente.")  # fmt: skip
    amount: Mapped[Decimal] = money("Aplicado", required=True)
    applied_on: Mapped[dt.date] = day("Fecha", required=True, default="@today")

    screens = Screens(
        columns="invoice amount applied_on",
        sort="position",
        form=[Section("Aplicación", "invoice amount applied_on")],
        afresh="invoice amount",
    )

    def title_text(self) -> str:
        """Named by its invoice, which the grid shows."""
        return "Aplicación"

    def problems(self) -> Iterator[Problem]:
        """Something is applied."""
        if self.amount <= 0:
            yield Problem("amount", "Lo aplicado debe ser mayor que cero.")
