"""The business of the example company: something of everything, and nothing that does not add up."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.asset import AssetAssignment
from db.models.invoice import Invoice
from db.models.subscription import Subscription
from db.models.user import User
from db.moments import standing
from db.notification import Notification
from db.query import fetch_rows
from db.registry import module, modules
from oficrm import keys, notifications
from oficrm.demo.build import ACTOR
from oficrm.demo.timeline import Timeline, instant, workday
from oficrm.joined import hooks
from tests.oficrm.demo.conftest import TODAY, Example, open_session

NOTHING = Decimal(0)
LEAST = {
    "address": 8, "asset": 15, "asset_assignment": 15, "bank_account": 3, "bank_transaction": 30, "calendar_item": 60,
    "campaign": 6, "campaign_member": 30, "cash_flow_entry": 40, "category": 16, "chat_channel": 4, "client_link": 2,
    "comment": 30, "commission": 8, "contact": 250, "credit_note": 2, "document": 10, "document_template": 1,
    "invoice": 20, "log_entry": 24, "lot_serial": 10, "payment_receipt": 12, "price_list": 4, "product_link": 10,
    "project": 7, "project_participant": 4, "project_task": 15, "prospect": 14, "purchase_order": 12, "sales_order": 24,
    "service_contract": 5, "service_link": 10, "stock_movement": 20, "subscription": 9, "support_case": 24, "team": 3,
    "transfer_invoice": 5, "user": 7, "vendor": 8, "warehouse": 3, "quote": 10, "opportunity": 10,
}  # fmt: skip
STATES = {
    ("sales_order", "status"): "created reserved authorized cancelled",
    ("invoice", "state"): "draft issued partly_paid paid overdue cancelled",
    ("credit_note", "state"): "issued applied",
    ("purchase_order", "state"): "created approved partly_received received cancelled",
    ("stock_movement", "type"): "in out transfer adjustment",
    ("transfer_invoice", "status"): "draft in_transit delivered cancelled",
    ("subscription", "status"): "draft active paused expired",
    ("commission", "status"): "calculated paid",
    ("cash_flow_entry", "state"): "projected real",
    ("support_case", "status"): "new in_progress waiting resolved closed",
    ("support_case", "sla"): "met breached stopped",
    ("service_contract", "state"): "active expired",
    ("asset", "state"): "available assigned in_maintenance out_of_service retired",
    ("asset_assignment", "term"): "current ended",
    ("project", "status"): "planned in_progress on_hold completed",
    ("campaign", "status"): "planned active completed",
    ("prospect", "status"): "new contacted qualified discarded converted",
    ("calendar_item", "state"): "planned held completed not_started",
    ("lot_serial", "kind"): "lot serial",
    ("lot_serial", "status"): "available in_warranty",
}  # fmt: skip


@pytest.fixture(scope="module", params=["ES", "MX"])
def demo(request: Any, example: Example) -> Iterator[Session]:
    """An example company on its last day; only read here."""
    with open_session(example(request.param)) as session, standing(instant(TODAY, dt.time(9))):
        yield session


def live(session: Session, table: str) -> list[Any]:
    model = module(table)
    return list(session.scalars(select(model).where(model.deleted_at.is_(None)).order_by(model.id)))


def worked_out(session: Session, table: str, *names: str) -> dict[int, Any]:
    found: dict[int, Any] = {}
    ids = [record.id for record in live(session, table)]
    for start in range(0, len(ids), 300):
        found |= fetch_rows(session, table, ids[start : start + 300], list(names))
    return found


def test_every_listed_module_has_something_to_show(demo: Session) -> None:
    found = {model.module.table: demo.scalar(select(func.count()).select_from(model)) or 0 for model in modules()}
    assert {table: (found[table], least) for table, least in LEAST.items() if found[table] < least} == {}
    empty = {model.module.table for model in modules() if model.module.menu and not found[model.module.table]}
    assert empty <= {"branch", "custom_field"}  # a firm of one house, with no fields of its own


def test_states_are_spread(demo: Session) -> None:
    missing = {}
    for (table, field), wanted in STATES.items():
        seen = Counter(str(row[0]) for row in worked_out(demo, table, field).values())
        if lacking := set(wanted.split()) - seen.keys():
            missing[table, field] = lacking
    assert missing == {}


def test_every_record_keeps_the_rules_over_several_records(demo: Session) -> None:
    demo.info["operation"] = type("Nothing", (), {"id": 0})()
    try:
        for model in modules():
            for record in live(demo, model.module.table):
                assert list(hooks(model).sound(demo, record)) == [], record.title
    finally:
        del demo.info["operation"]


def test_every_link_points_to_a_live_record(demo: Session) -> None:
    ids = {model.module.table: {record.id for record in live(demo, model.module.table)} for model in modules()}
    for model in modules():
        for field in model.fields.values():
            if field.kind == "link" and field.attr:
                for record in live(demo, model.module.table):
                    value = getattr(record, field.attr)
                    assert value is None or value in ids[field.target], (record.title, field.name)
            elif field.kind == "record" and field.attr:
                for record in live(demo, model.module.table):
                    table, ident = keys.parts(getattr(record, field.attr) or "client:0")
                    assert ident in ids[table] | {0}, (record.title, field.name)


def test_money_adds_up(demo: Session) -> None:
    for invoice, (total, paid, credited, balance) in worked_out(
        demo, "invoice", "total", "paid_total", "credited_total", "balance"
    ).items():
        assert NOTHING <= paid + credited <= total, invoice
        assert balance in (NOTHING, total - paid - credited)
    assert min(row[0] for row in worked_out(demo, "bank_account", "balance").values()) > 0
    assert min(row[0] for row in worked_out(demo, "cash_flow_entry", "running_balance").values()) > 0
    for remaining, total in worked_out(demo, "credit_note", "remaining", "total").values():
        assert NOTHING <= remaining <= total


def test_there_is_never_less_than_nothing_in_a_warehouse(demo: Session) -> None:
    from oficrm.stock import levels

    products = [record.id for record in live(demo, "product")]
    assert min(levels.by_warehouse(demo, products).values()) >= 0
    assert min(row[0] for row in worked_out(demo, "product", "stock_available").values()) >= 0
    lots = [record.id for record in live(demo, "lot_serial")]
    assert min(levels.lots_by_warehouse(demo, lots).values()) >= 0


def test_lots_are_traced_from_purchase_to_client(demo: Session) -> None:
    sent = [lot for lot in live(demo, "lot_serial") if lot.client_id is not None and lot.kind == "serial"]
    assert sent
    assert all(lot.purchase_order_id and lot.sales_order_id and lot.delivered_on for lot in sent)


def test_folios_follow_the_calendar_without_gaps(demo: Session) -> None:
    for table, date in (("invoice", "date"), ("payment_receipt", "paid_on"), ("credit_note", "date")):
        issued = sorted((row for row in live(demo, table) if row.number), key=lambda row: row.number)
        assert [int(row.number.rpartition("-")[2]) for row in issued] == list(range(1, len(issued) + 1))
        dates = [getattr(row, date) for row in issued]
        assert dates == sorted(dates), table


def test_nothing_was_done_after_today(demo: Session) -> None:
    end = instant(TODAY, dt.time(15))  # the morning of the last day, in Mexico too
    for model in modules():
        for record in demo.scalars(select(model)):
            if record.capture_source == ACTOR.source:
                assert record.created_at <= end, record.title
    assert all(row.date < TODAY for table in ("invoice", "bank_transaction") for row in live(demo, table))
    assert all(row.paid_on is None or row.paid_on < TODAY for row in live(demo, "commission"))
    assert all(row.moved_at < end for row in live(demo, "stock_movement"))


def test_nobody_holds_an_asset_that_another_holds(demo: Session) -> None:
    by_asset: dict[int, list[AssetAssignment]] = {}
    for row in live(demo, "asset_assignment"):
        assert row.end_date is None or row.start_date < row.end_date <= TODAY
        by_asset.setdefault(row.asset_id, []).append(row)
    for rows in by_asset.values():
        rows.sort(key=lambda row: row.start_date)
        for earlier, later in pairwise(rows):
            assert earlier.end_date is not None
            assert earlier.end_date <= later.start_date


def test_subscriptions_billed_each_period_once(demo: Session) -> None:
    for subscription in live(demo, "subscription"):
        periods = demo.scalars(
            select(Invoice.period_start).where(Invoice.subscription_id == subscription.id).order_by(Invoice.id)
        ).all()
        assert len(set(periods)) == len(periods)
        assert isinstance(subscription, Subscription)
        assert len(periods) == subscription.billed_periods or subscription.status in ("draft", "paused")


def test_who_sits_at_the_screen_has_news_and_work(demo: Session) -> None:
    me = demo.scalars(select(User).where(User.login == "ana")).one()
    inbox = notifications.inbox(demo)
    assert inbox.user_id == me.id
    assert 1 <= inbox.unread <= 15
    read = select(func.count()).select_from(Notification).where(Notification.read_at.is_not(None))
    assert demo.scalar(read)
    assert any(row.assigned_user_id == me.id and row.date >= TODAY for row in live(demo, "calendar_item"))
    assert any(row.assigned_user_id == me.id for row in live(demo, "support_case"))


def test_a_timeline_goes_forward_and_stops_in_the_morning_of_the_last_day() -> None:
    told: list[float] = []
    line = Timeline(dt.date(2026, 1, 1), dt.date(2026, 1, 11), told.append)
    seen: list[str] = []

    def first() -> None:
        seen.append("first")
        assert line.at(dt.date(2026, 1, 5), dt.time(9), lambda: seen.append("brought about"))

    line.at(dt.date(2026, 1, 6), dt.time(9), lambda: seen.append("later"))
    line.at(dt.date(2026, 1, 2), dt.time(9), first)
    assert not line.at(dt.date(2026, 1, 11), dt.time(9), lambda: seen.append("never"))
    line.run()
    assert seen == ["first", "brought about", "later"]
    assert told == [0.1, 0.4, 0.5]


def test_work_is_done_on_weekdays() -> None:
    assert workday(dt.date(2026, 11, 20)) == dt.date(2026, 11, 20)
    assert {workday(dt.date(2026, 11, day)) for day in (21, 22)} == {dt.date(2026, 11, 23)}
