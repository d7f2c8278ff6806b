"""The house itself: who works in it, where its goods and its money are kept, whom it buys from, and all addresses."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select

from db.models.address import Address
from db.models.bank_account import BankAccount
from db.models.team import Team, TeamMember
from db.models.user import User
from db.models.vendor import Vendor
from db.models.warehouse import Warehouse
from oficrm.demo import identifiers
from oficrm.demo.companies import companies
from oficrm.demo.firm import Firm
from oficrm.demo.people import salespeople
from oficrm.demo.vocabulary import slug, words
from oficrm.rules.postal import region_of

MOST_ADDRESSES = 300
_TEAMS = (("Soporte técnico", "support"), ("Almacén y reparto", "warehouse"), ("Comercial", "sales"))


def open_house(firm: Firm, began: dt.datetime, me: int | None) -> None:
    """Write all of it; ``me`` is the user at the screen, where there is one."""
    _users(firm, began, me)
    if me is not None:
        firm.change("salesperson", firm.salespeople[0], commission=Decimal(3))
    _teams(firm, began)
    _warehouses(firm, began)
    _accounts(firm, began)
    _vendors(firm, began)
    _addresses(firm)


def _users(firm: Firm, began: dt.datetime, me: int | None) -> None:
    """A user for each salesperson, and those who keep the house going."""
    plan, session = firm.plan, firm.session
    others = list(zip(plan.salespeople, firm.salespeople, strict=True))[0 if me is None else 1 :]
    made: list[dict[str, Any]] = [
        {"name": row["name"], "login": row["login"], "email": row["email"], "phone": row["phone"], "role": "sales",
         "salesperson_id": ident} for row, ident in others
    ]  # fmt: skip
    taken = {row["login"] for row in plan.salespeople}
    candidates = (row for row in salespeople(Random(len(taken)), plan.country, 40) if row["login"] not in taken)
    roles = [role for role, _ in firm.words["staff"]]
    kept = ("name", "login", "email", "phone")
    made += [
        {**{key: row[key] for key in kept}, "role": role, "salesperson_id": None}
        for role, row in zip(roles, candidates, strict=False)
    ]
    ids = firm.bulk(User, [row | {"created_at": began} for row in made])
    firm.sellers = [*([] if me is None else [me]), *ids[: len(others)]]
    for role, ident in zip(roles, ids[len(others) :], strict=True):
        firm.staff.setdefault(role, []).append(ident)
    firm.me = firm.sellers[0]
    rows = session.execute(select(User.id, User.login, User.name))
    for ident, login, name in rows:
        firm.logins[ident], firm.names[ident] = login or name, name


def _teams(firm: Firm, began: dt.datetime) -> None:
    firm.teams = firm.bulk(Team, [{"name": name, "created_at": began} for name, _ in _TEAMS])
    made: list[dict[str, Any]] = []
    for team, (_, role) in zip(firm.teams, _TEAMS, strict=True):
        members = firm.sellers if role == "sales" else firm.staff[role]
        made += [{"team_id": team, "user_id": user, "is_leader": place == 0, "created_at": began}
                 for place, user in enumerate(members)]  # fmt: skip
    made.append({"team_id": firm.teams[0], "user_id": firm.me, "is_leader": False, "created_at": began})
    firm.bulk(TeamMember, made)


def _warehouses(firm: Firm, began: dt.datetime) -> None:
    managers = [firm.names[user] for user in (*firm.staff["warehouse"], firm.sellers[-1], *firm.staff["support"])]
    firm.warehouses = firm.bulk(Warehouse, [
        {"name": row[0], "address": row[1], "manager": manager, "is_default": place == 0, "created_at": began}
        for place, (row, manager) in enumerate(zip(firm.words["warehouses"][firm.country], managers, strict=False))
    ])  # fmt: skip


def _accounts(firm: Firm, began: dt.datetime) -> None:
    firm.accounts = firm.bulk(BankAccount, [
        {"name": name, "kind": kind, "bank_name": bank or None, "account_number": number or None,
         "clabe": clabe or None, "currency": currency, "opening_balance": opening, "created_at": began}
        for name, kind, bank, number, clabe, currency, opening in firm.words["accounts"][firm.country]
    ])  # fmt: skip


def _vendors(firm: Firm, began: dt.datetime) -> None:
    """One for each group of the catalogue: whoever makes its brand."""
    rng, groups = Random(17), words("catalog")["products"]
    made: list[dict[str, Any]] = []
    for group, firm_row in zip(groups, companies(rng, firm.country, len(groups)), strict=True):
        name = f"{group['brand']} {'México' if firm.country == 'MX' else 'Ibérica'}"
        form = firm_row["legal_name"].removeprefix(firm_row["name"])
        contact = next(salespeople(rng, firm.country, 1))
        kept = ("tax_id", "street", "postal_code", "city", "province", "country", "phone")
        made.append({
            **{key: firm_row[key] for key in kept}, "name": name, "legal_name": f"{name}{form}",
            "email": f"pedidos@{slug(name)}.example", "website": f"https://www.{slug(name)}.example",
            "contact_name": contact["name"], "credit_days": rng.choice((30, 45, 60)), "created_at": began,
            "notes": f"{group['category']}: representantes de {group['brand']}.",
        })  # fmt: skip
    ids = firm.bulk(Vendor, made)
    firm.vendors = dict(zip((group["category"] for group in groups), ids, strict=True))


# --- addresses


def _addresses(firm: Firm) -> None:
    """Ours, the places of our clients and those of some of their people; a client's own is its usual one."""
    began = firm.at(firm.day(395), None)
    made = [_of_house(firm, place, row) | {"created_at": began}
            for place, row in enumerate(firm.words["warehouses"][firm.country])]  # fmt: skip
    people = firm.people_of()
    for place in range(min(MOST_ADDRESSES, len(firm.clients))):
        known = {"created_at": firm.at(firm.plan.clients[place]["since"], None), "client_id": firm.clients[place]}
        made.append(known | _main(firm, place))
        if place % 3 == 0:
            made.append(known | _other(firm, place, "Almacén", is_shipping=True))
        if place % 5 == 2 and people.get(place):
            row = _other(firm, place, "Obra", is_shipping=True, is_visit=True)
            made.append(known | row | {"person_id": people[place][0]})
    firm.bulk(Address, made)


