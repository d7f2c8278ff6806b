"""Subscriptions bill each period once, whoever runs it and however often."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import Actor, Operation
from db.models.invoice import Invoice
from db.models.priced import BillingPeriod
from db.models.subscription import Subscription
from db.notification import Notification
from oficrm import clock, deleting, mass_edit, pricing, records, restoring, subscriptions, undo
from oficrm.drafts import LineDraft
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.history import record_history
from oficrm.jobs import Jobs
from oficrm.rules import periods
from tests.oficrm.finance.till import Till, line, open_till
from tests.support import elsewhere
from tests.support.office import open_jobs
from tests.support.processes import at_once

START = dt.date(2026, 1, 31)


class Calendar:
    """The day it is for the program."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = START
        monkeypatch.setattr(clock, "today", lambda: self.day)

    def go(self, text: str) -> None:
        self.day = dt.date.fromisoformat(text)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


@pytest.fixture
def till(started_url: str, calendar: Calendar) -> Iterator[Till]:
    with open_till(started_url) as made:
        yield made


def subscribe(till: Till, *, activate: bool = True, accepted: frozenset[str] = frozenset(), **values: Any) -> int:
    given = {"subject": "Renta", "client": till.client, "start_date": START, "billing_period": "monthly"} | values
    ident = till.save("subscription", None, {"subscription_line": [line(100, tax=21)]}, **given)
    return till.advance("subscription", ident, "active", accepted) if activate else ident


def billed(till: Till, ident: int) -> list[str]:
    """The first days of the periods invoiced, in order."""
    till.session.expire_all()
    found = select(Invoice.period_start).where(Invoice.subscription_id == ident, Invoice.deleted_at.is_(None))
    return [day.isoformat() for day in till.session.scalars(found.order_by(Invoice.period_start)) if day]


def get(till: Till, ident: int) -> Subscription:
    till.session.expire_all()
    return till.session.get_one(Subscription, ident)


def test_each_period_brings_a_draft_dated_with_it(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till, salesperson=till.seller, discount_percent=10)
    assert get(till, ident).next_billing_date == START
    done = subscriptions.bill_due(till.session)
    invoice = till.session.get_one(Invoice, done.invoices[0])
    assert (invoice.status, invoice.date, invoice.period_start, invoice.client_id) == (
        "draft",
        START,
        START,
        till.client,
    )
    assert (invoice.total, invoice.salesperson_id) == (Decimal("108.90"), till.seller)
    assert invoice.notes == "Periodo del 31/01/2026 al 27/02/2026."
    assert get(till, ident).next_billing_date == dt.date(2026, 2, 28)
    assert subscriptions.bill_due(till.session).invoices == []


def test_days_off_are_caught_up_with_one_invoice_per_period_in_one_operation(till: Till, calendar: Calendar) -> None:
    first, second = subscribe(till), subscribe(till, billing_period="weekly")
    till.session.commit()
    calendar.go("2026-03-31")
    done = subscriptions.bill_due(till.session)
    assert billed(till, first) == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert len(billed(till, second)) == 9
    operation = till.session.scalars(select(Operation).order_by(Operation.id.desc())).first()
    assert operation is not None
    assert (operation.label, operation.kind) == ("Facturar 2 rentas y suscripciones", subscriptions.DAILY)
    assert len(done.invoices) == 12
    undo.undo(till.session, operation.id)
    assert billed(till, first) == []
    assert get(till, first).next_billing_date == START
    subscriptions.bill_due(till.session)  # undone, they are due again: made anew, each once
    assert billed(till, first) == ["2026-01-31", "2026-02-28", "2026-03-31"]


