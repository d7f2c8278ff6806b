"""Whatever is moved, set aside, delivered, cancelled and undone: the figures are those of a recount in Python."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db.models.stock_movement import MovementType
from db.query import fetch_rows
from oficrm import undo
from oficrm.errors import Refused
from oficrm.stock import levels, movements
from tests.oficrm.stock.conftest import Shop

NOTHING = Decimal(0)
ACCEPTED = frozenset({movements.PROMISED})
products, places, nth = st.integers(0, 1), st.integers(0, 1), st.integers(0, 5)
amounts = st.integers(1, 6)
steps = st.one_of(
    st.tuples(st.just("come"), products, places, amounts),
    st.tuples(st.just("leave"), products, places, amounts),
    st.tuples(st.just("change_place"), products, places, amounts),
    st.tuples(st.just("count"), products, places, st.sampled_from([-4, -1, 2])),
    st.tuples(st.just("cancel"), nth),
    st.tuples(st.just("sell"), products, amounts),
    st.tuples(st.just("bring"), nth, st.sampled_from(["reserved", "authorized", "created", "cancelled"])),
    st.tuples(st.just("deliver"), nth, amounts),
    st.tuples(st.just("undo")),
)


@dataclass
class Sale:
    """A sale of one product from the first warehouse."""

    id: int
    product: int
    quantity: Decimal
    state: str = "created"


@dataclass
class Move:
    """What a movement adds by product and warehouse, and for which sale."""

    id: int
    effect: dict[tuple[int, int], Decimal]
    sale: int | None = None
    is_on: bool = True


@dataclass
class Book:
    """The recount: all that happened, in plain Python."""

    moves: list[Move] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)

    def there(self) -> Counter[tuple[int, int]]:
        total: Counter[tuple[int, int]] = Counter()
        for move in self.moves:
            for key, quantity in move.effect.items():
                total[key] += quantity if move.is_on else NOTHING  # type: ignore[assignment]
        return total

    def delivered(self, sale: Sale) -> Decimal:
        return sum((-q for move in self.moves if move.is_on and move.sale == sale.id for q in move.effect.values()),
                   NOTHING)  # fmt: skip

    def aside(self, product: int, *states: str, but: Sale | None = None) -> Decimal:
        return sum((sale.quantity - self.delivered(sale) for sale in self.sales
                    if sale.product == product and sale.state in states and sale is not but), NOTHING)  # fmt: skip


NEXT = {"created": {"reserved", "authorized", "cancelled"}, "reserved": {"created", "authorized", "cancelled"},
        "authorized": {"cancelled"}, "cancelled": set()}  # fmt: skip


class Clerk:
    """Does the steps in the program and in the book, and says whether the program should have refused."""

    def __init__(self, shop: Shop, goods: list[int]) -> None:
        self.shop, self.goods, self.places = shop, goods, [shop.main, shop.shop]
        self.book, self.past = Book(), list[Book]()

    def do(self, name: str, *given: Any) -> None:
        """Take a step; the program and the book must agree on whether it can be taken."""
        planned = deepcopy(self.book)
        job, allowed = getattr(self, name)(planned, *given)
        if job is None:
            return
        nested = self.shop.session.begin_nested()
        try:
            job()
            answer = ""
            nested.commit()
        except Refused as refused:
            nested.rollback()
            self.shop.session.expire_all()
            answer = str(refused)
        assert allowed == (answer == ""), f"{name}{given}: {answer or 'should have been refused'}"
        if allowed and name != "undo":
            self.past.append(self.book)
            self.book = planned

    def come(self, book: Book, product: int, place: int, amount: int) -> Any:
        return self._move(book, MovementType.IN, product, {place: amount})

    def leave(self, book: Book, product: int, place: int, amount: int) -> Any:
        job, allowed = self._move(book, MovementType.OUT, product, {place: -amount})
        promised = book.aside(self.goods[product], "reserved", "authorized") if place == 0 else NOTHING
        left = book.there()[self.goods[product], self.places[place]]
        return job, allowed and left >= promised

    def change_place(self, book: Book, product: int, place: int, amount: int) -> Any:
        return self._move(book, MovementType.TRANSFER, product, {place: -amount, 1 - place: amount})

    def count(self, book: Book, product: int, place: int, amount: int) -> Any:
        return self._move(book, MovementType.ADJUSTMENT, product, {place: amount})

    def cancel(self, book: Book, at: int) -> Any:
        on = [move for move in book.moves if move.is_on]
        if not on:
            return None, True
        move = on[at % len(on)]
        move.is_on = False
        return lambda: self.shop.to("stock_movement", move.id, "cancelled"), self._holds(book)

    def sell(self, book: Book, product: int, amount: int) -> Any:
        def job() -> None:
            made = self.shop.sale((self.goods[product], amount), state="created")
            book.sales.append(Sale(made, self.goods[product], Decimal(amount)))

        return job, True

    def bring(self, book: Book, at: int, state: str) -> Any:
        fitting = [sale for sale in book.sales if state in NEXT[sale.state]]
        if not fitting:
            return None, True
        sale = fitting[at % len(fitting)]
        free = book.there()[sale.product, self.places[0]] - book.aside(sale.product, "reserved", "authorized", but=sale)
        allowed = {"reserved": free >= sale.quantity, "cancelled": book.delivered(sale) == 0}.get(state, True)
        sale.state = state
        return lambda: self.shop.to("sales_order", sale.id, state), allowed

    def deliver(self, book: Book, at: int, amount: int) -> Any:
        fitting = [sale for sale in book.sales if sale.state == "authorized"]
        if not fitting:
            return None, True
        sale = fitting[at % len(fitting)]
        waiting = sale.quantity - book.delivered(sale)
        job, allowed = self._move(book, MovementType.OUT, self.goods.index(sale.product), {0: -amount}, sale)
        left = book.there()[sale.product, self.places[0]]
        return job, allowed and waiting >= amount and left >= book.aside(sale.product, "reserved", but=sale)

    def undo(self, _book: Book) -> Any:
        if not self.past:
            return None, True

        def job() -> None:
            undo.undo_last(self.shop.session)
            self.book = self.past.pop()

        return job, True

    def _move(self, book: Book, kind: MovementType, product: int, by_place: dict[int, int], sale: Sale | None = None
              ) -> Any:  # fmt: skip
        ident = self.goods[product]
        effect = {(ident, self.places[place]): Decimal(q) for place, q in by_place.items()}
        move = Move(0, effect, sale.id if sale else None)
        book.moves.append(move)
        source = next((place for place, q in by_place.items() if q < 0), None)
        to = next((self.places[place] for place, q in by_place.items() if q > 0), None)
        quantity = (
            next(iter(by_place.values())) if kind == MovementType.ADJUSTMENT else abs(next(iter(by_place.values())))
        )
        place = next(iter(by_place)) if source is None else source
        more: dict[str, Any] = {"to_warehouse_id": to} if kind == MovementType.TRANSFER else {}
        more |= {"sales_order_id": sale.id} if sale else {}

        def job() -> None:
            move.id = self.shop.move(kind, self.places[place], ident, quantity, accepted=ACCEPTED, **more)

        return job, self._holds(book)

    @staticmethod
    def _holds(book: Book) -> bool:
        return all(quantity >= 0 for quantity in book.there().values())

    def compare(self) -> None:
        """All figures of the program against the recount."""
        session, there = self.shop.session, self.book.there()
        shown = fetch_rows(session, "product", self.goods, ["stock_on_hand", "stock_reserved", "stock_available"])
        by_place = levels.by_warehouse(session, self.goods)
        for ident in self.goods:
            total = sum((there[ident, place] for place in self.places), NOTHING)
            aside = self.book.aside(ident, "reserved", "authorized")
            assert shown[ident] == (total, aside, total - aside)
            assert levels.available(session, [ident])[ident] == total - aside
            for place in self.places:
                assert by_place.get((ident, place), NOTHING) == there[ident, place]
        for sale in self.book.sales:
            assert sum(levels.delivered(session, sale.id).values(), NOTHING) == self.book.delivered(sale)


@settings(
    max_examples=15,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=5, max_size=25))
def test_figures_are_those_of_a_recount(shop: Shop, taken: list[tuple[Any, ...]]) -> None:
    shop.session.commit()
    try:
        clerk = Clerk(shop, [shop.product("Caja"), shop.product("Cinta")])
        for name, *given in taken:
            clerk.do(name, *given)
            clerk.compare()
    finally:
        shop.session.rollback()
        shop.session.expunge_all()
