"""Deliveries: what a sale still waits for leaves the warehouse, at once or in parts."""

from sqlalchemy.orm import Session

from db.models.lot_serial import LotSerial
from db.models.product import Product, Tracking
from db.models.sales_order import OrderStatus, SalesOrder
from db.models.stock_movement import MovementStatus, MovementType, StockMovement
from oficrm import records
from oficrm.commands import Command
from oficrm.drafts import Loaded, Values
from oficrm.errors import Refused
from oficrm.stock import lots, movements, sources
from oficrm.stock.sources import Missing


def deliver(session: Session, ident: int) -> Loaded:
    """Return the delivery of what a sale still waits for, to look over, complete with lots and accept.

    A lot is proposed where there is only one that is enough. Raises Refused when nothing is missing, or when the sale
    is not authorised.
    """
    order = session.get_one(SalesOrder, ident)
    if order.status != OrderStatus.AUTHORIZED:
        raise Refused("Solo se entregan ventas autorizadas.")
    missing = sources.to_deliver(session, ident)
    if not missing:
        raise Refused(f"De la venta {order.number} no falta nada por entregar.")
    made = records.blank(session, "stock_movement", {
        "type": MovementType.OUT, "status": MovementStatus.APPLIED, "sales_order": ident,
        "concept": f"Entrega de {order.number}",
    })  # fmt: skip
    place = made.draft.values.get("from_warehouse") or made.draft.values.get("to_warehouse")
    made.draft.values |= {"from_warehouse": place, "to_warehouse": None}
    made.titles |= records.link_titles(session, [StockMovement.fields["from_warehouse"]], made.draft.values)
    made.titles.pop("to_warehouse", None)
    movements.put_lines(session, made, [_line(session, each, place) for each in missing])
    return made


def _line(session: Session, each: Missing, place: int | None) -> Values:
    values: Values = {"product": each.line.product_id, "quantity": each.quantity, "sales_order_line": each.line.id}
    product = session.get_one(Product, each.line.product_id)
    if product.tracking != Tracking.NONE and place is not None:
        ready = lots.ready(session, product.id, place)
        enough: list[LotSerial] = [lot for lot, quantity in ready if quantity >= each.quantity]
        if len(ready) == 1 and enough:
            values["lot_serial"] = enough[0].id
    return values


COMMANDS = (
    Command("deliver", "Entregar…", "truck", blank=deliver, states=frozenset({"authorized"})),
)  # fmt: skip
