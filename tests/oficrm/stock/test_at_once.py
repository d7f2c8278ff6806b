"""Two programs that want the last piece at the same moment: one gets it, the other is told why not."""

import multiprocessing
from typing import Any

from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor
from db.models.stock_movement import MovementType
from oficrm import commands
from oficrm.errors import Refused
from tests.oficrm.stock.conftest import Shop

PATIENCE = 60


def _take(url: str, movement: int, start: Any, told: Any) -> None:
    """Runs in a process of its own: apply a delivery when all are ready."""
    engine = open_engine(url, pooled=False)
    with Session(engine.execution_options(**{WRITES: True}), info={"actor": Actor("ana")}) as session:
        start.wait(PATIENCE)
        try:
            commands.advance(session, "stock_movement", [movement], "applied")
            session.commit()
            told.put("")
        except Refused as refused:
            session.rollback()
            told.put(str(refused))
        except Exception as error:
            told.put(f"unexpected: {error!r}")
    engine.dispose()


def test_the_last_piece_goes_to_one(shop: Shop, engine_url: str) -> None:
    boxes = [shop.product(name) for name in ("Caja", "Cinta")]
    lines = [{"product": box, "quantity": 1} for box in boxes]
    shop.move_many(MovementType.IN, shop.main, lines)
    orders = [lines, lines[::-1]]
    wanted = [shop.move_many(MovementType.OUT, shop.main, order, apply=False) for order in orders]
    shop.session.commit()
    processes = multiprocessing.get_context("spawn")
    start, told = processes.Barrier(len(wanted)), processes.Queue()
    takers = [processes.Process(target=_take, args=(engine_url, each, start, told)) for each in wanted]
    for taker in takers:
        taker.start()
    answers = sorted(told.get(timeout=PATIENCE) for _taker in takers)
    for taker in takers:
        taker.join(PATIENCE)
    assert answers[0] == ""
    assert "hay 0 en «Central» y se quitarían 1" in answers[1]
    shop.session.expire_all()
    assert [shop.there(box) for box in boxes] == [0, 0]
    shop.session.rollback()
