"""Sales: what is set aside is there, what is invoiced was sold, what hangs on a sale keeps it from being cancelled."""

from decimal import Decimal

import pytest

from oficrm import deleting, undo
from oficrm.errors import Refused
from tests.support.trade import Trade, line

D = Decimal


def test_setting_aside_takes_only_what_is_free(trade: Trade) -> None:
    trade.stock(trade.drill, 10)
    trade.sale(line(trade.drill, 6), state="reserved")
    other = trade.sale(line(trade.drill, 3), line(trade.saw, 1), line(trade.drill, 2), state="created")
    text = trade.refused(lambda: trade.go("sales_order", other, "reserved"))
    assert "«Taladro» en Central: se piden 5 y quedan 4 libres" in text
    assert "«Sierra» en Central: se piden 1 y quedan 0 libres" in text
    assert trade.get("sales_order", other, "status") == "created"
    product = int(trade.drill.partition(":")[2])
    assert trade.get("product", product, "stock_reserved") == 6
    assert trade.get("product", product, "stock_available") == 4


def test_releasing_and_cancelling_give_back_what_was_set_aside(trade: Trade) -> None:
    product = int(trade.drill.partition(":")[2])
    trade.stock(trade.drill, 5)
    first = trade.sale(line(trade.drill, 5), state="reserved")
    trade.go("sales_order", first, "created")
    second = trade.sale(line(trade.drill, 5), state="reserved")
    with pytest.raises(Refused, match="quedan 0 libres"), trade.job() as session:
        undo.undo(session, _operation(trade, "Liberar"))
    trade.go("sales_order", second, "cancelled")
    assert trade.get("product", product, "stock_reserved") == 0
    trade.go("sales_order", first, "reserved")


def _operation(trade: Trade, start: str) -> int:
    from db.history import Operation

    found = trade.session.query(Operation).filter(Operation.label.startswith(start)).order_by(Operation.id.desc())
    return int(found.first().id)  # type: ignore[union-attr]


def test_a_warehouse_that_admits_it_sets_aside_what_is_to_come(house: Trade) -> None:
    house.save("warehouse", house.warehouse, allow_negative=True)
    ident = house.sale(line(house.drill, 5), state="reserved")
    assert house.get("sales_order", ident, "status") == "reserved"


def test_each_warehouse_has_its_own(house: Trade) -> None:
    house.stock(house.drill, 5)
    other = house.save("warehouse", name="Norte")
    text = house.refused(lambda: house.sale(line(house.drill, 1), state="reserved", warehouse=other))
    assert "Norte" in text
    house.sale(line(house.drill, 5), state="reserved")


def test_what_is_set_aside_may_not_grow_beyond_it(house: Trade) -> None:
    house.stock(house.drill, 5)
    ident = house.sale(line(house.drill, 5), state="reserved")
    rows = [line(house.drill, 6)]
    assert "quedan 5 libres" in house.refused(lambda: house.save("sales_order", ident, rows))
    house.save("sales_order", ident, notes="Llamar antes")


def test_services_need_no_warehouse(house: Trade) -> None:
    ident = house.sale(line(house.visit, 5), state="reserved", warehouse=None)
    assert house.get("sales_order", ident, "status") == "reserved"
    assert "almacén" in house.refused(lambda: house.sale(line(house.drill), state="reserved", warehouse=None))


def test_a_sale_without_lines_is_neither_reserved_nor_authorised(house: Trade) -> None:
    ident = house.save("sales_order", None, [], subject="Nada", client=house.client)
    assert "al menos una línea" in house.refused(lambda: house.go("sales_order", ident, "authorized"))


