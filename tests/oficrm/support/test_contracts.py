"""Contracts: lapsing by date and by use, terms that follow, what is used against a recount, notices given once."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models.service_contract import ServiceContract
from db.models.support_case import SupportCase
from oficrm import daily, deleting, undo
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.support import contracts
from oficrm.support.contracts import next_term

DAY = dt.date(2026, 11, 16)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(("start", "due", "next_start", "next_due"), [
    ("2026-01-01", "2026-12-31", "2027-01-01", "2027-12-31"),
    ("2026-01-01", "2027-01-01", "2027-01-01", "2028-01-01"),
    ("2027-03-01", "2028-02-29", "2028-03-01", "2029-02-28"),
    ("2026-01-15", "2026-04-14", "2026-04-15", "2026-07-14"),
    ("2026-01-01", "2026-01-10", "2026-01-11", "2026-01-20"),
    ("2026-01-01", "2026-01-01", "2026-01-02", "2026-01-02"),
])  # fmt: skip
def test_the_next_term_is_as_long(start, due, next_start, next_due):
    assert next_term(day(start), day(due)) == (day(next_start), day(next_due))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), st.integers(0, 3000))
def test_terms_follow_each_other_without_a_gap(start, days):
    due = start + dt.timedelta(days=days)
    first, last = next_term(start, due)
    assert first in (due, due + dt.timedelta(days=1))
    assert last >= first
    assert abs((last - first).days - days) <= 3 + days // 365  # months and leap years


@pytest.mark.parametrize(("values", "state"), [
    ({}, "active"),
    ({"due_date": DAY}, "active"),
    ({"due_date": DAY - dt.timedelta(days=1)}, "expired"),
    ({"end_date": DAY - dt.timedelta(days=1)}, "expired"),
    ({"status": "draft", "due_date": DAY - dt.timedelta(days=1)}, "draft"),
    ({"status": "on_hold", "due_date": DAY - dt.timedelta(days=1)}, "expired"),
    ({"tracking_unit": "hours", "total_units": "3"}, "active"),
])  # fmt: skip
def test_the_state_follows_the_dates(desk, values, state):
    contract = desk.contract(**values)
    assert desk.row("service_contract", contract, "state")["state"].value == state


def test_it_is_used_up_by_solved_cases_and_comes_back_with_undo(desk):
    contract = desk.contract(tracking_unit="hours", total_units="4")
    open_case = desk.case(service_contract=contract, units_used="100")
    assert desk.row("service_contract", contract, "used_units")["used_units"] == 0
    desk.case(service_contract=contract, units_used="1,5", status="resolved", solution="Hecho")
    row = desk.row("service_contract", contract, "used_units", "progress", "state")
    assert (row["used_units"], row["progress"], row["state"].value) == (Decimal("1.5"), Decimal("37.5"), "active")
    desk.case(service_contract=contract, units_used="3", status="resolved", solution="Hecho")
    assert desk.row("service_contract", contract, "state")["state"].value == "expired"
    desk.write(lambda s: undo.undo_last(s))
    assert desk.row("service_contract", contract, "state")["state"].value == "active"
    assert open_case


UNITS = ("incidents", "hours")
STEPS = st.lists(
    st.tuples(st.sampled_from(("add", "solve", "units", "delete", "undo", "redo", "move")), st.integers(0, 5)),
    max_size=14,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(UNITS), STEPS)
def test_what_is_used_is_what_a_recount_says(one, unit, steps):
    two = [one.contract(tracking_unit=unit, total_units="10") for _ in range(2)]
    cases: list[int] = []
    for what, number in steps:
        _step(one, what, number, two, cases)
    for contract in two:
        row = one.row("service_contract", contract, "used_units", "progress")
        used = one.read(lambda s, contract=contract: _recount(s, contract, unit))
        assert row["used_units"] == used
        assert row["progress"] == min(Decimal(100), used * 10)


def _step(desk, what: str, number: int, two: list[int], cases: list[int]) -> None:
    case = cases[number % len(cases)] if cases else None
    try:
        match what:
            case "add":
                cases.append(desk.case(service_contract=two[number % 2], units_used=number))
            case "undo":
                desk.write(lambda s: undo.undo_last(s))
            case "redo":
                desk.write(lambda s: undo.redo_last(s))
            case _ if case is None:
                return
            case "solve":
                desk.save("support_case", case, status="resolved", solution="Hecho")
            case "units":
                desk.save("support_case", case, units_used=number)
            case "move":
                desk.save("support_case", case, service_contract=two[number % 2])
            case "delete":
                desk.write(lambda s: deleting.delete(s, "support_case", [case]))
    except (Refused, ValidationError, NeedsConfirmation):
        pass  # nothing to undo, a case that is gone, a contract that is used up: the figures must still be right


def _recount(session, contract: int, unit: str) -> Decimal:
    rows = session.execute(
        select(SupportCase.units_used, SupportCase.status, SupportCase.deleted_at).where(
            SupportCase.service_contract_id == contract)
    ).all()  # fmt: skip
    live = [row for row in rows if row.deleted_at is None and row.status in ("resolved", "closed")]
    return sum(((Decimal(1) if unit == "incidents" else row.units_used or Decimal(0)) for row in live), Decimal(0))


def test_renewing_makes_the_next_one_once(desk):
    contract = desk.contract(start_date=day("2026-01-01"), due_date=day("2026-12-31"), amount="1.200,00")
    made = desk.read(lambda s: contracts.renew(s, contract))
    assert made.titles["renewed_from"] == "POL-000001 Soporte"
    later = desk.save_made(made)
    row = desk.row("service_contract", later, "number", "renewed_from", "start_date", "due_date", "status", "amount")
    assert row == {"number": "POL-000002", "renewed_from": "POL-000001 Soporte", "start_date": day("2027-01-01"),
                   "due_date": day("2027-12-31"), "status": "active", "amount": Decimal(1200)}  # fmt: skip
    assert desk.row("service_contract", contract, "renewal")["renewal"] == "POL-000002"
    with pytest.raises(Refused, match="ya está renovada: POL-000002"):
        desk.read(lambda s: contracts.renew(s, contract))
    desk.write(lambda s: undo.undo_last(s))
    assert desk.read(lambda s: contracts.renew(s, contract)).draft.id is None


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_what_is_not_in_force_is_not_renewed(desk, status):
    contract = desk.contract(status="draft")
    if status == "cancelled":
        desk.save("service_contract", contract, status="cancelled")
    with pytest.raises(Refused, match="no está en vigor"):
        desk.read(lambda s: contracts.renew(s, contract))


def test_it_is_told_60_30_and_7_days_before_each_once(desk):
    desk.contract(due_date=DAY + dt.timedelta(days=61))
    desk.contract(status="draft", due_date=DAY + dt.timedelta(days=5))
    counts = []
    for _ in range(62):
        desk.write(daily.run)
        desk.write(daily.run)
        counts.append(len(desk.told("ana")))
        desk.pass_time(days=1)
    told = [days for days, count in enumerate(counts) if count > (counts[days - 1] if days else 0)]
    assert told == [1, 31, 54]
    assert desk.told("ana")[0].startswith("La póliza POL-000001 Soporte vence en 7 días")


def test_a_computer_that_was_off_tells_only_the_last(desk):
    desk.contract(due_date=DAY)
    desk.contract(due_date=DAY + dt.timedelta(days=20))
    desk.write(daily.run)
    assert [text.split(" vence ")[1].split(",")[0] for text in desk.told("ana")] == ["en 20 días", "hoy"]


def test_another_date_is_another_occasion_and_a_renewed_one_none(desk):
    contract = desk.contract(due_date=DAY + dt.timedelta(days=20))
    desk.write(daily.run)
    desk.save("service_contract", contract, due_date=DAY + dt.timedelta(days=25))
    desk.write(daily.run)
    assert len(desk.told("ana")) == 2
    desk.save_made(desk.read(lambda s: contracts.renew(s, contract)))
    desk.pass_time(days=22)
    desk.write(daily.run)
    assert len(desk.told("ana")) == 2


def test_those_that_renew_themselves_catch_up_and_only_once(desk):
    desk.contract(start_date=day("2025-01-01"), due_date=day("2025-12-31"), auto_renew=True)
    desk.contract(start_date=day("2025-01-01"), due_date=day("2025-12-31"))
    ended = {"auto_renew": True, "end_date": day("2025-06-30")}
    desk.contract(start_date=day("2025-01-01"), due_date=day("2025-12-31"), **ended)
    desk.pass_time(days=365)  # November 2027: two terms have passed
    for _ in range(2):
        desk.write(daily.run)
    found = desk.read(lambda s: s.scalars(select(ServiceContract.due_date).order_by(ServiceContract.id)).all())
    assert found[3:] == [day("2026-12-31"), day("2027-12-31")]
    assert len([text for text in desk.told("ana") if text.startswith("Póliza renovada: POL-")]) == 2


def test_a_renewal_thrown_away_is_not_made_again(desk):
    desk.contract(start_date=day("2025-01-01"), due_date=DAY - dt.timedelta(days=3), auto_renew=True)
    desk.write(daily.run)
    desk.write(lambda s: deleting.delete(s, "service_contract", [2]))
    desk.write(daily.run)
    assert desk.read(lambda s: len(s.scalars(select(ServiceContract.id)).all())) == 2
