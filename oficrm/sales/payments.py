"""Payments: shared out among invoices of one client, never beyond what these owe, frozen when they are issued."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.invoice import Invoice, InvoiceStatus
from db.models.payment_receipt import PaymentApplication, PaymentReceipt, ReceiptStatus
from db.models.priced import PaymentForm
from db.record import Problem
from oficrm import commands, flows, records, settings
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, LineDraft, Loaded
from oficrm.errors import Collected, Refused
from oficrm.finance import cash_flow, commissions
from oficrm.hooks import Hooks
from oficrm.sales import balances, numbering, parties, shared, written

LINES = "payment_application"
NOTHING = Decimal(0)


def _before(session: Session, receipt: PaymentReceipt, draft: Draft) -> None:
    _complete_money(session, receipt)
    session.flush()
    lines = applications(session, receipt)
    receipt.amount = sum((line.amount for line in lines), NOTHING)
    is_issued = flows.entered(receipt, draft, ReceiptStatus.ISSUED)
    if not (is_issued or receipt.status == ReceiptStatus.DRAFT):
        return
    shared.lock(session, Invoice, {line.invoice_id for line in lines})
    problems = Collected()
    if is_issued and not lines:
        problems.add("", "Indique qué facturas se pagan.")
    _apply(session, receipt, lines, problems)
    problems.raise_if_any()
    if is_issued:
        numbering.issue(session, receipt)


def applications(session: Session, receipt: PaymentReceipt) -> list[PaymentApplication]:
    """Return the live applications of a payment in their order."""
    found = records.lines_of(session, PaymentApplication, receipt.id)
    return [line for line in found if isinstance(line, PaymentApplication)]


def _complete_money(session: Session, receipt: PaymentReceipt) -> None:
    company = settings.read(session).currency
    if receipt.currency == company:
        receipt.exchange_rate = Decimal(1)
    elif receipt.exchange_rate is None:
        receipt.exchange_rate = parties.rate(session, receipt.currency)


def _apply(
    session: Session, receipt: PaymentReceipt, lines: Sequence[PaymentApplication], problems: Collected
) -> None:  # fmt: skip
    """Check each application, and note what was owed before and after it, and which instalment it is."""
    owed = balances.of(session, {line.invoice_id for line in lines})
    counts = receipt.status == ReceiptStatus.ISSUED  # what it applies itself is off the balances already
    seen: set[int] = set()
    for at, line in enumerate(lines):
        invoice = session.get(Invoice, line.invoice_id)
        before = owed.get(line.invoice_id, NOTHING) + (line.amount if counts else NOTHING)
        wrong = balances.unfit(session, receipt, invoice, before, line.amount)
        if line.invoice_id in seen:
            wrong = ("invoice", "Esta factura ya está en otra línea.")
        seen.add(line.invoice_id)
        if wrong is not None:
            problems.add(f"{LINES}.{at}.{wrong[0]}", wrong[1])
            continue
        line.previous_balance, line.remaining = before, before - line.amount
        line.instalment = 1 + _instalments(session, line.invoice_id, receipt.id)


def _instalments(session: Session, invoice_id: int, but: int = 0) -> int:
    """How many issued payments an invoice has, one left out."""
    counted = (
        select(func.count(func.distinct(PaymentReceipt.id)))
        .join(PaymentApplication, PaymentApplication.payment_receipt_id == PaymentReceipt.id)
        .where(PaymentApplication.invoice_id == invoice_id, PaymentApplication.deleted_at.is_(None),
               PaymentReceipt.deleted_at.is_(None), PaymentReceipt.status == ReceiptStatus.ISSUED,
               PaymentReceipt.id != but)
    )  # fmt: skip
    return session.scalar(counted) or 0


def _after(session: Session, receipt: PaymentReceipt, draft: Draft) -> None:
    """Money in an account; what is paid off may earn somebody a commission."""
    cash_flow.follow_receipt(session, receipt)
    commissions.follow_receipt(session, receipt, draft)


def _sound(session: Session, receipt: PaymentReceipt) -> Iterator[Problem]:
    yield from numbering.sound(session, receipt)
    yield from cash_flow.sound(session, receipt)
    counts = receipt.deleted_at is None and receipt.status == ReceiptStatus.ISSUED
    if counts and written.changed(session, receipt, ("status",)):
        ids = {line.invoice_id for line in applications(session, receipt)}
        shared.lock(session, Invoice, ids)
        for ident in sorted(ids):
            invoice = session.get_one(Invoice, ident)
            if invoice.status != InvoiceStatus.ISSUED or invoice.deleted_at is not None:
                yield Problem("", f"La factura «{invoice.title}» ya no está emitida.")
        yield from balances.beyond(session, ids)


def _start(session: Session, draft: Draft) -> None:
    """From an invoice: its client, its money, and all that is owed of it."""
    lines = [line for line in draft.lines.get(LINES, []) if isinstance(line.values.get("invoice"), int)]
    _fill_in(session, draft, [line.values["invoice"] for line in lines])


def _fill_in(session: Session, draft: Draft, invoice_ids: Sequence[int]) -> None:
    if not invoice_ids:
        return
    owed = balances.of(session, invoice_ids)
    first = session.get_one(Invoice, invoice_ids[0])
    draft.values |= {"client": first.client_id, "currency": first.currency, "exchange_rate": first.exchange_rate}
    if first.payment_form not in (None, PaymentForm.UNDEFINED):
        draft.values["payment_form"] = first.payment_form
    draft.lines[LINES] = [
        LineDraft(None, {"invoice": ident, "amount": owed[ident], "previous_balance": owed[ident],
                         "remaining": NOTHING, "instalment": 1 + _instalments(session, ident)})
        for ident in invoice_ids
    ]  # fmt: skip


def of_invoices(session: Session, invoice_ids: Sequence[int]) -> Loaded:
    """Return a new payment of invoices with all that is owed of them.

    Raises Refused when they belong to several clients or currencies, or nothing is owed.
    """
    owed = balances.of(session, invoice_ids)
    due = [ident for ident in invoice_ids if owed.get(ident, NOTHING) > 0]
    if not due:
        raise Refused("No se debe nada: no hay qué pagar.")
    invoices: list[Any] = [session.get_one(Invoice, ident) for ident in due]
    if len({invoice.client_id for invoice in invoices}) > 1:
        raise Refused("Elija facturas de un solo cliente: cada pago es de uno.")
    if len({invoice.currency for invoice in invoices}) > 1:
        raise Refused("Elija facturas en una sola moneda.")
    made = records.blank(session, "payment_receipt", {"client": invoices[0].client_id})
    _fill_in(session, made.draft, due)
    made.titles = records.link_titles(session, records.form_fields(session, PaymentReceipt).values(), made.draft.values)
    shown = records.line_fields(PaymentApplication).values()
    made.line_titles[LINES] = [records.link_titles(session, shown, line.values) for line in made.draft.lines[LINES]]
    return made


def of_sale(session: Session, ident: int) -> Loaded:
    """Return a new payment of all that is owed of the invoices of a sale. Raises Refused where there are none."""
    open_ones = select(Invoice.id).where(
        Invoice.sales_order_id == ident, Invoice.deleted_at.is_(None), Invoice.status == InvoiceStatus.ISSUED
    )
    found = session.scalars(open_ones.order_by(Invoice.id)).all()
    if not found:
        raise Refused("La venta no tiene facturas emitidas: facture antes de cobrar.")
    return of_invoices(session, found)


def pay_together(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Make the draft of one payment of several invoices, and open it."""
    made = of_invoices(session, ids)
    made.draft.accepted = accepted
    with operation(session, "Registrar pago"):
        saved = commands.save(session, made.draft)
    return Outcome("Pago en borrador: revíselo y emítalo.", open=("payment_receipt", saved.id))


HOOKS = Hooks(
    fill=partial(parties.fill, "payment_receipt"), follows=("currency",), start=_start, before=_before, after=_after,
    sound=_sound, leaving=numbering.leaving,
)  # fmt: skip
OF_INVOICES = (
    Command("pay", "Registrar pago", "payment", blank=lambda session, ident: of_invoices(session, [ident]),
            states=frozenset({InvoiceStatus.ISSUED})),
    Command("pay_together", "Registrar un pago de todas", "payment", run=pay_together,
            states=frozenset({InvoiceStatus.ISSUED}), many=True),
)  # fmt: skip
OF_SALES = (Command("pay", "Registrar pago", "payment", blank=of_sale, states=frozenset({"authorized"})),)
