"""Prices of lines: from the list of the document, else from the item, in the document's currency; totals as they go."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm import clock, pricing, settings
from tests.support.trade import Trade, open_trade

D = Decimal


@pytest.fixture
def house(started_sqlite_url: str) -> Iterator[Trade]:
    with open_trade(started_sqlite_url) as made:
        yield made


def a_list(trade: Trade, currency: str = "EUR", price: Any = 80, **values: Any) -> int:
    from oficrm.drafts import LineDraft

    rows = [LineDraft(None, {"item": trade.drill, "price": D(price)})]
    return trade.save(
        "price_list", None, rows, **({"name": f"Lista {currency} {price}", "currency": currency} | values)
    )


def price(trade: Trade, **values: Any) -> Decimal:
    return pricing.prices(trade.session, [trade.drill], values)[trade.drill]


def test_the_list_of_the_document_comes_before_the_item(house: Trade) -> None:
    chosen = a_list(house)
    assert price(house, price_list=chosen, currency="EUR") == 80
    assert price(house, price_list=None, currency="EUR") == 100
    found = pricing.prices(house.session, [house.drill, house.saw, house.visit], {"price_list": chosen})
    assert found == {house.drill: D(80), house.saw: D(50), house.visit: D(40)}


def test_a_list_that_has_lapsed_or_is_out_of_use_counts_no_more(house: Trade) -> None:
    yesterday = clock.today() - dt.timedelta(1)
    assert price(house, price_list=a_list(house, price=70, valid_until=yesterday), currency="EUR") == 100
    assert price(house, price_list=a_list(house, price=60, is_active=False), currency="EUR") == 100


def test_prices_go_through_the_exchange_rate(house: Trade) -> None:
    dollars = a_list(house, "USD", 90)
    assert price(house, price_list=dollars, currency="USD", exchange_rate=D("0.8")) == 90
    assert price(house, price_list=None, currency="USD", exchange_rate=D("0.8")) == 125
    assert price(house, price_list=a_list(house), currency="USD", exchange_rate=D("0.8")) == 100
    assert price(house, price_list=dollars, currency="EUR", exchange_rate=D(1)) == 100  # no rate leads to euros
    assert price(house, price_list=None, currency="USD", exchange_rate=D("0.3")) == D("333.3333")


def test_only_prices_nobody_typed_follow_the_list(house: Trade) -> None:
    lines: list[Any] = [{"item": house.drill, "unit_price": D(100)}, {"item": house.drill, "unit_price": D(95)},
             {"item": None, "unit_price": D(100)}, {"item": house.saw, "unit_price": D(50)},
             {"item": "Tal", "unit_price": "1,"}]  # fmt: skip
    now = {"price_list": a_list(house), "currency": "EUR"}
    assert pricing.repriced(house.session, lines, {"currency": "EUR"}, now) == [D(80), None, None, None, None]


AMOUNTS = st.decimals(0, 10_000, places=2)
LINES = st.fixed_dictionaries({
    "quantity": st.one_of(AMOUNTS, st.sampled_from([None, "dos"])), "unit_price": AMOUNTS,
    "discount_percent": st.decimals(-5, 105, places=2), "tax_rate": st.sampled_from([None, D(0), D(10), D(21)]),
})  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["change", "add", "remove", "discount"]), LINES,
                           st.decimals(0, 100, places=2)), max_size=12)  # fmt: skip


@given(lines=st.lists(LINES, max_size=5), edits=EDITS)
def test_running_totals_are_those_of_a_fresh_count(lines: list[dict[str, Any]], edits: list[Any]) -> None:
    known = settings.Settings({"calc_decimals": 3})
    running = pricing.RunningTotals(known)
    rows, discount = [dict(each) for each in lines], D(0)
    for at, what, line, percent in edits:
        if what == "change" and rows:
            rows[at % len(rows)].update(line)
        elif what == "add":
            rows.insert(at, dict(line))
        elif what == "remove" and rows:
            del rows[at % len(rows)]
        elif what == "discount":
            discount = percent
        assert running.of(rows, discount) == pricing.RunningTotals(known).of(rows, discount)
