"""Whoever runs the warehouse is told when a movement brings a product down to its minimum."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from db.models.product import Product
from db.models.stock_movement import MovementStatus, MovementType, StockMovement, StockMovementLine
from oficrm import notifications
from oficrm.stock import levels, limits
from oficrm.stock.levels import NOTHING

TAKING = (MovementType.OUT, MovementType.ADJUSTMENT)


def tell(session: Session, movement: StockMovement, lines: Sequence[StockMovementLine]) -> None:
    """Notify of the products that this applied movement brought down to their minimum, or below it."""
    if movement.status != MovementStatus.APPLIED or movement.type not in TAKING:
        return
    change: dict[int, Decimal] = {}
    for line in lines:
        taken = line.quantity if movement.type == MovementType.OUT else -line.quantity
        change[line.product_id] = change.get(line.product_id, NOTHING) + taken
    there = levels.on_hand(session, change)
    for ident in sorted(change):
        product = session.get_one(Product, ident)
        left, least = there[ident], product.reorder_point
        if least is not None and left <= least < left + change[ident]:
            text = f"«{product.title}»: quedan {limits.shown(session, left)} (mínimo {limits.shown(session, least)})."
            notifications.notify(session, notifications.concerned(session, None), text, f"product:{ident}")
