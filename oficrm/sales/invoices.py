"""Invoices: made of sales whole or in parts, issued with a folio, paid and credited, never changed afterwards."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.client import Client
from db.models.credit_note import CreditApplication, CreditNote
from db.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from db.models.payment_receipt import PaymentApplication, PaymentReceipt
from db.models.sales_order import OrderStatus, SalesOrder
from db.record import Problem
from oficrm import flows, pricing, records, settings
from oficrm.commands import Command
from oficrm.drafts import Draft, Loaded
from oficrm.errors import Collected, Refused, ValidationError
from oficrm.finance import cash_flow
from oficrm.hooks import Hooks
from oficrm.sales import balances, invoicing, numbering, parties, shared, written

STAMPED = ("legal_name", "tax_id", "tax_postal_code", "tax_regime", "cfdi_use", "payment_method", "payment_form")
"""What a Mexican invoice must state (CFDI 4.0, nodes Receptor and Comprobante)."""


def _check(session: Session, invoice: Invoice, draft: Draft, problems: Collected) -> None:
    if not flows.entered(invoice, draft, InvoiceStatus.ISSUED):
        return
    _take_fiscal(session, invoice)
    if not draft.lines.get("invoice_line"):
        problems.add("", "Añada al menos una línea: no hay nada que facturar.")
    if settings.read(session).country == "MX":
        for name in STAMPED:
            if not getattr(invoice, name):
                problems.add(name, "Hace falta para emitir la factura. Complételo aquí o en el cliente.")
    if invoice.sales_order_id is not None:
        order = session.get_one(SalesOrder, invoice.sales_order_id)
        if order.status != OrderStatus.AUTHORIZED:
            problems.add("sales_order", "Autorice la venta antes de emitir su factura.")


def _take_fiscal(session: Session, invoice: Invoice) -> None:
    """What the invoice leaves open is copied from its client, for the last time."""
    for name, value in parties.fiscal(session.get_one(Client, invoice.client_id)).items():
        if getattr(invoice, name) is None:
            setattr(invoice, name, value)


def _before(session: Session, invoice: Invoice, draft: Draft) -> None:
    pricing.complete_money(session, invoice)
    parties.complete_due(session, invoice, invoice.date, "due_date")
    session.flush()
    lines = [line for line in records.lines_of(session, InvoiceLine, invoice.id) if isinstance(line, InvoiceLine)]
    if invoice.sales_order_id is not None:
        shared.lock(session, SalesOrder, [invoice.sales_order_id])
        order = session.get_one(SalesOrder, invoice.sales_order_id)
        if order.currency != invoice.currency:
            raise ValidationError({"currency": [f"La venta está en {order.currency}: la factura también."]})
    if draft.id is None or draft.original.get("status") == InvoiceStatus.DRAFT:
        invoicing.join(session, invoice, lines)
    pricing.work_out(session, invoice, draft)
    if flows.entered(invoice, draft, InvoiceStatus.ISSUED):
        numbering.issue(session, invoice)


def _after(session: Session, invoice: Invoice, draft: Draft) -> None:
    cash_flow.follow_invoice(session, invoice)


def _sound(session: Session, invoice: Invoice) -> Iterator[Problem]:
    yield from numbering.sound(session, invoice)
    yield from cash_flow.sound(session, invoice)
    is_live = invoice.deleted_at is None and invoice.status != InvoiceStatus.CANCELLED
    if not (is_live and invoice.status == InvoiceStatus.ISSUED):
        yield from _still_used(session, invoice)
    if is_live and written.changed(
        session, invoice, ("status",), ("quantity", "sales_order_line_id", "product_id", "service_id")
    ):
        yield from invoicing.beyond(session, invoice)
        yield from _sale_gone(session, invoice)
        yield from balances.beyond(session, [invoice.id])


def _sale_gone(session: Session, invoice: Invoice) -> Iterator[Problem]:
    """An invoice that counts does not hang on a sale that was cancelled."""
    order = session.get(SalesOrder, invoice.sales_order_id) if invoice.sales_order_id is not None else None
    if order is not None and (order.status == OrderStatus.CANCELLED or order.deleted_at is not None):
        yield Problem("sales_order", f"La venta «{order.title}» está cancelada.")


def _still_used(session: Session, invoice: Invoice) -> Iterator[Problem]:
    """What was paid or credited of an invoice must be taken back first."""
    for document, applied, owner in (
        (PaymentReceipt, PaymentApplication, PaymentApplication.payment_receipt_id),
        (CreditNote, CreditApplication, CreditApplication.credit_note_id),
    ):
        live = (
            select(document.title).join(applied, owner == document.id)
            .where(applied.invoice_id == invoice.id, applied.deleted_at.is_(None), document.deleted_at.is_(None),
                   document.status == "issued").order_by(document.id)
        )  # fmt: skip
        if found := list(dict.fromkeys(session.scalars(live))):
            what = "pagos aplicados" if document is PaymentReceipt else "notas de crédito aplicadas"
            yield Problem("status", f"La factura tiene {what}: {shared.named(found)}. Cancélelos antes.")


def _start(session: Session, draft: Draft) -> None:
    """The part of its sale that is not invoiced yet."""
    order = draft.values.get("sales_order")
    if isinstance(order, int) and not draft.lines.get("invoice_line"):
        draft.lines["invoice_line"] = invoicing.left(session, order)


def of_sale(session: Session, ident: int) -> Loaded:
    """Return a new invoice with all of a sale that is not invoiced yet; quantities may be lowered to invoice a part.

    Raises Refused, with the invoices, when nothing is left.
    """
    order = session.get_one(SalesOrder, ident)
    made = records.blank(session, "invoice", {"client": order.client_id, "sales_order": ident})
    if not made.draft.lines["invoice_line"]:
        live = select(Invoice.title).where(Invoice.sales_order_id == ident, Invoice.deleted_at.is_(None),
                                           Invoice.status != InvoiceStatus.CANCELLED)  # fmt: skip
        titles = session.scalars(live.order_by(Invoice.id)).all()
        raise Refused(f"La venta ya está facturada entera: {shared.named(titles)}." if titles
                      else "La venta no tiene líneas que facturar.")  # fmt: skip
    return made


HOOKS = Hooks(
    fill=partial(parties.fill, "invoice"), follows=("currency", "date"), start=_start, check=_check, before=_before,
    after=_after, sound=_sound, leaving=numbering.leaving,
)  # fmt: skip
OF_SALES = (
    Command("invoice", "Facturar", "invoice", blank=of_sale, states=frozenset({OrderStatus.AUTHORIZED})),
)  # fmt: skip
