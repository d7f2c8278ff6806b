"""Companies: names by sector, addresses that fit their postal code, valid tax ids."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from oficrm.demo import identifiers
from oficrm.demo.vocabulary import Weighted, home, slug, words
from oficrm.rules.postal import region_of

# A label of a domain takes 63 characters.
_DOMAIN_LENGTH = 60


def sectors() -> list[str]:
    """Names of the lines of business."""
    return [sector["name"] for sector in words("companies")["sectors"]]


def origins() -> list[str]:
    """Ways in which contact with a client may have begun."""
    return list(words("companies")["origins"])


def companies(rng: Random, country: str, count: int) -> Iterator[dict[str, Any]]:
    """`count` companies of a country, no two with the same name, address on the web or tax id.

    Keys are those of the Client record; besides, `sector` and `origin` are names, `domain` is where its people have
    their mail and `area` its telephone area.
    """
    country = home(country)
    data = words("companies")
    kinds = Weighted([(sector, sector["weight"]) for sector in data["sectors"]])
    forms = Weighted([(form, form[-1]) for form in data["forms"][country]])
    cities = Weighted([(city, city[-1]) for city in words("places")[country]["cities"]])
    taken: set[str] = set()
    for _ in range(count):
        sector, form, city = kinds.pick(rng), forms.pick(rng), cities.pick(rng)
        name = _name(rng, country, sector, city[0], taken)
        yield {
            "name": name,
            "legal_name": f"{name}, {form[0]}" if country == "ES" else f"{name} {form[0]}",
            "tax_id": _tax_id(rng, country, form[2], taken),
            "sector": sector["name"],
            "origin": rng.choice(data["origins"]),
            "country": country,
            **_place(rng, country, city),
            **_addresses(rng, country, name, city[2]),
            **_size(rng, country, sector["size"]),
            **_terms(Random(name), country),
            "notes": rng.choice(data["client_notes"]) if rng.random() < 0.25 else None,
        }


def _name(rng: Random, country: str, sector: dict[str, Any], city: str, taken: set[str]) -> str:
    surnames = words("names")[country]["surnames"]
    pattern = rng.choice(sector["patterns"][country])
    name = ""
    for attempt in range(40):
        name = pattern.format(
            surname=rng.choice(surnames),
            surname2=rng.choice(surnames),
            word=rng.choice(words("companies")["names"]),
            city=city,
        )
        # Once the plain names of a sector run out, firms are told apart by town and second surname.
        if attempt > 4:
            name = f"{name} {rng.choice(surnames)}"
        if attempt > 12 and city not in name:
            name = f"{name} {city}"
        if _domain_label(name) not in taken:
            break
    else:
        name = f"Comercial {city} {len(taken)}"
    taken.add(_domain_label(name))
    return name


def _domain_label(name: str) -> str:
    return slug(name)[:_DOMAIN_LENGTH]


def _tax_id(rng: Random, country: str, letter: str, taken: set[str]) -> str:
    while True:
        tax_id = identifiers.mexican_id(rng, 3) if country == "MX" else identifiers.spanish_company_id(rng, letter)
        if tax_id not in taken:
            taken.add(tax_id)
            return tax_id


def _place(rng: Random, country: str, city: list[Any]) -> dict[str, Any]:
    code = f"{city[1]}{rng.randrange(100):02}"
    places = words("places")[country]
    number_sign = "#" if country == "MX" else ""
    street = f"{rng.choice(places['streets'])} {number_sign}{rng.randint(1, 180)}"
    if places["neighborhoods"]:
        street = f"{street}, Col. {rng.choice(places['neighborhoods'])}"
    return {
        "street": street,
        "postal_code": code,
        "tax_postal_code": code,
        "city": city[0],
        "province": region_of(code, country),
        "area": city[2],
    }


def _addresses(rng: Random, country: str, name: str, area: str) -> dict[str, Any]:
    domain = f"{_domain_label(name)}.example"
    return {
        "domain": domain,
        "email": f"{rng.choice(('info', 'contacto', 'ventas', 'administracion'))}@{domain}",
        "website": f"https://www.{domain}" if rng.random() < 0.7 else None,
        "phone": identifiers.landline(rng, country, area),
        "mobile_phone": identifiers.mobile(rng, country, area) if rng.random() < 0.4 else None,
    }


def _size(rng: Random, country: str, span: list[int]) -> dict[str, Any]:
    """Staff, sales and credit that go together; most firms are near the small end of their sector."""
    staff = span[0] + int((span[1] - span[0]) * rng.random() ** 3)
    sales = Decimal(staff * rng.randint(40, 160) * 1000 * (18 if country == "MX" else 1))
    credit = rng.random() < 0.6
    return {
        "employee_count": staff,
        "annual_revenue": sales if rng.random() < 0.5 else None,
        "credit_limit": round(sales / 100, -3).quantize(Decimal(1)) if credit else None,
        "credit_days": rng.choice((15, 30, 30, 30, 60, 90)) if credit else None,
    }


def _terms(rng: Random, country: str) -> dict[str, Any]:
    """How a firm pays, and what its invoices have to state in Mexico."""
    if country != "MX":
        return {"payment_form": "03" if rng.random() < 0.8 else None}
    later = rng.random() < 0.4
    return {
        "payment_method": "PPD" if later else "PUE",
        "payment_form": "99" if later else "03",
        "tax_regime": "601" if rng.random() < 0.8 else "626",
        "cfdi_use": rng.choice(("G01", "G03", "G03")),
    }
