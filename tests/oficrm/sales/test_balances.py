"""What is owed, paid and invoiced is worked out by the query: right after every kind of change, on both engines."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from db.history import Operation
from db.models.credit_note import CreditApplication, CreditNote
from db.models.invoice import Invoice
from db.models.payment_receipt import PaymentApplication, PaymentReceipt
from db.models.sales_order import SalesOrder
from oficrm import deleting, mass_edit, undo
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from tests.support.trade import Trade, line

D = Decimal
CENT = Decimal("0.01")
STEPS = 40


def live(trade: Trade, model: Any) -> list[Any]:
    return list(trade.session.scalars(select(model).where(model.deleted_at.is_(None)).order_by(model.id)))


class Recount:
    """The same figures added up in Python from the plain rows."""

    def __init__(self, trade: Trade) -> None:
        self.invoices, self.sales = live(trade, Invoice), live(trade, SalesOrder)
        receipts = {each.id for each in live(trade, PaymentReceipt) if each.status == "issued"}
        notes = {each.id: each for each in live(trade, CreditNote) if each.status == "issued"}
        self.paid = [each for each in live(trade, PaymentApplication) if each.payment_receipt_id in receipts]
        self.credited = [each for each in live(trade, CreditApplication) if each.credit_note_id in notes]
        self.notes = notes

    def paid_of(self, invoice: int) -> Decimal:
        return sum((each.amount for each in self.paid if each.invoice_id == invoice), D(0))

    def credited_of(self, invoice: int) -> Decimal:
        return sum((each.amount for each in self.credited if each.invoice_id == invoice), D(0))

    def balance(self, invoice: Invoice) -> Decimal:
        if invoice.status != "issued":
            return D(0)
        return invoice.total - self.paid_of(invoice.id) - self.credited_of(invoice.id)

    def of_client(self) -> Decimal:
        rest = sum((note.total - sum((each.amount for each in self.credited if each.credit_note_id == note.id), D(0))
                    for note in self.notes.values()), D(0))  # fmt: skip
        return sum((self.balance(each) for each in self.invoices), D(0)) - rest

    def of_sale(self, sale: SalesOrder) -> tuple[Decimal, Decimal, Decimal]:
        mine = [each for each in self.invoices if each.sales_order_id == sale.id and each.status == "issued"]
        invoiced = sum((each.total for each in mine), D(0))
        paid = sum((self.paid_of(each.id) for each in mine), D(0))
        credited = sum((self.credited_of(each.id) for each in mine), D(0))
        return invoiced, paid, D(0) if sale.status == "cancelled" else sale.total - paid - credited


class Life:
    """Something done to documents, at random; what the program refuses is no matter."""

    def __init__(self, trade: Trade, seed: int) -> None:
        self.trade, self.random = trade, random.Random(seed)
        self.went_through: set[str] = set()

    def step(self) -> None:
        """One thing, or nothing."""
        steps: list[Callable[[], object]] = [
            self.sell, self.invoice, self.invoice, self.issue, self.issue, self.pay, self.pay, self.credit, self.cancel,
            self.undo, self.undo_any, self.redo, self.mass_edit, self.delete, self.apply,
        ]  # fmt: skip
        self.attempt(self.random.choice(steps))

    def attempt(self, step: Callable[[], object]) -> None:
        """Do it, unless the program refuses."""
        try:
            done = step()
        except (Refused, ValidationError, NeedsConfirmation):
            done = None
        if done is not None:
            self.went_through.add(step.__name__)
        self.trade.session.rollback()
        self.trade.session.expunge_all()

    def pick(self, model: Any, *states: str) -> Any:
        found = [each for each in live(self.trade, model) if each.status in states]
        chosen = self.random.choice(found) if found else None
        self.trade.session.rollback()
        return chosen

    def part(self, amount: Decimal) -> Decimal:
        return max((amount * self.random.choice((D("0.1"), D("0.5"), D(1)))).quantize(CENT), CENT)

    def sell(self) -> int:
        price = D(self.random.randint(1, 99_999)) / 100
        return self.trade.sale(line(self.trade.visit, self.random.randint(1, 5), price),
                               discount_percent=self.random.choice((None, D("7.5"))))  # fmt: skip

    def invoice(self) -> int | None:
        sale = self.pick(SalesOrder, "authorized")
        if sale is None:
            return self.trade.invoice(state="draft")
        made = self.trade.blank("sales_order", "invoice", sale.id)
        made.draft.lines["invoice_line"][0].values["quantity"] = D(self.random.choice((1, 1, 2, 9)))
        return self.trade.keep(made)

    def issue(self) -> object:
        table, model = self.random.choice((("invoice", Invoice), ("payment_receipt", PaymentReceipt),
                                           ("credit_note", CreditNote)))  # fmt: skip
        found = self.pick(model, "draft")
        return self.trade.go(table, found.id, "issued") if found else None

    def pay(self) -> object:
        invoice = self.pick(Invoice, "issued")
        if invoice is None:
            return None
        state = self.random.choice(("draft", "issued", "issued"))
        return self.trade.pay({invoice.id: self.part(invoice.total)}, state=state)

    def credit(self) -> object:
        invoice = self.pick(Invoice, "issued")
        if invoice is None:
            return None
        state = self.random.choice(("draft", "issued"))
        return self.trade.credit(invoice.id, line(None, 1, self.part(invoice.subtotal)), state=state)

    def apply(self) -> object:
        note = self.pick(CreditNote, "issued")
        return self.trade.run("credit_note", self.random.choice(("apply", "refund")), note.id) if note else None

    def cancel(self) -> object:
        table, model = self.random.choice((("invoice", Invoice), ("payment_receipt", PaymentReceipt),
                                           ("credit_note", CreditNote), ("sales_order", SalesOrder)))  # fmt: skip
        found = self.pick(model, "issued", "authorized")
        return self.trade.go(table, found.id, "cancelled") if found else None

    def undo(self) -> str:
        with self.trade.job() as session:
            return undo.undo_last(session)

    def undo_any(self) -> str | None:
        recent = self.trade.session.scalars(select(Operation.id).order_by(Operation.id.desc()).limit(8)).all()
        self.trade.session.rollback()
        with self.trade.job() as session:
            return undo.undo(session, self.random.choice(recent)) if recent else None

    def redo(self) -> str:
        with self.trade.job() as session:
            return undo.redo_last(session)

    def mass_edit(self) -> object:
        ids = [each.id for each in live(self.trade, Invoice)]
        self.trade.session.rollback()
        with self.trade.job() as session:
            name, value = self.random.choice((("notes", "Revisada"), ("due_date", "31/12/2027"),
                                              ("legal_name", "Otra razón")))  # fmt: skip
            chosen = mass_edit.frozen(session, "invoice", ids, name)
            return mass_edit.apply(session, mass_edit.preview(session, chosen, value))

    def delete(self) -> object:
        table, model = self.random.choice((("invoice", Invoice), ("payment_receipt", PaymentReceipt)))
        found = self.pick(model, "draft", "issued")
        if found is None:
            return None
        with self.trade.job() as session:
            return deleting.delete(session, table, [found.id], frozenset({deleting.DEPENDENTS}))


def check(trade: Trade) -> None:
    told = Recount(trade)
    for invoice in told.invoices:
        found = [trade.get("invoice", invoice.id, name) for name in ("paid_total", "credited_total", "balance")]
        assert found == [told.paid_of(invoice.id), told.credited_of(invoice.id), told.balance(invoice)], invoice.id
        assert found[2] >= 0
    for sale in told.sales:
        names = ("invoiced_total", "paid_total", "balance")
        assert tuple(trade.get("sales_order", sale.id, name) for name in names) == told.of_sale(sale), sale.id
    assert trade.get("client", trade.client, "balance") == told.of_client()
    numbers = sorted(each.number for each in told.invoices if each.number)
    assert numbers == [f"F-{at:06d}" for at in range(1, len(numbers) + 1)]
    trade.session.rollback()


@pytest.mark.parametrize("seed", [1, 2])
def test_balances_are_what_a_recount_says(trade: Trade, seed: int) -> None:
    life = Life(trade, seed)
    for _ in range(6):
        life.attempt(life.sell)
        life.attempt(life.invoice)
    for _ in range(STEPS):
        life.step()
        check(trade)
    assert len(life.went_through) >= 8, life.went_through  # it was not all refused


def test_what_is_owed_in_another_currency_counts_in_ours(trade: Trade) -> None:
    trade.invoice(line(None, 1, 100, tax_rate=D(0)), currency="USD", exchange_rate=D("0.925001"))
    trade.invoice(line(None, 1, 10, tax_rate=None))
    assert trade.get("client", trade.client, "balance") == D("102.5001")
