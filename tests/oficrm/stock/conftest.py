"""A small warehouse on both engines, and short words for what is done in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor, operation
from db.models.stock_movement import MovementType
from oficrm import commands, records
from oficrm.drafts import LineDraft
from oficrm.stock import levels, movements
from tests.support.office import fill, open_jobs


@dataclass
class Shop:
    """What the tests do: each call is an operation of its own and raises what the program raises."""

    session: Session

    def new(self, table: str, lines: list[dict[str, Any]] | None = None, **values: Any) -> int:
        """Save a new record through its form."""
        made = records.blank(self.session, table, values)
        made.draft.values |= values
        for child in made.draft.lines:
            made.draft.lines[child] = [LineDraft(None, made.line_defaults[child] | line) for line in lines or []]
        return commands.save(self.session, made.draft).id

    def product(self, name: str, **values: Any) -> int:
        """A product, not told apart unless asked for."""
        return self.new("product", name=name, sku=name, **values)

    def move(self, type_: MovementType, place: int, product: int, quantity: Any = 1, **more: Any) -> int:
        """Move one product by a movement that counts at once."""
        line = {"product": product, "quantity": Decimal(quantity)}
        line |= {name: more.pop(name) for name in ("lot_serial", "lot_code") if name in more}
        return self.move_many(type_, place, [line], **more)

    def move_many(self, type_: MovementType, place: int, lines: list[dict[str, Any]], **more: Any) -> int:
        """Move several at once."""
        with operation(self.session, "Mover"):
            return movements.make(self.session, type_, place, lines, **more)

    def sale(self, *lines: tuple[int, Any], state: str = "authorized") -> int:
        """A sale of products (id and quantity) to the first client."""
        wanted = [{"item": f"product:{product}", "description": "Algo", "quantity": Decimal(quantity),
                   "unit_price": Decimal(10)} for product, quantity in lines]  # fmt: skip
        ident = self.new("sales_order", wanted, subject="Pedido", client=self.client)
        if state != "created":
            self.to("sales_order", ident, state)
        return ident

    def purchase(self, *lines: tuple[int, Any], state: str = "approved") -> int:
        """A purchase of products (id and quantity)."""
        wanted = [{"item": f"product:{product}", "description": "Algo", "quantity": Decimal(quantity),
                   "unit_price": Decimal(6)} for product, quantity in lines]  # fmt: skip
        ident = self.new("purchase_order", wanted, subject="Reposición", vendor=self.vendor)
        if state != "created":
            self.to("purchase_order", ident, state)
        return ident

    def to(self, table: str, ident: int, state: str) -> None:
        """Bring a record into a state."""
        commands.advance(self.session, table, [ident], state)

    def there(self, product: int, place: int | None = None) -> Decimal:
        """What there is of a product."""
        return levels.on_hand(self.session, [product], place)[product]

    def shown(self, table: str, ident: int, name: str) -> Any:
        """A value of a form, worked out ones too."""
        return records.load(self.session, table, ident).draft.values[name]

    @property
    def client(self) -> int:
        """The first client."""
        return 1

    vendor: int = 0
    main: int = 0
    shop: int = 0


@pytest.fixture
def session(started_url: str) -> Iterator[Session]:
    """A writing session of ana's over a company that has begun."""
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 0)).result()
    engine = open_engine(started_url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    with Session(bind, expire_on_commit=False, info={"actor": Actor("ana", "Prueba")}) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def shop(session: Session) -> Shop:
    """Two warehouses and a vendor."""
    made = Shop(session)
    made.main = made.new("warehouse", name="Central", is_default=True)
    made.shop = made.new("warehouse", name="Tienda")
    made.vendor = made.new("vendor", name="Mayorista")
    return made
