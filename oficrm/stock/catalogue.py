"""Products and warehouses: what of them may not change while there is stock."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.product import Product, Tracking
from db.models.stock_movement import StockMovement, StockMovementLine, counts
from db.models.warehouse import Warehouse
from db.record import Problem
from oficrm.drafts import Draft
from oficrm.errors import Collected
from oficrm.hooks import Hooks
from oficrm.stock import levels, limits


def _check_product(session: Session, product: Product, draft: Draft, problems: Collected) -> None:
    """Stock that nobody told apart has no lots, and series cannot become lots."""
    before = draft.original.get("tracking")
    if draft.id is None or before is None or before == product.tracking:
        return
    left = levels.on_hand(session, [product.id])[product.id]
    if left:
        choice = Tracking(before).label
        problems.add("tracking", f"Hay {limits.shown(session, left)} en almacén con control «{choice}»: "
                                 "deje la existencia en cero antes de cambiarlo.")  # fmt: skip


def _warehouse_sound(session: Session, warehouse: Warehouse) -> Iterator[Problem]:
    """A warehouse that allows nothing below nothing has none such, and only one is the usual one."""
    if warehouse.deleted_at is not None:
        return
    if not warehouse.allow_negative:
        passed = select(StockMovementLine.product_id).distinct().join(
            StockMovement, StockMovement.id == StockMovementLine.stock_movement_id
        ).where(counts(StockMovement, StockMovementLine), StockMovement.from_warehouse_id == warehouse.id)  # fmt: skip
        short = []
        for part in chunks(list(session.scalars(passed))):
            there = levels.on_hand(session, part, warehouse.id)
            short += [product for product, left in sorted(there.items()) if left < 0]
        if short:
            product = session.get_one(Product, short[0])
            more = f" y {len(short) - 1} más" if len(short) > 1 else ""
            yield Problem("allow_negative", f"Hay existencias negativas de «{product.title}»{more}: corríjalas antes.")


def _warehouse_after(session: Session, warehouse: Warehouse, _draft: Draft) -> None:
    """The usual warehouse is one: marking another takes the mark off the one before."""
    if warehouse.is_default:
        others = select(Warehouse).where(Warehouse.is_default, Warehouse.id != warehouse.id)
        for other in session.scalars(others):
            other.is_default = False


PRODUCT_HOOKS = Hooks(check=_check_product)
WAREHOUSE_HOOKS = Hooks(after=_warehouse_after, sound=_warehouse_sound)
