"""Payments: shared out, never too much, frozen when issued; undone and cancelled, what was owed is owed again."""

from decimal import Decimal

import pytest

from oficrm import deleting, records, undo
from oficrm.errors import Refused
from tests.support.trade import Trade, line

D = Decimal


def test_a_payment_comes_with_the_balances_filled_in(trade: Trade) -> None:
    first, second = trade.invoice(), trade.invoice(line(None, 1, 200))
    trade.pay({first: 21})
    made = trade.run("invoice", "pay_together", second, first)
    assert made.open is not None
    assert made.open[0] == "payment_receipt"
    rows = {row.invoice_id: (row.previous_balance, row.amount, row.remaining, row.instalment)
            for row in trade.lines("payment_receipt", made.open[1])}  # fmt: skip
    assert rows == {first: (D(100), D(100), D(0), 2), second: (D(242), D(242), D(0), 1)}
    assert trade.get("payment_receipt", made.open[1], "amount") == 342
    loaded = trade.blank("invoice", "pay", first)
    assert loaded.draft.values["client"] == trade.client
    assert [row.values["amount"] for row in loaded.draft.lines["payment_application"]] == [D(100)]
    assert loaded.line_titles["payment_application"][0]["invoice"] == "F-000001"


def test_the_tab_of_an_invoice_begins_a_payment_of_it(house: Trade) -> None:
    from oficrm import related

    ident = house.invoice()
    relation = next(each for each in related.related("invoice") if each.table == "payment_receipt")
    preset = related.preset(relation, "invoice", ident, {"client": house.client})
    draft = records.blank(house.session, "payment_receipt", preset).draft
    assert draft.values["client"] == house.client
    assert [(row.values["invoice"], row.values["amount"]) for row in draft.lines["payment_application"]] == [
        (ident, D(121))
    ]


def test_paying_in_parts_freezes_what_was_owed(trade: Trade) -> None:
    invoice = trade.invoice()
    first, second = trade.pay({invoice: 21}), trade.pay({invoice: 60})
    (early,), (late,) = trade.lines("payment_receipt", first), trade.lines("payment_receipt", second)
    assert (early.previous_balance, early.remaining, early.instalment) == (D(121), D(100), 1)
    assert (late.previous_balance, late.remaining, late.instalment) == (D(100), D(40), 2)
    assert (trade.get("invoice", invoice, "state"), trade.get("invoice", invoice, "balance")) == ("partly_paid", D(40))
    trade.go("payment_receipt", first, "cancelled")
    assert (late.previous_balance, late.remaining, late.instalment) == (D(100), D(40), 2)
    assert trade.get("invoice", invoice, "balance") == 61
    third = trade.pay({invoice: 61})
    assert trade.get("payment_receipt", third, "number") == "P-000003"
    assert trade.get("invoice", invoice, "state") == "paid"


def test_more_than_is_owed_is_refused_with_the_figures(trade: Trade) -> None:
    invoice = trade.invoice()
    text = trade.refused(lambda: trade.pay({invoice: "121.01"}, state="draft"))
    assert "De F-000001 se deben 121,00" in text.replace("\xa0", " ")
    assert "121,01" in text
    draft = trade.pay({invoice: 100}, state="draft")
    trade.pay({invoice: 100})
    assert "se deben 21,00" in trade.refused(lambda: trade.go("payment_receipt", draft, "issued"))


def test_an_invoice_stands_once_in_a_payment_and_belongs_to_its_client(trade: Trade) -> None:
    from oficrm.drafts import LineDraft

    invoice = trade.invoice()
    rows = [LineDraft(None, {"invoice": invoice, "amount": D(10)}) for _ in range(2)]
    assert "otra línea" in trade.refused(lambda: trade.save("payment_receipt", None, rows, client=trade.client))
    other = trade.save("client", name="Otro")
    text = trade.refused(lambda: trade.pay({invoice: 10}, client=other))
    assert "otro cliente" in text
    assert "USD" in trade.refused(lambda: trade.pay({invoice: 10}, currency="USD", exchange_rate=D("0.9")))
    draft = trade.invoice(state="draft")
    assert "no está emitida" in trade.refused(lambda: trade.pay({draft: 10}))


def test_invoices_of_two_clients_or_currencies_are_not_paid_together(house: Trade) -> None:
    other = house.save("client", name="Otro")
    mine, theirs = house.invoice(), house.invoice(client=other)
    dollars = house.invoice(currency="USD", exchange_rate=D("0.9"))
    assert "un solo cliente" in house.refused(lambda: house.run("invoice", "pay_together", mine, theirs))
    assert "una sola moneda" in house.refused(lambda: house.run("invoice", "pay_together", mine, dollars))
    house.pay({mine: 121})
    assert "No se debe nada" in house.refused(lambda: house.blank("invoice", "pay", mine))


def test_undoing_and_doing_again_moves_what_is_owed(trade: Trade) -> None:
    invoice = trade.invoice()
    trade.pay({invoice: 121})
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("invoice", invoice, "balance") == 121
    with trade.job() as session:
        undo.redo_last(session)
    assert trade.get("invoice", invoice, "balance") == 0


def test_doing_a_payment_again_may_not_pay_twice(trade: Trade) -> None:
    from db.history import Operation

    invoice = trade.invoice()
    first = trade.pay({invoice: 121}, state="draft")
    trade.go("payment_receipt", first, "issued")
    with trade.job() as session:
        undo.undo_last(session)
    undone = trade.session.query(Operation).order_by(Operation.id.desc()).first()
    assert undone is not None
    trade.pay({invoice: 100})
    with pytest.raises(Refused), trade.job() as session:
        undo.undo(session, undone.id)
    assert trade.get("invoice", invoice, "balance") == 21


def test_an_invoice_with_payments_is_not_cancelled(trade: Trade) -> None:
    invoice = trade.invoice()
    payment = trade.pay({invoice: 21})
    assert "P-000001" in trade.refused(lambda: trade.go("invoice", invoice, "cancelled"))
    trade.go("payment_receipt", payment, "cancelled")
    trade.go("invoice", invoice, "cancelled")
    assert (trade.get("invoice", invoice, "balance"), trade.get("invoice", invoice, "number")) == (D(0), "F-000001")


def test_issued_documents_are_not_deleted(trade: Trade) -> None:
    invoice = trade.invoice()
    payment = trade.pay({invoice: 21})
    for table, ident in (("payment_receipt", payment), ("invoice", invoice)):
        with pytest.raises(Refused, match="ya tiene folio"), trade.job() as session:
            deleting.delete(session, table, [ident], frozenset({deleting.DEPENDENTS}))
    draft = trade.pay({invoice: 21}, state="draft")
    with trade.job() as session:
        deleting.delete(session, "payment_receipt", [draft], frozenset({deleting.DEPENDENTS}))


def test_an_empty_payment_is_not_issued(house: Trade) -> None:
    ident = house.pay({}, state="draft")
    assert "qué facturas" in house.refused(lambda: house.go("payment_receipt", ident, "issued"))
