"""Comisiones: earned when a sale is authorised or, by a setting, when its invoice is paid; paid out as an outlay."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.commission import Commission, CommissionKind, CommissionStatus
from db.models.invoice import Invoice, InvoiceStatus
from db.models.payment_receipt import PaymentApplication, PaymentReceipt
from db.models.sales_order import OrderStatus, SalesOrder
from db.models.salesperson import Salesperson
from db.query import fetch_rows
from oficrm import commands, flows, records, settings
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, Values
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.finance import amounts, cash_flow, writing
from oficrm.hooks import Hooks
from oficrm.rules.numbers import EXACT, round_half_up

PAID_ALREADY = "paid_commission"
_STANDING = (CommissionStatus.CALCULATED, CommissionStatus.AUTHORIZED, CommissionStatus.PAID)


# --- what sales bring about


def follow_sale(session: Session, order: SalesOrder, draft: Draft) -> None:
    """An authorised sale earns its salesperson a commission; a cancelled one takes it back.

    Raises NeedsConfirmation when it was paid out already.
    """
    if flows.entered(order, draft, OrderStatus.AUTHORIZED):
        if not settings.read(session)["commission_when_paid"] and not _of(session, Commission.sales_order_id, order.id):
            _earn(session, order, order.salesperson_id, {"sales_order": order.id})
    elif flows.entered(order, draft, OrderStatus.CANCELLED):
        _take_back(session, _of(session, Commission.sales_order_id, order.id), draft.accepted)


def follow_receipt(session: Session, receipt: PaymentReceipt, draft: Draft) -> None:
    """Invoices paid off earn their commissions where these wait for the money; those owed again give them back."""
    session.flush()
    applied = select(PaymentApplication.invoice_id).where(PaymentApplication.payment_receipt_id == receipt.id)
    for invoice in session.scalars(select(Invoice).where(Invoice.id.in_(applied)).order_by(Invoice.id)):
        mine = _of(session, Commission.invoice_id, invoice.id)
        if not _is_paid(session, invoice):
            _take_back(session, mine, draft.accepted)
        elif settings.read(session)["commission_when_paid"] and not mine and not _earned_by_sale(session, invoice):
            links = {"invoice": invoice.id, "sales_order": invoice.sales_order_id}
            _earn(session, invoice, invoice.salesperson_id, links)


def _is_paid(session: Session, invoice: Invoice) -> bool:
    return invoice.status == InvoiceStatus.ISSUED and cash_flow.invoice_to_come(session, invoice) <= 0


def _earned_by_sale(session: Session, invoice: Invoice) -> bool:
    """The setting may have changed between the sale and its payment: it is earned once."""
    if invoice.sales_order_id is None:
        return False
    return any(each.invoice_id is None for each in _of(session, Commission.sales_order_id, invoice.sales_order_id))


def _of(session: Session, link: Any, ident: int) -> Sequence[Commission]:
    """The commissions of salespeople for a document that stand."""
    return session.scalars(
        select(Commission).where(
            link == ident, Commission.deleted_at.is_(None), Commission.status.in_(_STANDING),
            Commission.kind == CommissionKind.SALE,
        ).order_by(Commission.id)
    ).all()  # fmt: skip


def _earn(session: Session, document: SalesOrder | Invoice, salesperson_id: int | None, links: Values) -> None:
    rate = _rate(session, salesperson_id)
    base = base_of(session, document)
    if salesperson_id is None or not rate or base <= 0:
        return
    made = records.blank(session, "commission").draft
    made.values |= {
        "beneficiary": f"salesperson:{salesperson_id}", "client": document.client_id, "base_amount": base,
        "rate_percent": rate, "currency": document.currency, "exchange_rate": document.exchange_rate, **links,
    }  # fmt: skip
    writing.save(session, made)


def _rate(session: Session, salesperson_id: int | None) -> Decimal | None:
    column: Any = Salesperson.commission
    rate: Decimal | None = session.scalar(select(column).where(Salesperson.id == salesperson_id))
    return rate


def base_of(session: Session, document: SalesOrder | Invoice) -> Decimal:
    """Return what a commission is worked out from: the base before tax, less discounts and what was given back."""
    base = document.subtotal - document.discount_total
    if isinstance(document, Invoice) and document.total:
        credited: Decimal = fetch_rows(session, "invoice", [document.id], ["credited_total"])[document.id][0]
        if credited:
            kept = EXACT.divide(EXACT.multiply(base, document.total - credited), document.total)
            return round_half_up(kept, amounts.CENTS)
    return base


def _take_back(session: Session, earned: Sequence[Commission], accepted: frozenset[str]) -> None:
    paid = [each for each in earned if each.status == CommissionStatus.PAID]
    if paid and PAID_ALREADY not in accepted:
        text = f"La comisión {', '.join(each.number for each in paid)} ya está pagada y seguirá así."
        raise NeedsConfirmation(PAID_ALREADY, text, "Cancelar de todos modos")
    for each in earned:
        if each.status != CommissionStatus.PAID:
            each.status = CommissionStatus.CANCELLED


# --- the form


def _fill(session: Session, name: str, values: Values) -> Values:
    value = values.get(name)
    if name == "beneficiary" and isinstance(value, str):
        table, _, ident = value.partition(":")
        if table == "person":
            return {"kind": CommissionKind.REFERRAL}
        return {"kind": CommissionKind.SALE} | _rated(_rate(session, int(ident)))
    if name in ("sales_order", "invoice") and isinstance(value, int):
        document: Any = session.get_one(SalesOrder if name == "sales_order" else Invoice, value)
        found: Values = {"client": document.client_id, "base_amount": base_of(session, document),
                         "currency": document.currency, "exchange_rate": document.exchange_rate}  # fmt: skip
        if name == "invoice" and document.sales_order_id is not None:
            found["sales_order"] = document.sales_order_id
        if values.get("beneficiary") is None and document.salesperson_id is not None:
            found["beneficiary"] = f"salesperson:{document.salesperson_id}"
            found |= _rated(_rate(session, document.salesperson_id))
        return found
    return {}


def _rated(rate: Decimal | None) -> Values:
    return {"rate_percent": rate} if rate is not None else {}


def _before(session: Session, commission: Commission, draft: Draft) -> None:
    amounts.complete(session, commission)


def _after(session: Session, commission: Commission, draft: Draft) -> None:
    cash_flow.follow_commission(session, commission)


def _leaving(session: Session, commission: Commission) -> str | None:
    if commission.status == CommissionStatus.PAID:
        return f"«{commission.title}» está pagada: se conserva."
    return None


HOOKS = Hooks(fill=_fill, before=_before, after=_after, sound=cash_flow.sound, leaving=_leaving)


# --- what the user asks for


def recalculate(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Take base and rate anew from the document and the salesperson, as one operation. Raises Refused."""
    with operation(session, "Recalcular comisiones") as opened:
        titles = []
        for ident in ids:
            commission = session.get_one(Commission, ident)
            draft = records.load(session, "commission", ident).draft
            draft.values |= _anew(session, commission) | {"other_amount": None}
            draft.accepted = accepted
            titles.append(commands.save(session, draft).title)
        what = titles[0] if len(titles) == 1 else f"{len(titles)} comisiones"
        opened.label = f"Recalcular: {what}"[:300]
        session.info["last_operation"] = (opened.id, opened.label)
    return Outcome(f"Recalcular: {what}.")


def _anew(session: Session, commission: Commission) -> Values:
    document: SalesOrder | Invoice
    if commission.invoice_id is not None:
        document = session.get_one(Invoice, commission.invoice_id)
    elif commission.sales_order_id is not None:
        document = session.get_one(SalesOrder, commission.sales_order_id)
    else:
        raise Refused(f"«{commission.title}» no viene de una venta ni de una factura: no hay de qué recalcularla.")
    found: Values = {"base_amount": base_of(session, document), "currency": document.currency,
                     "exchange_rate": document.exchange_rate}  # fmt: skip
    if commission.salesperson_id is not None:
        found |= _rated(_rate(session, commission.salesperson_id))
    return found


COMMANDS = (
    Command("recalculate", "Recalcular", "load", run=recalculate, many=True,
            states=frozenset({CommissionStatus.CALCULATED})),
)  # fmt: skip
