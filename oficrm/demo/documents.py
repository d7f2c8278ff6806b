"""Opportunities and quotes that grow out of the chains of contacts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from oficrm.demo.chains import Chain
from oficrm.demo.notes import Notes, quote_terms
from oficrm.demo.vocabulary import Weighted
from oficrm.rules.money import Line, currency_of, line_amounts, totals

VALID_DAYS = 15
_DECIMALS = 2
_OPEN_STAGES = Weighted([("prospecting", 20), ("qualification", 30), ("proposal", 30), ("negotiation", 20)])
_PROBABILITY = {"prospecting": 10, "qualification": 25, "proposal": 50, "negotiation": 75, "won": 100, "lost": 0}
_LOSSES = Weighted([("price", 35), ("competition", 25), ("budget", 20), ("no_answer", 15), ("other", 5)])
_TYPES = Weighted([("new", 55), ("existing", 35), ("renewal", 10)])
_DISCOUNTS = Weighted([(0, 60), (5, 20), (10, 15), (15, 5)])

Item = dict[str, Any]
"""A product or service of the catalogue, with `price` whatever its own key is called, and `category`."""


def opportunity(
    rng: Random, chain: Chain, items: Sequence[Item], notes: Notes, country: str, today: dt.date
) -> dict[str, Any]:
    """The possible sale behind a chain, by the keys of the Opportunity record; links are left to the caller."""
    item, last = items[chain.item], chain.contacts[-1]
    stage = chain.outcome if chain.outcome != "open" else _OPEN_STAGES.pick(rng)
    closed = chain.outcome != "open"
    expected = last.date if closed else max(today, last.date) + dt.timedelta(days=rng.randint(5, 75))
    return {
        "name": notes.phrase(rng, "opportunities", item=item["name"], category=item["category"]),
        "stage": stage,
        "probability": Decimal(_PROBABILITY[stage]),
        "amount": item["price"] * rng.randint(1, 12),
        "currency": currency_of(country),
        "exchange_rate": Decimal(1),
        "expected_close_date": expected,
        "closed_at": last.date if closed else None,
        "type": _TYPES.pick(rng),
        "next_step": None if closed else notes.phrase(rng, "next_steps"),
        "loss_reason": _LOSSES.pick(rng) if stage == "lost" else None,
    }


def quote(
    rng: Random, chain: Chain, items: Sequence[Item], notes: Notes, country: str, today: dt.date
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A quote given in a chain and its lines, with `item` as a position among `items`."""
    date = chain.contacts[min(1, len(chain.contacts) - 1)].date
    date = min(date, today)
    others = rng.sample(range(len(items)), rng.choice((0, 0, 1, 1, 2, 3)))
    chosen = [chain.item, *(other for other in others if other != chain.item)]
    rows = [_line(rng, position, number, items[number]) for position, number in enumerate(chosen)]
    foot = totals(
        [Line(row["quantity"], row["unit_price"], row["discount_percent"], row["tax_rate"]) for row in rows],
        _DECIMALS,
        _DECIMALS,
    )
    head = {
        "subject": notes.phrase(rng, "quote_subjects", item=items[chain.item]["name"]),
        "status": _status(rng, chain, date, today),
        "date": date,
        "valid_until": date + dt.timedelta(days=VALID_DAYS),
        "currency": currency_of(country),
        "subtotal": foot.base,
        "tax_total": foot.tax,
        "total": foot.total,
        "terms": quote_terms(country),
        "copy_number": 1,
    }
    return head, rows


def interests(chains: Sequence[Chain]) -> Iterator[tuple[int, int, Any]]:
    """Client, item and the contact in which the client first showed interest in it, each pair once."""
    seen: set[tuple[int, int]] = set()
    for chain in chains:
        for contact in chain.contacts:
            for item in contact.items:
                if (chain.client, item) not in seen:
                    seen.add((chain.client, item))
                    yield chain.client, item, contact


def _line(rng: Random, position: int, number: int, item: Item) -> dict[str, Any]:
    cheap = item["price"] < 60
    quantity = Decimal(rng.choice((10, 20, 50, 100)) if cheap else rng.choice((1, 1, 1, 2, 2, 3, 4, 6)))
    discount = Decimal(_DISCOUNTS.pick(rng))
    return {
        "item": number,
        "position": position,
        "description": item["name"],
        "quantity": quantity,
        "unit_price": item["price"],
        "discount_percent": discount,
        "tax_rate": item["tax_rate"],
        "line_total": line_amounts(quantity, item["price"], discount, item["tax_rate"], _DECIMALS).base,
    }


def _status(rng: Random, chain: Chain, date: dt.date, today: dt.date) -> str:
    if chain.outcome == "won":
        return "accepted"
    if chain.outcome == "lost":
        return "rejected"
    if date + dt.timedelta(days=VALID_DAYS) < today:
        return "sent"
    return rng.choice(("draft", "sent", "sent", "sent", "reviewed"))
