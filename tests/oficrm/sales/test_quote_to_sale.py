"""From the opportunity to the quote and on to the sale: nothing is typed twice, nothing is closed silently."""

import datetime as dt
from decimal import Decimal

from oficrm import clock, records
from oficrm.quotes import AGAIN, LAPSED
from oficrm.sales.orders import OVER_CREDIT
from tests.support.trade import Trade, line

D = Decimal


def quote(trade: Trade, **values: object) -> int:
    lines = [line(trade.drill, 2, 90, discount_percent=D(5)), line(trade.visit, 1, 40)]
    given = {"subject": "Oferta", "client": trade.client, "discount_percent": D(10)} | values
    return trade.save("quote", None, lines, **given)


def test_an_opportunity_gives_its_quote_all_it_knows(house: Trade) -> None:
    person = house.save("person", first_name="Eva", last_name="Mas", client=house.client)
    opportunity = house.save("opportunity", None, [line(house.drill, 3, 80)], name="Reforma", client=house.client,
                             person=person)  # fmt: skip
    loaded = records.blank(house.session, "quote", {"client": house.client, "person": person,
                                                    "opportunity": opportunity})  # fmt: skip
    assert loaded.draft.values["subject"] == "Reforma"
    made = house.keep(loaded)
    assert house.get("quote", made, "opportunity") == house.get("opportunity", opportunity, "title")
    (row,) = house.lines("quote", made)
    assert (row.item, row.quantity, row.unit_price) == (house.drill, D(3), D(80))
    assert loaded.line_titles["quote_line"][0]["item"] == "Taladro"


def test_a_quote_becomes_a_sale_with_all_it_holds(trade: Trade) -> None:
    address = trade.save("address", street="Calle Mayor", city="Valencia", client=trade.client, is_billing=True)
    ident = quote(trade, billing_address=address)
    done = trade.run("quote", "convert", ident)
    assert done.open is not None
    table, sale = done.open
    assert table == "sales_order"
    for name in ("client", "subject", "billing_address", "discount_percent", "currency", "exchange_rate", "subtotal",
                 "tax_total", "total", "salesperson"):  # fmt: skip
        assert trade.get("sales_order", sale, name) == trade.get("quote", ident, name), name
    assert trade.get("sales_order", sale, "quote") == trade.get("quote", ident, "title")
    sold = [(row.item, row.quantity, row.unit_price, row.discount_percent) for row in trade.lines("sales_order", sale)]
    assert sold == [(trade.drill, D(2), D(90), D(5)), (trade.visit, D(1), D(40), D(0))]
    assert trade.get("quote", ident, "status") == "accepted"


def test_converting_is_one_operation_and_asks_before_the_second_time(trade: Trade) -> None:
    from oficrm import undo

    ident = quote(trade)
    trade.run("quote", "convert", ident)
    question = trade.asked(lambda: trade.run("quote", "convert", ident))
    assert question.code == AGAIN
    assert "VTA-000001" in str(question)
    trade.run("quote", "convert", ident, accepted=(AGAIN,))
    for _ in range(2):
        with trade.job() as session:
            undo.undo_last(session)
    assert trade.get("quote", ident, "status") == "draft"
    again = trade.run("quote", "convert", ident)  # what is in the trash does not count
    assert "VTA-000003" in again.sentence


def test_a_quote_lapses_by_itself_and_accepting_it_then_asks(house: Trade) -> None:
    today = clock.today()
    ident = quote(house, date=today - dt.timedelta(9), valid_until=today - dt.timedelta(1))
    house.go("quote", ident, "sent")
    assert (house.get("quote", ident, "status"), house.get("quote", ident, "state")) == ("sent", "expired")
    assert house.asked(lambda: house.go("quote", ident, "accepted")).code == LAPSED
    house.go("quote", ident, "accepted", LAPSED)
    assert house.get("quote", ident, "state") == "accepted"


def test_the_last_day_of_validity_still_counts(house: Trade) -> None:
    ident = quote(house, valid_until=clock.today())
    assert house.get("quote", ident, "state") == "draft"
    house.go("quote", ident, "sent")
    house.go("quote", ident, "accepted")


def test_accepting_offers_to_win_the_opportunity_and_does_it_only_when_asked(trade: Trade) -> None:
    opportunity = trade.save("opportunity", name="Reforma", client=trade.client)
    ident = quote(trade, opportunity=opportunity)
    trade.go("quote", ident, "sent")
    assert "sigue abierta" in trade.go("quote", ident, "accepted")
    assert trade.get("opportunity", opportunity, "stage") == "prospecting"
    trade.run("quote", "win_opportunity", ident)
    assert trade.get("opportunity", opportunity, "stage") == "won"
    assert trade.get("opportunity", opportunity, "amount") == trade.get("quote", ident, "total")
    assert "ninguna oportunidad" in trade.refused(lambda: trade.run("quote", "win_opportunity", ident))


def test_the_client_brings_prices_places_and_days_of_credit(house: Trade) -> None:
    prices = house.save("price_list", name="Hostelería", currency="USD", valid_until=clock.today())
    house.save("client", house.client, price_list=prices, credit_days=30)
    billing = house.save(
        "address", street="Mayor", city="Elda", client=house.client, is_billing=True, is_shipping=False
    )
    house.save("address", street="Norte", city="Elda", client=house.client, is_shipping=True)
    usual = house.save("address", street="Sur", city="Elda", client=house.client, is_shipping=True, is_default=True)
    house.save("quote", None, [line()], subject="Antes", client=house.client, currency="USD", exchange_rate=D("0.9"))
    day = dt.date(2026, 3, 1)
    values = records.blank(house.session, "sales_order", {"client": house.client, "sale_date": day}).draft.values
    wanted = {"price_list": prices, "currency": "USD", "exchange_rate": D("0.9"), "billing_address": billing,
              "shipping_address": usual, "expected_payment_date": dt.date(2026, 3, 31)}  # fmt: skip
    assert {name: values[name] for name in wanted} == wanted
    fiscal = records.blank(house.session, "invoice", {"client": house.client}).draft.values
    assert (fiscal["legal_name"], fiscal["tax_id"]) == ("Hotel Azahar, S. L.", "B46644050")


def test_a_sale_beyond_the_credit_of_its_client_asks(trade: Trade) -> None:
    trade.save("client", trade.client, credit_limit=300)
    trade.invoice()
    trade.sale(line(None, 1, 100))  # 121 of an invoice, 121 not invoiced yet
    ident = trade.sale(line(None, 1, 60), state="created")
    question = trade.asked(lambda: trade.go("sales_order", ident, "authorized"))
    assert question.code == OVER_CREDIT
    for figure in ("300,00", "242,00", "314,60"):
        assert figure in str(question), figure
    trade.go("sales_order", ident, "authorized", OVER_CREDIT)
    assert trade.get("sales_order", ident, "status") == "authorized"
