"""Beyond the single sale: projects, campaigns, prospects, and what ties clients to goods, services and each other."""

import datetime as dt
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select

from db.bulk import Write, write_field
from db.models.campaign import CampaignMember
from db.models.opportunity import Opportunity
from db.models.product_link import ProductLink
from db.models.project import ProjectParticipant, ProjectTask
from db.models.prospect import Prospect, ProspectStatus
from db.models.sales_order import OrderStatus, SalesOrder
from db.models.service_link import ServiceLink
from oficrm.demo.companies import companies
from oficrm.demo.firm import Firm
from oficrm.demo.people import staff
from oficrm.people import prospects
from oficrm.rules import dates

NINE, NOON = dt.time(9), dt.time(12)
_MEMBERS, _PROSPECTS, _TIES = (8, 40), (14, 40), 120
_RESPONSES = ("sent", "opened", "responded", "interested", "interested", "rejected", "opened", "unsubscribed")
_ANSWERED = ("responded", "interested", "rejected")
_PROJECTS = ((260, "completed"), (150, "in_progress"), (90, "in_progress"), (45, "on_hold"), (200, "completed"),
             (20, "planned"), (70, "in_progress"), (330, "archived"), (10, "prospect"), (110, "cancelled"))  # fmt: skip
_DONE, _COMING = ("completed", "archived"), ("planned", "prospect")