def test_an_invoice_takes_what_is_left_of_its_sale(trade: Trade) -> None:
    sale = trade.sale(line(trade.drill, 10, 20), line(None, 2, 5), client_order_number="77")
    first = trade.blank("sales_order", "invoice", sale)
    assert [row.values["quantity"] for row in first.draft.lines["invoice_line"]] == [D(10), D(2)]

    def less(draft: object) -> None:
        rows = first.draft.lines["invoice_line"]
        rows[0].values["quantity"] = D(4)
        del rows[1]

    one = trade.keep(first, less)
    trade.go("invoice", one, "issued")
    assert trade.get("sales_order", sale, "invoiced_total") == D("96.8")
    second = trade.blank("sales_order", "invoice", sale)
    assert [row.values["quantity"] for row in second.draft.lines["invoice_line"]] == [D(6), D(2)]
    two = trade.keep(second)
    text = trade.refused(lambda: trade.blank("sales_order", "invoice", sale))
    assert "F-000001" in text
    assert "borrador" in text
    trade.go("invoice", two, "cancelled")
    third = trade.blank("sales_order", "invoice", sale)
    assert [row.values["quantity"] for row in third.draft.lines["invoice_line"]] == [D(6), D(2)]


def test_no_more_is_invoiced_than_was_sold(trade: Trade) -> None:
    sale = trade.sale(line(trade.drill, 10, 20))
    made = trade.blank("sales_order", "invoice", sale)

    def more(draft: object) -> None:
        made.draft.lines["invoice_line"][0].values["quantity"] = D(11)

    assert "se vendieron 10 y se facturarían 11" in trade.refused(lambda: trade.keep(made, more))
    trade.invoice(line(trade.drill, 7, 20), sales_order=sale)  # typed by hand, it counts all the same
    again = [line(trade.drill, 4, 20)]
    assert "facturarían 11" in trade.refused(lambda: trade.invoice(*again, sales_order=sale))


def test_taking_back_a_cancelled_invoice_may_not_invoice_twice(trade: Trade) -> None:
    sale = trade.sale(line(trade.drill, 10, 20))
    first = trade.keep(trade.blank("sales_order", "invoice", sale))
    trade.go("invoice", first, "cancelled")
    trade.keep(trade.blank("sales_order", "invoice", sale))
    with pytest.raises(Refused, match="facturarían 20"), trade.job() as session:
        undo.undo(session, _operation(trade, "Cancelar la factura"))


def test_an_invoice_waits_until_its_sale_is_authorised(house: Trade) -> None:
    sale = house.sale(line(house.visit), state="created")
    ident = house.save("invoice", None, [line(house.visit)], client=house.client, sales_order=sale)
    assert "Autorice la venta" in house.refused(lambda: house.go("invoice", ident, "issued"))


def test_what_is_invoiced_keeps_its_sale(trade: Trade) -> None:
    sale = trade.sale(line(trade.visit, 1))
    draft = trade.keep(trade.blank("sales_order", "invoice", sale))
    assert "Factura en borrador" in trade.refused(lambda: trade.go("sales_order", sale, "cancelled"))
    trade.go("invoice", draft, "issued")
    assert "tiene F-000001" in trade.refused(lambda: trade.go("sales_order", sale, "cancelled"))
    with pytest.raises(Refused), trade.job() as session:
        deleting.delete(session, "sales_order", [sale])
    with pytest.raises(Refused), trade.job() as session:
        undo.undo(session, _operation(trade, "Autorizar"))
    trade.go("invoice", draft, "cancelled")
    trade.go("sales_order", sale, "cancelled")
    assert trade.get("sales_order", sale, "balance") == 0


def test_the_balance_of_a_sale_counts_payments_and_credit(trade: Trade) -> None:
    sale = trade.sale(line(trade.visit, 2, 100))
    invoice = trade.keep(trade.blank("sales_order", "invoice", sale))
    trade.go("invoice", invoice, "issued")
    trade.pay({invoice: 100})
    trade.credit(invoice, line(trade.visit, 1, 50))
    found = {name: trade.get("sales_order", sale, name) for name in
             ("total", "invoiced_total", "paid_total", "credited_total", "balance")}  # fmt: skip
    assert found == {"total": D(242), "invoiced_total": D(242), "paid_total": D(100), "credited_total": D("60.5"),
                     "balance": D("81.5")}  # fmt: skip