def _of_house(firm: Firm, place: int, row: list[str]) -> dict[str, Any]:
    name, _, code, city, street, number = row
    return {
        "alias": name, "street": street, "exterior_number": number, "postal_code": code, "city": city,
        "state": region_of(code, firm.country), "country": firm.country, "is_shipping": True, "is_default": place == 0,
        "directions": "Muelle de carga por la puerta lateral." if place == 0 else None,
    }  # fmt: skip


def _split(street: str) -> tuple[str, str | None, str | None]:
    """Street, number and neighbourhood of an address in one line."""
    street, _, area = street.partition(", Col. ")
    name, _, number = street.rpartition(" ")
    return name, number.lstrip("#") or None, area or None


def _main(firm: Firm, place: int) -> dict[str, Any]:
    client = firm.plan.clients[place]
    street, number, area = _split(client["street"])
    return {
        "alias": "Oficina", "street": street, "exterior_number": number, "neighborhood": area,
        "postal_code": client["postal_code"], "city": client["city"], "state": client["province"],
        "country": client["country"], "phone": client["phone"], "is_shipping": place % 3 != 0, "is_billing": True,
        "is_visit": True, "is_default": True,
    }  # fmt: skip


def _other(firm: Firm, place: int, alias: str, **uses: bool) -> dict[str, Any]:
    """Another place in the town of a client."""
    client, rng = firm.plan.clients[place], Random(place)
    places = words("places")[firm.country]
    areas = places["neighborhoods"]
    return {
        "alias": alias, "street": rng.choice(places["streets"]), "exterior_number": str(rng.randint(1, 180)),
        "neighborhood": rng.choice(areas) if areas else None, "postal_code": client["postal_code"],
        "city": client["city"], "state": client["province"], "country": client["country"],
        "phone": identifiers.mobile(rng, firm.country, client["area"]), "is_default": alias == "Almacén",
        "directions": "Preguntar por el encargado; se descarga de 8 a 14." if alias == "Almacén" else None, **uses,
    }  # fmt: skip
