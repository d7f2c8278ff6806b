"""Flujo de efectivo: entries that follow documents, so that nothing is counted twice and nothing is left behind.

Each function brings the entries of a document in line with how it stands now; called again it changes nothing. They
run in the operation that changed the document, so that one undo takes all back.

* An authorised sale expects what is not invoiced yet; an issued invoice what is still owed of it.
* An issued payment is real; the entry of an invoice that it pays off becomes that one.
* What of a credit note was paid back, and a paid commission, are real outlays.
* A purchase expects to pay for what has come of it, less what was paid.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.bank_account import AccountKind, BankAccount
from db.models.cash_flow_entry import CashCategory, CashFlowEntry, CashKind, CashState
from db.models.commission import Commission, CommissionStatus
from db.models.credit_note import CreditApplication, CreditNote, NoteStatus
from db.models.invoice import Invoice, InvoiceStatus
from db.models.payment_receipt import PaymentApplication, PaymentReceipt, ReceiptStatus
from db.models.priced import PaymentForm
from db.models.sales_order import OrderStatus, SalesOrder
from db.query import fetch_rows
from db.record import Problem, Record
from oficrm import clock, records
from oficrm.finance import amounts, banks, writing
from oficrm.rules.numbers import EXACT, round_half_up

PROGRAM = "follows_document"
"""Accepted by the program when it writes an entry that follows a document."""
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Expected:
    """What an entry has to say, by attribute; ``links`` name the documents behind it."""

    date: dt.date
    kind: CashKind
    concept: str
    category: CashCategory
    amount: Decimal
    currency: str | None
    exchange_rate: Decimal | None
    client_id: int | None = None
    links: dict[str, int | None] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The attributes of the entry."""
        own = ("date", "kind", "concept", "category", "amount", "currency", "exchange_rate", "client_id")
        return {name: getattr(self, name) for name in own} | self.links


def source_of(record: Record) -> str:
    """Return the key by which the entries of a document are found."""
    return f"{record.module.table}:{record.id}"


# --- sales


def follow_sale(session: Session, order: SalesOrder) -> None:
    """An authorised sale expects, on its payment date, what its issued invoices do not state yet."""
    session.flush()
    amount = sale_to_come(session, order)
    wanted = None
    if amount > 0:
        wanted = Expected(
            order.expected_payment_date or order.sale_date, CashKind.INCOME, f"Venta {order.title}", CashCategory.SALE,
            amount, order.currency, order.exchange_rate, order.client_id, {"sales_order_id": order.id},
        )  # fmt: skip
    _project(session, source_of(order), wanted, is_cancelled=order.status == OrderStatus.CANCELLED)


def sale_to_come(session: Session, order: SalesOrder) -> Decimal:
    """Return what an authorised sale still is to be invoiced for, in its currency."""
    if order.status != OrderStatus.AUTHORIZED or order.deleted_at is not None:
        return _NOTHING
    rows = session.execute(
        select(Invoice.total, Invoice.exchange_rate).where(
            Invoice.sales_order_id == order.id, Invoice.deleted_at.is_(None), Invoice.status == InvoiceStatus.ISSUED
        )
    )
    invoiced = sum((amounts.converted(total, rate, order.exchange_rate) for total, rate in rows), _NOTHING)
    return max(order.total - invoiced, _NOTHING)


# --- invoices and payments


def follow_invoice(session: Session, invoice: Invoice) -> None:
    """An issued invoice expects what is owed of it when it falls due; its sale that much less."""
    session.flush()
    owed = invoice_to_come(session, invoice)
    wanted = None
    if owed > 0:
        wanted = Expected(
            invoice.due_date or invoice.date, CashKind.INCOME, f"Factura {invoice.title}", CashCategory.SALE, owed,
            invoice.currency, invoice.exchange_rate, invoice.client_id,
            {"invoice_id": invoice.id, "sales_order_id": invoice.sales_order_id},
        )  # fmt: skip
    _project(session, source_of(invoice), wanted, is_cancelled=invoice.status == InvoiceStatus.CANCELLED)
    if invoice.sales_order_id is not None:
        follow_sale(session, _locked(session, SalesOrder, invoice.sales_order_id))


def invoice_to_come(session: Session, invoice: Invoice) -> Decimal:
    """Return what is owed of an invoice, in its currency; nothing of a draft or one in the trash."""
    if invoice.deleted_at is not None:
        return _NOTHING
    balance: Decimal = fetch_rows(session, "invoice", [invoice.id], ["balance"])[invoice.id][0]
    return balance


