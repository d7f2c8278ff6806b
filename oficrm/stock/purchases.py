"""Purchases: what they cost, and receiving them in the warehouse, at once or in parts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.purchase_order import PurchaseOrder, PurchaseOrderLine, PurchaseStatus
from db.models.stock_movement import MovementStatus, MovementType
from db.record import Problem
from oficrm import pricing, records
from oficrm.commands import Command
from oficrm.drafts import Draft, Loaded
from oficrm.errors import Refused
from oficrm.hooks import Hooks
from oficrm.rules.numbers import EXACT, round_half_up
from oficrm.stock import levels, limits, movements, sources
from oficrm.stock.levels import NOTHING

COST_DECIMALS = 4


def receive(session: Session, ident: int) -> Loaded:
    """Return the entry of what a purchase has not brought yet, to look over, complete with lots and accept.

    Raises Refused when nothing is missing, or when the purchase is not approved.
    """
    order = session.get_one(PurchaseOrder, ident)
    if order.status != PurchaseStatus.APPROVED:
        raise Refused("Solo se reciben compras aprobadas.")
    missing = sources.to_receive(session, ident)
    if not missing:
        raise Refused(f"De la compra {order.number} no falta nada por recibir.")
    made = records.blank(session, "stock_movement", {
        "type": MovementType.IN, "status": MovementStatus.APPLIED, "purchase_order": ident,
        "concept": f"Recepción de {order.number}",
    })  # fmt: skip
    movements.put_lines(session, made, [
        {"product": each.line.product_id, "quantity": each.quantity, "unit_cost": cost_of(order, each.line),
         "purchase_order_line": each.line.id} for each in missing
    ])  # fmt: skip
    return made


def cost_of(order: PurchaseOrder, line: Any) -> Decimal:
    """Return what one piece of a line costs in the company's currency: discounts taken off, before tax."""
    net: Decimal = line.unit_price
    for discount in (line.discount_percent, order.discount_percent):
        net = EXACT.divide(EXACT.multiply(net, 100 - (discount or NOTHING)), Decimal(100))
    return round_half_up(EXACT.multiply(net, order.exchange_rate or Decimal(1)), COST_DECIMALS)


def _before(session: Session, order: PurchaseOrder, draft: Draft) -> None:
    pricing.complete_money(session, order)
    pricing.work_out(session, order, draft)


def _sound(session: Session, order: PurchaseOrder) -> Iterator[Problem]:
    """What has come stays ordered: neither less, nor another product, nor a purchase that is cancelled."""
    done = {ident: quantity for ident, quantity in levels.received(session, order.id).items() if quantity > 0}
    if not done:
        return
    if order.status != PurchaseStatus.APPROVED or order.deleted_at is not None:
        yield Problem("status", "Ya ha entrado mercancía de esta compra: cancele antes sus entradas.")
        return
    for line in session.scalars(select(PurchaseOrderLine).where(PurchaseOrderLine.id.in_(done))):
        if line.deleted_at is not None:
            yield Problem("", f"«{line.title}» ya se recibió: no se quita de la compra.")
        elif line.quantity < done[line.id]:
            yield Problem(f"purchase_order_line.{line.position}.quantity",
                          f"Ya se recibieron {limits.shown(session, done[line.id])}.")  # fmt: skip


def _leaving(session: Session, order: PurchaseOrder) -> str | None:
    if any(quantity > 0 for quantity in levels.received(session, order.id).values()):
        return f"De «{order.title}» ya ha entrado mercancía: no se borra. Cancele antes sus entradas."
    return None


HOOKS = Hooks(before=_before, sound=_sound, leaving=_leaving)
COMMANDS = (
    Command("receive", "Recibir…", "stock_movement", blank=receive, states=frozenset({"approved"})),
)  # fmt: skip
