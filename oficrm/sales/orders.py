"""Sales: goods set aside while there are any, credit asked for, and nothing cancelled under what hangs on it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.client import Client
from db.models.invoice import Invoice
from db.models.product import PROMISING, Product
from db.models.sales_order import OrderStatus, SalesOrder, SalesOrderLine
from db.models.stock_movement import MovementStatus, MovementType, StockMovement, moved_of
from db.models.warehouse import Warehouse
from db.query import fetch_rows
from db.record import Problem
from db.types import MONEY_DECIMALS, Scaled
from oficrm import flows, pricing, settings
from oficrm.drafts import Draft, Saved
from oficrm.errors import Collected, NeedsConfirmation
from oficrm.finance import cash_flow, commissions
from oficrm.hooks import Hooks
from oficrm.rules.numbers import EXACT, round_half_up
from oficrm.sales import invoicing, opportunities, parties, shared, written
from oficrm.stock import levels

OVER_CREDIT = "credit_limit"
"""Confirmation: what the client owes would go beyond its limit."""
NOTHING = Decimal(0)


def _check(session: Session, order: SalesOrder, draft: Draft, problems: Collected) -> None:
    if any(flows.entered(order, draft, state) for state in PROMISING) and not draft.lines.get("sales_order_line"):
        problems.add("", "Añada al menos una línea: no hay nada que vender.")


def _before(session: Session, order: SalesOrder, draft: Draft) -> None:
    pricing.complete_money(session, order)
    pricing.work_out(session, order, draft)
    parties.complete_due(session, order, order.sale_date, "expected_payment_date")
    if flows.entered(order, draft, OrderStatus.AUTHORIZED) and OVER_CREDIT not in draft.accepted:
        _confirm_credit(session, order)


def _confirm_credit(session: Session, order: SalesOrder) -> None:
    """Ask before the client would owe more than its limit: open invoices, what is sold and not invoiced, and this."""
    client = session.get_one(Client, order.client_id)
    if client.credit_limit is None:
        return
    session.flush()
    owed = fetch_rows(session, "client", [client.id], ["balance"])[client.id][0] + _pending(session, order)
    own = in_company(order.total, order.exchange_rate)
    if owed + own > client.credit_limit:
        currency = settings.read(session).currency
        limit, now, then = (shared.amount(session, each, currency) for each in (client.credit_limit, owed, owed + own))
        raise NeedsConfirmation(
            OVER_CREDIT,
            f"{client.name} tiene un límite de crédito de {limit} y debe {now}; con esta venta serían {then}.",
            "Autorizar de todos modos",
        )


def _pending(session: Session, order: SalesOrder) -> Decimal:
    """What other authorised sales of the client have yet to be invoiced, in the company's currency."""
    others = select(SalesOrder.id).where(
        SalesOrder.client_id == order.client_id, SalesOrder.id != order.id, SalesOrder.deleted_at.is_(None),
        SalesOrder.status == OrderStatus.AUTHORIZED,
    )  # fmt: skip
    rows = fetch_rows(session, "sales_order", session.scalars(others).all(),
                      ["total", "invoiced_total", "exchange_rate"])  # fmt: skip
    return sum((in_company(max(total - invoiced, NOTHING), rate) for total, invoiced, rate in rows.values()), NOTHING)


def in_company(amount: Decimal, rate: Decimal | None) -> Decimal:
    """An amount of a document in the company's currency."""
    return round_half_up(EXACT.multiply(amount, rate or Decimal(1)), MONEY_DECIMALS)


def _after(session: Session, order: SalesOrder, draft: Draft) -> None:
    """What it will bring in, and who earns by it."""
    cash_flow.follow_sale(session, order)
    commissions.follow_sale(session, order, draft)


def _outcome(session: Session, order: SalesOrder, draft: Draft, saved: Saved) -> Saved:
    if flows.entered(order, draft, OrderStatus.AUTHORIZED):
        return replace(saved, message=opportunities.remark(session, order))
    return saved


def _sound(session: Session, order: SalesOrder) -> Iterator[Problem]:
    yield from cash_flow.sound(session, order)
    is_live = order.deleted_at is None and order.status != OrderStatus.CANCELLED
    if not is_live:
        yield from _still_used(session, order)
        return
    if written.changed(session, order, ("status",), ("quantity", "product_id", "service_id")):
        yield from invoicing.too_much(session, order)
        if order.status != OrderStatus.AUTHORIZED:
            issued = _invoices(session, order, "issued")
            if issued:
                yield Problem("status", f"ya está facturada en {shared.named(issued)}: cancele antes la factura.")
    if order.status == OrderStatus.RESERVED and written.changed(
        session, order, ("status", "warehouse_id"), ("quantity", "product_id")
    ):
        yield from _not_there(session, order)