def follow_receipt(session: Session, receipt: PaymentReceipt) -> None:
    """An issued payment is money in an account, and what it pays is no longer expected.

    Where the payment does not name the account, the usual one is written into it. Raises ValidationError when there are
    several, Refused when the movement in the bank is reconciled already.
    """
    session.flush()
    invoices = _invoices_of(session, PaymentApplication.payment_receipt_id == receipt.id, PaymentApplication)
    is_paid = receipt.status == ReceiptStatus.ISSUED and receipt.deleted_at is None and receipt.amount > 0
    wanted = None
    if is_paid:
        if receipt.bank_account_id is None:
            receipt.bank_account_id = banks.account_for(session, receipt.currency, receipt.payment_form)
        sales = {invoice.sales_order_id for invoice in invoices}
        of = f" de {', '.join(invoice.title for invoice in invoices)}" if invoices else ""
        wanted = Expected(
            receipt.paid_on, CashKind.INCOME, f"Pago {receipt.title}{of}"[:200], CashCategory.SALE, receipt.amount,
            receipt.currency, receipt.exchange_rate, receipt.client_id,
            {"payment_receipt_id": receipt.id, "invoice_id": invoices[0].id if len(invoices) == 1 else None,
             "sales_order_id": sales.pop() if len(sales) == 1 else None},
        )  # fmt: skip
    paid_off = [invoice for invoice in invoices if invoice_to_come(session, invoice) <= 0]
    replaced = _projected(session, source_of(invoices[0])) if is_paid and len(invoices) == len(paid_off) == 1 else None
    _realize(session, source_of(receipt), wanted, receipt.bank_account_id, receipt.payment_form, replaced)
    for invoice in invoices:
        follow_invoice(session, invoice)


def follow_credit_note(session: Session, note: CreditNote) -> None:
    """What of an issued note was paid back is a real outlay; what was applied is no longer expected."""
    session.flush()
    mine = CreditApplication.credit_note_id == note.id
    live = note.status == NoteStatus.ISSUED and note.deleted_at is None
    for applied in session.scalars(select(CreditApplication).where(mine, CreditApplication.invoice_id.is_(None))):
        wanted, account = None, None
        if live and applied.deleted_at is None:
            account = _account_of(session, source_of(applied)) or banks.account_for(session, note.currency, None)
            wanted = Expected(
                applied.applied_on, CashKind.OUTLAY, f"Reembolso {note.title}", CashCategory.REFUND, applied.amount,
                note.currency, note.exchange_rate, note.client_id,
                {"credit_note_id": note.id, "invoice_id": note.invoice_id},
            )  # fmt: skip
        _realize(session, source_of(applied), wanted, account, _form_of(session, account))
    for invoice in _invoices_of(session, mine, CreditApplication):
        follow_invoice(session, invoice)


def _invoices_of(session: Session, mine: Any, applied: Any) -> list[Invoice]:
    """The invoices that a document is, or was, applied to; nobody else changes them meanwhile."""
    ids = session.scalars(select(applied.invoice_id).where(mine, applied.invoice_id.is_not(None)).distinct()).all()
    return [_locked(session, Invoice, ident) for ident in sorted(ids)]


# --- purchases and commissions


def follow_purchase(session: Session, order: Any) -> None:
    """A purchase expects to pay for what has come of it, less what was paid of it already."""
    from db.models.vendor import Vendor

    session.flush()
    amount = _NOTHING
    if order.deleted_at is None and order.status != "cancelled":
        paid = select(func.coalesce(func.sum(CashFlowEntry.amount), 0, type_=CashFlowEntry.amount.type)).where(
            CashFlowEntry.source == source_of(order), CashFlowEntry.state == CashState.REAL,
            CashFlowEntry.deleted_at.is_(None),
        )  # fmt: skip
        amount = received_worth(session, order) - (session.scalar(paid) or _NOTHING)
    wanted = None
    if amount > 0:
        found = _projected(session, source_of(order))
        days = session.scalar(select(Vendor.credit_days).where(Vendor.id == order.vendor_id)) or 0
        wanted = Expected(
            found.date if found is not None else clock.today() + dt.timedelta(days=days), CashKind.OUTLAY,
            f"Compra {order.title}", CashCategory.PURCHASE, amount, order.currency, order.exchange_rate, None,
            {"purchase_order_id": order.id},
        )  # fmt: skip
    _project(session, source_of(order), wanted, is_cancelled=order.status == "cancelled")


def received_worth(session: Session, order: Any) -> Decimal:
    """Return what the goods that came of a purchase cost, tax included: their share of its total, to the cent."""
    ids = [line.id for line in records.lines_of(session, _line_model(), order.id)]
    rows = fetch_rows(session, "purchase_order_line", ids, ["quantity", "received", "line_total"]).values()
    bases = [(base, base * min(received or 0, quantity) / quantity) for quantity, received, base in rows if quantity]
    whole, came = (sum((pair[place] for pair in bases), _NOTHING) for place in (0, 1))
    if came >= whole:
        return Decimal(order.total) if whole else _NOTHING
    return round_half_up(EXACT.divide(EXACT.multiply(order.total, came), whole), amounts.CENTS)


def _line_model() -> Any:
    from db.models.purchase_order import PurchaseOrderLine

    return PurchaseOrderLine


