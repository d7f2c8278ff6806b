"""How much there is of products: on hand, set aside for sales, available. All of it is worked out from the movements.

Set aside ("Apartado") is what sales in Apartado or Autorizado ask for less what was delivered for them. Quantities
are Decimals in the unit of each product.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.models.product import PROMISING, Product
from db.models.purchase_order import PurchaseOrderLine
from db.models.sales_order import SalesOrder, SalesOrderLine
from db.models.stock_movement import (
    QUANTITY_DECIMALS,
    MovementType,
    StockMovement,
    StockMovementLine,
    counts,
    moved_of,
    signed,
)
from db.types import Scaled

NOTHING = Decimal(0)
Places = dict[tuple[int, int], Decimal]
"""Quantities by product (or lot) and warehouse."""


def lock(session: Session, product_ids: Iterable[int]) -> None:
    """Let nobody else move or set aside these products until this transaction ends.

    Always in the order of their ids, so that two writers cannot wait for each other. SQLite has one writer anyway.
    """
    wanted = sorted(set(product_ids))
    if wanted:
        rows = select(Product.id).where(Product.id.in_(wanted)).order_by(Product.id)
        # Keys stay free: lines written meanwhile refer to the product and must not wait for us.
        session.execute(rows.with_for_update(key_share=True))


def on_hand(session: Session, product_ids: Collection[int], warehouse_id: int | None = None) -> dict[int, Decimal]:
    """Return what there is of each product, in one warehouse or in all together."""
    found = dict.fromkeys(product_ids, NOTHING)
    if warehouse_id is not None:
        for (product, warehouse), quantity in by_warehouse(session, product_ids).items():
            if warehouse == warehouse_id:
                found[product] = quantity
        return found
    total = func.coalesce(func.sum(signed(StockMovement, StockMovementLine)), 0, type_=Scaled(QUANTITY_DECIMALS))
    return found | _by_id(session, _lines(StockMovementLine.product_id, product_ids, total))


def by_warehouse(session: Session, product_ids: Collection[int]) -> Places:
    """Return what there is of products in each warehouse they ever passed through."""
    return _places(session, StockMovementLine.product_id, product_ids)


def lots_by_warehouse(session: Session, lot_ids: Collection[int]) -> Places:
    """Return what there is of lots and series in each warehouse they ever passed through."""
    return _places(session, StockMovementLine.lot_serial_id, lot_ids)


def reserved(
    session: Session, product_ids: Collection[int], states: Collection[str] = PROMISING, *,
    but_order: int | None = None, warehouse_id: int | None = None,
) -> dict[int, Decimal]:  # fmt: skip
    """Return what sales in these states have set aside of each product, in all warehouses or in one.

    ``but_order`` leaves a sale out.
    """
    missing = SalesOrderLine.quantity - moved_of(SalesOrderLine, "sales_order_line_id", MovementType.OUT)
    statement = (
        select(SalesOrderLine.product_id, func.coalesce(func.sum(missing), 0, type_=Scaled(QUANTITY_DECIMALS)))
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.sales_order_id)
        .where(SalesOrderLine.product_id.in_(list(product_ids)), SalesOrderLine.deleted_at.is_(None),
               SalesOrder.deleted_at.is_(None), SalesOrder.status.in_(list(states)))
        .group_by(SalesOrderLine.product_id)
    )  # fmt: skip
    if but_order is not None:
        statement = statement.where(SalesOrder.id != but_order)
    if warehouse_id is not None:
        statement = statement.where(SalesOrder.warehouse_id == warehouse_id)
    return dict.fromkeys(product_ids, NOTHING) | _by_id(session, statement)


def available(session: Session, product_ids: Collection[int], warehouse_id: int | None = None) -> dict[int, Decimal]:
    """Return what is on hand and not set aside; negative where more was promised than there is."""
    aside = reserved(session, product_ids, warehouse_id=warehouse_id)
    return {ident: quantity - aside[ident]
            for ident, quantity in on_hand(session, product_ids, warehouse_id).items()}  # fmt: skip


def delivered(session: Session, order_id: int, but: int | None = None) -> dict[int, Decimal]:
    """Return what was delivered for each line of a sale that got any, one movement left out where asked for."""
    mine = select(SalesOrderLine.id).where(SalesOrderLine.sales_order_id == order_id)
    return _for_lines(session, StockMovementLine.sales_order_line_id, mine, MovementType.OUT, but)


def received(session: Session, order_id: int, but: int | None = None) -> dict[int, Decimal]:
    """Return what was received for each line of a purchase that got any, one movement left out where asked for."""
    mine = select(PurchaseOrderLine.id).where(PurchaseOrderLine.purchase_order_id == order_id)
    return _for_lines(session, StockMovementLine.purchase_order_line_id, mine, MovementType.IN, but)


def _for_lines(
    session: Session, column: Any, mine: Any, direction: MovementType, but: int | None
) -> dict[int, Decimal]:  # fmt: skip
    total = func.coalesce(func.sum(StockMovementLine.quantity), 0, type_=Scaled(QUANTITY_DECIMALS))
    statement = (
        select(column, total).join(StockMovement, StockMovement.id == StockMovementLine.stock_movement_id)
        .where(column.in_(mine), StockMovement.type == direction, counts(StockMovement, StockMovementLine))
        .group_by(column)
    )  # fmt: skip
    if but is not None:
        statement = statement.where(StockMovement.id != but)
    return _by_id(session, statement)


def _lines(column: Any, wanted: Collection[int], *shown: Any) -> Select[Any]:
    """Sums over the lines of applied movements that name what is wanted, by it."""
    return (
        select(column, *shown).join(StockMovement, StockMovement.id == StockMovementLine.stock_movement_id)
        .where(column.in_(list(wanted)), counts(StockMovement, StockMovementLine)).group_by(column)
    )  # fmt: skip


def _places(session: Session, column: Any, wanted: Collection[int]) -> Places:
    """What came into each warehouse less what left it."""
    found: Places = {}
    total = func.coalesce(func.sum(StockMovementLine.quantity), 0, type_=Scaled(QUANTITY_DECIMALS))
    for place, sign in ((StockMovement.to_warehouse_id, 1), (StockMovement.from_warehouse_id, -1)):
        statement = _lines(column, wanted, place, total).where(place.is_not(None))
        for ident, warehouse, quantity in session.execute(statement.group_by(place)):
            found[ident, warehouse] = found.get((ident, warehouse), NOTHING) + sign * quantity
    return found


def _by_id(session: Session, statement: Any) -> dict[int, Decimal]:
    return {row[0]: row[1] for row in session.execute(statement)}
