"""Movements of goods: made by documents or by hand, applied, cancelled.

Only applied ones count, so that cancelling takes their effect back by itself. Applying sees to it that lots are named,
that deliveries and receipts belong to what was sold and bought; ``limits`` that nothing is taken that is not there.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from db.models.product import Product
from db.models.purchase_order import PurchaseOrder
from db.models.stock_movement import MovementStatus, MovementType, StockMovement, StockMovementLine
from db.models.transfer_invoice import TransferInvoice, TransferStatus
from oficrm import commands, flows, records
from oficrm.drafts import Draft, LineDraft, Loaded, Values
from oficrm.errors import Collected, NeedsConfirmation, ValidationError
from oficrm.finance import cash_flow
from oficrm.hooks import Hooks
from oficrm.stock import alerts, levels, limits, lots, sources

LINES = "stock_movement_line"
PROMISED = "promised"
"""Confirmation: other sales that were authorised wait for the same goods."""


def make(
    session: Session, type: MovementType, warehouse_id: int | None, lines: Sequence[Values], *,
    to_warehouse_id: int | None = None, client_id: int | None = None, sales_order_id: int | None = None,
    purchase_order_id: int | None = None, credit_note_id: int | None = None, transfer_invoice_id: int | None = None,
    concept: str = "", apply: bool = True, accepted: frozenset[str] = frozenset(),
) -> int:  # fmt: skip
    """Make a movement inside the caller's operation and return its id; applied at once unless told otherwise.

    ``warehouse_id`` is where the goods leave, of an entry or adjustment where they arrive; ``to_warehouse_id`` is for
    transfers only; None is the usual one. ``lines`` are values by field: product (id), quantity (Decimal) and where
    known lot_serial (id) or lot_code, unit_cost, sales_order_line, purchase_order_line (ids). Raises Refused, naming
    what is missing, and NeedsConfirmation(PROMISED).
    """
    place = "to_warehouse" if type in (MovementType.IN, MovementType.ADJUSTMENT) else "from_warehouse"
    given: dict[str, Any] = {
        "type": type, "status": MovementStatus.APPLIED if apply else MovementStatus.DRAFT, "client": client_id,
        "sales_order": sales_order_id, "purchase_order": purchase_order_id, "credit_note": credit_note_id,
        "transfer_invoice": transfer_invoice_id, "concept": concept or None,
    }  # fmt: skip
    if warehouse_id is not None:
        given[place] = warehouse_id
    if type == MovementType.TRANSFER:
        given["to_warehouse"] = to_warehouse_id
    made = records.blank(session, "stock_movement", given)
    made.draft.values |= given
    made.draft.lines[LINES] = [LineDraft(None, dict(line)) for line in lines]
    made.draft.accepted = accepted
    return commands.save(session, made.draft).id


def put_lines(session: Session, made: Loaded, lines: Sequence[Values]) -> None:
    """Fill the grid of a new movement that a form will open, with the texts of its links."""
    fields = records.line_fields(StockMovementLine).values()
    nothing = dict.fromkeys(field.name for field in fields)
    made.draft.lines[LINES] = [LineDraft(None, nothing | line) for line in lines]
    made.line_titles[LINES] = [records.link_titles(session, fields, line) for line in lines]


def _fill(session: Session, name: str, values: Values) -> Values:
    """A document brings its client, and its warehouse where the goods of the form's type come or go."""
    ident = values.get(name)
    if name not in ("sales_order", "purchase_order", "credit_note", "transfer_invoice") or not isinstance(ident, int):
        return {}
    return sources.brought(session, name, ident, values.get("type"))


def _check(session: Session, movement: StockMovement, draft: Draft, problems: Collected) -> None:
    """What a document moved is taken back by the document itself."""
    if movement.transfer_invoice_id is None or not flows.entered(movement, draft, MovementStatus.CANCELLED):
        return
    transfer = session.get_one(TransferInvoice, movement.transfer_invoice_id)
    if draft.original.get("status") == MovementStatus.APPLIED and transfer.status == TransferStatus.DELIVERED:
        problems.add("", f"Lo movió el traslado {transfer.number}: cancele el traslado.")


def _before(session: Session, movement: StockMovement, draft: Draft) -> None:
    session.flush()
    lines = _lines(session, movement)
    problems = Collected()
    _check_lines(session, movement, lines, problems)
    problems.raise_if_any()
    if not flows.entered(movement, draft, MovementStatus.APPLIED):
        return
    if not lines:
        raise ValidationError({"": ["Añada al menos un inventariable: no hay nada que mover."]})
    levels.lock(session, {line.product_id for line in lines})
    sources.join(session, movement, lines, problems)
    lots.name(session, movement, lines, problems)
    problems.raise_if_any()
    session.flush()
    if PROMISED not in draft.accepted:
        _confirm_promised(session, movement)


def _after(session: Session, movement: StockMovement, draft: Draft) -> None:
    """Lots follow what moved them, what came of a purchase is to be paid, and what runs low is told."""
    if not (flows.entered(movement, draft, MovementStatus.APPLIED) or draft.original.get("status") != movement.status):
        return
    lines = _lines(session, movement)
    if movement.purchase_order_id is not None:
        cash_flow.follow_purchase(session, session.get_one(PurchaseOrder, movement.purchase_order_id))
    lots.follow(session, {line.lot_serial_id for line in lines if line.lot_serial_id is not None})
    alerts.tell(session, movement, lines)


def _lines(session: Session, movement: StockMovement) -> list[StockMovementLine]:
    found = records.lines_of(session, StockMovementLine, movement.id)
    return [line for line in found if isinstance(line, StockMovementLine)]


def _check_lines(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine], problems: Collected
) -> None:  # fmt: skip
    """What no line may be, applied or not."""
    for line in lines:
        if line.quantity < 0 and movement.type != MovementType.ADJUSTMENT:
            problems.add(f"{LINES}.{line.position}.quantity", "La cantidad debe ser mayor que cero.")
        lot = lots.of(session, line)
        if lot is not None and lot.product_id != line.product_id:
            problems.add(f"{LINES}.{line.position}.lot_serial", f"«{lot.code}» es de otro producto.")


def _confirm_promised(session: Session, movement: StockMovement) -> None:
    """Ask before an authorised sale takes what others wait for; what is in Apartado is refused by ``limits``."""
    if movement.type != MovementType.OUT or movement.sales_order_id is None:
        return
    taken = {line.product_id for line in _lines(session, movement)}
    place = movement.from_warehouse_id
    there = levels.on_hand(session, taken, place)
    others = levels.reserved(session, taken, but_order=movement.sales_order_id, warehouse_id=place)
    for ident in sorted(taken):
        short = others[ident] - there[ident]
        if short > 0 and others[ident] > 0:
            product = session.get_one(Product, ident)
            amount = limits.shown(session, min(short, others[ident]))
            raise NeedsConfirmation(
                PROMISED, f"Otras ventas autorizadas esperan «{product.title}»: les faltarían {amount}.",
                "Entregar de todos modos",
            )  # fmt: skip


def _leaving(session: Session, movement: StockMovement) -> str | None:
    if movement.status != MovementStatus.APPLIED:
        return None
    return f"El movimiento «{movement.title}» está aplicado y no se borra: cancélelo, y se deshace su efecto."


HOOKS = Hooks(fill=_fill, check=_check, before=_before, after=_after, sound=limits.sound, leaving=_leaving)
