"""What the example company sells in its year: decided beforehand, so that it can be bought in time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from db.models.sales_order import OrderStatus
from oficrm.demo.plan import Plan
from oficrm.demo.timeline import workday

FEWEST, MOST = 24, 90
"""Sales, however many contacts there are."""
_CONTACTS_PER_SALE = 12
_FIRST, _RECENT, _RECENT_COUNT, _UNPAID_COUNT = 320, 12, 8, 5
"""Days ago of the first sale and of those still in hand; how many of these, and of those invoiced but not paid."""
_OPEN_STATES = (OrderStatus.AUTHORIZED, OrderStatus.CREATED, OrderStatus.RESERVED)
_CANCELLED_EACH = 17


@dataclass(frozen=True)
class Line:
    """So much of an item, given by its position in the plan."""

    item: int
    quantity: Decimal
    discount: Decimal = Decimal(0)


@dataclass
class Deal:
    """A sale to come. ``quote`` is the position of the accepted quote it comes from; otherwise it has lines."""

    day: dt.date
    client: int
    lines: tuple[Line, ...]
    quote: int | None = None
    state: OrderStatus = OrderStatus.AUTHORIZED
    is_offered: bool = False
    """Whether a quote of its own precedes it."""


def make_deals(rng: Random, plan: Plan, buyers: Sequence[int]) -> list[Deal]:
    """Return the sales of the year in order: those of accepted quotes first of all, the rest to known clients."""
    wanted = max(FEWEST, min(MOST, len(plan.contacts) // _CONTACTS_PER_SALE))
    deals = _of_quotes(plan)[-(wanted // 2) :]
    missing = wanted - len(deals)
    for place in range(missing):
        if place < _RECENT_COUNT:
            ago = 1 + place * _RECENT // _RECENT_COUNT
        elif place < _RECENT_COUNT + _UNPAID_COUNT:
            ago = _RECENT + 1 + 3 * (place - _RECENT_COUNT)
        else:
            ago = _RECENT + rng.randrange(_FIRST - _RECENT)
        lines = tuple(_line(rng, plan, item) for item in rng.sample(range(len(plan.items)), rng.choice((1, 1, 2, 3))))
        day = min(workday(plan.today - dt.timedelta(days=ago)), plan.today - dt.timedelta(days=1))
        deals.append(Deal(day, rng.choice(buyers), lines, is_offered=place >= _RECENT_COUNT and place % 2 == 0))
    deals.sort(key=lambda deal: (deal.day, deal.client))
    open_ones = 0
    for place, deal in enumerate(deals):
        if (plan.today - deal.day).days <= _RECENT:
            deal.state = _OPEN_STATES[open_ones % len(_OPEN_STATES)]
            open_ones += 1
        elif place % _CANCELLED_EACH == _CANCELLED_EACH // 2:
            deal.state = OrderStatus.CANCELLED
    return deals


def _of_quotes(plan: Plan) -> list[Deal]:
    """A sale some days after each quote that was accepted."""
    first = plan.today - dt.timedelta(days=_FIRST)
    found = []
    for place, (chain, head, lines) in enumerate(plan.quotes):
        day = workday(head["date"] + dt.timedelta(days=1 + place % 5))
        if head["status"] == "accepted" and first <= day < plan.today:
            made = tuple(Line(line["item"], line["quantity"]) for line in lines)
            found.append(Deal(day, chain.client, made, quote=place))
    return found


def _line(rng: Random, plan: Plan, item: int) -> Line:
    row = plan.items[item]
    cheap = row["price"] < (1200 if plan.country == "MX" else 60)
    quantity = rng.choice((5, 10, 20, 40)) if cheap else rng.choice((1, 1, 1, 2, 2, 3))
    return Line(item, Decimal(quantity), Decimal(rng.choice((0, 0, 0, 5, 10))))


def needs(deals: Sequence[Deal], plan: Plan, first: dt.date, last: dt.date) -> dict[int, Decimal]:
    """Return how much of each product is sold from one day to another (that one left out), by position."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for deal in deals:
        if first <= deal.day < last:
            for line in deal.lines:
                if line.item < plan.product_count:
                    found[line.item] += line.quantity
    return dict(found)
