"""A small trading house to test documents on: a client, two products with stock, a service, and short ways to write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from db.query import fetch_rows
from db.registry import module
from oficrm import commands, records, saving, start
from oficrm.commands import Outcome
from oficrm.drafts import Draft, LineDraft, Loaded
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.pricing import LINES

D = Decimal


def line(item: str | None = None, quantity: Any = 1, price: Any = 100, **more: Any) -> LineDraft:
    """A priced line; the price is 100 and the tax 21 % unless told otherwise."""
    values = {"item": item, "description": item or "Cosa", "quantity": D(quantity), "unit_price": D(price),
              "discount_percent": D(0), "tax_rate": D(21)}  # fmt: skip
    return LineDraft(None, values | more)


class Trade:
    """One client of a company in euros; every write is a transaction of its own, as a job is."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.client = self.save("client", name="Hotel Azahar", tax_id="B46644050", legal_name="Hotel Azahar, S. L.")
        self.warehouse = self.save("warehouse", name="Central", is_default=True)
        self.drill = f"product:{self.save('product', name='Taladro', sku='T-1', sale_price=100, tax_rate=21)}"
        self.saw = f"product:{self.save('product', name='Sierra', sku='S-1', sale_price=50, tax_rate=21)}"
        self.visit = f"service:{self.save('service', name='Visita', code='V-1', price=40, tax_rate=21)}"

    @contextmanager
    def job(self) -> Iterator[Session]:
        """One transaction: all of it, or nothing."""
        try:
            yield self.session
            self.session.flush()
            self.session.commit()
        except BaseException:
            self.session.rollback()
            raise
        finally:  # the next job is another session to the program: it reads everything again
            self.session.expunge_all()
            self.session.info.pop("operation", None)
            self.session.info.pop("settings", None)

    def save(self, table: str, ident: int | None = None, lines: list[LineDraft] | None = None, **values: Any) -> int:
        """Save a record as its form would."""
        with self.job() as session:
            draft = (records.load(session, table, ident) if ident else records.blank(session, table, values)).draft
            draft.values |= values
            if lines is not None:
                draft.lines[LINES.get(table, module(table).screens.lines[0])] = lines
            return saving.save(session, draft).id

    def keep(self, loaded: Loaded, change: Callable[[Draft], object] | None = None, **values: Any) -> int:
        """Accept a form that a command opened."""
        with self.job() as session:
            loaded.draft.values |= values
            if change is not None:
                change(loaded.draft)
            return saving.save(session, loaded.draft).id

    def go(self, table: str, ident: int, state: str, *accepted: str) -> str:
        """Bring a record into a state."""
        with self.job() as session:
            return commands.advance(session, table, [ident], state, frozenset(accepted))

    def run(self, table: str, name: str, *ids: int, accepted: tuple[str, ...] = ()) -> Outcome:
        """Run a command of a module."""
        command = next(each for each in commands.commands(table) if each.name == name)
        assert command.run is not None
        with self.job() as session:
            return command.run(session, ids, frozenset(accepted))

    def blank(self, table: str, name: str, ident: int) -> Loaded:
        """The form a command of a module opens."""
        command = next(each for each in commands.commands(table) if each.name == name)
        assert command.blank is not None
        with self.job() as session:
            return command.blank(session, ident)

    def get(self, table: str, ident: int, name: str) -> Any:
        """A value of a record as lists show it."""
        return fetch_rows(self.session, table, [ident], [name])[ident][0]

    def lines(self, table: str, ident: int) -> list[Any]:
        """The live lines of a record."""
        return records.lines_of(self.session, module(module(table).screens.lines[0]), ident)

    def stock(self, item: str, quantity: int) -> int:
        """Take goods in."""
        from db.history import operation
        from db.models.stock_movement import MovementType
        from oficrm.stock import movements

        with self.job() as session, operation(session, "Entrada"):
            rows = [{"product": int(item.partition(":")[2]), "quantity": D(quantity)}]
            return movements.make(session, MovementType.IN, self.warehouse, rows)

    def sale(self, *lines: LineDraft, state: str = "authorized", **values: Any) -> int:
        """A sale, authorised unless told otherwise."""
        ident = self.save("sales_order", None, list(lines) or [line()],
                          **({"subject": "Pedido", "client": self.client} | values))  # fmt: skip
        if state != "created":
            self.go("sales_order", ident, state)
        return ident

    def invoice(self, *lines: LineDraft, state: str = "issued", **values: Any) -> int:
        """An invoice, issued unless told otherwise: 121 euros by itself."""
        ident = self.save("invoice", None, list(lines) or [line()], **({"client": self.client} | values))
        if state != "draft":
            self.go("invoice", ident, "issued")
        return ident

    def pay(self, amounts: dict[int, Any], state: str = "issued", **values: Any) -> int:
        """A payment of some invoices."""
        rows = [LineDraft(None, {"invoice": ident, "amount": D(amount)}) for ident, amount in amounts.items()]
        ident = self.save("payment_receipt", None, rows, **({"client": self.client} | values))
        if state != "draft":
            self.go("payment_receipt", ident, "issued")
        return ident

    def credit(self, invoice: int | None, *lines: LineDraft, state: str = "issued", **values: Any) -> int:
        """A credit note about an invoice."""
        ident = self.save("credit_note", None, list(lines) or [line()],
                          **({"client": self.client, "invoice": invoice, "restock": False} | values))  # fmt: skip
        if state != "draft":
            self.go("credit_note", ident, "issued")
        return ident

    def refused(self, job: Callable[[], object]) -> str:
        """What a write is refused with."""
        with pytest.raises((Refused, ValidationError)) as caught:
            job()
        return str(caught.value)

    def asked(self, job: Callable[[], object]) -> NeedsConfirmation:
        """What a write asks before it goes through."""
        with pytest.raises(NeedsConfirmation) as caught:
            job()
        return caught.value


@contextmanager
def open_trade(url: str, country: str = "ES") -> Iterator[Trade]:
    """The trading house over a database."""
    from db.engine import WRITES, open_engine

    engine = open_engine(url).execution_options(**{WRITES: True})
    try:
        with Session(engine, expire_on_commit=False, info={"actor": Actor("ana")}) as session:
            start.begin(session, country, "Comercial Levante, S. L.")
            session.commit()
            yield Trade(session)
    finally:
        engine.dispose()
