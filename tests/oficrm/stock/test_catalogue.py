"""Categories, products and warehouses: what of them may not be."""

from decimal import Decimal

import pytest

from db.models.stock_movement import MovementType
from db.query import Condition, ListQuery, fetch_rows, find_ids
from oficrm import commands, lists, notifications, records, trees
from oficrm.errors import Refused
from oficrm.lists import Criterion, ListFilter
from tests.oficrm.stock.conftest import Shop


def change(shop: Shop, table: str, ident: int, **values: object) -> None:
    draft = records.load(shop.session, table, ident).draft
    draft.values |= values
    commands.save(shop.session, draft)


def test_who_looks_for_a_category_finds_what_lies_deeper(shop: Shop) -> None:
    top = shop.new("category", name="Herramienta")
    low = shop.new("category", name="Brocas", parent=top)
    other = shop.new("category", name="Oficina")
    drill = shop.product("Broca de 8", category=low)
    shop.product("Grapadora", category=other)
    wanted = ListFilter("product", (Criterion("category", "in", (top,)),))
    assert list(lists.load_ids(shop.session, wanted).ids) == [drill]


def test_the_tree_has_no_circles(shop: Shop) -> None:
    top = shop.new("category", name="Herramienta")
    middle = shop.new("category", name="Taladros", parent=top)
    low = shop.new("category", name="Brocas", parent=middle)
    assert sorted(trees.below(shop.session, "category", [top])) == [top, middle, low]
    paths = fetch_rows(shop.session, "category", [top, low], ["path"])
    assert paths == {top: ("Herramienta",), low: ("Herramienta › Taladros › Brocas",)}
    shop.session.commit()
    for inside in (top, middle, low):
        with pytest.raises(Refused, match=r"daría una vuelta|dentro de sí misma"):
            change(shop, "category", top, parent=inside)
        shop.session.rollback()
    change(shop, "category", low, parent=top)


def test_control_stays_while_there_is_stock(shop: Shop) -> None:
    box = shop.product("Caja")
    shop.move(MovementType.IN, shop.main, box, 3)
    shop.session.commit()
    with pytest.raises(Refused, match="Hay 3 en almacén con control «Ninguno»"):
        change(shop, "product", box, tracking="serial")
    shop.session.rollback()
    shop.move(MovementType.OUT, shop.main, box, 3)
    change(shop, "product", box, tracking="serial")


def test_low_stock_is_found(shop: Shop) -> None:
    low, even, full, free = (
        shop.product(name, reorder_point=minimum)
        for name, minimum in (("A", Decimal(5)), ("B", Decimal(5)), ("C", Decimal(5)), ("D", None))
    )
    for product, quantity in ((low, 4), (even, 5), (full, "5.0001")):
        shop.move(MovementType.IN, shop.main, product, quantity)
    found = find_ids(shop.session, ListQuery("product", (Condition("is_low", "is", True),))).ids.tolist()
    assert found == [low, even]
    assert fetch_rows(shop.session, "product", [free], ["is_low"])[free][0] is False


def test_negative_stock_is_put_right_before_it_is_forbidden(shop: Shop) -> None:
    loose = shop.new("warehouse", name="Obra", allow_negative=True)
    box = shop.product("Caja")
    shop.move(MovementType.OUT, loose, box, 2)
    shop.session.commit()
    with pytest.raises(Refused, match="existencias negativas de «Caja»"):
        change(shop, "warehouse", loose, allow_negative=False)
    shop.session.rollback()
    shop.move(MovementType.ADJUSTMENT, loose, box, 2)
    change(shop, "warehouse", loose, allow_negative=False)


def test_one_warehouse_is_the_usual_one(shop: Shop) -> None:
    change(shop, "warehouse", shop.shop, is_default=True)
    usual = find_ids(shop.session, ListQuery("warehouse", (Condition("is_default", "is", True),))).ids.tolist()
    assert usual == [shop.shop]


def test_a_product_says_where_it_is_and_how_low(shop: Shop) -> None:
    box = shop.product("Caja", reorder_point=Decimal(5), max_stock=Decimal(20))
    seen = ["stock_by_warehouse", "stock_level"]
    assert fetch_rows(shop.session, "product", [box], seen)[box] == (None, "out")
    loose = shop.new("warehouse", name="Obra", allow_negative=True)
    shop.move(MovementType.IN, shop.main, box, "12.5")
    shop.move(MovementType.TRANSFER, shop.main, box, "0.0025", to_warehouse_id=shop.shop)
    shop.move(MovementType.OUT, loose, box, "1.25")
    text, level = fetch_rows(shop.session, "product", [box], seen)[box]
    assert sorted(text.split(" · ")) == ["Central 12,4975", "Obra -1,25", "Tienda 0,0025"]
    assert level == "enough"
    shop.move(MovementType.IN, shop.main, box, 10)
    assert fetch_rows(shop.session, "product", [box], seen)[box][1] == "over"


def test_what_runs_low_is_told_once(shop: Shop) -> None:
    box = shop.product("Caja", reorder_point=Decimal(5))
    shop.move(MovementType.IN, shop.main, box, 10)
    shop.move(MovementType.OUT, shop.main, box, 4)
    assert notifications.inbox(shop.session).unread == 0
    shop.move(MovementType.OUT, shop.main, box, 1)
    shop.move(MovementType.OUT, shop.main, box, 1)
    notices = notifications.inbox(shop.session).notices
    assert [(each.text, each.table, each.record_id) for each in notices] == [
        ("«Caja»: quedan 5 (mínimo 5).", "product", box)
    ]


def test_a_record_opens_with_the_state_that_is_worked_out(shop: Shop) -> None:
    assert records.load(shop.session, "product", shop.product("Caja")).draft.values["stock_level"] == "out"
