"""Two programs that want the last piece at the same moment: one gets it, the other is told why not."""

from db.models.stock_movement import MovementType
from tests.oficrm.stock.conftest import Shop
from tests.support import elsewhere
from tests.support.processes import at_once


def test_the_last_piece_goes_to_one(shop: Shop, started_url: str) -> None:
    boxes = [shop.product(name) for name in ("Caja", "Cinta")]
    lines = [{"product": box, "quantity": 1} for box in boxes]
    shop.move_many(MovementType.IN, shop.main, lines)
    orders = [lines, lines[::-1]]
    wanted = [shop.move_many(MovementType.OUT, shop.main, order, apply=False) for order in orders]
    shop.session.commit()
    answers = sorted(at_once(elsewhere.apply_movement, [(started_url, each) for each in wanted]))
    assert answers[0] == ""
    assert "hay 0 en «Central» y se quitarían 1" in answers[1]
    shop.session.expire_all()
    assert [shop.there(box) for box in boxes] == [0, 0]
    shop.session.rollback()
