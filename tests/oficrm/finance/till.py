"""A small firm that sells, and what is asked of its money in tests."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor
from db.models.bank_account import BankTransaction, TransactionType
from db.models.cash_flow_entry import CashFlowEntry
from db.models.invoice import Invoice
from db.models.salesperson import Salesperson
from db.query import fetch_rows
from db.registry import module
from oficrm import commands, records, saving, settings, start
from oficrm.drafts import LineDraft

TODAY = dt.date(2026, 3, 10)


def line(price: Any, quantity: Any = 1, tax: Any = 0, description: str = "Servicio") -> LineDraft:
    return LineDraft(None, {"description": description, "quantity": quantity, "unit_price": price,
                            "discount_percent": 0, "tax_rate": tax})  # fmt: skip


class Till:
    """One client, a salesperson with 10 %, and an account of each kind, in one open session."""

    def __init__(self, session: Session, accounts: bool = True) -> None:
        self.session = session
        self.client = self.save("client", name="Talleres Ruiz", tax_id="B46644050", postal_code="46001")
        self.seller = session.scalars(select(Salesperson.id)).one()
        self.save("salesperson", self.seller, commission=10)
        if accounts:
            self.bank = self.save("bank_account", name="Banco de Levante", currency="EUR")
            self.cash = self.save("bank_account", name="Caja", kind="cash", currency="EUR")
        session.commit()

    def save(
        self, table: str, ident: int | None = None, lines: Any = None, **values: Any
    ) -> int:  # fmt: skip
        """Save a record as its form would."""
        made = records.load(self.session, table, ident) if ident else records.blank(self.session, table)
        made.draft.values |= values
        made.draft.lines |= lines or {}
        return saving.save(self.session, made.draft).id

    def advance(self, table: str, ident: int, state: str, accepted: frozenset[str] = frozenset()) -> int:
        commands.advance(self.session, table, [ident], state, accepted)
        return ident

    def sale(self, total: Any = 1000, **values: Any) -> int:
        """An authorised sale."""
        given = {"subject": "Obra", "client": self.client, "sale_date": TODAY,
                 "expected_payment_date": TODAY + dt.timedelta(days=30)} | values  # fmt: skip
        ident = self.save("sales_order", None, {"sales_order_line": [line(total)]}, **given)
        return self.advance("sales_order", ident, "authorized")

    def invoice(self, total: Any = 1000, order: int | None = None, **values: Any) -> int:
        """An issued invoice."""
        preset = {"client": self.client, "date": TODAY} | ({"sales_order": order} if order else {}) | values
        made = records.blank(self.session, "invoice", preset).draft
        lines = made.lines.get("invoice_line") or [line(total)]
        lines[0].values["unit_price"] = Decimal(total) if not order else lines[0].values["unit_price"]
        if order:
            lines[0].values["quantity"] = Decimal(total) / Decimal(lines[0].values["unit_price"])
        made.lines["invoice_line"] = lines
        return self.advance("invoice", saving.save(self.session, made).id, "issued")

    def pay(self, invoices: dict[int, Any], **values: Any) -> int:
        """An issued payment of invoices."""
        lines = [LineDraft(None, {"invoice": ident, "amount": Decimal(amount)}) for ident, amount in invoices.items()]
        given = {"client": self.client, "paid_on": TODAY, "payment_form": "03", "currency": "EUR"} | values
        ident = self.save("payment_receipt", None, {"payment_application": lines}, **given)
        return self.advance("payment_receipt", ident, "issued")

    def entries(self, state: str = "") -> list[CashFlowEntry]:
        live = select(CashFlowEntry).where(CashFlowEntry.deleted_at.is_(None))
        if state:
            live = live.where(CashFlowEntry.state == state)
        return list(self.session.scalars(live.order_by(CashFlowEntry.id)))

    def amounts(self, state: str) -> list[Decimal]:
        return [entry.amount if entry.kind == "income" else -entry.amount for entry in self.entries(state)]

    def moves(self, account: int | None = None) -> list[BankTransaction]:
        live = select(BankTransaction).where(BankTransaction.deleted_at.is_(None))
        if account:
            live = live.where(BankTransaction.bank_account_id == account)
        return list(self.session.scalars(live.order_by(BankTransaction.id)))

    def shown(self, table: str, ident: int, *names: str) -> tuple[Any, ...]:
        self.session.flush()
        return fetch_rows(self.session, table, [ident], names)[ident]

    def check(self) -> None:
        """Recount everything from the documents alone: nothing twice, nothing left behind."""
        self.session.expire_all()
        for entry in self.entries("projected"):
            table, _, place = str(entry.source).partition(":")
            if table == "invoice":
                assert entry.amount == self.shown("invoice", int(place), "balance")[0]
        expected: dict[str, Decimal] = {}
        for ident in self.ids("invoice"):
            balance = self.shown("invoice", ident, "balance")[0]
            if balance > 0:
                expected[f"invoice:{ident}"] = balance
        for ident in self.ids("sales_order"):
            status, total = self.shown("sales_order", ident, "status", "total")
            mine = select(Invoice.total).where(Invoice.sales_order_id == ident, Invoice.deleted_at.is_(None),
                                               Invoice.status == "issued")  # fmt: skip
            invoiced = sum(self.session.scalars(mine), Decimal(0))
            if status == "authorized" and total > invoiced:
                expected[f"sales_order:{ident}"] = total - invoiced
        projected = [(str(entry.source), entry.amount) for entry in self.entries("projected")]
        assert sorted(projected) == sorted(expected.items())
        received = {f"payment_receipt:{ident}": self.shown("payment_receipt", ident, "amount")[0]
                    for ident in self.ids("payment_receipt")
                    if self.shown("payment_receipt", ident, "status")[0] == "issued"}  # fmt: skip
        real = [(str(entry.source), entry.amount) for entry in self.entries("real") if entry.kind == "income"]
        assert sorted(real) == sorted(received.items())
        moved = {move.cash_flow_entry_id: move.amount for move in self.moves() if move.cash_flow_entry_id}
        assert moved == {entry.id: entry.amount for entry in self.entries("real")}
        assert len(moved) == sum(move.cash_flow_entry_id is not None for move in self.moves())
        for account in self.ids("bank_account"):
            signs = {TransactionType.DEPOSIT: 1, TransactionType.TRANSFER_IN: 1}
            total = sum((signs.get(TransactionType(move.type), -1) * move.amount for move in self.moves(account)),
                        Decimal(0))  # fmt: skip
            assert self.shown("bank_account", account, "balance")[0] == total

    def ids(self, table: str) -> list[int]:
        model: Any = module(table)
        return list(self.session.scalars(select(model.id).where(model.deleted_at.is_(None)).order_by(model.id)))


@contextmanager
def open_till(url: str, accounts: bool = True) -> Iterator[Till]:
    """A till on a new company's database."""
    engine = open_engine(url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    with Session(bind, expire_on_commit=False, info={"actor": Actor("ana")}) as session:
        start.begin(session, "ES", "Comercial Levante")
        settings.save(session, {"quote_decimals": 2})
        yield Till(session, accounts)
    engine.dispose()
