"""What the example company sells: products in several sizes, and services."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from oficrm.demo.vocabulary import home, slug, words

_PESOS_PER_EURO = 20
_IN_LOTS = ("Detergente concentrado", "Extintor de polvo", "Precinto impreso")
_TAX_RATE = {"ES": Decimal(21), "MX": Decimal(16)}


def tax_rate(country: str) -> Decimal:
    """The usual IVA of a country, in percent."""
    return _TAX_RATE[home(country)]


def products(rng: Random, country: str) -> Iterator[dict[str, Any]]:
    """Every product, by the keys of the Product record."""
    for group in words("catalog")["products"]:
        letters = slug(group["category"])[:3].upper()
        for family, (base, model, sizes, price, unit, weight) in enumerate(group["items"], 1):
            for size, label in enumerate(sizes):
                sale = _price(Decimal(price) * (100 + 35 * size) / 100, country)
                yield {
                    "name": f"{base} {model} {label}",
                    "sku": f"{letters}-{family:02}{size + 1}",
                    "category": group["category"],
                    "sales_description": f"{base} {group['brand']} {model} {label}",
                    "sale_price": sale,
                    "cost": (sale * rng.randint(52, 74) / 100).quantize(Decimal("0.01")),
                    "unit": unit,
                    "tax_rate": tax_rate(country),
                    "sat_product_key": group["sat"] if home(country) == "MX" else None,
                    "sat_unit_key": "H87" if home(country) == "MX" else None,
                    "tracking": _tracking(base, sale, country),
                    "reorder_point": None if sale > _price(Decimal(150), country) else Decimal(5),
                    "max_stock": None if sale > _price(Decimal(150), country) else Decimal(200),
                    "brand": group["brand"],
                    "model": f"{model} {label}",
                    "weight": Decimal(weight) * (100 + 20 * size) / 100,
                    "warranty_months": group["warranty"],
                    "is_active": rng.random() < 0.96,
                }


def _tracking(name: str, price: Decimal, country: str) -> str:
    """What is dear has a serial number; what is made in batches, and does not keep for ever, a lot."""
    if name in _IN_LOTS:
        return "lot"
    return "serial" if price > _price(Decimal(500), country) else "none"


def services(rng: Random, country: str) -> Iterator[dict[str, Any]]:
    """Every service, by the keys of the Service record."""
    for position, (name, category, price, unit, hours, period) in enumerate(words("catalog")["services"], 1):
        sale = _price(Decimal(price), country)
        yield {
            "name": name,
            "code": f"SRV-{position:03}",
            "category": category,
            "price": sale,
            "cost": (sale * rng.randint(40, 65) / 100).quantize(Decimal("0.01")),
            "unit": unit,
            "tax_rate": tax_rate(country),
            "standard_duration_hours": Decimal(hours) if hours else None,
            "sat_unit_key": "E48" if home(country) == "MX" else None,
            "is_recurring": bool(period),
            "billing_period": period or None,
        }


def _price(euros: Decimal, country: str) -> Decimal:
    """A price as shops write them: whole tens of pesos, whole euros, cents only for what is cheap."""
    amount = euros * (_PESOS_PER_EURO if home(country) == "MX" else 1)
    if amount < 20:
        return amount.quantize(Decimal("0.01"))
    return (amount / 10).quantize(Decimal(1)) * 10 if home(country) == "MX" else amount.quantize(Decimal(1))
