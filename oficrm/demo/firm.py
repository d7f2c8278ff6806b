"""What the parts of the example business share: the session, the plan, the ids of what is written, and saving."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from db.history import Actor
from db.record import Record
from oficrm import clock, commands, pricing, quotes, records, subscriptions
from oficrm.demo.plan import Plan
from oficrm.demo.rows import Rows
from oficrm.demo.timeline import Timeline
from oficrm.demo.vocabulary import home, words
from oficrm.drafts import Draft, LineDraft, Values
from oficrm.people import prospects
from oficrm.rules.money import currency_of
from oficrm.sales import orders
from oficrm.stock import movements
from oficrm.support import assets

ACCEPTED = frozenset({
    quotes.LAPSED, quotes.AGAIN, orders.OVER_CREDIT, movements.PROMISED, subscriptions.PAST, assets.OVERLAP,
    prospects.EXISTING,
})  # fmt: skip
"""The people of the example answer yes to all that is asked."""
PESOS_PER_EURO = 20


@dataclass
class Firm:
    """The example company while its year is written. Lists of ids are by position in the plan."""

    session: Session
    plan: Plan
    rows: Rows
    timeline: Timeline
    rng: Random
    at: Callable[[dt.date, dt.time | None], dt.datetime]
    clients: Sequence[int]
    people: Sequence[int]
    quotes: Sequence[int]
    products: Sequence[int]
    services: Sequence[int]
    salespeople: Sequence[int]
    me: int = 0
    """The user who is at the screen."""
    sellers: list[int] = field(default_factory=list)
    """The users who sell, in the order of the salespeople."""
    staff: dict[str, list[int]] = field(default_factory=dict)
    """Other users by what they do."""
    logins: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    teams: list[int] = field(default_factory=list)
    warehouses: list[int] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)
    """The bank, the one in dollars, the cash box."""
    vendors: dict[str, int] = field(default_factory=dict)
    """By the category of what they sell."""

    @property
    def today(self) -> dt.date:
        """The last day of the year that is written."""
        return self.plan.today

    @property
    def words(self) -> Any:
        """The words of the business."""
        return words("business")

    @property
    def country(self) -> str:
        """The country whose words are used."""
        return home(self.plan.country)

    def plan_currency(self) -> str:
        """The money of the country."""
        return currency_of(self.plan.country)

    def money(self, euros: float | Decimal) -> Decimal:
        """An amount in the money of the country."""
        return Decimal(str(euros)) * (PESOS_PER_EURO if self.country == "MX" else 1)

    def day(self, days_ago: int) -> dt.date:
        """A day before today."""
        return self.today - dt.timedelta(days=days_ago)

    def timeline_day(self) -> dt.date:
        """The day at which the clock stands."""
        return clock.today()

    def buyers(self) -> list[int]:
        """Positions of the clients who are known well enough to buy; of all where none is."""
        known = [place for place, client in enumerate(self.plan.clients) if client["status"] == "client"]
        return known or list(range(len(self.clients)))

    def person_of(self, client: int) -> int | None:
        """The id of somebody at a client, given by position; None where nobody is known."""
        found = [place for place, person in enumerate(self.plan.people) if person["client"] == client]
        return self.people[self.rng.choice(found)] if found else None

    def people_of(self) -> dict[int, list[int]]:
        """Ids of the people by the position of their client."""
        found: dict[int, list[int]] = {}
        for place, person in enumerate(self.plan.people):
            found.setdefault(person["client"], []).append(self.people[place])
        return found

    def item(self, position: int) -> str:
        """The key of a product or service, by its position among the items of the plan."""
        goods = self.plan.product_count
        if position < goods:
            return f"product:{self.products[position]}"
        return f"service:{self.services[position - goods]}"

    # --- saving as the program does

    def save(self, table: str, values: Values, lines: Sequence[Values] | None = None, child: str = "") -> int:
        """Save a new record from values by field, as its form would; return its id."""
        draft = records.blank(self.session, table, values).draft
        if lines is not None:
            self.put_lines(draft, child or pricing.LINES[table], lines)
        return self.keep(draft)

    @staticmethod
    def put_lines(draft: Draft, child: str, lines: Sequence[Values]) -> None:
        """Let a draft have these lines and no others."""
        draft.lines[child] = [LineDraft(None, dict(line)) for line in lines]

    def keep(self, draft: Draft, **values: Any) -> int:
        """Save a draft of the program's own, with some values changed; return the id."""
        draft.values |= values
        draft.accepted = ACCEPTED
        return commands.save(self.session, draft).id

    def change(self, table: str, ident: int, **values: Any) -> None:
        """Change a record as its form would."""
        self.keep(records.load(self.session, table, ident).draft, **values)

    def advance(self, table: str, ids: Sequence[int], state: str) -> None:
        """Bring records into a state."""
        commands.advance(self.session, table, ids, state, ACCEPTED)

    @contextmanager
    def acting(self, user: int) -> Iterator[None]:
        """Let a user of the firm be the one who writes."""
        before: Actor = self.session.info["actor"]
        self.session.info["actor"] = Actor(self.logins[user], before.source)
        try:
            yield
        finally:
            self.session.info["actor"] = before

    def bulk(self, model: type[Record], made: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows that no rule of the business looks at, with their numbers where the module has them."""
        number = model.fields.get("number")
        if number is not None and number.default == "@number":
            numbers = self.rows.numbers(model, len(made))
            made = [row | {"number": next(numbers)} for row in made]
        return self.rows.insert(model, made)
