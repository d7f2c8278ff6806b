"""Equipment: one hand at a time unless confirmed, handing over and back, who holds what, warranties."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.options import find_options
from oficrm import daily, undo
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.support import asset_actions as act
from oficrm.support.assets import OVERLAP, overlap

DAY = dt.date(2026, 11, 16)
"""The day of the test firm's clock."""


def after(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def assign(desk, asset: int, person: int = 1, **values) -> int:
    return int(desk.save("asset_assignment", asset=asset, person=person, **{"start_date": DAY} | values))


def held(desk, asset: int) -> tuple:
    row = desk.row("asset", asset, "state", "holder", "client")
    return row["state"].value, row["holder"], row["client"]


@pytest.fixture
def laptop(desk) -> int:
    return int(desk.save("asset", name="Portátil", serial_number="XK-77"))


def test_it_is_found_by_name_serial_number_and_id(desk, laptop):
    for text in ("portat", "xk-77", "act-000001"):
        found = desk.read(lambda s, text=text: find_options(s, "asset", text))
        assert [row[0] for row in found] == [laptop], text


def test_an_assignment_says_who_holds_it(desk, laptop):
    assert held(desk, laptop) == ("available", None, None)
    assign(desk, laptop)
    assert held(desk, laptop) == ("assigned", "Marta Gil 0", "Talleres Ruiz")


def test_the_client_comes_with_the_person(desk, laptop):
    assignment = assign(desk, laptop, client=None)
    assert desk.row("asset_assignment", assignment, "client")["client"] == "Talleres Ruiz"


def test_maintenance_does_not_end_it(desk, laptop):
    assignment = assign(desk, laptop)
    desk.save("asset_assignment", assignment, status="in_maintenance")
    assert held(desk, laptop)[0] == "in_maintenance"
    assert desk.row("asset_assignment", assignment, "term", "end_date") == {"term": "current", "end_date": None}


@pytest.mark.parametrize(("start", "end", "state", "term"), [
    (-10, -1, "available", "ended"), (-10, 0, "available", "ended"), (-10, 1, "assigned", "current"),
    (0, None, "assigned", "current"), (1, None, "available", "upcoming"),
])  # fmt: skip
def test_dates_decide_who_has_it_today(desk, laptop, start, end, state, term):
    assignment = assign(desk, laptop, start_date=after(start), end_date=after(end) if end is not None else None)
    assert held(desk, laptop)[0] == state
    assert desk.row("asset_assignment", assignment, "term")["term"].value == term


def test_two_hands_at_once_are_asked_for_and_allowed(desk, laptop):
    assign(desk, laptop, end_date=after(30))
    with pytest.raises(NeedsConfirmation, match=r"asignado a Marta Gil 0 · Talleres Ruiz del .* al .*") as asked:
        assign(desk, laptop, 2, start_date=after(10))
    assert (asked.value.code, asked.value.accept) == (OVERLAP, "Asignar también")
    assert desk.read(lambda s: len(find_options(s, "asset_assignment", ""))) == 1
    assign(desk, laptop, 2, start_date=after(10), accepted=frozenset({OVERLAP}))
    later = assign(desk, laptop, 3, start_date=after(-5), end_date=DAY)
    desk.save("asset_assignment", later, comments="Con su funda")
    with pytest.raises(NeedsConfirmation):
        desk.save("asset_assignment", later, end_date=after(1))


DATES = st.integers(0, 12).map(after)


@given(DATES, st.none() | DATES, DATES, st.none() | DATES)
def test_overlap_is_having_a_day_in_common_but_that_of_handing_over(start, end, other_start, other_end):
    if (end and end < start) or (other_end and other_end < other_start):
        return
    mine = {after(n) for n in range(40) if start <= after(n) <= (end or after(39))}
    theirs = {after(n) for n in range(40) if other_start <= after(n) <= (other_end or after(39))}
    common = mine & theirs
    hands_over = start != other_start and (end == other_start or other_end == start)
    assert overlap((start, end), (other_start, other_end)) == (bool(common) and not hands_over)


def test_it_does_not_end_before_it_begins(desk, laptop):
    with pytest.raises(ValidationError, match="anterior al inicio"):
        assign(desk, laptop, end_date=after(-1))


def test_what_was_retired_is_not_given_out(desk, laptop):
    desk.save("asset", laptop, condition="retired")
    with pytest.raises(ValidationError, match="dado de baja"):
        assign(desk, laptop)
    assert held(desk, laptop)[0] == "retired"


def test_handing_back_ends_it_today(desk, laptop):
    assignment = assign(desk, laptop, start_date=after(-10))
    desk.write(lambda s: act.finish(s, [assignment]))
    assert desk.row("asset_assignment", assignment, "end_date")["end_date"] == DAY
    assert held(desk, laptop)[0] == "available"
    with pytest.raises(Refused, match="ya ha terminado"):
        desk.write(lambda s: act.finish(s, [assignment]))
    desk.write(lambda s: undo.undo_last(s))
    assert held(desk, laptop)[0] == "assigned"


def test_what_has_not_begun_is_not_handed_back(desk, laptop):
    assignment = assign(desk, laptop, start_date=after(3))
    with pytest.raises(Refused, match="todavía no ha empezado"):
        desk.write(lambda s: act.finish(s, [assignment]))


def test_handing_over_ends_the_one_before_in_the_same_step(desk, laptop):
    first = assign(desk, laptop, start_date=after(-10))
    made = desk.read(lambda s: act.transfer(s, first))
    assert (made.draft.values["asset"], made.draft.values["client"], made.draft.values["start_date"]) == (
        laptop,
        1,
        DAY,
    )
    second = desk.save_made(made, person=2, client=2)
    assert held(desk, laptop) == ("assigned", "Marta Gil 1", "Hotel Azahar")
    assert desk.row("asset_assignment", first, "end_date")["end_date"] == DAY
    assert desk.row("asset_assignment", second, "end_date")["end_date"] is None
    desk.write(lambda s: undo.undo_last(s))
    assert held(desk, laptop)[1] == "Marta Gil 0"
    with pytest.raises(Refused, match="ya ha terminado"):
        desk.write(lambda s: (act.finish(s, [first]), act.transfer(s, first)))


def test_the_end_of_a_warranty_is_told_once(desk):
    for days in (-1, 0, 30, 31):
        desk.save("asset", name=f"Torno {days}", warranty_end=after(days))
    desk.save("asset", name="Viejo", warranty_end=after(5), condition="retired")
    desk.write(daily.run)
    desk.write(daily.run)
    told = desk.told("ana")
    assert [text.split(" termina")[0] for text in reversed(told)] == [
        "La garantía de Torno 0", "La garantía de Torno 30"]  # fmt: skip
