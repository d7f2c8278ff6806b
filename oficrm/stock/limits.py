"""What no write may leave behind: less than nothing in a warehouse, a serial twice, more delivered than was sold."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import Change, Operation, made_by
from db.models.lot_serial import LotKind, LotSerial
from db.models.product import PROMISING, Product
from db.models.purchase_order import PurchaseOrderLine
from db.models.sales_order import OrderStatus, SalesOrderLine
from db.models.stock_movement import MovementStatus, MovementType, StockMovement, StockMovementLine
from db.models.warehouse import Warehouse
from db.record import Problem
from oficrm import settings
from oficrm.rules import numbers
from oficrm.stock import levels
from oficrm.stock.levels import NOTHING, Places

FREE = frozenset({"notes", "concept", "line.lot_code", "line.unit_cost"})
"""What may change in an applied movement without any effect on the stock."""
RESERVED = (OrderStatus.RESERVED,)


def shown(session: Session, quantity: Decimal) -> str:
    """Return a quantity as people read it."""
    return numbers.format_decimal(quantity, settings.read(session).country)


def sound(session: Session, movement: StockMovement) -> Iterator[Problem]:
    """Yield what the movement breaks as it is now, or broke by being taken back.

    The products are locked first: what is read then stays true until the transaction ends.
    """
    lines = session.scalars(
        select(StockMovementLine).where(StockMovementLine.stock_movement_id == movement.id)
        .order_by(StockMovementLine.position)
    ).all()  # fmt: skip
    changed = _changed(session, movement, lines)
    if not lines or not changed:
        return
    levels.lock(session, {line.product_id for line in lines})
    session.flush()
    is_on = movement.status == MovementStatus.APPLIED and movement.deleted_at is None
    if is_on and not changed & {"", "status"}:
        yield Problem("", "El movimiento está aplicado: lo que movió ya no cambia. Cancélelo y haga otro.")
        return
    lines = [line for line in lines if line.deleted_at is None] if is_on else lines
    yield from _not_enough(session, movement, lines, is_on)
    yield from _lots_not_enough(session, movement, lines, is_on)
    if is_on:
        yield from _set_aside(session, movement, lines)
        yield from _too_many(session, movement, lines)


def _changed(session: Session, movement: StockMovement, lines: Sequence[StockMovementLine]) -> set[str]:
    """Return what the present operation changed of what a movement does, "" for its coming and going.

    Who corrects the concept of an old delivery is not told what is missing today.
    """
    session.flush()
    current: Operation = session.info["operation"]
    of_movement = (Change.table == "stock_movement") & (Change.record_id == movement.id)
    of_lines = (Change.table == "stock_movement_line") & Change.record_id.in_([line.id for line in lines])
    rows = session.execute(
        select(Change.table, Change.field).where(made_by(current), of_movement | of_lines).distinct()
    )
    return {field if table == "stock_movement" else f"line.{field}" for table, field in rows} - FREE


def effects(movement: StockMovement, lines: Sequence[StockMovementLine], by: str) -> Places:
    """Return what applying the movement adds by product or lot (``by`` names the column) and warehouse."""
    found: Places = {}
    for line in lines:
        ident = getattr(line, by)
        for place, sign in ((movement.to_warehouse_id, 1), (movement.from_warehouse_id, -1)):
            if ident is not None and place is not None:
                found[ident, place] = found.get((ident, place), NOTHING) + sign * line.quantity
    return found


def _below_nothing(there: Places, effect: Places, is_on: bool) -> Iterator[tuple[int, int, Decimal, Decimal]]:
    """Yield what went below nothing by this write: id, warehouse, what there was, what is missing.

    What lay below nothing already, because the warehouse allowed it once, may come nearer to nothing.
    """
    for key, added in sorted(effect.items()):
        change = added if is_on else -added
        left = there.get(key, NOTHING)
        if left < 0 and change < 0:
            yield *key, left - change, -change


def _strict(session: Session, warehouse_id: int) -> Warehouse | None:
    warehouse = session.get_one(Warehouse, warehouse_id)
    return None if warehouse.allow_negative else warehouse


def _not_enough(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine], is_on: bool
) -> Iterator[Problem]:  # fmt: skip
    effect = effects(movement, lines, "product_id")
    there = levels.by_warehouse(session, {product for product, _place in effect})
    for product_id, place, had, wanted in _below_nothing(there, effect, is_on):
        if (warehouse := _strict(session, place)) is None:
            continue
        product = session.get_one(Product, product_id)
        yield _at(lines, "product_id", product_id,
                  f"De «{product.title}» hay {shown(session, had)} en «{warehouse.title}» y se quitarían "
                  f"{shown(session, wanted)}.")  # fmt: skip


def _lots_not_enough(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine], is_on: bool
) -> Iterator[Problem]:  # fmt: skip
    effect = effects(movement, lines, "lot_serial_id")
    there = levels.lots_by_warehouse(session, {lot for lot, _place in effect})
    for lot_id, place, had, wanted in _below_nothing(there, effect, is_on):
        if (warehouse := _strict(session, place)) is None:
            continue
        lot = session.get_one(LotSerial, lot_id)
        word = "De la serie" if lot.kind == LotKind.SERIAL else "Del lote"
        yield _at(lines, "lot_serial_id", lot_id,
                  f"{word} «{lot.code}» hay {shown(session, had)} en «{warehouse.title}» y se quitarían "
                  f"{shown(session, wanted)}.")  # fmt: skip
    for lot_id in sorted({lot for lot, _place in effect}):
        lot = session.get_one(LotSerial, lot_id)
        total = sum((q for (ident, _place), q in there.items() if ident == lot_id), NOTHING)
        if lot.kind == LotKind.SERIAL and total > 1:
            yield _at(lines, "lot_serial_id", lot_id, f"La serie «{lot.code}» ya está en almacén: es una sola pieza.")


def _set_aside(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine]
) -> Iterator[Problem]:  # fmt: skip
    """A delivery leaves what other sales keep in Apartado in its warehouse; what goes out otherwise also what
    authorised ones wait for.

    Counting anew and moving between warehouses are free of it: the first states a fact, the second takes nothing.
    """
    place = movement.from_warehouse_id
    if movement.type != MovementType.OUT or place is None or _strict(session, place) is None:
        return
    taken = {line.product_id for line in lines}
    there = levels.on_hand(session, taken, place)
    states = PROMISING if movement.sales_order_id is None else RESERVED
    aside = levels.reserved(session, taken, states, but_order=movement.sales_order_id, warehouse_id=place)
    for ident in sorted(taken):
        if aside[ident] > max(there[ident], NOTHING):
            product = session.get_one(Product, ident)
            had = there[ident] + sum((line.quantity for line in lines if line.product_id == ident), NOTHING)
            free = max(had - aside[ident], NOTHING)
            yield _at(lines, "product_id", ident,
                      f"De «{product.title}» hay {shown(session, had)}, pero {shown(session, aside[ident])} están "
                      f"apartados para otras ventas: quedan libres {shown(session, free)}.")  # fmt: skip


def _too_many(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine]
) -> Iterator[Problem]:  # fmt: skip
    """No more is delivered than was sold, nor received than was bought."""
    if movement.sales_order_id is not None:
        done = levels.delivered(session, movement.sales_order_id)
        yield from _over(session, lines, SalesOrderLine, "sales_order_line_id", done,
                         "Se vendieron {} y se entregarían {}.")  # fmt: skip
    if movement.purchase_order_id is not None:
        done = levels.received(session, movement.purchase_order_id)
        yield from _over(session, lines, PurchaseOrderLine, "purchase_order_line_id", done,
                         "Se pidieron {} y se recibirían {}. Lo que sobra entra aparte, sin compra.")  # fmt: skip


def _over(
    session: Session, lines: Sequence[StockMovementLine], model: type[SalesOrderLine] | type[PurchaseOrderLine],
    column: str, done: dict[int, Decimal], text: str,
) -> Iterator[Problem]:  # fmt: skip
    for ident in dict.fromkeys(getattr(line, column) for line in lines):
        asked = session.get(model, ident) if ident is not None else None
        if asked is not None and done.get(asked.id, NOTHING) > asked.quantity:
            yield _at(lines, column, asked.id,
                      text.format(shown(session, asked.quantity), shown(session, done[asked.id])))  # fmt: skip


def _at(lines: Sequence[StockMovementLine], column: str, ident: int, text: str) -> Problem:
    """A problem beside the quantity of the line it is about."""
    line = next(line for line in lines if getattr(line, column) == ident)
    return Problem(f"stock_movement_line.{line.position}.quantity", text)