def test_a_deleted_or_cancelled_invoice_does_not_come_again(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    calendar.go("2026-02-28")
    first, second = subscriptions.bill_due(till.session).invoices
    deleting.delete(till.session, "invoice", [first], frozenset({deleting.DEPENDENTS}))
    till.advance("invoice", second, "cancelled")
    assert subscriptions.bill_due(till.session).invoices == []
    assert billed(till, ident) == ["2026-02-28"]
    restoring.restore_deleted(till.session, "invoice", first)
    assert billed(till, ident) == ["2026-01-31", "2026-02-28"]


def test_doing_again_what_was_made_anew_is_refused(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    made = subscriptions.bill_due(till.session).invoices
    operation = till.session.scalars(select(Operation.id).order_by(Operation.id.desc())).first()
    assert operation is not None
    undo.undo(till.session, operation)
    subscriptions.bill_due(till.session)
    till.session.commit()
    with pytest.raises(Refused):
        restoring.restore_deleted(till.session, "invoice", made[0])
    till.session.rollback()
    with pytest.raises(Refused):
        undo.redo_last(till.session)
    till.session.rollback()
    assert billed(till, ident) == ["2026-01-31"]


def test_paused_periods_are_not_billed_but_what_was_due_before_is(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    subscriptions.bill_due(till.session)
    calendar.go("2026-03-01")
    till.advance("subscription", ident, "paused")
    assert billed(till, ident) == ["2026-01-31", "2026-02-28"]
    assert get(till, ident).next_billing_date is None
    calendar.go("2026-06-15")
    assert subscriptions.bill_due(till.session).invoices == []
    till.advance("subscription", ident, "active")
    assert get(till, ident).next_billing_date == dt.date(2026, 6, 30)
    calendar.go("2026-07-01")
    subscriptions.bill_due(till.session)
    assert billed(till, ident) == ["2026-01-31", "2026-02-28", "2026-06-30"]


def test_at_its_end_it_goes_on_by_the_same_term_or_expires(till: Till, calendar: Calendar) -> None:
    end = dt.date(2026, 4, 29)
    goes_on, stops = subscribe(till, end_date=end), subscribe(till, end_date=end, auto_renew=False)
    calendar.go("2026-06-01")
    done = subscriptions.bill_due(till.session)
    assert (get(till, goes_on).end_date, get(till, goes_on).status) == (dt.date(2026, 7, 30), "active")
    assert len(billed(till, goes_on)) == 5
    assert (get(till, stops).status, get(till, stops).next_billing_date) == ("expired", None)
    assert billed(till, stops) == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert (done.renewed, done.expired) == ([goes_on], [stops])
    outcome = subscriptions.renew(till.session, [stops], frozenset({subscriptions.PAST}))
    assert "30/07/2026" in outcome.sentence
    subscriptions.bill_due(till.session)
    assert billed(till, stops) == billed(till, goes_on)


def test_the_past_is_billed_only_when_wanted(till: Till, calendar: Calendar) -> None:
    calendar.go("2026-06-15")
    ident = subscribe(till, activate=False)
    with pytest.raises(NeedsConfirmation, match="5 facturas"):
        till.advance("subscription", ident, "active")
    till.session.rollback()
    till.session.expire_all()
    ident = subscribe(till, bill_from=dt.date(2026, 5, 31))
    subscriptions.bill_due(till.session)
    assert billed(till, ident) == ["2026-05-31"]


def test_an_invoice_now_is_that_of_the_next_period(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    outcome = subscriptions.bill_now(till.session, [ident])
    assert outcome.open is not None
    with pytest.raises(NeedsConfirmation, match="28/02/2026"):
        subscriptions.bill_now(till.session, [ident])
    till.session.rollback()
    till.session.commit()
    till.session.expire_all()


def test_ahead_of_its_day_it_is_not_billed_again_on_it(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    early = frozenset({subscriptions.EARLY})
    subscriptions.bill_now(till.session, [ident], early)
    subscriptions.bill_now(till.session, [ident], early)
    calendar.go("2026-02-28")
    assert subscriptions.bill_due(till.session).invoices == []
    assert billed(till, ident) == ["2026-01-31", "2026-02-28"]


def test_what_was_billed_by_a_calendar_keeps_it(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    till.save("subscription", ident, billing_period="weekly")
    assert get(till, ident).next_billing_date == START
    subscriptions.bill_due(till.session)
    till.session.commit()
    with pytest.raises(ValidationError, match="calendario"):
        till.save("subscription", ident, billing_period="yearly")
    till.session.rollback()
    till.session.expire_all()
    assert {field.name for field in mass_edit.fields(till.session, "subscription")}.isdisjoint(
        {"start_date", "billing_period", "bill_from", "status"}
    )


def test_one_value_of_the_calendar_alone_is_not_restored(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    till.save("subscription", ident, start_date=START + dt.timedelta(days=5))
    till.session.commit()
    change = next(each for each in record_history(till.session, "subscription", ident) if each.field == "Inicio")
    with pytest.raises(Refused, match="versión entera"):
        restoring.restore_value(till.session, change.change_id)
    till.session.rollback()


def test_without_lines_there_is_nothing_to_activate(till: Till, calendar: Calendar) -> None:
    ident = till.save("subscription", subject="Vacía", client=till.client, start_date=START)
    with pytest.raises(Refused, match="al menos una línea"):
        till.advance("subscription", ident, "active")


def test_one_that_cannot_be_billed_does_not_stop_the_others(till: Till, calendar: Calendar,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    bad, good = subscribe(till), subscribe(till)
    till.session.commit()
    known = pricing.lines_from

    def lines_from(session: Session, table: str, ident: int) -> Any:
        found = known(session, table, ident)
        return [(place, values | {"quantity": Decimal(-1)}) for place, values in found] if ident == bad else found

    monkeypatch.setattr(pricing, "lines_from", lines_from)
    done = subscriptions.bill_due(till.session)
    assert list(done.failed) == [bad]
    assert (billed(till, bad), billed(till, good)) == ([], ["2026-01-31"])
    assert get(till, bad).billed_periods == 0


def test_who_is_concerned_is_told_once(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till, end_date=dt.date(2026, 2, 27), auto_renew=False)
    for _ in range(2):
        subscriptions.daily(till.session)
    texts = till.session.scalars(select(Notification.text).order_by(Notification.id)).all()
    assert len(texts) == 2
    assert "factura en borrador" in texts[0]
    assert "termina el 27/02/2026 y no se renueva" in texts[1]
    assert till.shown("subscription", ident, "ends_soon")[0]


@pytest.mark.parametrize(("price", "quantity", "period"), [
    ("100", "1", "weekly"), ("100", "1", "monthly"), ("200", "1", "quarterly"), ("99.99", "3", "half_yearly"),
    ("100", "1", "yearly"), ("0.01", "1", "yearly"), ("999999999", "900", "weekly"), ("0", "1", "bimonthly"),
])  # fmt: skip
def test_the_value_of_a_month_is_the_same_in_the_query_and_by_hand(
    till: Till, price: str, quantity: str, period: str
) -> None:
    lines = {"subscription_line": [line(Decimal(price), Decimal(quantity), tax=21)]}
    ident = till.save("subscription", None, lines, subject="R", client=till.client, billing_period=period,
                      discount_percent=Decimal("12.5"), start_date=START)  # fmt: skip
    record = get(till, ident)
    base = record.subtotal - record.discount_total
    assert till.shown("subscription", ident, "monthly_value")[0] == periods.monthly(base, period)


def test_its_counts_and_sums_are_those_of_its_invoices(till: Till, calendar: Calendar) -> None:
    ident = subscribe(till)
    calendar.go("2026-03-31")
    made = subscriptions.bill_due(till.session).invoices
    assert till.shown("subscription", ident, "invoices_total", "invoiced_total") == (3, Decimal(363))
    till.advance("invoice", made[0], "cancelled")
    assert till.shown("subscription", ident, "invoices_total", "invoiced_total") == (2, Decimal(242))


def test_a_copy_starts_afresh(till: Till, calendar: Calendar) -> None:
    from oficrm import copies

    ident = subscribe(till)
    subscriptions.bill_due(till.session)
    draft = copies.duplicate(till.session, "subscription", ident).draft
    assert isinstance(draft.lines["subscription_line"][0], LineDraft)
    assert "billed_periods" not in draft.preset
    assert draft.values.get("next_billing_date") is None


steps = st.lists(
    st.one_of(
        st.tuples(st.just("days"), st.integers(1, 70)),
        st.sampled_from([("paused", 0), ("active", 0), ("undo", 0), ("now", 0), ("drop", 0)]),
    ),
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(period=st.sampled_from([str(each) for each in BillingPeriod]), plan=steps)
def test_whatever_happens_no_period_is_billed_twice_and_none_that_is_due_is_left(
    till: Till, calendar: Calendar, period: str, plan: list[tuple[str, int]]
) -> None:
    calendar.day = START
    ident = subscribe(till, billing_period=period)
    made: set[str] = set()
    for what, days in plan:
        till.session.commit()
        try:
            _step(till, calendar, ident, what, days)
        except (Refused, NeedsConfirmation):
            till.session.rollback()
        till.session.expire_all()
        subscriptions.bill_due(till.session)
        live = billed(till, ident)
        assert len(live) == len(set(live))
        record = get(till, ident)
        firsts = {periods.begin(START, period, number).isoformat() for number in range(record.billed_periods)}
        assert set(live) <= firsts
        if record.status == "active":
            assert record.next_billing_date is not None
            assert record.next_billing_date > calendar.day
            assert record.next_billing_date == periods.begin(START, period, record.billed_periods)
        made |= set(live)


def _step(till: Till, calendar: Calendar, ident: int, what: str, days: int) -> None:
    match what:
        case "days":
            calendar.day += dt.timedelta(days=days)
        case "undo":
            operation = till.session.scalars(select(Operation.id).order_by(Operation.id.desc())).first()
            assert operation is not None
            undo.undo(till.session, operation)
        case "now":
            subscriptions.bill_now(till.session, [ident])
        case "drop":
            drafts = select(Invoice.id).where(Invoice.subscription_id == ident, Invoice.deleted_at.is_(None))
            for invoice in till.session.scalars(drafts.limit(1)).all():
                deleting.delete(till.session, "invoice", [invoice], frozenset({deleting.DEPENDENTS}))
        case _:
            till.advance("subscription", ident, what)


def test_several_programs_at_once_make_each_invoice_once(started_url: str, calendar: Calendar) -> None:
    with open_till(started_url) as till:
        idents = [subscribe(till) for _ in range(4)]
        till.session.commit()
    day = dt.date(2026, 4, 1)
    made = at_once(elsewhere.bill, [(started_url, day)] * 4)
    assert sum(made) == 12
    with open_jobs(started_url) as jobs:
        found = jobs.read(
            lambda session: [
                tuple(row) for row in session.execute(select(Invoice.subscription_id, Invoice.period_start))
            ]
        ).result()
    assert len(found) == len(set(found)) == 12
    assert {row[0] for row in found} == set(idents)


def test_two_sessions_of_one_program_wait_for_each_other(started_url: str, calendar: Calendar) -> None:
    with open_till(started_url) as till:
        ident = subscribe(till)
        till.session.commit()
        with ThreadPoolExecutor(2) as together:
            jobs = [Jobs(started_url, Actor("luis")) for _ in range(2)]
            made = list(together.map(lambda each: each.write(subscriptions.bill_due).result().value.invoices, jobs))
            for each in jobs:
                each.close()
        assert sorted(map(len, made)) == [0, 1]
        assert billed(till, ident) == ["2026-01-31"]


def test_records_are_as_the_form_shows_them(till: Till) -> None:
    ident = subscribe(till)
    values = records.load(till.session, "subscription", ident).draft.values
    assert values["next_billing_date"] == START
    assert values["billed_periods"] == 0
