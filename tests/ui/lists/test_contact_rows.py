import datetime as dt

import pytest

from db.registry import module
from oficrm.lists import ListFacts
from ui import icons
from ui.lists.cells import style_for
from ui.lists.contact_rows import State, state_of

DAY = dt.timedelta(days=1)


@pytest.fixture
def style(today):
    made = style_for(ListFacts("contact", dict(module("contact").fields)))
    made.shown = frozenset({"date", "type", "result", "next_date"})
    return made


def _cell(style, name, **row):
    return style.cell(name, style.facts.fields[name], row)


def test_states_differ_by_sign_and_word_not_only_by_colour(today):
    assert state_of(False, today - DAY, today) is State.OVERDUE
    assert state_of(False, today, today) is State.TODAY
    assert state_of(False, today + DAY, today) is State.PENDING
    assert state_of(True, today - DAY, today) is State.DONE
    words, signs = {state.value[0] for state in State}, {state.value[1] for state in State}
    assert len(words) == len(signs) == len(State)
    assert all(icons.has(sign) for sign in signs)


def test_the_date_carries_the_state_and_the_hour(style, today):
    cell = _cell(style, "date", date=today - 4 * DAY, is_done=False, time=dt.time(10, 30))
    assert (cell.text, cell.icon, cell.color, cell.spoken) == ("mar 17 nov 10:30", "overdue", "overdue", "Vencido")
    tip = style.tip("date", style.facts.fields["date"], {"date": today - 4 * DAY, "is_done": False})
    assert "Vencido desde hace 4 días" in tip
    assert "martes 17 de noviembre de 2026" in tip
    done = _cell(style, "date", date=today, is_done=True)
    assert (done.icon, done.icon_color, done.color) == ("done", "done", "text")


def test_the_hour_is_not_said_twice(style, today):
    style.shown |= {"time"}
    assert _cell(style, "date", date=today, is_done=False, time=dt.time(10, 30)).text == "sáb 21 nov"


def test_a_next_contact_that_is_missing_can_be_made(style, today):
    missing = _cell(style, "next_date", next_date=today + 7 * DAY, next_missing=True)
    assert (missing.text, missing.icon, missing.click) == ("28 nov, sin crear", "new_linked", "create_next")
    there = _cell(style, "next_date", next_date=today + 7 * DAY, next_missing=False)
    assert (there.text, there.click) == ("sáb 28 nov", "")


def test_results_are_coloured_by_what_they_mean_and_types_have_icons(style):
    from db.models.result import ResultTone

    assert _cell(style, "result", result="Venta", **{"result.tone": ResultTone.WON}).chip == "won"
    assert _cell(style, "result", result=None).chip == ""
    assert _cell(style, "type", type="Visita", **{"type.icon": "visit"}).icon == "visit"
    assert _cell(style, "type", type="Raro", **{"type.icon": "unheard-of"}).icon == "other"


def test_notes_show_their_first_line_and_the_wide_view_all(style):
    row = {"notes": "Uno\n\nDos\nTres"}
    assert style.cell("notes", style.facts.fields["notes"], row).text == "Uno"
    assert style.line(row) == "Uno · Dos · Tres"


def test_amounts_are_in_the_money_of_their_record(today):
    from decimal import Decimal

    style = style_for(ListFacts("quote", dict(module("quote").fields)))
    assert _cell(style, "total", total=Decimal("5"), currency="MXN").text == "5,00 MXN"
    assert _cell(style, "total", total=Decimal("5"), currency=None).text == "5,00 €"