def follow_commission(session: Session, commission: Commission) -> None:
    """A paid commission is a real outlay. Raises as ``follow_receipt`` does."""
    session.flush()
    wanted = None
    if commission.status == CommissionStatus.PAID and commission.deleted_at is None and commission.amount > 0:
        if commission.bank_account_id is None:
            commission.bank_account_id = banks.account_for(session, commission.currency, None)
        wanted = Expected(
            commission.paid_on or clock.today(), CashKind.OUTLAY, f"Comisión {commission.title}",
            CashCategory.COMMISSION, commission.amount, commission.currency, commission.exchange_rate,
            commission.client_id, {"commission_id": commission.id, "sales_order_id": commission.sales_order_id},
        )  # fmt: skip
    account = commission.bank_account_id
    _realize(session, source_of(commission), wanted, account, _form_of(session, account))


# --- entries


def _locked(session: Session, model: Any, ident: int) -> Any:
    """A document that nobody else changes until this transaction ends: two who pay at once see each other."""
    session.execute(select(model.id).where(model.id == ident).with_for_update(key_share=True))
    return session.scalar(select(model).where(model.id == ident))


def _projected(session: Session, source: str) -> CashFlowEntry | None:
    return _find(session, source, CashState.PROJECTED)


def _find(session: Session, source: str, state: CashState) -> CashFlowEntry | None:
    statement = select(CashFlowEntry).where(
        CashFlowEntry.source == source, CashFlowEntry.state == state, CashFlowEntry.deleted_at.is_(None)
    )
    return session.scalar(statement.order_by(CashFlowEntry.id).limit(1))


def _account_of(session: Session, source: str) -> int | None:
    found = _find(session, source, CashState.REAL)
    return found.bank_account_id if found is not None else None


def _form_of(session: Session, account: int | None) -> PaymentForm | None:
    if account is None:
        return None
    is_cash = session.get_one(BankAccount, account).kind == AccountKind.CASH
    return PaymentForm.CASH if is_cash else PaymentForm.TRANSFER


def _project(session: Session, source: str, wanted: Expected | None, *, is_cancelled: bool) -> None:
    """Expect one thing of a source, or nothing more: what was cancelled stays as such, what came goes away."""
    found = _projected(session, source)
    if wanted is not None:
        _write(session, source, found, wanted.values() | {"state": CashState.PROJECTED})
    elif found is not None and is_cancelled:
        found.state = CashState.CANCELLED
    elif found is not None:
        found.deleted_at = clock.now()
    session.flush()


def _realize(
    session: Session, source: str, wanted: Expected | None, account: int | None, form: str | None,
    replaced: CashFlowEntry | None = None,
) -> None:  # fmt: skip
    """Let money of a source have moved once, or not at all; ``replaced`` is the expectation that came true."""
    found = _find(session, source, CashState.REAL)
    if wanted is None:
        if found is not None:
            found.state = CashState.CANCELLED
            session.flush()
            banks.follow_entry(session, found)
            session.flush()
        return
    moved = {"state": CashState.REAL, "bank_account_id": account, "payment_form": form, "source": source}
    entry = _write(session, source, found or replaced, wanted.values() | moved)
    session.flush()
    banks.follow_entry(session, entry)
    session.flush()


def _write(session: Session, source: str, found: CashFlowEntry | None, values: dict[str, Any]) -> CashFlowEntry:
    if found is not None:
        for name, value in values.items():
            if getattr(found, name) != value:
                setattr(found, name, value)
        return found
    made = records.blank(session, "cash_flow_entry").draft
    made.values |= {name.removesuffix("_id"): value for name, value in values.items() if name != "source"}
    made.preset["source"] = source
    made.accepted = frozenset({PROGRAM})
    return session.get_one(CashFlowEntry, writing.save(session, made).id)


# --- what must hold


def sound(session: Session, document: Record) -> Iterator[Problem]:
    """Yield a problem when entries do not agree with their sale, invoice, payment or commission (Hooks.sound)."""
    source = source_of(document)
    if isinstance(document, PaymentReceipt):
        is_paid = document.status == ReceiptStatus.ISSUED and document.deleted_at is None
        state, to_come = CashState.REAL, document.amount if is_paid else _NOTHING
    elif isinstance(document, SalesOrder):
        state, to_come = CashState.PROJECTED, sale_to_come(session, document)
    elif isinstance(document, Invoice):
        state, to_come = CashState.PROJECTED, invoice_to_come(session, document)
    elif isinstance(document, Commission):
        is_paid = document.status == CommissionStatus.PAID and document.deleted_at is None
        state, to_come = CashState.REAL, document.amount if is_paid else _NOTHING
    else:
        raise TypeError(f"{document.module.table} has no entries of its own")
    stated = session.scalar(
        select(func.coalesce(func.sum(CashFlowEntry.amount), 0, type_=CashFlowEntry.amount.type)).where(
            CashFlowEntry.source == source, CashFlowEntry.state == state, CashFlowEntry.deleted_at.is_(None)
        )
    )
    if stated and stated != to_come:
        yield Problem("", f"El flujo de efectivo de «{document.title}» quedaría sin cuadrar.")
