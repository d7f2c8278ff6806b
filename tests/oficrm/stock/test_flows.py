"""From purchase to client: receiving, delivering, lots and series, transfers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from db.models.stock_movement import MovementType
from db.query import Condition, ListQuery, fetch_rows, find_ids
from oficrm import commands, records, saving, undo
from oficrm.drafts import Loaded
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.stock import deliveries, levels, movements, purchases, recalls
from tests.oficrm.stock.conftest import Shop

IN, OUT, TRANSFER = MovementType.IN, MovementType.OUT, MovementType.TRANSFER


def accept(shop: Shop, made: Loaded, *changes: dict, status: str = "applied") -> int:
    """Accept a form that a command filled in, its lines changed as given."""
    made.draft.values["status"] = status
    for line, values in zip(made.draft.lines[movements.LINES], changes, strict=False):
        line.values |= values
    return saving.save(shop.session, made.draft).id


def list_value(shop: Shop, table: str, ident: int, name: str) -> Any:
    return fetch_rows(shop.session, table, [ident], [name])[ident][0]


def lot_id(shop: Shop, code: str) -> int:
    return find_ids(shop.session, ListQuery("lot_serial", (Condition("code", "contains", code),))).ids[0]


def test_a_purchase_is_received_in_parts(shop: Shop) -> None:
    box, tape = shop.product("Caja"), shop.product("Cinta")
    order = shop.purchase((box, 10), (tape, 4))
    made = purchases.receive(shop.session, order)
    lines = [line.values for line in made.draft.lines[movements.LINES]]
    assert [(line["product"], line["quantity"], line["unit_cost"]) for line in lines] == [(box, 10, 6), (tape, 4, 6)]
    assert made.draft.values["to_warehouse"] == shop.main
    made.draft.lines[movements.LINES].pop()
    first = accept(shop, made, {"quantity": Decimal(6)})
    assert state(shop, order) == "partly_received"
    assert received(shop, order) == [6, 0]
    accept(shop, purchases.receive(shop.session, order))
    assert [state(shop, order), received(shop, order), shop.there(box)] == ["received", [10, 4], 10]
    with pytest.raises(Refused, match="no falta nada"):
        purchases.receive(shop.session, order)
    shop.to("stock_movement", first, "cancelled")
    assert [state(shop, order), received(shop, order)] == ["partly_received", [4, 4]]


def state(shop: Shop, order: int) -> Any:
    return list_value(shop, "purchase_order", order, "state")


def received(shop: Shop, order: int) -> list[Decimal]:
    lines = records.load(shop.session, "purchase_order", order).draft.lines["purchase_order_line"]
    return [line.values["received"] for line in lines]


def test_what_has_come_stays_ordered(shop: Shop) -> None:
    box = shop.product("Caja")
    order = shop.purchase((box, 10))
    came = accept(shop, purchases.receive(shop.session, order), {"quantity": Decimal(3)})
    shop.session.commit()
    for to in ("created", "cancelled"):
        with pytest.raises(Refused, match="Ya ha entrado mercancía"):
            shop.to("purchase_order", order, to)
        shop.session.rollback()
    shop.to("stock_movement", came, "cancelled")
    shop.to("purchase_order", order, "cancelled")


def test_more_than_was_ordered_is_not_received(shop: Shop) -> None:
    box = shop.product("Caja")
    order = shop.purchase((box, 10))
    with pytest.raises(ValidationError, match="Se pidieron 10 y se recibirían 12"):
        accept(shop, purchases.receive(shop.session, order), {"quantity": Decimal(12)})


def test_a_sale_is_delivered_in_parts_and_gives_its_reservation_up(shop: Shop) -> None:
    box = shop.product("Caja")
    shop.move(IN, shop.main, box, 10)
    sale = shop.sale((box, 6), state="reserved")
    with pytest.raises(Refused, match="Solo se entregan ventas autorizadas"):
        deliveries.deliver(shop.session, sale)
    assert shop.shown("product", box, "stock_available") == 4
    shop.to("sales_order", sale, "authorized")
    assert [shop.shown("product", box, "stock_reserved"), shop.shown("product", box, "stock_available")] == [6, 4]
    made = deliveries.deliver(shop.session, sale)
    assert [made.draft.values["from_warehouse"], made.draft.values["client"]] == [shop.main, shop.client]
    assert made.titles["from_warehouse"] == "Central"
    accept(shop, made, {"quantity": Decimal(2)})
    assert levels.delivered(shop.session, sale) == {1: 2}
    assert [shop.shown("product", box, "stock_reserved"), shop.shown("product", box, "stock_available")] == [4, 4]
    last = accept(shop, deliveries.deliver(shop.session, sale))
    assert [shop.shown("product", box, "stock_reserved"), shop.there(box)] == [0, 4]
    with pytest.raises(Refused, match="no falta nada por entregar"):
        deliveries.deliver(shop.session, sale)
    shop.to("stock_movement", last, "cancelled")
    assert [shop.shown("product", box, "stock_reserved"), shop.there(box)] == [4, 8]


def test_a_delivery_made_by_hand_finds_its_lines(shop: Shop) -> None:
    box, other = shop.product("Caja"), shop.product("Otra")
    shop.move_many(IN, shop.main, [{"product": each, "quantity": Decimal(9)} for each in (box, other)])
    sale = shop.sale((box, 3))
    shop.session.commit()
    with pytest.raises(Refused, match="no espera más de este producto"):
        shop.move(OUT, shop.main, other, 1, sales_order_id=sale)
    shop.session.rollback()
    with pytest.raises(Refused, match="Se vendieron 3 y se entregarían 4"):
        shop.move(OUT, shop.main, box, 4, sales_order_id=sale)
    shop.session.rollback()
    shop.move(OUT, shop.main, box, 3, sales_order_id=sale)
    assert shop.shown("product", box, "stock_reserved") == 0


def test_what_is_set_aside_goes_to_nobody_else(shop: Shop) -> None:
    box = shop.product("Caja")
    shop.move(IN, shop.main, box, 5)
    shop.sale((box, 4), state="reserved")
    other = shop.sale((box, 3))
    shop.session.commit()
    for more, text in (({"sales_order_id": other}, "4 están apartados para otras ventas: quedan libres 1"),
                       ({}, "7 están apartados para otras ventas: quedan libres 0")):  # fmt: skip
        with pytest.raises(Refused, match=text):
            shop.move(OUT, shop.main, box, 3, accepted=frozenset({movements.PROMISED}), **more)
        shop.session.rollback()
    shop.move(OUT, shop.main, box, 1, sales_order_id=other, accepted=frozenset({movements.PROMISED}))
    assert shop.there(box) == 4


def test_goods_that_other_authorised_sales_wait_for_are_asked_about(shop: Shop) -> None:
    box = shop.product("Caja")
    shop.move(IN, shop.main, box, 5)
    shop.sale((box, 4))
    later = shop.sale((box, 3))
    made = deliveries.deliver(shop.session, later)
    shop.session.commit()
    with pytest.raises(NeedsConfirmation, match="esperan «Caja»: les faltarían 2"):
        accept(shop, made)
    shop.session.rollback()
    made.draft = made.draft.accepting(movements.PROMISED)
    accept(shop, made)
    assert shop.there(box) == 2


def test_a_serial_goes_from_purchase_to_client_and_back(shop: Shop) -> None:
    pump = shop.product("Bomba", tracking="serial", warranty_months=24)
    order = shop.purchase((pump, 3))
    made = purchases.receive(shop.session, order)
    shop.session.commit()
    for codes, text in ((None, "número de serie de cada pieza"), ("S1, S2", "hay 2 números de serie")):
        with pytest.raises(ValidationError, match=text):
            accept(shop, made, {"lot_code": codes})
        shop.session.rollback()
    receipt = accept(shop, made, {"lot_code": "S08..S10"})
    lines = records.load(shop.session, "stock_movement", receipt).draft.lines[movements.LINES]
    assert [line.values["quantity"] for line in lines] == [1, 1, 1]
    pump9 = lot_id(shop, "S09")
    assert list_value(shop, "lot_serial", pump9, "status") == "available"
    assert shop.shown("lot_serial", pump9, "purchase_order") == order
    assert shop.shown("lot_serial", pump9, "warehouse") == shop.main
    sale = shop.sale((pump, 2))
    accept(shop, deliveries.deliver(shop.session, sale), {"quantity": Decimal(2), "lot_code": "s09, S10"})
    seen = {name: shop.shown("lot_serial", pump9, name) for name in ("client", "sales_order", "warehouse")}
    assert seen == {"client": shop.client, "sales_order": sale, "warehouse": None}
    delivered = shop.shown("lot_serial", pump9, "delivered_on")
    assert shop.shown("lot_serial", pump9, "warranty_end").year == delivered.year + 2
    assert list_value(shop, "lot_serial", pump9, "status") == "in_warranty"
    shop.session.commit()
    with pytest.raises(Refused, match="De la serie «S09» hay 0"):
        shop.move(OUT, shop.main, pump, 1, lot_serial=pump9)
    shop.session.rollback()
    shop.move(IN, shop.main, pump, 1, lot_serial=pump9, client_id=shop.client)
    assert (shop.shown("lot_serial", pump9, "client"), shop.shown("lot_serial", pump9, "warehouse")) == (
        None,
        shop.main,
    )
    with pytest.raises(Refused, match="ya está en almacén"):
        shop.move(IN, shop.main, pump, 1, lot_code="S08")


def test_undoing_a_delivery_brings_the_lot_back(shop: Shop) -> None:
    pump = shop.product("Bomba", tracking="serial")
    shop.move(IN, shop.main, pump, 1, lot_code="S1")
    shop.move(OUT, shop.main, pump, 1, lot_code="S1", client_id=shop.client)
    ident = lot_id(shop, "S1")
    assert shop.shown("lot_serial", ident, "client") == shop.client
    undo.undo_last(shop.session)
    shop.session.expire_all()
    assert (shop.shown("lot_serial", ident, "client"), shop.shown("lot_serial", ident, "warehouse")) == (
        None,
        shop.main,
    )
    assert list_value(shop, "lot_serial", ident, "available") == 1
    undo.undo_last(shop.session)
    assert find_ids(shop.session, ListQuery("lot_serial")).ids.tolist() == []


def test_a_lot_goes_to_several_clients_who_are_found_again(shop: Shop) -> None:
    paint = shop.product("Pintura", tracking="lot")
    shop.move(IN, shop.main, paint, 50, lot_code="L-1")
    ident = lot_id(shop, "L-1")
    with pytest.raises(Refused, match="no se ha entregado a ningún cliente"):
        recalls.locate(shop.session, [ident], frozenset())
    for client in (3, 1):
        shop.move(OUT, shop.main, paint, 5, lot_serial=ident, client_id=client)
    wrong = shop.move(OUT, shop.main, paint, 5, lot_serial=ident, client_id=2)
    shop.to("stock_movement", wrong, "cancelled")
    assert recalls.clients(shop.session, [ident]) == [3, 1]
    outcome = recalls.locate(shop.session, [ident], frozenset())
    assert (outcome.sentence, outcome.open) == (
        "L-1: entregado a Ávila Hermanos, Talleres Ruiz.", ("lot_serial", ident))  # fmt: skip
    recalls.withdraw(shop.session, [ident], frozenset())
    assert list_value(shop, "lot_serial", ident, "status") == "withdrawn"
    shop.session.commit()
    with pytest.raises(Refused, match="está retirado: no se entrega"):
        shop.move(OUT, shop.main, paint, 1, lot_serial=ident, client_id=1)
    shop.session.rollback()
    shop.move(OUT, shop.main, paint, 40, lot_serial=ident, concept="Destrucción")


def test_a_lot_past_its_date_is_not_delivered(shop: Shop) -> None:
    milk = shop.product("Leche", tracking="lot")
    shop.move(IN, shop.main, milk, 5, lot_code="L-2")
    draft = records.load(shop.session, "lot_serial", lot_id(shop, "L-2")).draft
    draft.values["expires_on"] = dt.date(2020, 1, 1)
    commands.save(shop.session, draft)
    assert list_value(shop, "lot_serial", lot_id(shop, "L-2"), "status") == "expired"
    with pytest.raises(Refused, match="caducó el 01/01/2020"):
        shop.move(OUT, shop.main, milk, 1, lot_code="L-2", client_id=1)


def test_codes_are_unique_within_a_product(shop: Shop) -> None:
    milk, paint = shop.product("Leche", tracking="lot"), shop.product("Pintura", tracking="lot")
    shop.new("lot_serial", code="L1", product=milk)
    shop.new("lot_serial", code="L1", product=paint)
    with pytest.raises(Refused, match="ya tiene «L1»"):
        shop.new("lot_serial", code="l1", product=milk)


def test_a_transfer_moves_the_stock_when_it_arrives(shop: Shop) -> None:
    box = shop.product("Caja", weight=Decimal("2.5"))
    shop.move(IN, shop.main, box, 10)
    places = [
        shop.new("address", client=shop.client, alias=name, street="Mayor, 1", city="Alcoy") for name in ("A", "B")
    ]
    goods = [{"product": box, "quantity": Decimal(4)}]
    ident = shop.new("transfer_invoice", goods, origin_address=places[0], destination_address=places[1],
                     origin_warehouse=shop.main, destination_warehouse=shop.shop)  # fmt: skip
    shop.to("transfer_invoice", ident, "issued")
    assert shop.shown("transfer_invoice", ident, "number") == "T-000001"
    assert shop.shown("transfer_invoice", ident, "total_weight") == 10
    shop.to("transfer_invoice", ident, "in_transit")
    assert shop.there(box, shop.main) == 10
    shop.to("transfer_invoice", ident, "delivered")
    assert [shop.there(box, shop.main), shop.there(box, shop.shop)] == [6, 4]
    assert shop.shown("transfer_invoice", ident, "arrival_at") is not None
    moved = find_ids(shop.session, ListQuery("stock_movement", (Condition("transfer_invoice", "in", (ident,)),))).ids[0]
    shop.session.commit()
    with pytest.raises(Refused, match="cancele el traslado"):
        shop.to("stock_movement", moved, "cancelled")
    shop.session.rollback()
    shop.to("transfer_invoice", ident, "cancelled")
    assert shop.there(box, shop.main) == 10


def test_a_transfer_without_goods_is_not_issued(shop: Shop) -> None:
    places = [
        shop.new("address", client=shop.client, alias=name, street="Mayor, 1", city="Alcoy") for name in ("A", "B")
    ]
    ident = shop.new("transfer_invoice", [], origin_address=places[0], destination_address=places[1])
    with pytest.raises(Refused, match="al menos una mercancía"):
        shop.to("transfer_invoice", ident, "issued")
