"""What is owed of invoices, worked out by the query, and the rule that no more is applied than is owed."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.credit_note import CreditNote
from db.models.invoice import Invoice, InvoiceStatus, balance_of
from db.models.payment_receipt import PaymentReceipt
from db.record import Problem
from oficrm.sales import shared


def of(session: Session, invoice_ids: Collection[int]) -> dict[int, Decimal]:
    """Return what is owed of each invoice: nothing of drafts and cancelled ones."""
    session.flush()
    found: dict[int, Decimal] = {}
    for part in chunks(list(invoice_ids)):
        found |= {row[0]: row[1] for row in session.execute(
            _owed().where(Invoice.id.in_(part)))}  # fmt: skip
    return found


@cache
def _owed() -> Select[tuple[int, Any]]:
    """The statement without its criterion: it is long, and asked at each saving of a payment."""
    return select(Invoice.id, balance_of(Invoice))


def beyond(session: Session, invoice_ids: Collection[int]) -> Iterator[Problem]:
    """Yield each invoice to which more is applied than its total."""
    for ident, balance in of(session, invoice_ids).items():
        if balance < 0:
            invoice = session.get_one(Invoice, ident)
            over = shared.amount(session, -balance, invoice.currency)
            yield Problem("", f"A la factura {invoice.title} se le aplicarían {over} de más.")


def unfit(
    session: Session, document: PaymentReceipt | CreditNote, invoice: Invoice | None, owed: Decimal, amount: Decimal
) -> tuple[str, str] | None:  # fmt: skip
    """Return the field and text of why an amount of a document cannot go to an invoice, None when it can."""
    if invoice is None or invoice.deleted_at is not None:
        return "invoice", "Esta factura ya no existe. Elija otra."
    if invoice.client_id != document.client_id:
        return "invoice", "Es de otro cliente: elija entre las de este."
    if invoice.status != InvoiceStatus.ISSUED:
        return "invoice", f"La factura no está emitida: está en «{InvoiceStatus(invoice.status).label}»."
    if invoice.currency != document.currency:
        return "invoice", f"La factura está en {invoice.currency} y esto en {document.currency}."
    if amount > owed:
        due, wanted = (shared.amount(session, each, invoice.currency) for each in (owed, amount))
        return "amount", f"De {invoice.title} se deben {due}: no pueden aplicarse {wanted}."
    return None
