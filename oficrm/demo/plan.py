"""The whole of the example data as plain values linked by position; writing it is another matter."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from oficrm.demo import documents
from oficrm.demo.catalog import products, services
from oficrm.demo.chains import Account, Chain, Draft, Matters
from oficrm.demo.companies import companies
from oficrm.demo.notes import Notes
from oficrm.demo.people import salespeople, staff
from oficrm.rules.workdays import WorkCalendar

CONTACTS_PER_CLIENT = 40
_FEWEST_CLIENTS, _FEWEST_SELLERS, _MOST_SELLERS = 8, 4, 24
_STAFF = (0, 1, 1, 1, 2, 2, 2, 3, 3, 4)
_MOVES = 8


@dataclass
class Move:
    """A mass date change of the past: who moved which contacts on which day."""

    salesperson: int
    day: dt.date
    contacts: list[Draft]


@dataclass
class Plan:
    """Everything that will be written. Numbers between the parts are positions in their lists."""

    country: str
    today: dt.date
    salespeople: list[dict[str, Any]]
    clients: list[dict[str, Any]]
    people: list[dict[str, Any]] = field(default_factory=list)
    """With `client`, a position."""
    items: list[dict[str, Any]] = field(default_factory=list)
    """Products first, then services; all with `price`."""
    product_count: int = 0
    chains: list[Chain] = field(default_factory=list)
    contacts: list[Draft] = field(default_factory=list)
    """In order of time."""
    opportunities: list[tuple[Chain, dict[str, Any]]] = field(default_factory=list)
    quotes: list[tuple[Chain, dict[str, Any], list[dict[str, Any]]]] = field(default_factory=list)
    interests: list[tuple[int, int, Draft]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """How many records it comes to."""
        total = len(self.salespeople) + len(self.clients) + len(self.people) + len(self.items) + len(self.contacts)
        total += sum(len(contact.actions) + len(contact.items) for contact in self.contacts) + len(self.interests)
        return total + len(self.opportunities) + sum(1 + len(lines) for _, _, lines in self.quotes)


def make_plan(count: int, country: str, seed: int, today: dt.date, calendar: WorkCalendar) -> Plan:
    """A company's year up to `today` with `count` contacts and, in proportion, everything around them."""
    rng = Random(seed)
    sellers = min(_MOST_SELLERS, _FEWEST_SELLERS + count // 6000)
    clients = max(_FEWEST_CLIENTS, count // CONTACTS_PER_CLIENT)
    plan = Plan(
        country,
        today,
        list(salespeople(rng, country, sellers)),
        list(companies(rng, country, clients)),
    )
    plan.items = [row | {"price": row["sale_price"]} for row in products(rng, country)]
    plan.product_count = len(plan.items)
    plan.items += services(rng, country)
    accounts = [_account(rng, plan, position) for position in range(clients)]
    notes = Notes(country)
    names = [item["name"] for item in plan.items]
    # The last tenth has never been contacted: names on a list.
    contacted = accounts[: max(1, clients * 9 // 10)]
    plan.chains = list(Matters(rng, contacted, names, notes, calendar, today).generate(count))
    plan.contacts = sorted(
        (contact for chain in plan.chains for contact in chain.contacts),
        key=lambda contact: (contact.date, contact.time or dt.time.max, contact.client),
    )
    for place, contact in enumerate(plan.contacts):
        contact.place = place
    plan.interests = list(documents.interests(plan.chains))
    _add_documents(rng, plan, notes)
    _add_states(rng, plan, accounts)
    _add_moves(rng, plan, calendar)
    return plan


def _account(rng: Random, plan: Plan, position: int) -> Account:
    client = plan.clients[position]
    client["salesperson"] = rng.randrange(len(plan.salespeople))
    client["parent"] = rng.randrange(position) if position and rng.random() < 0.03 else None
    known: list[tuple[int, str]] = []
    for person in staff(rng, client, rng.choice(_STAFF), plan.today):
        known.append((len(plan.people), person["first_name"]))
        plan.people.append(person | {"client": position})
    return Account(position, client["salesperson"], known, buys=rng.random() < 0.55)


def _add_documents(rng: Random, plan: Plan, notes: Notes) -> None:
    """Opportunities and quotes from some of the matters that went beyond a first contact."""
    matters = [chain for chain in plan.chains if len(chain.contacts) > 1 and chain.contacts[0].date <= plan.today]
    # Small examples need some of each as well.
    share = max(0.06, min(0.5, 30 / max(1, len(matters))))
    arguments = (plan.items, notes, plan.country, plan.today)
    for chain in matters:
        if rng.random() < share:
            plan.opportunities.append((chain, documents.opportunity(rng, chain, *arguments)))
        if rng.random() < share * 1.4:
            plan.quotes.append((chain, *documents.quote(rng, chain, *arguments)))
    plan.opportunities.sort(key=lambda row: row[0].contacts[0].place)
    plan.quotes.sort(key=lambda row: row[1]["date"])


def _add_states(rng: Random, plan: Plan, accounts: list[Account]) -> None:
    """The Estado of each client from what happened with it, and since when it is known."""
    first: dict[int, dt.date] = {}
    last: dict[int, dt.date] = {}
    for contact in plan.contacts:
        first.setdefault(contact.client, contact.date)
        last[contact.client] = contact.date
    bought = {chain.client for chain in plan.chains if chain.outcome == "won"}
    for client, account in zip(plan.clients, accounts, strict=True):
        began = min(first.get(account.client, plan.today), plan.today)
        client["since"] = began - dt.timedelta(days=rng.randrange(400) if account.buys else rng.randrange(10))
        if account.client not in first:
            client["status"] = "probable"
        elif (plan.today - last[account.client]).days > 120:
            client["status"] = "inactive"
        elif account.client in bought:
            client["status"] = "client"
        else:
            client["status"] = "prescriber" if rng.random() < 0.08 else "potential"


def _add_moves(rng: Random, plan: Plan, calendar: WorkCalendar) -> None:
    """A few mass date changes of the last months, so that the history has something to tell.

    The first salesperson is whoever sits at the screen, and has nothing of the kind to undo by mistake.
    """
    for back in range(1, _MOVES + 1):
        monday = plan.today - dt.timedelta(days=plan.today.weekday() + 7 * back)
        seller = rng.randrange(1, len(plan.salespeople))
        week = [
            contact
            for contact in plan.contacts
            if contact.salesperson == seller and 0 <= (contact.date - monday).days < 5 and contact.previous is None
        ][:15]
        for contact in week:
            contact.moved_from = calendar.add(contact.date, -5)
        if week:
            plan.moves.append(Move(seller, monday, week))
    plan.moves.reverse()
