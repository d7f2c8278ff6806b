"""Lots and series: named when goods are moved, followed from purchase to client."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.lot_serial import LotKind, LotSerial
from db.models.product import Product, Tracking
from db.models.stock_movement import MovementType, StockMovement, StockMovementLine, counts
from db.models.transfer_invoice import TransferGoods
from db.record import Problem
from oficrm import clock
from oficrm.drafts import Draft, Values
from oficrm.errors import Collected
from oficrm.hooks import Hooks
from oficrm.rules import dates
from oficrm.stock import codes, levels
from oficrm.stock.levels import NOTHING

LINES = "stock_movement_line"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a wrong line stands, and where its problems go."""

    line: StockMovementLine
    problems: Collected

    def wrong(self, field: str, text: str) -> None:
        self.problems.add(f"{LINES}.{self.line.position}.{field}", text)


def of(session: Session, line: StockMovementLine | TransferGoods) -> LotSerial | None:
    """Return the lot that a line names."""
    return session.get(LotSerial, line.lot_serial_id) if line.lot_serial_id is not None else None


def find(session: Session, product_id: int, code: str) -> LotSerial | None:
    """Return the live lot of a product with this code, whatever its capitals."""
    same = func.lower(LotSerial.code) == code.lower()
    return session.scalar(
        select(LotSerial).where(LotSerial.product_id == product_id, same, LotSerial.deleted_at.is_(None)).limit(1)
    )


def ready(session: Session, product_id: int, warehouse_id: int) -> list[tuple[LotSerial, Decimal]]:
    """Return the lots of a product that can be delivered from a warehouse, with what there is of each.

    Those that expire first come first.
    """
    known = session.scalars(
        select(LotSerial).where(LotSerial.product_id == product_id, LotSerial.deleted_at.is_(None),
                                LotSerial.is_withdrawn.is_(False), LotSerial.warehouse_id.is_not(None))
        .order_by(LotSerial.expires_on.is_(None), LotSerial.expires_on, LotSerial.id)
    ).all()  # fmt: skip
    there = levels.lots_by_warehouse(session, [lot.id for lot in known])
    today = clock.today()
    return [
        (lot, quantity) for lot in known
        if (quantity := there.get((lot.id, warehouse_id), NOTHING)) > 0
        and (lot.expires_on is None or lot.expires_on >= today)
    ]  # fmt: skip


def name(
    session: Session, movement: StockMovement, lines: Sequence[StockMovementLine], problems: Collected
) -> None:  # fmt: skip
    """Give every line of a tracked product its lot; several series typed in one line become a line each.

    Codes that nobody knows are made when the goods come in. What is wrong is added to the problems.
    """
    seen: set[int] = set()
    for line in lines:
        product = session.get_one(Product, line.product_id)
        place = _Place(line, problems)
        if product.tracking == Tracking.NONE:
            if line.lot_serial_id is not None or line.lot_code:
                place.wrong("lot_serial", "Este producto no se controla por lotes ni series.")
            continue
        for part in _named(session, movement, product, place):
            _check(session, movement, part, place, seen)


def _named(session: Session, movement: StockMovement, product: Product, place: _Place) -> list[StockMovementLine]:
    """The lines that one line becomes, each with its lot; none when its codes are wrong."""
    line = place.line
    try:
        typed = codes.parse(line.lot_code)
    except codes.BadCodes as error:
        place.wrong("lot_code", str(error))
        return []
    if line.lot_serial_id is not None and not typed:
        return [line]
    if line.lot_serial_id is not None:
        place.wrong("lot_code", "Elija el lote o escriba su código: las dos cosas a la vez no.")
        return []
    is_serial = product.tracking == Tracking.SERIAL
    if not typed:
        place.wrong("lot_code" if movement.type == MovementType.IN else "lot_serial",
                    "Indique el número de serie de cada pieza." if is_serial else "Indique el lote.")  # fmt: skip
        return []
    if is_serial and abs(line.quantity) != len(typed):
        place.wrong("lot_code", f"La cantidad es {line.quantity.normalize():f} y hay {len(typed)} números de serie.")
        return []
    if not is_serial and len(typed) > 1:
        place.wrong("lot_code", "Un lote por partida: ponga cada lote en la suya, con su cantidad.")
        return []
    made = [_lot(session, movement, product, code, place) for code in typed]
    return _spread(session, line, [lot for lot in made if lot is not None], is_serial)


def _lot(
    session: Session, movement: StockMovement, product: Product, code: str, place: _Place
) -> LotSerial | None:  # fmt: skip
    found = find(session, product.id, code)
    if found is not None:
        return found
    if movement.type not in (MovementType.IN, MovementType.ADJUSTMENT) or place.line.quantity < 0:
        place.wrong("lot_code", f"No hay ningún lote ni serie «{code}» de este producto.")
        return None
    if len(code) > (LotSerial.fields["code"].max_length or 0):
        place.wrong("lot_code", f"El código «{code[:20]}…» es demasiado largo.")
        return None
    made = LotSerial(code=code, product_id=product.id, kind=kind_of(product), is_withdrawn=False, extra={})
    session.add(made)
    session.flush()
    return made


def kind_of(product: Product) -> LotKind:
    """Return the kind of lot by which a product is told apart."""
    return LotKind.SERIAL if product.tracking == Tracking.SERIAL else LotKind.LOT


