"""What the example company buys so that it can sell: purchases, receipts with lots and series, other places."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from db.models.cash_flow_entry import CashFlowEntry, CashState
from db.models.lot_serial import LotSerial
from db.models.product import Product, Tracking
from db.models.purchase_order import PurchaseStatus
from db.models.stock_movement import MovementType
from oficrm import records
from oficrm.demo import deals
from oficrm.demo.deals import Deal
from oficrm.demo.firm import Firm
from oficrm.demo.timeline import workday
from oficrm.drafts import Draft, LineDraft, Values
from oficrm.finance import entries
from oficrm.stock import lots, movements, purchases

_ROUNDS = (352, 214, 96)
"""Days ago on which the year's orders go to the vendors; each covers what is sold until the next."""
_LAST_ORDERS = ((26, PurchaseStatus.APPROVED, True), (12, PurchaseStatus.APPROVED, False),
                (4, PurchaseStatus.CREATED, False), (60, PurchaseStatus.CANCELLED, False))  # fmt: skip
"""Days ago, state, and whether a part of it has come."""
_ARRIVES = 9
_EXPIRES = 300
MORNING, NOON = dt.time(8, 30), dt.time(12)


class Buying:
    """Purchases around the sales that are to come."""

    def __init__(self, firm: Firm, sold: Sequence[Deal]) -> None:
        self._firm, self._sold = firm, sold
        self._codes = 0

    def plan(self) -> None:
        """Put the purchases of the year on the timeline."""
        firm = self._firm
        for place, ago in enumerate(_ROUNDS):
            following = firm.day(_ROUNDS[place + 1] if place + 1 < len(_ROUNDS) else -1)
            # What is ordered today arrives days later: sales of those days live on the round before.
            arrives = dt.timedelta(days=_ARRIVES + 3)
            first = firm.day(ago) + arrives if place else dt.date.min
            needed = deals.needs(self._sold, firm.plan, first, following + arrives)
            for category, vendor in firm.vendors.items():
                order = partial(self._order, category, vendor, needed, is_first=place == 0)
                firm.timeline.at(workday(firm.day(ago)), MORNING, order)
        firm.timeline.at(firm.day(340), NOON, self._count_others)
        firm.timeline.at(firm.day(120), NOON, self._restock_shop)
        self._plan_recent()

    def _order(self, category: str, vendor: int, needed: Mapping[int, Decimal], *, is_first: bool) -> None:
        """Order what is needed of a category, with something to spare, and something of what nobody has asked for."""
        firm, items = self._firm, self._firm.plan.items
        mine = [place for place in range(firm.plan.product_count) if items[place]["category"] == category]
        wanted = {place: needed[place] + _spare(items[place]) for place in mine if place in needed}
        if is_first:
            wanted |= {place: _spare(items[place]) for place in mine[::4] if place not in wanted}
        if not wanted:
            return
        ident = self._save(category, vendor, wanted, PurchaseStatus.APPROVED)
        day = workday(firm.timeline_day() + dt.timedelta(days=_ARRIVES))
        firm.timeline.at(day, MORNING, lambda: self._receive(ident))
        firm.timeline.at(workday(day + dt.timedelta(days=35)), NOON, lambda: self._pay(ident))

    def _save(self, category: str, vendor: int, wanted: Mapping[int, Decimal], status: PurchaseStatus) -> int:
        firm = self._firm
        today = firm.timeline_day()
        lines: list[Values] = []
        for place, quantity in wanted.items():
            row = firm.plan.items[place]
            lines.append({"item": firm.item(place), "description": row["name"], "quantity": quantity,
                          "unit_price": row["cost"], "discount_percent": Decimal(0),
                          "tax_rate": row["tax_rate"]})  # fmt: skip
        return firm.save("purchase_order", {
            "subject": f"Reposición de {category.lower()}", "vendor": vendor, "status": status, "date": today,
            "delivery_date": workday(today + dt.timedelta(days=_ARRIVES)), "warehouse": firm.warehouses[0],
        }, lines)  # fmt: skip

    # --- receipts

    def _receive(self, ident: int, *, is_part: bool = False) -> None:
        """Take in what was ordered, or only its first line; what is told apart gets its codes."""
        draft = purchases.receive(self._firm.session, ident).draft
        lines = draft.lines[movements.LINES]
        if is_part:
            lines = draft.lines[movements.LINES] = lines[:1]
        for line in lines:
            line.values["lot_code"] = self._code(line.values)
        moved = self._firm.keep(draft)
        self._give_expiry(moved)

    def _code(self, values: Values) -> str | None:
        """Codes for one line: a lot, or a run of serial numbers."""
        product = self._firm.session.get_one(Product, values["product"])
        if product.tracking == Tracking.NONE:
            return None
        self._codes += 1
        head = product.sku.replace("-", "")
        if product.tracking == Tracking.LOT:
            return f"L{self._firm.timeline_day():%y%m}-{self._codes:03d}"
        first, many = self._codes * 100 + 1, int(values["quantity"])
        self._codes += many // 100
        return f"{head}{first:06d}" if many == 1 else f"{head}{first:06d}..{head}{first + many - 1:06d}"

    def _give_expiry(self, moved: int) -> None:
        """What comes in lots was made a month ago and does not keep for ever."""
        firm = self._firm
        for line in records.load(firm.session, "stock_movement", moved).draft.lines[movements.LINES]:
            ident = line.values.get("lot_serial")
            lot = firm.session.get_one(LotSerial, ident) if ident else None
            if lot is not None and lot.kind == "lot":
                made = firm.timeline_day() - dt.timedelta(days=30)
                firm.change("lot_serial", lot.id, manufactured_on=made,
                            expires_on=made + dt.timedelta(days=_EXPIRES + lot.id % 5 * 90))  # fmt: skip

    def _pay(self, ident: int) -> None:
        """What came of it is paid from the bank."""
        firm = self._firm
        expected = select(CashFlowEntry.id).where(
            CashFlowEntry.source == f"purchase_order:{ident}", CashFlowEntry.state == CashState.PROJECTED,
            CashFlowEntry.deleted_at.is_(None),
        )  # fmt: skip
        for entry in firm.session.scalars(expected).all():
            firm.change("cash_flow_entry", entry, bank_account=firm.accounts[0])
            entries.make_real(firm.session, [entry])

    # --- the last weeks, and other places

    def _plan_recent(self) -> None:
        """Orders that have come in part, have not come, are not approved, were cancelled."""
        firm = self._firm
        for ago, state, part in _LAST_ORDERS:
            firm.timeline.at(workday(firm.day(ago)), MORNING, partial(self._order_recent, ago, state, part))

    def _order_recent(self, ago: int, state: PurchaseStatus, is_part: bool) -> None:
        firm = self._firm
        categories = list(firm.vendors)
        category = categories[ago % len(categories)]
        items = firm.plan.items
        mine = [place for place in range(firm.plan.product_count)
                if items[place]["category"] == category and items[place]["tracking"] == "none"][:3]  # fmt: skip
        ident = self._save(category, firm.vendors[category], {place: Decimal(6) for place in mine},
                           PurchaseStatus.CREATED if state == PurchaseStatus.CANCELLED else state)  # fmt: skip
        if state == PurchaseStatus.CANCELLED:
            firm.advance("purchase_order", [ident], state)
        if is_part:
            day = workday(firm.timeline_day() + dt.timedelta(days=7))
            firm.timeline.at(day, MORNING, partial(self._receive, ident, is_part=True))

    def _plain(self, many: int, start: int = 0) -> list[int]:
        """Some products that are not told apart, by position."""
        items = self._firm.plan.items
        return [place for place in range(self._firm.plan.product_count) if items[place]["tracking"] == "none"][
            start : start + many
        ]

    def _count_others(self) -> None:
        """The first count of the shop."""
        firm = self._firm
        movements.make(firm.session, MovementType.ADJUSTMENT, firm.warehouses[1], [
            {"product": firm.products[place], "quantity": Decimal(3 + place % 5),
             "unit_cost": firm.plan.items[place]["cost"]} for place in self._plain(12)
        ], concept="Inventario inicial de la tienda")  # fmt: skip

    def _restock_shop(self) -> None:
        """Some of it goes on to the workshop."""
        firm = self._firm
        movements.make(firm.session, MovementType.TRANSFER, firm.warehouses[1], [
            {"product": firm.products[place], "quantity": Decimal(1)} for place in self._plain(3, 2)
        ], to_warehouse_id=firm.warehouses[2], concept="Material para el taller")  # fmt: skip


def _spare(item: dict[str, Any]) -> Decimal:
    """What is ordered beyond what is needed: little of what is dear."""
    if item["tracking"] != "none":
        return Decimal(1 if item["tracking"] == "serial" else 20)
    return Decimal(2 if item["reorder_point"] is None else 8)


def named(firm: Firm, draft: Draft, warehouse: int) -> None:
    """Give the lines of a delivery the lots and series they take, those first that expire first."""
    lines: list[LineDraft] = []
    for line in draft.lines[movements.LINES]:
        product = firm.session.get_one(Product, line.values["product"])
        if product.tracking == Tracking.NONE:
            lines.append(line)
            continue
        left = line.values["quantity"]
        for lot, there in lots.ready(firm.session, product.id, warehouse):
            if left > 0:
                part = min(left, there)
                lines.append(LineDraft(None, line.values | {"lot_serial": lot.id, "quantity": part}))
                left -= part
    draft.lines[movements.LINES] = lines
