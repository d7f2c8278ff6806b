"""The cash flow follows its documents: nothing twice, nothing left behind."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from db.history import Operation
from oficrm import commands, deleting, export, records, undo
from oficrm.errors import Refused, ValidationError
from oficrm.finance import entries
from oficrm.jobs import Progress
from tests.oficrm.finance.till import TODAY, Till


def test_a_sale_expects_what_is_not_invoiced_an_invoice_what_is_owed_and_a_payment_is_real(till: Till) -> None:
    order = till.sale(1000)
    [expected] = till.entries("projected")
    assert (expected.amount, expected.date) == (Decimal(1000), TODAY + dt.timedelta(days=30))
    first = till.invoice(400, order)
    assert till.amounts("projected") == [Decimal(600), Decimal(400)]
    till.pay({first: 150}, reference="T1")
    assert till.amounts("projected") == [Decimal(600), Decimal(250)]
    assert till.amounts("real") == [Decimal(150)]
    till.pay({first: 250})
    assert till.amounts("projected") == [Decimal(600)]
    assert till.amounts("real") == [Decimal(250), Decimal(150)]  # the expectation itself came true
    rest = till.invoice(600, order)
    assert till.amounts("projected") == [Decimal(600)]
    till.pay({rest: 600})
    assert till.amounts("projected") == []
    assert sum(till.amounts("real")) == 1000
    till.check()


def test_the_entry_that_came_true_names_payment_account_and_form(till: Till) -> None:
    invoice = till.invoice(300)
    [expected] = till.entries()
    receipt = till.pay({invoice: 300}, payment_form="01")
    [entry] = till.entries()
    assert entry.id == expected.id
    assert (entry.state, entry.payment_receipt_id, entry.invoice_id, entry.bank_account_id, entry.payment_form) == (
        "real", receipt, invoice, till.cash, "01")  # fmt: skip
    [move] = till.moves(till.cash)
    assert (move.type, move.amount, move.client_id, move.payment_receipt_id) == (
        "deposit",
        Decimal(300),
        till.client,
        receipt,
    )
    assert till.shown("payment_receipt", receipt, "bank_account")[0] == "Caja"


def test_cancelling_takes_it_back(till: Till) -> None:
    order = till.sale(1000)
    invoice = till.invoice(400, order)
    receipt = till.pay({invoice: 400})
    till.advance("payment_receipt", receipt, "cancelled")
    assert (till.amounts("real"), till.amounts("projected")) == ([], [Decimal(600), Decimal(400)])
    assert till.moves() == []
    till.check()
    till.advance("invoice", invoice, "cancelled")
    assert till.amounts("projected") == [Decimal(1000)]
    till.check()
    till.advance("sales_order", order, "cancelled")
    assert till.amounts("projected") == []
    till.check()


def test_one_undo_takes_all_back_and_one_redo_brings_all(till: Till) -> None:
    invoice = till.invoice(400)
    till.pay({invoice: 400})
    undo.undo_last(till.session)
    assert (till.amounts("real"), till.amounts("projected"), till.moves()) == ([], [Decimal(400)], [])
    till.check()
    undo.redo_last(till.session)
    assert (till.amounts("real"), till.amounts("projected")) == ([Decimal(400)], [])
    till.check()


def test_a_payment_of_several_invoices_moves_money_once(till: Till) -> None:
    first, second = till.invoice(100), till.invoice(200)
    till.pay({first: 100, second: 50})
    assert till.amounts("real") == [Decimal(150)]
    assert till.amounts("projected") == [Decimal(150)]
    assert [move.amount for move in till.moves()] == [Decimal(150)]
    till.check()


def test_money_in_another_currency_is_counted_at_its_rate(till: Till) -> None:
    invoice = till.invoice(100, currency="USD", exchange_rate=Decimal("0.9"))
    [entry] = till.entries()
    assert till.shown("cash_flow_entry", entry.id, "amount", "effect") == (Decimal(100), Decimal(90))
    till.pay({invoice: 100}, currency="USD", exchange_rate=Decimal("0.95"))
    [move] = till.moves()
    assert (move.amount, move.bank_account_id) == (Decimal(95), till.bank)
    assert till.shown("bank_account", till.bank, "balance") == (Decimal(95),)


def test_among_several_accounts_one_must_be_named(till: Till) -> None:
    till.save("bank_account", name="Otro banco", currency="EUR")
    invoice = till.invoice(100)
    with pytest.raises(Refused, match="caja o el banco"):
        till.pay({invoice: 100})
    till.session.rollback()


def test_a_credit_note_lowers_what_is_expected_and_a_refund_is_real(till: Till) -> None:
    invoice = till.invoice(500)
    made = records.blank(till.session, "credit_note", {"client": till.client, "invoice": invoice, "date": TODAY}).draft
    made.values |= {"reason": "discount", "restock": False}
    made.lines["credit_note_line"][0].values["unit_price"] = Decimal(200)
    note = commands.save(till.session, made).id
    till.advance("credit_note", note, "issued")
    assert till.amounts("projected") == [Decimal(300)]
    till.advance("credit_note", note, "cancelled")
    assert till.amounts("projected") == [Decimal(500)]
    till.check()


def test_what_follows_a_document_is_not_changed_by_hand(till: Till) -> None:
    till.sale(1000)
    [entry] = till.entries()
    with pytest.raises(ValidationError, match="Sigue a"):
        till.save("cash_flow_entry", entry.id, amount=900)
    till.session.expire_all()
    with pytest.raises(Refused, match="Sigue a"):
        entries.make_real(till.session, [entry.id])
    till.session.expire_all()
    with pytest.raises(Refused, match="sigue a"):
        deleting.delete(till.session, "cash_flow_entry", [entry.id])
    till.save("cash_flow_entry", entry.id, notes="Llamar antes")
    till.check()


def test_an_entry_of_ones_own_comes_true_with_its_movement_and_goes_with_it(till: Till) -> None:
    rent = till.save("cash_flow_entry", kind="outlay", concept="Alquiler", amount=800, category="expense",
                     date=TODAY + dt.timedelta(days=5), bank_account=till.bank)  # fmt: skip
    assert till.moves() == []
    entries.make_real(till.session, [rent])
    [move] = till.moves()
    assert (move.type, move.amount, move.date) == ("withdrawal", Decimal(800), TODAY)
    till.save("cash_flow_entry", rent, amount=850)
    assert [each.amount for each in till.moves()] == [Decimal(850)]
    with pytest.raises(Refused, match="movió dinero"):
        deleting.delete(till.session, "cash_flow_entry", [rent])
    till.advance("cash_flow_entry", rent, "projected")
    assert till.moves() == []
    till.advance("cash_flow_entry", rent, "cancelled")
    assert till.shown("cash_flow_entry", rent, "effect") == (Decimal(0),)


def test_the_running_balance_is_by_date_and_then_by_order(till: Till) -> None:
    def entry(kind: str, amount: int, day: int, **more: Any) -> int:
        return till.save("cash_flow_entry", kind=kind, concept="x", amount=amount, date=TODAY.replace(day=day), **more)

    late, early = entry("income", 100, 20), entry("outlay", 30, 5)
    same, dollars = entry("income", 7, 20), entry("income", 10, 6, currency="USD", exchange_rate=Decimal("0.5"))
    found = [till.shown("cash_flow_entry", each, "running_balance")[0] for each in (early, dollars, late, same)]
    assert found == [Decimal(-30), Decimal(-25), Decimal(75), Decimal(82)]


def test_what_was_made_for_the_firm_alone_stays_its_own(till: Till) -> None:
    before = till.session.query(Operation).count()
    order = till.sale(1000)
    assert till.session.query(Operation).count() == before + 2  # made, authorised: the entry is in the second
    till.save("sales_order", order, expected_payment_date=TODAY + dt.timedelta(days=60))
    [entry] = till.entries()
    assert entry.date == TODAY + dt.timedelta(days=60)


def test_in_a_file_it_adds_up_what_the_list_holds(till: Till) -> None:
    def entry(kind: str, amount: int, day: int) -> int:
        return till.save("cash_flow_entry", kind=kind, concept="x", amount=amount, date=TODAY.replace(day=day))

    entry("income", 1000, 1)  # not among what is loaded
    late, early = entry("income", 100, 20), entry("outlay", 30, 5)
    sheet = export.Sheet("cash_flow_entry", [late, early], ("date", "running_balance", "amount"))
    found = [row for _, row in export.rows(till.session, sheet, Progress())]
    assert [row[1:] for row in found] == [(Decimal(70), Decimal(100)), (Decimal(-30), Decimal(30))]