def _spread(
    session: Session, line: StockMovementLine, lots: Sequence[LotSerial], is_serial: bool
) -> list[StockMovementLine]:  # fmt: skip
    """Put the lots into the line, and further series into lines of their own behind it."""
    parts = [line]
    for lot in lots[1:]:
        more = StockMovementLine(
            stock_movement_id=line.stock_movement_id, position=line.position, product_id=line.product_id,
            quantity=line.quantity, unit_cost=line.unit_cost, sales_order_line_id=line.sales_order_line_id,
            purchase_order_line_id=line.purchase_order_line_id, lot_serial_id=lot.id, extra={},
        )  # fmt: skip
        session.add(more)
        parts.append(more)
    if lots:
        line.lot_serial_id, line.lot_code = lots[0].id, None
    if is_serial:
        one = Decimal(1) if line.quantity > 0 else Decimal(-1)
        for part in parts:
            part.quantity = one
    return parts if lots else []


def _check(
    session: Session, movement: StockMovement, line: StockMovementLine, place: _Place, seen: set[int]
) -> None:  # fmt: skip
    """What a line of a tracked product may not be, once its lot is known."""
    lot = of(session, line)
    if lot is None:
        return
    if lot.kind == LotKind.SERIAL:
        if abs(line.quantity) != 1:
            place.wrong("quantity", "Una serie es una sola pieza: la cantidad es 1.")
        if lot.id in seen:
            place.wrong("lot_serial", f"La serie «{lot.code}» está dos veces.")
        seen.add(lot.id)
    if lot.deleted_at is not None:
        place.wrong("lot_serial", f"«{lot.code}» está en la papelera.")
    if movement.type != MovementType.OUT or movement.client_id is None:
        return
    if lot.is_withdrawn:
        place.wrong("lot_serial", f"«{lot.code}» está retirado: no se entrega.")
    elif lot.expires_on is not None and lot.expires_on < clock.today():
        place.wrong("lot_serial", f"«{lot.code}» caducó el {lot.expires_on:%d/%m/%Y}: no se entrega.")


def follow(session: Session, lot_ids: Iterable[int]) -> None:
    """Write into lots where they are, where they came from and to whom they went, by the applied movements."""
    for ident in sorted(set(lot_ids)):
        lot = session.get_one(LotSerial, ident)
        moves = _moves(session, ident)
        _write_places(session, lot, moves)
        _write_delivery(session, lot, moves)
    session.flush()


def _moves(session: Session, lot_id: int) -> list[StockMovement]:
    """The applied movements of a lot, the oldest first."""
    return list(session.scalars(
        select(StockMovement).join(StockMovementLine, StockMovementLine.stock_movement_id == StockMovement.id)
        .where(StockMovementLine.lot_serial_id == lot_id, counts(StockMovement, StockMovementLine))
        .order_by(StockMovement.moved_at, StockMovement.id)
    ))  # fmt: skip


def _write_places(session: Session, lot: LotSerial, moves: Sequence[StockMovement]) -> None:
    there = {place: q for (_lot, place), q in levels.lots_by_warehouse(session, [lot.id]).items() if q > NOTHING}
    last = moves[-1] if moves else None
    usual = (last.to_warehouse_id or last.from_warehouse_id) if last is not None else None
    lot.warehouse_id = usual if usual in there else max(there, key=lambda place: there[place], default=None)
    lot.purchase_order_id = next((move.purchase_order_id for move in moves if move.purchase_order_id), None)


def _write_delivery(session: Session, lot: LotSerial, moves: Sequence[StockMovement]) -> None:
    """The last delivery counts; a serial that came back is nobody's."""
    sent = [move for move in moves if move.type == MovementType.OUT and move.client_id is not None]
    last = sent[-1] if sent else None
    if last is not None and lot.kind == LotKind.SERIAL and moves[-1].type != MovementType.OUT:
        last = None
    day = last.moved_at.astimezone().date() if last is not None else None
    lot.client_id = last.client_id if last is not None else None
    lot.sales_order_id = last.sales_order_id if last is not None else None
    lot.delivered_on = day
    lot.warranty_end = _warranty(session, lot, day)


def _warranty(session: Session, lot: LotSerial, day: dt.date | None) -> dt.date | None:
    months = session.get_one(Product, lot.product_id).warranty_months
    return dates.add_months(day, months) if day is not None and months else None


def _fill(session: Session, name: str, values: Values) -> Values:
    """The product says whether it is told apart by lots or series."""
    ident = values.get("product")
    if name != "product" or not isinstance(ident, int):
        return {}
    return {"kind": kind_of(session.get_one(Product, ident))}


def _check_form(session: Session, lot: LotSerial, draft: Draft, problems: Collected) -> None:
    """A lot is of a tracked product, its code is its own, and goods that were moved do not become others."""
    product = session.get_one(Product, lot.product_id)
    if product.tracking == Tracking.NONE:
        problems.add("product", "Este producto no se controla por lotes ni series: elíjalo antes en su «Control».")
    other = find(session, lot.product_id, lot.code)
    if other is not None and other.id != lot.id:
        problems.add("code", f"Este producto ya tiene «{other.code}».")
    if draft.id is not None and draft.original.get("product") != lot.product_id and _moves(session, lot.id):
        problems.add("product", "Ya se ha movido: no puede pasar a otro producto.")


def _before(session: Session, lot: LotSerial, _draft: Draft) -> None:
    lot.kind = kind_of(session.get_one(Product, lot.product_id))


def _sound(session: Session, lot: LotSerial) -> Iterator[Problem]:
    """No other of the same product has its code, even after one came back from the trash."""
    if lot.deleted_at is None:
        other = session.scalar(
            select(LotSerial.id).where(LotSerial.product_id == lot.product_id, LotSerial.id != lot.id,
                                       func.lower(LotSerial.code) == lot.code.lower(),
                                       LotSerial.deleted_at.is_(None)).limit(1)
        )  # fmt: skip
        if other is not None:
            yield Problem("code", f"este producto ya tiene otro «{lot.code}».")


HOOKS = Hooks(fill=_fill, check=_check_form, before=_before, sound=_sound)
