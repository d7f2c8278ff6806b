"""Purchases: what has come is to be paid, less what was paid already."""

from decimal import Decimal
from typing import Any

from db.models.purchase_order import PurchaseOrder
from oficrm import commands, undo
from oficrm.drafts import LineDraft
from oficrm.finance import entries
from oficrm.stock import purchases
from tests.oficrm.finance.till import TODAY, Till


def bought(till: Till) -> int:
    """An approved purchase of ten pieces at 20."""
    vendor = till.save("vendor", name="Aceros del Turia", credit_days=30)
    store = till.save("warehouse", name="Central")
    product = till.save("product", name="Viga", sku="V-1")
    line = {"item": f"product:{product}", "description": "Viga", "quantity": 10, "unit_price": 20,
            "discount_percent": 0, "tax_rate": 0}  # fmt: skip
    ident = till.save("purchase_order", None, {"purchase_order_line": [LineDraft(None, line)]}, subject="Vigas",
                      vendor=vendor, date=TODAY, warehouse=store)  # fmt: skip
    return till.advance("purchase_order", ident, "approved")


def receive(till: Till, order: int, quantity: Any) -> int:
    draft = purchases.receive(till.session, order).draft
    draft.lines["stock_movement_line"][0].values["quantity"] = Decimal(quantity)
    return till.advance("stock_movement", commands.save(till.session, draft).id, "applied")


def test_what_has_come_is_to_be_paid_and_what_was_paid_is_not_expected_again(till: Till) -> None:
    order = bought(till)
    assert till.amounts("projected") == []
    receive(till, order, 4)
    [expected] = till.entries("projected")
    assert (expected.kind, expected.amount, expected.date) == ("outlay", Decimal(80), TODAY.replace(month=4, day=9))
    entries.make_real(till.session, [expected.id])
    assert (till.amounts("real"), till.amounts("projected")) == ([Decimal(-80)], [])
    last = receive(till, order, 6)
    assert till.amounts("projected") == [Decimal(-120)]
    till.advance("stock_movement", last, "cancelled")
    assert till.amounts("projected") == []
    undo.undo_last(till.session)
    assert till.amounts("projected") == [Decimal(-120)]


def test_paid_in_part_the_rest_is_still_expected(till: Till) -> None:
    order = bought(till)
    receive(till, order, 10)
    [expected] = till.entries("projected")
    till.save("cash_flow_entry", expected.id, state="real", amount=50, bank_account=till.bank)
    assert (till.amounts("real"), till.amounts("projected")) == ([Decimal(-50)], [Decimal(-150)])
    assert till.session.get_one(PurchaseOrder, order).total == 200
    assert [(move.type, move.amount) for move in till.moves(till.bank)] == [("withdrawal", Decimal(50))]
