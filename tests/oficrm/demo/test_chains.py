import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.demo.plan import Plan, make_plan
from oficrm.rules.workdays import WorkCalendar

TODAY = dt.date(2026, 11, 20)
SPAIN = WorkCalendar("ES", "VC")


def plan_of(count: int, seed: int = 1, today: dt.date = TODAY) -> Plan:
    return make_plan(count, "ES", seed, today, SPAIN)


@pytest.fixture(scope="module")
def year() -> Plan:
    return plan_of(4000)


@given(st.integers(0, 150), st.integers(0, 1000))
def test_there_are_exactly_as_many_contacts_as_asked(count: int, seed: int) -> None:
    assert len(plan_of(count, seed).contacts) == count


def test_the_same_seed_and_day_give_the_same_year() -> None:
    assert plan_of(300) == plan_of(300)
    assert plan_of(300).contacts != plan_of(300, seed=2).contacts


def test_a_chain_goes_forward_in_time_and_links_what_it_promised(year: Plan) -> None:
    for chain in year.chains:
        for earlier, later in zip(chain.contacts, chain.contacts[1:], strict=False):
            assert later.previous is earlier
            assert earlier.next_at == later.date > earlier.date
            assert earlier.place < later.place
            assert earlier.result
            assert earlier.closed_on


def test_nothing_is_closed_in_the_future_nor_before_it_took_place(year: Plan) -> None:
    for contact in year.contacts:
        assert contact.closed_on is None or contact.date <= contact.closed_on <= TODAY
        assert contact.date <= TODAY or contact.result is None


@pytest.mark.parametrize("today", [TODAY, dt.date(2026, 11, 22), dt.date(2026, 12, 25)])
def test_even_a_small_example_has_something_of_everything(today: dt.date) -> None:
    contacts = plan_of(60, today=today).contacts
    is_open = [contact for contact in contacts if contact.result is None or contact.closed_on is None]
    assert sum(contact.date == today for contact in is_open) >= 3
    assert any(contact.date < today for contact in is_open)
    assert any(contact.date > today for contact in is_open)
    followed = {contact.previous.place for contact in contacts if contact.previous}
    assert any(contact.next_at and contact.place not in followed for contact in contacts)


def test_days_off_are_kept_but_for_today_itself(year: Plan) -> None:
    assert all(SPAIN.is_workday(contact.date) for contact in year.contacts if contact.date != TODAY)


def test_states_outcomes_and_documents_agree(year: Plan) -> None:
    statuses = Counter(client["status"] for client in year.clients)
    assert {"client", "potential", "probable"} <= statuses.keys()
    contacted = {contact.client for contact in year.contacts}
    assert all(
        (client["status"] == "probable") == (number not in contacted) for number, client in enumerate(year.clients)
    )
    assert {chain.outcome for chain in year.chains} == {"won", "lost", "open"}
    assert year.opportunities
    for chain, row in year.opportunities:
        assert (row["stage"] in ("won", "lost")) == (chain.outcome != "open")
        assert (row["loss_reason"] is not None) == (row["stage"] == "lost")
    for chain, row, lines in year.quotes:
        assert (row["status"] == "accepted") == (chain.outcome == "won")
        assert row["subtotal"] == sum(line["line_total"] for line in lines)
        assert row["date"] <= TODAY


def test_people_belong_to_the_client_they_are_met_at(year: Plan) -> None:
    for contact in year.contacts:
        if contact.person is not None:
            assert year.people[contact.person]["client"] == contact.client


def test_past_mass_changes_never_belong_to_whoever_sits_at_the_screen(year: Plan) -> None:
    assert year.moves
    for move in year.moves:
        assert move.salesperson
        assert move.day < TODAY
        assert all(contact.moved_from and SPAIN.add(contact.moved_from, 5) == contact.date for contact in move.contacts)
