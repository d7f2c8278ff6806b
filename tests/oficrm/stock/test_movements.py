"""Movements: what counts in the stock, and what is refused."""

from decimal import Decimal

import pytest

from db.models.stock_movement import MovementType
from oficrm import commands, deleting, records, undo
from oficrm.errors import Refused
from tests.oficrm.stock.conftest import Shop

IN, OUT, TRANSFER, ADJUSTMENT = MovementType.IN, MovementType.OUT, MovementType.TRANSFER, MovementType.ADJUSTMENT


def test_only_applied_movements_count(shop: Shop) -> None:
    box = shop.product("Caja")
    draft = shop.move(IN, shop.main, box, 7, apply=False)
    assert shop.there(box) == 0
    shop.to("stock_movement", draft, "applied")
    assert shop.there(box) == shop.there(box, shop.main) == 7
    shop.move(OUT, shop.main, box, "2.5")
    shop.move(TRANSFER, shop.main, box, 3, to_warehouse_id=shop.shop)
    shop.move(ADJUSTMENT, shop.shop, box, -1)
    assert [shop.there(box), shop.there(box, shop.main), shop.there(box, shop.shop)] == [
        Decimal("3.5"),
        Decimal("1.5"),
        Decimal(2),
    ]
    assert shop.shown("product", box, "stock_on_hand") == Decimal("3.5")


def test_cancelling_takes_the_effect_back(shop: Shop) -> None:
    box = shop.product("Caja")
    shop.move(IN, shop.main, box, 5)
    sent = shop.move(OUT, shop.main, box, 4)
    shop.to("stock_movement", sent, "cancelled")
    assert shop.there(box) == 5


def test_more_than_there_is_stays(shop: Shop) -> None:
    box = shop.product("Caja")
    shop.move(IN, shop.main, box, 3)
    with pytest.raises(Refused, match=r"De «Caja» hay 3 en «Central» y se quitarían 5\."):
        shop.move(OUT, shop.main, box, 5)
    shop.session.rollback()


def test_a_receipt_whose_goods_have_left_is_not_cancelled_nor_undone(shop: Shop) -> None:
    box = shop.product("Caja")
    came = shop.move(IN, shop.main, box, 5)
    receipt = shop.session.info["last_operation"][0]
    shop.move(OUT, shop.main, box, 4)
    shop.session.commit()
    with pytest.raises(Refused, match="hay 1 en «Central» y se quitarían 5"):
        shop.to("stock_movement", came, "cancelled")
    shop.session.rollback()
    with pytest.raises(Refused, match="No se puede deshacer: De «Caja» hay 1"):
        undo.undo(shop.session, receipt)
    shop.session.rollback()
    assert shop.there(box) == 1


def test_a_warehouse_may_go_below_nothing_where_it_is_allowed(shop: Shop) -> None:
    box = shop.product("Caja")
    loose = shop.new("warehouse", name="Obra", allow_negative=True)
    shop.move(OUT, loose, box, 5)
    assert shop.there(box, loose) == -5


def test_applied_ones_are_not_deleted(shop: Shop) -> None:
    box = shop.product("Caja")
    came = shop.move(IN, shop.main, box, 5)
    with pytest.raises(Refused, match="aplicado y no se borra"):
        deleting.delete(shop.session, "stock_movement", [came])


def test_undo_does_not_change_what_an_applied_one_moved(shop: Shop) -> None:
    box = shop.product("Caja")
    came = shop.move(IN, shop.main, box, 5, apply=False)
    draft = records.load(shop.session, "stock_movement", came).draft
    draft.lines["stock_movement_line"][0].values["quantity"] = Decimal(8)
    commands.save(shop.session, draft)
    edited = shop.session.info["last_operation"][0]
    shop.to("stock_movement", came, "applied")
    shop.session.commit()
    with pytest.raises(Refused, match="está aplicado"):
        undo.undo(shop.session, edited)
    shop.session.rollback()
    assert shop.there(box) == 8