def _still_used(session: Session, order: SalesOrder) -> Iterator[Problem]:
    """What is invoiced or delivered cannot be cancelled from under it."""
    word = "borrar" if order.deleted_at is not None else "cancelar"
    if invoices := _invoices(session, order, "draft", "issued"):
        yield Problem("status", f"No se puede {word} la venta: tiene {shared.named(invoices)}. Cancélelas antes.")
    moves = select(StockMovement.title).where(
        StockMovement.sales_order_id == order.id, StockMovement.deleted_at.is_(None),
        StockMovement.status == MovementStatus.APPLIED,
    )  # fmt: skip
    if found := session.scalars(moves.order_by(StockMovement.id)).all():
        yield Problem("status", f"No se puede {word} la venta: ya se movió mercancía en {shared.named(found)}.")


def _invoices(session: Session, order: SalesOrder, *states: str) -> list[str]:
    """The invoices of a sale in these states, as they are called."""
    found = select(Invoice.title).where(
        Invoice.sales_order_id == order.id, Invoice.deleted_at.is_(None), Invoice.status.in_(states)
    )
    return list(session.scalars(found.order_by(Invoice.id)))


def _not_there(session: Session, order: SalesOrder) -> Iterator[Problem]:
    """Each product that cannot be set aside, for there is less of it in the warehouse than is asked for."""
    wanted = _wanted(session, order)
    if not wanted:
        return
    if order.warehouse_id is None:
        yield Problem("warehouse", "Indique de qué almacén se aparta.")
        return
    warehouse = session.get_one(Warehouse, order.warehouse_id)
    if warehouse.allow_negative:
        return
    levels.lock(session, wanted)
    there = levels.on_hand(session, list(wanted), warehouse.id)
    aside = _set_aside(session, order, list(wanted))
    short = [(ident, max(there[ident] - aside.get(ident, NOTHING), NOTHING)) for ident, quantity in wanted.items()
             if there[ident] - aside.get(ident, NOTHING) < quantity]  # fmt: skip
    texts = []
    for ident, free in short:
        name = session.get_one(Product, ident).title
        asked, left = (shared.quantity(session, each) for each in (wanted[ident], free))
        texts.append(f"No hay bastante de «{name}» en {warehouse.name}: se piden {asked} y quedan {left} libres.")
    if texts:
        yield Problem("", " ".join(texts))


def _wanted(session: Session, order: SalesOrder) -> dict[int, Decimal]:
    """What a sale asks for of each product."""
    total = func.sum(SalesOrderLine.quantity, type_=Scaled(4))
    rows = session.execute(
        select(SalesOrderLine.product_id, total)
        .where(SalesOrderLine.sales_order_id == order.id, SalesOrderLine.deleted_at.is_(None),
               SalesOrderLine.product_id.is_not(None)).group_by(SalesOrderLine.product_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _set_aside(session: Session, order: SalesOrder, products: list[int]) -> dict[int, Decimal]:
    """What other sales have set aside of products in the warehouse of this one and was not delivered yet."""
    missing = SalesOrderLine.quantity - moved_of(SalesOrderLine, "sales_order_line_id", MovementType.OUT)
    rows = session.execute(
        select(SalesOrderLine.product_id, func.coalesce(func.sum(missing), 0, type_=Scaled(4)))
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.sales_order_id)
        .where(SalesOrderLine.product_id.in_(products), SalesOrderLine.deleted_at.is_(None),
               SalesOrder.deleted_at.is_(None), SalesOrder.status.in_(PROMISING), SalesOrder.id != order.id,
               SalesOrder.warehouse_id == order.warehouse_id).group_by(SalesOrderLine.product_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _start(session: Session, draft: Draft) -> None:
    opportunities.carry_lines(session, draft, "quote", "opportunity")


HOOKS = Hooks(
    fill=partial(parties.fill, "sales_order"), follows=("currency", "sale_date"), start=_start, check=_check,
    before=_before, after=_after, outcome=_outcome, sound=_sound,
)  # fmt: skip
