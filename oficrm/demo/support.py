"""After the sale: equipment and who holds it, service contracts, cases from their opening to their solution."""

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

from db.models.asset import Asset, AssetAssignment
from db.models.service_contract import ContractState
from db.models.support_case import CaseStatus
from db.query import fetch_rows
from oficrm import clock
from oficrm.demo.firm import Firm
from oficrm.demo.timeline import workday
from oficrm.rules import dates
from oficrm.support import case_actions, contracts

_ASSETS, _CASES = (15, 45), (24, 40)
"""Fewest and most."""
_FIRST, _NOON = dt.time(9, 20), dt.time(12, 5)
_ENDS = (CaseStatus.CLOSED, CaseStatus.CLOSED, CaseStatus.RESOLVED, CaseStatus.CLOSED, CaseStatus.RESOLVED)
_RECENT = (CaseStatus.NEW, CaseStatus.IN_PROGRESS, CaseStatus.WAITING, CaseStatus.RESOLVED)
_RECENT_CASES = 12
_HELD = ("in_use", "in_use", "in_use", "pending", "reserved")
"""How those who have something have it."""


class Support:
    """Puts the work after the sale on the timeline."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._people = firm.people_of()
        self._contracts: dict[int, int] = {}

    def plan(self) -> None:
        """All of it."""
        firm = self._firm
        self._write_assets()
        terms = firm.words["contracts"]
        for place, client in enumerate(self._known()[: 3 * len(terms)]):
            began = (500, 300, 180, 350, 90, 20, 700, 260, 40, 330)[place % 10]
            self._contract(place, client, terms[place % len(terms)], firm.day(began))
        fewest, most = _CASES
        wanted = max(fewest, min(most, len(firm.plan.contacts) // 20))
        for place in range(wanted):
            recent = place < _RECENT_CASES
            ago = 1 + place if recent else _RECENT_CASES + firm.rng.randrange(300)
            state = _RECENT[place % len(_RECENT)] if recent else _ENDS[place % len(_ENDS)]
            hour = dt.time(9 + place % 8, 7 * place % 60)
            firm.timeline.at(workday(firm.day(ago)), hour, partial(self._open, place, state))

    def _known(self) -> list[int]:
        """Positions of the clients, those who buy first."""
        buyers = self._firm.buyers()
        return [*buyers, *(place for place in range(len(self._firm.clients)) if place not in set(buyers))]

    # --- assets

    def _write_assets(self) -> None:
        firm, rng = self._firm, self._firm.rng
        kinds = firm.words["assets"]
        wanted = max(_ASSETS[0], min(_ASSETS[1], len(firm.clients) * 2))
        made: list[dict[str, Any]] = []
        for place in range(wanted):
            name, category, head, euros = kinds[place % len(kinds)]
            bought = workday(firm.day(rng.randint(200, 900)))
            again = place // len(kinds)
            made.append({
                "name": f"{name} {again + 1}" if wanted > len(kinds) else name, "category": category,
                "serial_number": f"{head}{rng.randint(10**5, 10**6 - 1)}-{place}", "cost": firm.money(euros),
                "condition": {7: "in_maintenance", 11: "out_of_service", 13: "retired"}.get(place % 15, "working"),
                "warehouse_id": firm.warehouses[place % 3], "purchase_date": bought,
                "in_service_date": bought + dt.timedelta(days=5),
                "warranty_end": dates.add_months(bought, rng.choice((24, 36))),
                "vendor_id": list(firm.vendors.values())[place % len(firm.vendors)],
                "created_at": firm.at(max(bought, firm.day(390)), None),
            })  # fmt: skip
        self._assign(firm.bulk(Asset, made), made)

    def _assign(self, assets: list[int], facts: list[dict[str, Any]]) -> None:
        """Past holders, and one today for most; nobody has what another has."""
        firm, rng = self._firm, self._firm.rng
        with_people = [place for place in self._known() if self._people.get(place)]
        made: list[dict[str, Any]] = []
        for place, (asset, fact) in enumerate(zip(assets, facts, strict=True)):
            start = max(fact["in_service_date"], firm.day(390)) + dt.timedelta(days=rng.randint(2, 20))
            while start < firm.today:
                client = rng.choice(with_people)
                end: dt.date | None = start + dt.timedelta(days=rng.randint(40, 200))
                if end is not None and end >= firm.today:
                    end = None if fact["condition"] == "working" and place % 4 else firm.day(rng.randint(0, 3))
                if end is not None and end <= start:
                    break
                made.append({
                    "asset_id": asset, "client_id": firm.clients[client], "start_date": start, "end_date": end,
                    "person_id": rng.choice(self._people[client]) if place % 5 else None,
                    "status": "in_maintenance" if place % 15 == 9 else _HELD[place % len(_HELD)],
                    "comments": rng.choice(firm.words["handover"]), "created_at": firm.at(start, None),
                })  # fmt: skip
                if end is None:
                    break
                start = end + dt.timedelta(days=rng.randint(1, 60))
        firm.bulk(AssetAssignment, made)

    # --- service contracts

    def _contract(self, place: int, client: int, term: list[Any], began: dt.date) -> None:
        firm = self._firm
        subject, kind, level, unit, units, period, euros = term
        due = dates.add_months(began, 12) - dt.timedelta(days=1)
        values = {
            "subject": subject, "client": firm.clients[client], "type": kind, "service_level": level,
            "status": {5: "draft", 8: "on_hold"}.get(place % 10, "active"), "start_date": began, "due_date": due,
            "tracking_unit": unit, "total_units": Decimal(units) if units else None, "amount": firm.money(euros),
            "billing_period": period, "auto_renew": place % 10 == 1,
        }  # fmt: skip

        def sign() -> None:
            ident = firm.save("service_contract", values | {"person": self._person(client)})
            if values["status"] == "active" and due >= firm.today:
                self._contracts[client] = ident
            if place % 10 == 7:
                firm.timeline.at(firm.day(30), _NOON, partial(firm.advance, "service_contract", [ident], "cancelled"))
            elif place % 10 in (0, 6):
                firm.timeline.at(due - dt.timedelta(days=9), _NOON, partial(self._renew, client, ident))

        firm.timeline.at(max(began, firm.timeline.first), _FIRST, sign)

    def _renew(self, client: int, ident: int) -> None:
        self._contracts[client] = self._firm.keep(contracts.renew(self._firm.session, ident).draft)

    def _person(self, client: int) -> int | None:
        found = self._people.get(client)
        return self._firm.rng.choice(found) if found else None

    # --- cases

    def _open(self, place: int, state: CaseStatus) -> None:
        """A case is opened, attended to, and solved in time or too late."""
        firm, rng = self._firm, self._firm.rng
        title, category, priority, channel, text, solution = firm.words["cases"][place % len(firm.words["cases"])]
        client = self._known()[rng.randrange(min(len(self._known()), 40))]
        product = rng.randrange(firm.plan.product_count)
        attends = firm.staff["support"] if place % 4 else [firm.me]
        team = place % 7 == 3
        ident = firm.save("support_case", {
            "title_line": title, "client": firm.clients[client], "person": self._person(client), "category": category,
            "priority": priority, "channel": channel,
            "description": text.format(item=firm.plan.items[product]["name"]),
            "product": firm.products[product] if "{item}" in text else None,
            "department": "billing" if "factura" in title else "support",
            "service_contract": self._active(client),
            "assigned_to": f"team:{firm.teams[0]}" if team else f"user:{rng.choice(attends)}",
        })  # fmt: skip
        if state == CaseStatus.NEW:
            return
        today = firm.timeline_day()
        late = place % 9 == 4
        soon = dt.time(clock.now().hour, 55)
        day = workday(today + dt.timedelta(days=3)) if late else today
        firm.timeline.at(day, soon, partial(self._go_on, ident, priority, place, state, solution))

    def _active(self, client: int) -> int | None:
        """The contract of a client that still holds, on this day and with units left."""
        ident = self._contracts.get(client)
        if ident is None:
            return None
        state = fetch_rows(self._firm.session, "service_contract", [ident], ["state"])[ident][0]
        return ident if state == ContractState.ACTIVE else None

    def _go_on(self, ident: int, priority: str, place: int, state: CaseStatus, solution: str) -> None:
        """Work on it begins; it may have to wait; what is urgent is solved the same day."""
        firm = self._firm
        case_actions.attend(firm.session, [ident])
        today = firm.timeline_day()
        if state == CaseStatus.WAITING or (place % 6 == 1 and priority in ("low", "medium")):
            wait = partial(firm.advance, "support_case", [ident], CaseStatus.WAITING)
            firm.timeline.at(workday(today + dt.timedelta(days=1)), _FIRST, wait)
        if state in (CaseStatus.RESOLVED, CaseStatus.CLOSED):
            slow = place % 8 == 5
            days = 16 if slow else 0 if priority in ("critical", "high") else 2
            day = workday(today + dt.timedelta(days=days))
            hour = dt.time(min(clock.now().hour + 2, 17), 45)
            solve = partial(firm.change, "support_case", ident, status=CaseStatus.RESOLVED, solution=solution,
                            units_used=Decimal(1 + place % 3))  # fmt: skip
            if firm.timeline.at(day, hour, solve) and state == CaseStatus.CLOSED:
                close = partial(firm.advance, "support_case", [ident], CaseStatus.CLOSED)
                firm.timeline.at(workday(day + dt.timedelta(days=3)), _NOON, close)
