"""The documents a movement serves: deliveries belong to the lines of a sale, receipts to those of a purchase."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.credit_note import CreditNote
from db.models.purchase_order import PurchaseOrder, PurchaseOrderLine, PurchaseStatus
from db.models.sales_order import OrderStatus, SalesOrder, SalesOrderLine
from db.models.stock_movement import MovementType, StockMovement, StockMovementLine
from db.models.transfer_invoice import TransferInvoice
from db.registry import module
from oficrm.drafts import Values
from oficrm.errors import Collected
from oficrm.stock import levels
from oficrm.stock.levels import NOTHING

LINES = "stock_movement_line"


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still to be delivered or received for a line of a document."""

    line: SalesOrderLine | PurchaseOrderLine
    quantity: Decimal


def brought(session: Session, name: str, ident: int, type_: Any) -> Values:
    """Return what the form of a movement takes from the document chosen in it: the client, and the warehouse."""
    document: Any = session.get_one(module(name), ident)
    found: Values = {}
    if isinstance(document, SalesOrder | CreditNote | TransferInvoice):
        found["client"] = document.client_id
    if isinstance(document, SalesOrder) and type_ == MovementType.OUT:
        found["from_warehouse"] = document.warehouse_id
    if isinstance(document, PurchaseOrder) and type_ == MovementType.IN:
        found["to_warehouse"] = document.warehouse_id
    return {name: value for name, value in found.items() if value is not None}


def to_deliver(session: Session, order_id: int, but: int | None = None) -> list[Missing]:
    """Return what a sale still waits for of its products, in the order of its lines; ``but`` leaves a movement out."""
    return _missing(session, SalesOrderLine, SalesOrderLine.sales_order_id == order_id,
                    levels.delivered(session, order_id, but))  # fmt: skip


def to_receive(session: Session, order_id: int, but: int | None = None) -> list[Missing]:
    """Return what of a purchase has not come yet, in the order of its lines."""
    return _missing(session, PurchaseOrderLine, PurchaseOrderLine.purchase_order_id == order_id,
                    levels.received(session, order_id, but))  # fmt: skip


def _missing(session: Session, model: Any, of_document: Any, done: dict[int, Decimal]) -> list[Missing]:
    statement = select(model).where(of_document, model.deleted_at.is_(None), model.product_id.is_not(None))
    lines = session.scalars(statement.order_by(model.position, model.id))
    found = [Missing(line, line.quantity - done.get(line.id, NOTHING)) for line in lines]
    return [each for each in found if each.quantity > 0]


def join(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine], problems: Collected
) -> None:  # fmt: skip
    """Find for each line of a delivery or receipt the line of the sale or purchase that it fulfils."""
    if movement.type == MovementType.OUT and movement.sales_order_id is not None:
        order = session.get_one(SalesOrder, movement.sales_order_id)
        if order.status != OrderStatus.AUTHORIZED or order.deleted_at is not None:
            problems.add("sales_order", "Solo se entregan ventas autorizadas.")
        if movement.client_id is None:
            movement.client_id = order.client_id
        text = f"La venta {order.number} no espera más de este producto."
        _join(lines, "sales_order_line_id", to_deliver(session, order.id, movement.id), text, problems)
    elif movement.type == MovementType.IN and movement.purchase_order_id is not None:
        purchase = session.get_one(PurchaseOrder, movement.purchase_order_id)
        if purchase.status != PurchaseStatus.APPROVED or purchase.deleted_at is not None:
            problems.add("purchase_order", "Solo se reciben compras aprobadas.")
        text = f"La compra {purchase.number} no espera más de este producto."
        _join(lines, "purchase_order_line_id", to_receive(session, purchase.id, movement.id), text, problems)


def _join(
    lines: Sequence[StockMovementLine], column: str, waiting: Sequence[Missing], text: str, problems: Collected
) -> None:  # fmt: skip
    left = {each.line.id: each.quantity for each in waiting}
    product = {each.line.id: each.line.product_id for each in waiting}
    for line in lines:
        ident = getattr(line, column)
        if product.get(ident) != line.product_id:
            fitting = [each for each in left if product[each] == line.product_id]
            ident = next((each for each in fitting if left[each] > 0), fitting[0] if fitting else None)
        setattr(line, column, ident)
        if ident is None:
            problems.add(f"{LINES}.{line.position}.product", text)
        else:
            left[ident] -= line.quantity
