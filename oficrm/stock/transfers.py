"""F. traslado: issued with a folio; the goods change warehouse when they arrive.

With both warehouses given, delivering makes an applied Traspaso. Until then the goods count where they came from: on
the road they can still turn back.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.product import Product
from db.models.stock_movement import MovementStatus, MovementType, StockMovement
from db.models.transfer_invoice import TransferGoods, TransferInvoice, TransferStatus
from oficrm import clock, commands, flows, records
from oficrm.drafts import Draft
from oficrm.errors import Collected, ValidationError
from oficrm.hooks import Hooks
from oficrm.sales import numbering
from oficrm.stock import lots, movements

GOODS = "transfer_goods"
ISSUED = (TransferStatus.ISSUED, TransferStatus.IN_TRANSIT, TransferStatus.DELIVERED)


def goods_of(session: Session, ident: int) -> list[TransferGoods]:
    """Return the goods of a document in their order."""
    return [line for line in records.lines_of(session, TransferGoods, ident) if isinstance(line, TransferGoods)]


def _before(session: Session, transfer: TransferInvoice, draft: Draft) -> None:
    session.flush()
    goods = goods_of(session, transfer.id)
    _complete_weights(session, goods)
    if transfer.status == TransferStatus.DELIVERED and transfer.arrival_at is None:
        transfer.arrival_at = max(clock.now(), transfer.departure_at)
    if transfer.status not in ISSUED:
        return
    if not goods:
        raise ValidationError({"": ["Añada al menos una mercancía: no hay nada que trasladar."]})
    if (transfer.origin_warehouse_id is None) != (transfer.destination_warehouse_id is None):
        field = "destination_warehouse" if transfer.destination_warehouse_id is None else "origin_warehouse"
        raise ValidationError({field: ["Indique los dos almacenes, o ninguno si no cambia la existencia."]})
    problems = Collected()
    for line in goods:
        lot = lots.of(session, line)
        if lot is not None and lot.product_id != line.product_id:
            problems.add(f"{GOODS}.{line.position}.lot_serial", f"«{lot.code}» es de otro producto.")
    problems.raise_if_any()
    numbering.issue(session, transfer)


def _complete_weights(session: Session, goods: list[TransferGoods]) -> None:
    """Goods weigh what their product says, unless somebody put them on the scales."""
    for line in goods:
        if not line.unit_weight:
            line.unit_weight = session.get_one(Product, line.product_id).weight or line.unit_weight


def _after(session: Session, transfer: TransferInvoice, draft: Draft) -> None:
    if flows.entered(transfer, draft, TransferStatus.DELIVERED) and transfer.origin_warehouse_id is not None:
        lines = [{"product": line.product_id, "lot_serial": line.lot_serial_id, "quantity": line.quantity}
                 for line in goods_of(session, transfer.id)]  # fmt: skip
        movements.make(
            session, MovementType.TRANSFER, transfer.origin_warehouse_id, lines,
            to_warehouse_id=transfer.destination_warehouse_id, client_id=transfer.client_id,
            transfer_invoice_id=transfer.id, concept=f"Traslado {transfer.number}",
        )  # fmt: skip
    if flows.entered(transfer, draft, TransferStatus.CANCELLED):
        applied = select(StockMovement.id).where(
            StockMovement.transfer_invoice_id == transfer.id, StockMovement.deleted_at.is_(None),
            StockMovement.status == MovementStatus.APPLIED,
        )  # fmt: skip
        commands.advance(session, "stock_movement", session.scalars(applied).all(), MovementStatus.CANCELLED)


HOOKS = Hooks(before=_before, after=_after, sound=numbering.sound, leaving=numbering.leaving)
