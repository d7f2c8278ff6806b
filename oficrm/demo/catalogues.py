"""Categories and price lists: what the catalogue of the example company is sorted by, and what it costs to whom."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from db.models.category import Category
from db.models.price_list import PriceList, PriceListLine
from oficrm.demo.plan import Plan
from oficrm.demo.rows import Rows
from oficrm.demo.vocabulary import words
from oficrm.rules.money import currency_of
from oficrm.rules.numbers import round_half_up

RETAIL, DEALERS, HOTELS, EXPORT = range(4)
_LISTS = (("Tarifa general", 100), ("Tarifa distribuidores", 88), ("Tarifa hostelería", 94), ("Tarifa exportación", 96))
DOLLAR = {"ES": Decimal("0.92"), "MX": Decimal("18.5")}
"""Units of the country's money for a dollar."""


def categories(rows: Rows, began: dt.datetime) -> dict[str, int]:
    """Write the tree of categories; return the ids by name."""
    tree = words("business")["categories"]
    found: dict[str, int] = {}
    groups = [{"name": name, "kind": kind, "parent_id": None} for name, kind, _ in tree]
    for level in (groups, [{"name": name, "kind": kind, "parent": group} for group, kind, inside in tree
                           for name in inside]):  # fmt: skip
        numbers = rows.numbers(Category, len(level))
        made: list[dict[str, Any]] = []
        for row in level:
            parent = row.get("parent")
            made.append({"name": row["name"], "kind": row["kind"], "number": next(numbers), "created_at": began,
                         "parent_id": None if parent is None else found[str(parent)]})  # fmt: skip
        found |= dict(zip([str(row["name"]) for row in level], rows.insert(Category, made), strict=True))
    return found


def price_lists(
    rows: Rows, plan: Plan, products: Sequence[int], services: Sequence[int], country: str, began: dt.datetime
) -> list[int]:
    """Write the price lists with the price of everything that is in each; return their ids."""
    numbers = rows.numbers(PriceList, len(_LISTS))
    ids = rows.insert(PriceList, [
        {"name": name, "number": next(numbers), "created_at": began,
         "currency": "USD" if place == EXPORT else currency_of(plan.country),
         "valid_until": dt.date(plan.today.year, 12, 31) if place == HOTELS else None}
        for place, (name, _) in enumerate(_LISTS)
    ])  # fmt: skip
    lines: list[dict[str, Any]] = []
    for place, (ident, (_, percent)) in enumerate(zip(ids, _LISTS, strict=True)):
        for position, item in enumerate(plan.items):
            is_product = position < plan.product_count
            if place == HOTELS and item["category"] not in ("Hostelería", "Limpieza"):
                continue
            price = item["price"] * percent / 100 / (DOLLAR[country] if place == EXPORT else 1)
            lines.append({
                "price_list_id": ident, "price": round_half_up(price, 2), "created_at": began,
                "product_id": products[position] if is_product else None,
                "service_id": None if is_product else services[position - plan.product_count],
            })  # fmt: skip
    rows.insert(PriceListLine, lines)
    return ids


def list_of(place: int, sector: str, lists: Sequence[int]) -> int | None:
    """The list of a client by its place: hotels have theirs, some are dealers, one buys from abroad."""
    if sector == "Hostelería":
        return lists[HOTELS]
    if place == 3 or place % 97 == 96:
        return lists[EXPORT]
    return lists[DEALERS] if place % 6 == 1 else lists[RETAIL] if place % 6 == 4 else None