class Outreach:
    """Writes what hangs on clients and persons."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._people = firm.people_of()
        self._with_people = sorted(self._people)

    def plan(self) -> None:
        """All of it."""
        firm = self._firm
        for place, (ago, state) in enumerate(_PROJECTS[: max(7, min(10, len(firm.clients) // 4))]):
            firm.timeline.at(firm.day(ago), NINE, partial(self._project, place, state))
        for place, facts in enumerate(firm.words["campaigns"]):
            firm.timeline.at(firm.day(max(facts[2], 1)), NOON, partial(self._campaign, place, facts))
        self._write_prospects()
        self._write_ties()
        firm.timeline.at(firm.day(300), NOON, self._relate)

    # --- projects

    def _project(self, place: int, state: str) -> None:
        firm, rng = self._firm, self._firm.rng
        name, kind, euros, tasks, milestones = firm.words["projects"][place % len(firm.words["projects"])]
        ago = (firm.today - firm.timeline_day()).days
        start = firm.today + dt.timedelta(days=25) if state in _COMING else firm.timeline_day()
        each = ago * 3 // 2 // len(tasks) + 3 if state in ("in_progress", "on_hold") else 14 + 5 * (place % 3)
        client = None if kind == "internal" else self._with_people[place % len(self._with_people)]
        done = state in _DONE
        spent = rng.randint(80, 104) if done else 0 if state in _COMING else rng.randint(15, 60)
        end = start + dt.timedelta(days=each * len(tasks))
        days = [start + dt.timedelta(days=each * (at + 1)) for at in range(len(milestones))]
        ident = firm.save("project", {
            "name": name, "client": None if client is None else firm.clients[client], "type": kind, "status": state,
            "salesperson": firm.salespeople[place % len(firm.salespeople)], "start_date": start,
            "priority": ("high", "medium", "low")[place % 3], "target_end_date": end,
            "actual_end_date": end + dt.timedelta(days=3) if done else None, "budget": firm.money(euros),
            "actual_cost": firm.money(euros) * spent / 100,
        }, [{"name": text, "date": day, "is_reached": done or day < firm.today}
            for text, day in zip(milestones, days, strict=True)], child="project_milestone")  # fmt: skip
        self._tasks(ident, tasks, start, each, done)
        if client is not None:
            self._participants(ident, client)
            if state not in _COMING:
                firm.timeline.at(firm.day(1), NOON, partial(self._credit_sales, ident, firm.clients[client], start))

    def _tasks(self, project: int, names: list[str], start: dt.date, each: int, done: bool) -> None:
        firm, rng = self._firm, self._firm.rng
        made: list[dict[str, Any]] = []
        for at, name in enumerate(names):
            begins = start + dt.timedelta(days=each * at)
            ends = begins + dt.timedelta(days=each - 1)
            over, begun = done or ends < firm.day(5), begins <= firm.today
            state = "completed" if over else "in_progress" if begun else "not_started"
            made.append({
                "project_id": project, "name": name, "status": state, "start_date": begins, "due_date": ends,
                "assigned_user_id": rng.choice([*firm.staff["support"], *firm.sellers[:3]]),
                "hours": Decimal(rng.choice((4, 8, 12, 16, 24))), "created_at": firm.at(start, None),
                "progress": Decimal(100 if over else rng.randint(2, 8) * 10 if begun else 0),
            })  # fmt: skip
        firm.bulk(ProjectTask, made)

    def _participants(self, project: int, client: int) -> None:
        roles = ("sponsor", "key_user", "responsible")
        made = self._firm.at(self._firm.timeline_day(), None)
        self._firm.bulk(ProjectParticipant, [
            {"project_id": project, "person_id": person, "role": role, "created_at": made}
            for person, role in zip(self._people[client], roles, strict=False)
        ])  # fmt: skip

    def _credit_sales(self, project: int, client: int, first: dt.date) -> None:
        """What the client bought since the project began is part of it."""
        session = self._firm.session
        for order in session.scalars(select(SalesOrder).where(
            SalesOrder.client_id == client, SalesOrder.project_id.is_(None), SalesOrder.sale_date >= first,
            SalesOrder.status != OrderStatus.CANCELLED,
        )):  # fmt: skip
            order.project_id = project
        session.flush()

    # --- campaigns

    def _campaign(self, place: int, facts: list[Any]) -> None:
        """A campaign, who takes part, and the deals that came of it."""
        firm = self._firm
        name, kind, began, ended, euros = facts
        start, close = firm.day(began), firm.day(ended)
        over = close < firm.today
        state = "completed" if over else "planned" if start > firm.today else "active"
        ident = firm.save("campaign", {
            "name": name, "type": kind, "status": state, "start_date": start, "expected_close_date": close,
            "salesperson": firm.salespeople[place % len(firm.salespeople)], "budget": firm.money(euros),
            "actual_cost": None if state == "planned" else firm.money(euros) * (90 + place * 3) / 100,
            "expected_revenue": firm.money(euros * 4), "expected_responses": 6 + place,
        })  # fmt: skip
        self._members(ident, place, state, start)
        if state != "planned":
            self._credit_deals(ident, start, close + dt.timedelta(days=60))

    def _members(self, campaign: int, place: int, state: str, start: dt.date) -> None:
        firm, rng = self._firm, Random(place)
        wanted = max(_MEMBERS[0], min(_MEMBERS[1], len(firm.people) // 6))
        made: list[dict[str, Any]] = []
        for person in rng.sample(range(len(firm.people)), min(wanted, len(firm.people))):
            status = "to_contact" if state == "planned" else rng.choice(_RESPONSES)
            answered = start + dt.timedelta(days=rng.randint(0, 12)) if status in _ANSWERED else None
            made.append({
                "campaign_id": campaign, "person_id": firm.people[person], "status": status,
                "responded_on": min(answered, firm.today) if answered else None, "created_at": firm.at(start, None),
            })  # fmt: skip
        made += [{"campaign_id": campaign, "client_id": firm.clients[client], "created_at": firm.at(start, None),
                  "status": "sent" if state != "planned" else "to_contact"}
                 for client in rng.sample(range(len(firm.clients)), min(4, len(firm.clients)))]  # fmt: skip
        firm.bulk(CampaignMember, made)

    def _credit_deals(self, campaign: int, first: dt.date, last: dt.date) -> None:
        """Some opportunities of that time came of the campaign."""
        found = select(Opportunity.id).where(
            Opportunity.campaign_id.is_(None), Opportunity.created_at >= self._firm.at(first, None),
            Opportunity.created_at <= self._firm.at(last, None), Opportunity.stage != "lost",
        ).order_by((Opportunity.stage == "won").desc(), Opportunity.amount.desc(), Opportunity.id).limit(4)  # fmt: skip
        ids = self._firm.session.scalars(found).all()
        write_field(self._firm.session, Opportunity, "campaign_id", [Write(each, None, campaign) for each in ids])

    # --- prospects

    def _write_prospects(self) -> None:
        firm, rng = self._firm, Random(41)
        wanted = max(_PROSPECTS[0], min(_PROSPECTS[1], len(firm.plan.contacts) // 40))
        states = ("new", "contacted", "qualified", "new", "discarded", "qualified", "contacted")
        known = {client["name"] for client in firm.plan.clients}
        made: list[dict[str, Any]] = []
        for place, company in enumerate(companies(rng, firm.country, wanted)):
            person = next(staff(rng, company, 1, firm.today))
            kept = ("first_name", "last_name", "job_title", "email", "mobile_phone")
            made.append({
                **{name: person[name] for name in kept}, "status": states[place % len(states)],
                "company": company["name"] if company["name"] not in known else None, "phone": company["phone"],
                "website": company["website"], "city": company["city"], "country": company["country"],
                "lead_source": person["lead_source"] or "event", "notes": rng.choice(firm.words["prospect_notes"]),
                "salesperson_id": firm.salespeople[place % len(firm.salespeople)],
                "created_at": firm.at(firm.day(5 + place * 7), NINE),
            })  # fmt: skip
        ids = firm.bulk(Prospect, made)
        for place, ago in ((2, 3), (7, 25), (9, 48)):
            if made[place]["status"] != ProspectStatus.DISCARDED:
                firm.timeline.at(firm.day(ago), NOON, partial(self._convert, ids[place], place % 2 == 0))

    def _convert(self, ident: int, with_opportunity: bool) -> None:
        prospects.convert(self._firm.session, ident, frozenset({"duplicate"}), with_opportunity=with_opportunity)

    # --- ties

    def _write_ties(self) -> None:
        """Goods and services that clients and people asked for, bought, have under warranty or contracted."""
        firm, rng = self._firm, Random(43)
        goods: list[dict[str, Any]] = []
        services: list[dict[str, Any]] = []
        for turn in range(min(_TIES, 3 * len(self._with_people))):
            client = self._with_people[turn % len(self._with_people)]
            day = firm.day(rng.randint(3, 330))
            row = {"client_id": firm.clients[client], "created_at": firm.at(day, None),
                   "person_id": rng.choice(self._people[client]) if turn % 2 else None}  # fmt: skip
            kind = ("interest", "bought", "warranty", "assigned")[turn % 4]
            goods.append(row | {
                "product_id": rng.choice(firm.products), "kind": kind, "date": day, "quantity": Decimal(1 + turn % 3),
                "until": dates.add_months(day, 24) if kind in ("warranty", "assigned") else None,
            })  # fmt: skip
            status = ("contracted", "interest", "given")[turn % 3]
            services.append(row | {
                "service_id": rng.choice(firm.services), "status": status, "since": day,
                "until": min(day + dt.timedelta(days=20), firm.today) if status == "given" else None,
                "satisfaction": rng.choice((3, 4, 4, 5, 5)) if status == "given" else None,
            })  # fmt: skip
        firm.bulk(ProductLink, goods)
        firm.bulk(ServiceLink, services)

    def _relate(self) -> None:
        """Subsidiaries as their clients say, and a few partners."""
        firm = self._firm
        pairs = [(place, client["parent"], "parent") for place, client in enumerate(firm.plan.clients)
                 if client["parent"] is not None][:6]  # fmt: skip
        related = {frozenset(pair[:2]) for pair in pairs}
        for place, kind in ((0, "associate"), (2, "franchisee"), (4, "subsidiary")):
            if place + 1 < len(firm.clients) and frozenset((place, place + 1)) not in related:
                pairs.append((place, place + 1, kind))
        for client, other, kind in pairs:
            firm.save("client_link", {"client": firm.clients[client], "other_client": firm.clients[other],
                                      "kind": kind})  # fmt: skip
