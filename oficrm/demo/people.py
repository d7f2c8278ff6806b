"""People: salespeople of ours and the people at our clients."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from oficrm.demo import identifiers
from oficrm.demo.vocabulary import Weighted, home, slug, words

_SOURCES = ("referral", "website", "event", "cold_call", "social", "advertising", "partner")
_OWN_DOMAIN = "oficrm.example"


def full_name(rng: Random, country: str) -> dict[str, Any]:
    """First name, two surnames and the form of address."""
    names = words("names")[home(country)]
    woman = rng.random() < 0.5
    first, second = rng.sample(names["surnames"], 2)
    return {
        "first_name": rng.choice(names["women" if woman else "men"]),
        "last_name": f"{first} {second}",
        "salutation": "mrs" if woman else "mr",
    }


def salespeople(rng: Random, country: str, count: int) -> Iterator[dict[str, Any]]:
    """`count` salespeople, no two with the same name."""
    area = "55" if home(country) == "MX" else "96"
    taken: set[str] = set()
    while len(taken) < count:
        person = full_name(rng, country)
        name = f"{person['first_name']} {person['last_name'].split()[0]}"
        login = slug(name)
        if login in taken:
            continue
        taken.add(login)
        yield {
            "name": name,
            "login": login,
            "phone": identifiers.mobile(rng, home(country), area),
            "email": f"{login}@{_OWN_DOMAIN}",
            "commission": Decimal(("2.5", "3", "4")[len(name) % 3]),
        }


def staff(rng: Random, company: dict[str, Any], count: int, today: dt.date) -> Iterator[dict[str, Any]]:
    """`count` people at a company of `companies.companies`, no two with the same address there."""
    country = company["country"]
    titles = Weighted([(title, weight) for title, weight in words("companies")["job_titles"][country]])
    taken: set[str] = set()
    for _ in range(count):
        person = full_name(rng, country)
        local = f"{slug(person['first_name'])}.{slug(person['last_name'].split()[0])}"
        while local in taken:
            local = f"{local}{len(taken) + 1}"
        taken.add(local)
        man, _, woman = titles.pick(rng).partition("|")
        years = rng.randint(22, 64)
        yield person | {
            "job_title": woman if woman and person["salutation"] == "mrs" else man,
            "email": f"{local}@{company['domain']}" if rng.random() < 0.85 else None,
            "mobile_phone": identifiers.mobile(rng, country, company["area"]) if rng.random() < 0.7 else None,
            "home_phone": None,
            "birth_date": today - dt.timedelta(days=365 * years + rng.randrange(365)) if rng.random() < 0.4 else None,
            "lead_source": rng.choice(_SOURCES) if rng.random() < 0.5 else None,
            "email_opt_out": rng.random() < 0.04,
        }
