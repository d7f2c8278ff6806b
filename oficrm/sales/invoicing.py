"""How much of a sale is invoiced: what is left to invoice, and the rule that no more is invoiced than was sold."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from db.models.sales_order import SalesOrder, SalesOrderLine
from db.record import Problem
from db.types import Scaled
from oficrm import records
from oficrm.drafts import LineDraft
from oficrm.pricing import COPIED
from oficrm.sales import shared

NOTHING = Decimal(0)


def taken(session: Session, line_ids: Sequence[int], but: int | None = None) -> dict[int, Decimal]:
    """Return how much of each line of a sale is in invoices that are not cancelled, drafts included.

    ``but`` leaves one invoice out.
    """
    total = func.sum(InvoiceLine.quantity, type_=Scaled(4))
    statement = (
        select(InvoiceLine.sales_order_line_id, total).join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(InvoiceLine.sales_order_line_id.in_(list(line_ids)), InvoiceLine.deleted_at.is_(None),
               Invoice.deleted_at.is_(None), Invoice.status != InvoiceStatus.CANCELLED)
        .group_by(InvoiceLine.sales_order_line_id)
    )  # fmt: skip
    if but is not None:
        statement = statement.where(Invoice.id != but)
    return {ident: quantity for ident, quantity in session.execute(statement) if ident is not None}


def left(session: Session, order_id: int) -> list[LineDraft]:
    """Return the lines of an invoice for all of a sale that is not invoiced yet, in the order of the sale."""
    lines = records.lines_of(session, SalesOrderLine, order_id)
    gone = taken(session, [line.id for line in lines])
    found = []
    for line in lines:
        assert isinstance(line, SalesOrderLine)
        quantity = line.quantity - gone.get(line.id, NOTHING)
        if quantity > 0:
            values = {name: getattr(line, name) for name in COPIED} | {"quantity": quantity}
            found.append(LineDraft(None, values | {"sales_order_line": line.id}))
    return found


def join(session: Session, invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """Let lines that were typed by hand count for the line of the sale that is about the same item."""
    if invoice.sales_order_id is None:
        return
    sold = [line for line in records.lines_of(session, SalesOrderLine, invoice.sales_order_id)
            if isinstance(line, SalesOrderLine) and line.item is not None]  # fmt: skip
    for line in lines:
        same = [each for each in sold if each.item == line.item]
        if line.sales_order_line_id is None and len(same) == 1:
            line.sales_order_line_id = same[0].id


def too_much(session: Session, order: SalesOrder) -> Iterator[Problem]:
    """Yield each line of a sale of which more is invoiced than was sold."""
    lines = session.scalars(select(SalesOrderLine).where(SalesOrderLine.sales_order_id == order.id)).all()
    gone = taken(session, [line.id for line in lines])
    for line in lines:
        sold = line.quantity if line.deleted_at is None else NOTHING
        if gone.get(line.id, NOTHING) > sold:
            yield _problem(session, line, sold, gone[line.id])


def beyond(session: Session, invoice: Invoice) -> Iterator[Problem]:
    """Yield each line of an invoice that goes beyond what was sold, marked in its cell."""
    lines = [line for line in records.lines_of(session, InvoiceLine, invoice.id) if isinstance(line, InvoiceLine)]
    ids = [line.sales_order_line_id for line in lines if line.sales_order_line_id is not None]
    gone = taken(session, ids)
    for at, line in enumerate(lines):
        if line.sales_order_line_id is None:
            continue
        sold = session.get_one(SalesOrderLine, line.sales_order_line_id)
        quantity = sold.quantity if sold.deleted_at is None else NOTHING
        if gone[sold.id] > quantity:
            problem = _problem(session, sold, quantity, gone[sold.id])
            yield Problem(f"invoice_line.{at}.quantity", problem.text)


def _problem(session: Session, line: SalesOrderLine, sold: Decimal, invoiced: Decimal) -> Problem:
    then, was = shared.quantity(session, invoiced), shared.quantity(session, sold)
    return Problem("", f"De «{line.title}» se vendieron {was} y se facturarían {then}.")
