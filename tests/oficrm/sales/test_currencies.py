"""Documents in several currencies: each in its own, and what a list adds up in the company's."""

from decimal import Decimal
from typing import Any

import pytest

from oficrm import lists
from oficrm.lists import ListFilter
from tests.support.trade import Trade, line

D = Decimal
ABROAD: dict[str, Any] = {"currency": "USD", "exchange_rate": D("0.9")}


def added_up(trade: Trade, table: str) -> Decimal:
    found = lists.load_ids(trade.session, ListFilter(table))
    trade.session.rollback()
    return sum(found.totals, D(0))


@pytest.mark.parametrize("table", ["quote", "sales_order", "invoice"])
def test_the_foot_of_a_list_adds_up_in_the_money_of_the_company(trade: Trade, table: str) -> None:
    given: dict[str, Any] = {"client": trade.client} | ({} if table == "invoice" else {"subject": "Pedido"})
    trade.save(table, None, [line()], **given)
    abroad = trade.save(table, None, [line()], **given, **ABROAD)
    assert trade.get(table, abroad, "total") == 121
    assert added_up(trade, table) == D("229.90")


def test_opportunities_and_payments_add_up_alike(trade: Trade) -> None:
    at_home: dict[str, Any] = {}
    for money in (at_home, ABROAD):
        trade.save("opportunity", name="Trato", client=trade.client, amount=50, **money)
        trade.pay({trade.invoice(**money): 100}, **money)
    assert added_up(trade, "opportunity") == 95
    assert added_up(trade, "payment_receipt") == 190
