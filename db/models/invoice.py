"""Facturas: invoices and their lines. Amounts paid and owed are worked out, never typed."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Index, case, func, literal, select, type_coerce
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.fields import children, choice, computed, day, link, long_text, postcode, tax_number, text
from db.flow import Flow, Verb
from db.models.priced import (
    MONEY_FIELDS,
    CfdiUse,
    PaymentForm,
    PaymentMethod,
    Priced,
    PricedLine,
    TaxRegime,
    line_screens,
)
from db.record import Problem
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, ChoiceType, Scaled


class InvoiceStatus(Choice):
    """What was done with an invoice; what was paid of it is InvoiceState."""

    DRAFT = "draft", "Borrador", "quiet"
    ISSUED = "issued", "Emitida", "info"
    CANCELLED = "cancelled", "Cancelada", "lost"


class InvoiceState(Choice):
    """Where an invoice stands, by what was done with it, what was paid and the day."""

    DRAFT = "draft", "Borrador", "quiet"
    ISSUED = "issued", "Emitida", "info"
    PARTLY_PAID = "partly_paid", "Pagada parcial", "today"
    PAID = "paid", "Pagada", "won"
    OVERDUE = "overdue", "Vencida", "overdue"
    CANCELLED = "cancelled", "Cancelada", "lost"


class CancelReason(Choice):
    """Motivo de cancelación of the SAT."""

    ERROR_RELATED = "01", "01 · Con errores, con relación"
    ERROR = "02", "02 · Con errores, sin relación"
    NOT_DONE = "03", "03 · No se llevó a cabo la operación"
    GLOBAL = "04", "04 · Operación nominativa en factura global"


def paid_of(invoice: Any) -> Any:
    """What issued payments apply to an invoice."""
    from db.models.payment_receipt import PaymentApplication, PaymentReceipt

    applied, receipt = aliased(PaymentApplication), aliased(PaymentReceipt)
    return (
        select(func.coalesce(func.sum(applied.amount), 0, type_=Scaled(MONEY_DECIMALS)))
        .join(receipt, receipt.id == applied.payment_receipt_id)
        .where(applied.invoice_id == invoice.id, applied.deleted_at.is_(None), receipt.deleted_at.is_(None),
               receipt.status == "issued")
        .correlate(invoice).scalar_subquery()
    )  # fmt: skip


def credited_of(invoice: Any) -> Any:
    """What issued credit notes take off an invoice."""
    from db.models.credit_note import CreditApplication, CreditNote

    applied, note = aliased(CreditApplication), aliased(CreditNote)
    return (
        select(func.coalesce(func.sum(applied.amount), 0, type_=Scaled(MONEY_DECIMALS)))
        .join(note, note.id == applied.credit_note_id)
        .where(applied.invoice_id == invoice.id, applied.deleted_at.is_(None), note.deleted_at.is_(None),
               note.status == "issued")
        .correlate(invoice).scalar_subquery()
    )  # fmt: skip


def balance_of(invoice: Any) -> Any:
    """What is owed of an invoice: nothing of a draft or a cancelled one."""
    owed = invoice.total - paid_of(invoice) - credited_of(invoice)
    nothing = literal(0, Scaled(MONEY_DECIMALS))
    return type_coerce(case((invoice.status == "issued", owed), else_=nothing), Scaled(MONEY_DECIMALS))


def _state(invoice: Any) -> Any:
    owed = balance_of(invoice)
    is_touched = (paid_of(invoice) + credited_of(invoice)) > literal(0, Scaled(MONEY_DECIMALS))
    nothing = literal(0, Scaled(MONEY_DECIMALS))
    state = case(
        (invoice.status != "issued", invoice.status),
        (owed <= nothing, literal("paid")),
        (invoice.due_date < moments.today(), literal("overdue")),
        (is_touched, literal("partly_paid")),
        else_=literal("issued"),
    )
    return type_coerce(state, ChoiceType(InvoiceState))


class Invoice(
    Priced, table="invoice", label="Factura", plural="Facturas", menu="Facturación", icon="invoice", position=10,
    prefix="F", feminine=True, indexes="date sort_key client_id+status",
):  # fmt: skip
    """An invoice to a client. Its number is given when it is issued, without gaps."""

    number: Mapped[str | None] = text("Serie y folio", max_length=30, search=True, read_only=True, unique=True,
                                      short="Folio")  # fmt: skip
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", within="client")
    subscription_id: Mapped[int | None] = link("Renta o suscripción", "subscription", read_only=True, on_delete="keep")
    period_start: Mapped[dt.date | None] = day("Periodo desde", read_only=True)
    status: Mapped[str] = choice("Emisión", InvoiceStatus, required=True, default=InvoiceStatus.DRAFT, mass_edit=False)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    due_date: Mapped[dt.date | None] = day("Vencimiento", help="Vacío: la fecha más los días de crédito del cliente.")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    legal_name: Mapped[str | None] = text("Razón social", search=True)
    tax_id: Mapped[str | None] = tax_number("Identificación fiscal", search=True, short="NIF/RFC")
    tax_postal_code: Mapped[str | None] = postcode("Código postal fiscal")
    tax_regime: Mapped[str | None] = choice("Régimen fiscal", TaxRegime)
    cfdi_use: Mapped[str | None] = choice("Uso de CFDI", CfdiUse)
    payment_method: Mapped[str | None] = choice("Método de pago", PaymentMethod)
    payment_form: Mapped[str | None] = choice("Forma de pago", PaymentForm)
    fiscal_uuid: Mapped[str | None] = text("Folio fiscal (UUID)", max_length=36, search=True, unique=True)
    cancel_reason: Mapped[str | None] = choice("Motivo de cancelación", CancelReason)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    state = computed("Estado", "choice", _state, choices=InvoiceState)
    paid_total = computed("Pagado", "money", paid_of)
    credited_total = computed("Abonado", "money", credited_of)
    balance = computed("Saldo", "money", balance_of)
    items = children("Productos y servicios", "invoice_line", "item")

    screens = Screens(
        columns="number date client state total paid_total balance due_date salesperson",
        filters="client state date due_date salesperson",
        more_filters="items number total balance tax_id sales_order fiscal_uuid client.status",
        sort="-date",
        form=[
            Section("Factura", "client sales_order status number date due_date salesperson"),
            Section("Datos fiscales", "legal_name tax_id tax_postal_code tax_regime cfdi_use payment_method "
                    "payment_form fiscal_uuid cancel_reason"),
            Section("Importes", f"{MONEY_FIELDS} paid_total credited_total balance", columns=4),
            Section("Notas", "notes"),
            Section("Renta o suscripción", "subscription period_start", columns=2),
            FILES_SECTION,
        ],
        tabs="payment_receipt credit_note cash_flow_entry commission comment email_message document",
        lines="invoice_line",
        picker="client total balance",
        head="client total balance",
        state="state",
        total="company_total",
        afresh="sales_order subscription due_date cancel_reason",
        empty="Todavía no hay facturas. Facture una venta o añada la primera.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {InvoiceStatus.DRAFT: "issued cancelled", InvoiceStatus.ISSUED: "cancelled"},
        verbs={
            InvoiceStatus.ISSUED: Verb("Emitir", "accept", "Al emitirla recibe su folio y ya no se cambia."),
            InvoiceStatus.CANCELLED: Verb("Cancelar la factura", "lost", "¿Cancelar la factura?"),
        },
        closed={
            InvoiceStatus.ISSUED: "La factura está emitida: no se cambia. Cancélela o haga una nota de crédito.",
            InvoiceStatus.CANCELLED: "La factura está cancelada.",
        },
        free="notes fiscal_uuid cancel_reason salesperson due_date",
    )

    def title_text(self) -> str:
        """Series and folio, or that it is a draft."""
        return self.number or "Factura en borrador"

    def problems(self) -> Iterator[Problem]:
        """It does not fall due before its date; deferred payment has no form yet."""
        if self.due_date is not None and self.due_date < self.date:
            yield Problem("due_date", "El vencimiento no puede ser anterior a la fecha.")
        if self.payment_method == PaymentMethod.DEFERRED and self.payment_form not in (None, PaymentForm.UNDEFINED):
            yield Problem("payment_form", "Con pago diferido (PPD) la forma de pago es 99 · Por definir.")


_LIVE = sql("deleted_at IS NULL")
Index("uq_invoice_period", Invoice.subscription_id, Invoice.period_start, unique=True,
      sqlite_where=_LIVE, postgresql_where=_LIVE)  # fmt: skip
"""A period of a subscription is invoiced once, whoever is first."""


class InvoiceLine(PricedLine, table="invoice_line", label="Línea", plural="Líneas", owner="invoice", feminine=True):
    """What is invoiced; a line of the sale it comes from may be invoiced in parts."""

    invoice_id: Mapped[int] = link("Factura", "invoice", required=True, on_delete="cascade")
    sales_order_line_id: Mapped[int | None] = link("Línea de la venta", "sales_order_line", hidden=True,
                                                   on_delete="keep")  # fmt: skip

    screens = line_screens(fields="item description quantity unit_price discount_percent tax_rate comment "
                                  "sales_order_line", afresh="sales_order_line")  # fmt: skip
