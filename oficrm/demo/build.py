"""Filling an empty database with a company's year: the same rows for the same seed and day."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import Write, write_field
from db.history import Actor, operation
from db.models.action_type import ActionType
from db.models.client import Client
from db.models.contact import Contact, ContactAction, ContactItem
from db.models.contact_type import ContactType
from db.models.interest import Interest
from db.models.opportunity import Opportunity, OpportunityLine
from db.models.origin import Origin
from db.models.person import Person
from db.models.product import Product
from db.models.quote import Quote, QuoteLine
from db.models.result import Result
from db.models.salesperson import Salesperson, SalespersonAbsence
from db.models.sector import Sector
from db.models.service import Service
from oficrm import clock, settings, start
from oficrm.defaults import own_salesperson, own_user
from oficrm.demo import catalogues
from oficrm.demo.business import STEPS, Business
from oficrm.demo.chains import Chain, Draft
from oficrm.demo.companies import origins, sectors
from oficrm.demo.correspondence import Correspondence, Written
from oficrm.demo.notes import action_names, quote_terms
from oficrm.demo.plan import Plan, make_plan
from oficrm.demo.rows import Rows, ensure, ids_of
from oficrm.demo.vocabulary import home
from oficrm.errors import Refused

LABEL = "Datos de ejemplo"
ACTOR = Actor("OfiCRM", "Ejemplo")
Report = Callable[[int, int], None]

_ZONES = {"ES": "Europe/Madrid", "MX": "America/Mexico_City"}
_COMPANIES: dict[str, dict[str, Any]] = {
    "ES": {
        "company_name": "Comercial Levante, S.L.",
        "company_street": "Avenida del Puerto 120",
        "company_postal_code": "46023",
        "company_city": "Valencia",
        "company_province": "Valencia",
        "company_phone": "+34963217766",
        "holiday_region": "VC",
        "own_addresses": "@oficrm.example",
    },
    "MX": {
        "company_name": "Comercial del Valle, S.A. de C.V.",
        "company_street": "Av. Insurgentes #1420, Col. Del Valle",
        "company_postal_code": "03100",
        "company_city": "Ciudad de México",
        "company_province": "Ciudad de México",
        "company_phone": "+525555241766",
        "own_addresses": "@oficrm.example",
    },
}


def build(
    session: Session,
    contacts: int,
    country: str,
    *,
    seed: int = 1,
    today: dt.date,
    progress: Report | None = None,
) -> int:
    """Write `contacts` contacts and all that belongs to them, up to `today`; return the id of the operation.

    The user of the session becomes the first salesperson. `progress` is told rows written and rows in all.
    Raises Refused when the database has clients already.
    """
    if session.scalar(select(Client.id).limit(1)) is not None:
        raise Refused("La base de datos ya tiene clientes: los datos de ejemplo solo se añaden a una vacía.")
    start.begin(session, country, _COMPANIES.get(country, {}).get("company_name", ""))
    own, me = own_salesperson(session), own_user(session)
    user: Actor = session.info["actor"]
    session.info["actor"] = ACTOR
    try:
        with operation(session, LABEL, kind="demo") as made:
            # Before anything that the history will show as done later.
            made.at = _Clock(country, today).at(today - dt.timedelta(days=400), None)
            with clock.standing(made.at):
                _complete_company(session, country)
                plan = make_plan(contacts, country, seed, today, settings.read(session).calendar)
                written = _Written(session, plan, own, me, progress)
                written.write()
            made.label = LABEL  # what was saved inside has named it after itself
        _write_moves(session, plan, written)
    finally:
        session.info["actor"] = user
    session.info["last_operation"] = (made.id, made.label)
    return made.id


def _complete_company(session: Session, country: str) -> None:
    """Address and terms of the example company, where nobody has typed any."""
    known = settings.read(session)
    own = _COMPANIES.get(country, {}) | {"quote_terms": quote_terms(country)}
    settings.save(session, {name: value for name, value in own.items() if not known[name]})


class _Clock:
    """Local wall times of the example company as instants."""

    def __init__(self, country: str, today: dt.date) -> None:
        self._zone = ZoneInfo(_ZONES[home(country)])
        self._last = dt.datetime.combine(today, dt.time(7), self._zone).astimezone(dt.UTC)

    def at(self, day: dt.date, time: dt.time | None) -> dt.datetime:
        """That instant, at most the early morning of today: nothing was typed in the future."""
        return min(self._last, dt.datetime.combine(day, time or dt.time(17, 30), self._zone).astimezone(dt.UTC))


class _Written:
    """Writes a plan in the order of its links, and knows the ids of what has been written."""

    def __init__(
        self, session: Session, plan: Plan, own: int | None, me: int | None, progress: Report | None
    ) -> None:  # fmt: skip
        """`own` is the salesperson whom the user already is: it takes the place of the first of the plan."""
        self._own, self._me = own, me
        self._plan, self._clock, self._session = plan, _Clock(plan.country, plan.today), session
        self._done, self._total, self._progress = 0, plan.row_count + STEPS, progress
        self._rows = Rows(session, self._count)
        self.contacts: list[int] = []
        self.salespeople: list[int] = []

    def _count(self, rows: int) -> None:
        self._done += rows
        if self._progress:
            self._progress(min(self._done, self._total), self._total)

    def write(self) -> None:
        """All of it."""
        self._count(0)
        self._write_masters()
        self._write_clients()
        self._write_contacts()
        self._write_documents()
        ids = Written(self._clients, self._people, self.contacts, self._quotes)
        items = (self._products, self._services)
        Business(self._session, self._plan, ids, items, self.salespeople, self._me, self._clock.at, self._count).write()
        with clock.standing(self._clock.at(self._plan.today, None)):
            Correspondence(self._session, self._plan, ids, self._clock.at).write()

    def _write_masters(self) -> None:
        session, plan = self._session, self._plan
        types, results = session.scalars(select(ContactType)), session.scalars(select(Result))
        self._types: dict[str, int] = {str(row.icon): row.id for row in types if row.deleted_at is None}
        self._results: dict[str, int] = {str(row.tone): row.id for row in results if row.deleted_at is None}
        self._sectors = ensure(session, Sector, sectors())
        self._origins = ensure(session, Origin, origins())
        self._actions = ensure(session, ActionType, action_names())
        began = self._clock.at(plan.today - dt.timedelta(days=400), None)
        others = plan.salespeople if self._own is None else plan.salespeople[1:]
        sellers = zip(others, self._rows.numbers(Salesperson, len(others)), strict=True)
        made = self._rows.insert(
            Salesperson, ({**row, "number": number, "created_at": began} for row, number in sellers)
        )
        self.salespeople = made if self._own is None else [self._own, *made]
        monday = plan.today + dt.timedelta(days=7 - plan.today.weekday())
        away = {"first_day": monday, "last_day": monday + dt.timedelta(days=4), "reason": "Vacaciones"}
        self._rows.insert(SalespersonAbsence, [{**away, "salesperson_id": self.salespeople[-1], "created_at": began}])
        self._write_catalogue(began)

    def _write_catalogue(self, began: dt.datetime) -> None:
        plan, groups = self._plan, catalogues.categories(self._rows, began)
        goods, services = plan.items[: plan.product_count], plan.items[plan.product_count :]
        self._products = self._rows.insert(
            Product,
            (
                _without(row, "price", "category", category_id=groups[row["category"]], created_at=began)
                for row in goods
            ),
        )
        self._services = self._rows.insert(
            Service,
            (_without(row, "category", category_id=groups[row["category"]], created_at=began) for row in services),
        )
        self._lists = catalogues.price_lists(
            self._rows, plan, self._products, self._services, home(plan.country), began
        )

    def _write_clients(self) -> None:
        plan, codes = self._plan, {}
        for status in {client["status"] for client in plan.clients}:
            amount = sum(client["status"] == status for client in plan.clients)
            codes[status] = self._rows.numbers(Client, amount, {"status": status})
        # Parents come before their children, so their ids are known: the first id of an empty table is 1 or more.
        first = self._rows.next_id(Client)
        self._clients = self._rows.insert(
            Client,
            (
                _without(
                    client, "sector", "origin", "domain", "area", "salesperson", "parent", "since",
                    code=next(codes[client["status"]]),
                    sector_id=self._sectors[client["sector"]],
                    origin_id=self._origins[client["origin"]],
                    salesperson_id=self.salespeople[client["salesperson"]],
                    price_list_id=catalogues.list_of(place, client["sector"], self._lists),
                    parent_client_id=None if client["parent"] is None else first + client["parent"],
                    created_at=self._clock.at(client["since"], None),
                )
                for place, client in enumerate(plan.clients)
            ),
        )  # fmt: skip
        numbers = self._rows.numbers(Person, len(plan.people))
        self._people = self._rows.insert(Person, map(self._person, plan.people, numbers))

    def _person(self, person: dict[str, Any], number: str) -> dict[str, Any]:
        client = self._plan.clients[person["client"]]
        return _without(
            person,
            "client",
            number=number,
            client_id=self._clients[person["client"]],
            salesperson_id=self.salespeople[client["salesperson"]],
            created_at=self._clock.at(client["since"], dt.time(18)),
        )

    def _write_contacts(self) -> None:
        contacts = self._plan.contacts
        self._first_contact = self._rows.next_id(Contact)
        self.contacts = self._rows.insert(Contact, map(self._contact, contacts))
        self._rows.insert(ContactAction, self._contact_actions(contacts))
        self._rows.insert(
            ContactItem,
            (
                {"contact_id": self.contacts[contact.place], **self._item(item), "created_at": self._typed(contact)}
                for contact in contacts
                for item in contact.items
            ),
        )
        self._rows.insert(
            Interest,
            (
                {
                    "client_id": self._clients[client],
                    "person_id": ids_of(self._people, contact.person),
                    "contact_id": self.contacts[contact.place],
                    "date": contact.date,
                    "created_at": self._typed(contact),
                    **self._item(item),
                }
                for client, item, contact in self._plan.interests
            ),
        )

    def _contact(self, draft: Draft) -> dict[str, Any]:
        return {
            "client_id": self._clients[draft.client],
            "person_id": ids_of(self._people, draft.person),
            "salesperson_id": self.salespeople[draft.salesperson],
            "date": draft.moved_from or draft.date,
            "time": draft.time,
            "duration": draft.duration,
            "type_id": self._types[draft.kind],
            "made_by": "them" if draft.by_them else "us",
            "notes": draft.notes,
            "next_at": draft.next_at,
            "next_type_id": self._types[draft.next_kind] if draft.next_kind else None,
            "closed_on": draft.closed_on,
            "result_id": self._results[draft.result] if draft.result else None,
            "previous_id": self._first_contact + draft.previous.place if draft.previous else None,
            "created_at": self._typed(draft),
        }

    def _contact_actions(self, contacts: Iterable[Draft]) -> Iterator[dict[str, Any]]:
        for contact in contacts:
            for text in contact.actions:
                yield {
                    "contact_id": self.contacts[contact.place],
                    "action_type_id": self._actions.get(text),
                    "text": text,
                    "created_at": self._typed(contact),
                }

    def _typed(self, draft: Draft) -> dt.datetime:
        """When a contact was entered: as it happened, or, planned ones, when the one before it was."""
        if draft.date >= self._plan.today and draft.previous:
            return self._clock.at(draft.previous.date, draft.previous.time)
        return self._clock.at(draft.moved_from or draft.date, draft.time)

    def _item(self, item: int) -> dict[str, int | None]:
        goods = self._plan.product_count
        if item < goods:
            return {"product_id": self._products[item], "service_id": None}
        return {"product_id": None, "service_id": self._services[item - goods]}

    def _write_documents(self) -> None:
        plan = self._plan
        numbers = self._rows.numbers(Opportunity, len(plan.opportunities))
        made = self._rows.insert(
            Opportunity,
            (
                {**row, **self._links(chain, chain.contacts[0]), "number": number}
                for (chain, row), number in zip(plan.opportunities, numbers, strict=True)
            ),
        )
        self._rows.insert(OpportunityLine, map(self._wanted, plan.opportunities, made))
        deals = {id(chain): ident for (chain, _), ident in zip(plan.opportunities, made, strict=True)}
        numbers = self._rows.numbers(Quote, len(plan.quotes))
        quotes = self._quotes = self._rows.insert(
            Quote,
            (
                {
                    **row,
                    **self._links(chain, chain.contacts[-1]),
                    "number": number,
                    "opportunity_id": deals.get(id(chain)),
                }
                for (chain, row, _), number in zip(plan.quotes, numbers, strict=True)
            ),
        )
        self._rows.insert(
            QuoteLine,
            (
                _without(
                    line,
                    "item",
                    quote_id=quote,
                    created_at=self._typed(chain.contacts[-1]),
                    **self._item(line["item"]),
                )
                for (chain, _, lines), quote in zip(plan.quotes, quotes, strict=True)
                for line in lines
            ),
        )

    def _wanted(self, deal: tuple[Chain, dict[str, Any]], ident: int) -> dict[str, Any]:
        """What an opportunity is about: so many of its item as make its amount."""
        chain, row = deal
        item = self._plan.items[chain.item]
        return {
            "opportunity_id": ident,
            "description": item["name"],
            "quantity": row["amount"] / item["price"],
            "unit_price": item["price"],
            "tax_rate": item["tax_rate"],
            "line_total": row["amount"],
            "created_at": self._typed(chain.contacts[0]),
            **self._item(chain.item),
        }

    def _links(self, chain: Chain, contact: Draft) -> dict[str, Any]:
        return {
            "client_id": self._clients[chain.client],
            "person_id": ids_of(self._people, chain.person),
            "salesperson_id": self.salespeople[contact.salesperson],
            "contact_id": self.contacts[contact.place],
            "created_at": self._typed(contact),
        }


def _write_moves(session: Session, plan: Plan, written: _Written) -> None:
    """The mass date changes of the past, through the program's own way of making them."""
    wall = _Clock(plan.country, plan.today)
    for move in plan.moves:
        session.info["actor"] = Actor(plan.salespeople[move.salesperson]["login"])
        many = len(move.contacts)
        label = f"Cambiar fecha de {many} contactos" if many > 1 else "Cambiar fecha de 1 contacto"
        with operation(session, label) as made:
            made.at = wall.at(move.day, dt.time(8, 40))
            write_field(
                session,
                Contact,
                "date",
                [Write(written.contacts[draft.place], draft.moved_from, draft.date) for draft in move.contacts],
            )


def _without(row: dict[str, Any], *names: str, **more: Any) -> dict[str, Any]:
    """`row` less some of its values, with others added."""
    return {name: value for name, value in row.items() if name not in names} | more
