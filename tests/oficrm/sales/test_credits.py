"""Credit notes: what is left of an invoice, applied to what is owed or paid back, goods back in the warehouse."""

from decimal import Decimal

import pytest

from oficrm import undo
from oficrm.drafts import LineDraft
from oficrm.errors import Refused
from tests.support.trade import Trade, line

D = Decimal


def test_a_note_takes_the_lines_of_its_invoice_and_goes_to_it(trade: Trade) -> None:
    trade.stock(trade.drill, 3)
    invoice = trade.invoice(line(trade.drill, 3, 100))
    made = trade.blank("invoice", "credit", invoice)
    assert made.draft.values["restock"] is True
    made.draft.lines["credit_note_line"][0].values["quantity"] = D(1)
    note = trade.keep(made)
    product = int(trade.drill.partition(":")[2])
    before = trade.get("product", product, "stock_on_hand")
    trade.go("credit_note", note, "issued")
    assert trade.get("product", product, "stock_on_hand") == before + 1
    assert trade.get("invoice", invoice, "balance") == 242
    assert trade.get("credit_note", note, "state") == "applied"
    again = trade.blank("invoice", "credit", invoice)
    assert [row.values["quantity"] for row in again.draft.lines["credit_note_line"]] == [D(2)]
    trade.go("credit_note", note, "cancelled")
    assert trade.get("product", product, "stock_on_hand") == before
    assert trade.get("invoice", invoice, "balance") == 363
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("product", product, "stock_on_hand") == before + 1
    assert trade.get("invoice", invoice, "balance") == 242


def test_notes_never_give_back_more_than_the_invoice(trade: Trade) -> None:
    invoice = trade.invoice()
    text = trade.refused(lambda: trade.credit(invoice, line(None, 1, 101), state="draft"))
    assert "122,21" in text
    assert "121,00" in text
    trade.credit(invoice, line(None, 1, 60))
    assert "48,40" in trade.refused(lambda: trade.credit(invoice, line(None, 1, 41)))
    trade.credit(invoice, line(None, 1, 40))
    assert "ya se abonó todo" in trade.refused(lambda: trade.blank("invoice", "credit", invoice))


def test_what_is_left_goes_to_other_invoices_or_back_to_the_client(trade: Trade) -> None:
    paid, other = trade.invoice(), trade.invoice(line(None, 1, 50))
    trade.pay({paid: 121})
    note = trade.credit(paid)
    assert trade.get("credit_note", note, "remaining") == 121
    assert trade.get("client", trade.client, "balance") == D("-60.5")
    assert "F-000002" in trade.run("credit_note", "apply", note).sentence
    assert (trade.get("invoice", other, "balance"), trade.get("credit_note", note, "remaining")) == (0, D("60.5"))
    assert "60,50" in trade.run("credit_note", "refund", note).sentence
    assert trade.get("credit_note", note, "state") == "applied"
    assert "no queda nada" in trade.refused(lambda: trade.run("credit_note", "refund", note))
    assert "reembolsó" in trade.refused(lambda: trade.go("credit_note", note, "cancelled"))


def test_no_more_is_applied_than_the_note_or_the_invoice_holds(trade: Trade) -> None:
    invoice = trade.invoice()
    trade.pay({invoice: 100})
    note = trade.credit(invoice, line(None, 1, 50))  # 60.5, of which 21 go to the invoice
    assert trade.get("credit_note", note, "remaining") == D("39.5")

    def apply(amount: str, to: int | None) -> None:
        from oficrm import records

        held = records.load(trade.session, "credit_note", note).draft.lines["credit_application"]
        rows = [*held, LineDraft(None, {"invoice": to, "amount": D(amount), "applied_on": "hoy"})]
        with trade.job() as session:
            draft = records.load(session, "credit_note", note).draft
            draft.lines["credit_application"] = rows
            from oficrm import saving

            saving.save(session, draft)

    assert "se aplicarían" in trade.refused(lambda: apply("39.51", None))
    other = trade.invoice(line(None, 1, 10))
    assert "se deben 12,10" in trade.refused(lambda: apply("12.11", other))
    apply("12.10", other)
    assert trade.get("invoice", other, "state") == "paid"


def test_a_note_is_not_older_than_its_invoice(house: Trade) -> None:
    invoice = house.invoice()
    assert "anterior a la factura" in house.refused(lambda: house.credit(invoice, date="01/01/2020"))


def test_an_invoice_with_notes_is_not_cancelled(trade: Trade) -> None:
    invoice = trade.invoice()
    note = trade.credit(invoice, line(None, 1, 10))
    assert "NC-000001" in trade.refused(lambda: trade.go("invoice", invoice, "cancelled"))
    trade.go("credit_note", note, "cancelled")
    trade.go("invoice", invoice, "cancelled")
    with pytest.raises(Refused), trade.job() as session:
        undo.undo(session, _cancelled_note(trade))


def _cancelled_note(trade: Trade) -> int:
    from db.history import Operation

    found = trade.session.query(Operation).filter(Operation.label.startswith("Cancelar la nota"))
    return int(found.one().id)
