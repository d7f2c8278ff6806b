"""What is done with lots and series: finding who has them, and withdrawing them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.client import Client
from db.models.lot_serial import LotSerial
from db.models.stock_movement import MovementType, StockMovement, StockMovementLine, counts
from oficrm.commands import Command, Outcome
from oficrm.errors import Refused

NAMED = 5


def clients(session: Session, lot_ids: Sequence[int]) -> list[int]:
    """Return the clients to whom something of these lots was delivered, by name."""
    statement = (
        select(Client.id).join(StockMovement, StockMovement.client_id == Client.id)
        .join(StockMovementLine, StockMovementLine.stock_movement_id == StockMovement.id)
        .where(StockMovementLine.lot_serial_id.in_(list(lot_ids)), StockMovement.type == MovementType.OUT,
               counts(StockMovement, StockMovementLine), Client.deleted_at.is_(None))
        .group_by(Client.id, Client.sort_key).order_by(Client.sort_key, Client.id)
    )  # fmt: skip
    return list(session.scalars(statement))


def locate(session: Session, ids: Sequence[int], _accepted: frozenset[str]) -> Outcome:
    """Say to whom lots were delivered and open the one client, else the lot, whose movements name them all.

    Raises Refused when nobody got any.
    """
    found = clients(session, ids)
    what = _named(session, ids)
    if not found:
        raise Refused(f"{what}: no se ha entregado a ningún cliente.")
    names = list(session.scalars(select(Client.name).where(Client.id.in_(found[:NAMED])).order_by(Client.sort_key)))
    more = f" y {len(found) - NAMED} más" if len(found) > NAMED else ""
    opened = ("client", found[0]) if len(found) == 1 else ("lot_serial", ids[0]) if len(ids) == 1 else None
    return Outcome(f"{what}: entregado a {', '.join(names)}{more}.", opened)


def withdraw(session: Session, ids: Sequence[int], _accepted: frozenset[str]) -> Outcome:
    """Take lots out of use: they are not delivered any more. Raises Refused when all of them are already."""
    found = session.scalars(select(LotSerial).where(LotSerial.id.in_(list(ids)), LotSerial.is_withdrawn.is_(False)))
    lots = found.all()
    if not lots:
        raise Refused("Ya está retirado.")
    what = _named(session, [lot.id for lot in lots])
    with operation(session, f"Retirar {what}") as done:
        for lot in lots:
            lot.is_withdrawn = True
        session.flush()
        session.info["last_operation"] = (done.id, done.label)
    return Outcome(f"Retirado: {what}.")


def _named(session: Session, ids: Sequence[int]) -> str:
    if len(ids) > 1:
        return f"{len(ids)} lotes y series"
    return session.get_one(LotSerial, ids[0]).title


COMMANDS = (
    Command("locate_clients", "Localizar clientes", "client", locate, many=True),
    Command("withdraw", "Retirar", "lost", withdraw, many=True,
            question="¿Retirar? Ya no podrá entregarse a ningún cliente."),
)  # fmt: skip
