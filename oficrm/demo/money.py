"""What money does besides sales: expenses, transfers, reconciling, commissions, subscriptions, traslados."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from db.models.address import Address
from db.models.bank_account import BankTransaction
from db.models.commission import Commission, CommissionStatus
from db.models.invoice import InvoiceStatus
from db.models.subscription import SubscriptionStatus
from oficrm import subscriptions
from oficrm.demo.catalogues import DOLLAR
from oficrm.demo.firm import Firm
from oficrm.demo.selling import Selling
from oficrm.demo.timeline import workday
from oficrm.drafts import Values
from oficrm.finance import banks
from oficrm.rules import dates

DAWN, NINE, LATE = dt.time(7, 30), dt.time(9), dt.time(18)
_MONTHS = 11
_MOST_SUBSCRIPTIONS = 9
_AUTHORIZED_AT_ONCE, _PAID_AT_ONCE = 5, 4
_TERMS = (("quarterly", 9, None), ("monthly", 3, None), ("half_yearly", 11, 12), ("yearly", 10, 12), ("monthly", 2, 6),
          ("quarterly", 7, 6), ("bimonthly", 6, None), ("monthly", 1, 2), ("quarterly", 1, None))  # fmt: skip
"""Period, months ago it began, months it lasts; of each subscription in turn."""


class Money:
    """Puts the rest of the year's money on the timeline."""

    def __init__(self, firm: Firm, selling: Selling) -> None:
        self._firm, self._selling = firm, selling

    def plan(self) -> None:
        """All of it."""
        firm = self._firm
        for back in range(_MONTHS, -1, -1):
            first = dates.add_months(firm.today.replace(day=1), -back)
            firm.timeline.at(first, DAWN, self._bill)
            firm.timeline.at(workday(first + dt.timedelta(days=3)), LATE, self._close_month)
            for concept, day, euros in firm.words["expenses"]:
                firm.timeline.at(workday(first.replace(day=day)), NINE, partial(self._spend, concept, euros))
        firm.timeline.at(firm.day(364), DAWN, self._begin)
        self._plan_subscriptions()
        firm.timeline.at(firm.day(40), LATE, self._refer)
        firm.timeline.at(workday(firm.day(30)), LATE, self._selling.give_more_credit)
        firm.timeline.at(firm.day(2), LATE, self._expect)
        for place, ago in enumerate((140, 75, 33, 4, 2)):
            firm.timeline.at(workday(firm.day(ago)), NINE, partial(self._carry, place))

    # --- expenses and the bank

    def _begin(self) -> None:
        """What there is at the beginning, so that the balance of the flow is that of the accounts."""
        firm = self._firm
        for concept, account, euros in firm.words["begins"]:
            is_dollars = account == 1
            firm.save("cash_flow_entry", {
                "kind": "income", "state": "real", "concept": concept, "category": "other",
                "amount": Decimal(euros) if is_dollars else firm.money(euros), "bank_account": firm.accounts[account],
                "currency": "USD" if is_dollars else firm.plan_currency(),
                "exchange_rate": DOLLAR[firm.country] if is_dollars else Decimal(1),
            })  # fmt: skip

    def _spend(self, concept: str, euros: int) -> None:
        firm = self._firm
        amount = (firm.money(euros) * firm.rng.randint(96, 108) / 100).quantize(Decimal("0.01"))
        firm.save("cash_flow_entry", {
            "kind": "outlay", "state": "real", "concept": concept, "category": "expense", "amount": amount,
            "bank_account": firm.accounts[0], "payment_form": "03",
        })  # fmt: skip

    def _expect(self) -> None:
        """What next month will take."""
        firm = self._firm
        following = dates.add_months(firm.today.replace(day=1), 1)
        for concept, day, euros in firm.words["expenses"]:
            firm.save("cash_flow_entry", {
                "kind": "outlay", "state": "projected", "concept": concept, "category": "expense",
                "amount": firm.money(euros), "date": following.replace(day=day),
            })  # fmt: skip

    def _close_month(self) -> None:
        """The statement of the bank is gone through, cash is taken to the bank, commissions are settled."""
        firm = self._firm
        begun = firm.timeline_day().replace(day=1)
        seen = select(BankTransaction.id).where(
            BankTransaction.date < begun, BankTransaction.reconciled.is_(False),
            BankTransaction.bank_account_id.in_(firm.accounts[:2]), BankTransaction.deleted_at.is_(None),
        )  # fmt: skip
        if found := firm.session.scalars(seen).all():
            banks.reconcile(firm.session, found)
        firm.save("bank_transaction", {
            "bank_account": firm.accounts[0], "type": "fee", "amount": firm.money(18),
            "concept": "Comisión de mantenimiento",
        })  # fmt: skip
        if begun.month % 3 == 0:
            firm.save("bank_transaction", {
                "bank_account": firm.accounts[0], "to_account": firm.accounts[2], "type": "transfer",
                "amount": firm.money(300), "concept": "Cambio para la caja", "payment_form": "01",
            })  # fmt: skip
        self._settle()

    def _settle(self) -> None:
        """Commissions of the month before last are paid, those of the last authorised."""
        firm = self._firm
        for state, following, most in ((CommissionStatus.AUTHORIZED, CommissionStatus.PAID, _PAID_AT_ONCE),
                                       (CommissionStatus.CALCULATED, CommissionStatus.AUTHORIZED,
                                        _AUTHORIZED_AT_ONCE)):  # fmt: skip
            waiting = select(Commission.id).where(
                Commission.status == state, Commission.earned_on < firm.timeline_day() - dt.timedelta(days=20),
                Commission.deleted_at.is_(None),
            ).order_by(Commission.id).limit(most)  # fmt: skip
            for ident in firm.session.scalars(waiting).all():
                firm.change("commission", ident, status=following)

    def _refer(self) -> None:
        """Somebody who brought a client earns something too."""
        firm = self._firm
        people = firm.people_of()
        for client in firm.buyers()[:3]:
            if people.get(client):
                firm.save("commission", {
                    "beneficiary": f"person:{people[client][0]}", "client": firm.clients[client], "kind": "referral",
                    "base_amount": firm.money(1800), "rate_percent": Decimal(3),
                    "notes": "Por traer a otro cliente.",
                })  # fmt: skip
                return

    # --- subscriptions

    def _plan_subscriptions(self) -> None:
        firm = self._firm
        services = [place for place, item in enumerate(firm.plan.items) if item.get("is_recurring")]
        buyers = firm.buyers()
        for place, (period, months, lasts) in enumerate(_TERMS[:_MOST_SUBSCRIPTIONS]):
            first = dates.add_months(firm.today.replace(day=1), -months)
            values: Values = {
                "client": firm.clients[buyers[place % len(buyers)]], "billing_period": period, "start_date": first,
                "person": firm.person_of(buyers[place % len(buyers)]),
                "type": "rent" if "Alquiler" in firm.plan.items[services[place % len(services)]]["name"]
                else "subscription",
                "end_date": dates.add_months(first, lasts) - dt.timedelta(days=1) if lasts else None,
                "auto_renew": place not in (5, 7), "status": "active" if place != 8 else "draft",
                "salesperson": firm.salespeople[place % len(firm.salespeople)],
            }  # fmt: skip
            firm.timeline.at(first, dt.time(7, 10), partial(self._subscribe, values, services[place % len(services)]))

    def _subscribe(self, values: Values, item: int) -> None:
        firm = self._firm
        row = firm.plan.items[item]
        line = {"item": firm.item(item), "description": row["name"], "quantity": Decimal(firm.rng.choice((1, 1, 2, 4))),
                "unit_price": row["price"], "discount_percent": Decimal(0), "tax_rate": row["tax_rate"]}  # fmt: skip
        money = {"price_list": None, "currency": firm.plan_currency(), "exchange_rate": Decimal(1)}
        ident = firm.save("subscription", values | money | {"subject": row["name"]}, [line])
        if values["billing_period"] == "bimonthly":
            pause = partial(firm.advance, "subscription", [ident], SubscriptionStatus.PAUSED)
            firm.timeline.at(firm.day(50), LATE, pause)

    def _bill(self) -> None:
        """What has fallen due is invoiced; the invoices of this month wait to be looked over."""
        firm = self._firm
        made = subscriptions.bill_due(firm.session).invoices
        if (firm.today - firm.timeline_day()).days < 28:
            return
        for ident in made:
            firm.change("invoice", ident, status=InvoiceStatus.ISSUED,
                        due_date=firm.timeline_day() + dt.timedelta(days=15))  # fmt: skip
            self._selling.collect(ident)

    # --- goods on the road

    def _carry(self, place: int) -> None:
        """Goods from one of our warehouses to another; the last journeys are not over."""
        firm = self._firm
        ours = firm.session.scalars(
            select(Address.id).where(Address.client_id.is_(None), Address.person_id.is_(None)).order_by(Address.id)
        ).all()
        carrier, plate, driver = firm.words["carriers"][place % 2]
        goods = self._goods(place)
        ident = firm.save("transfer_invoice", {
            "origin_address": ours[1], "destination_address": ours[2], "origin_warehouse": firm.warehouses[1],
            "destination_warehouse": firm.warehouses[2], "carrier": carrier, "vehicle_plate": plate,
            "driver_name": driver,
        }, goods, child="transfer_goods")  # fmt: skip
        for state in (("issued", "in_transit", "delivered"), ("issued", "delivered"), ("issued", "cancelled"),
                      ("issued", "in_transit"), ())[place]:  # fmt: skip
            firm.advance("transfer_invoice", [ident], state)

    def _goods(self, place: int) -> Sequence[Values]:
        items = self._firm.plan.items
        plain = [at for at in range(self._firm.plan.product_count) if items[at]["tracking"] == "none"]
        return [{"product": self._firm.products[at], "quantity": Decimal(1), "unit_weight": Decimal(0)}
                for at in plain[5 + place : 7 + place]]  # fmt: skip
