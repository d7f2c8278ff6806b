"""iCalendar: another library reads what we write."""

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.calendar import ics
from oficrm.errors import EnvironmentProblem
from tests.oficrm.calendar.conftest import TODAY, Clerk

T = dt.time


def exported(clerk: Clerk, folder: Path, *ids: int) -> icalendar.Calendar:
    path = folder / "calendario.ics"
    assert clerk.read(lambda s: ics.write(s, ids, path)) == len(ids)
    return icalendar.Calendar.from_ical(path.read_bytes())


def test_an_event_is_read_as_it_is(clerk: Clerk, tmp_path: Path) -> None:
    clerk.save("user", 2, email="luis@example.com")
    notes = "Traer muestras; «sin falta», y\nel catálogo " + "ñ" * 80
    ident = clerk.save("calendar_item", subject="Visita, a Ruiz", date=TODAY, time=T(10), end_time=T(11, 30),
                       location="Nave 4", notes=notes, records=["client:1"], users=[2],
                       priority="high", visibility="private")  # fmt: skip
    [event] = exported(clerk, tmp_path, ident).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Visita, a Ruiz"
    assert event.decoded("DTSTART") == dt.datetime.combine(TODAY, T(10))
    assert event.decoded("DTEND") == dt.datetime.combine(TODAY, T(11, 30))
    assert str(event["DESCRIPTION"]) == f"Talleres Ruiz\n{notes}"
    assert (str(event["LOCATION"]), str(event["STATUS"]), str(event["CLASS"])) == ("Nave 4", "CONFIRMED", "PRIVATE")
    assert str(event["PRIORITY"]) == "1"
    assert (str(event["ATTENDEE"]), event["ATTENDEE"].params["CN"]) == ("mailto:luis@example.com", "Luis Prado")
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == dt.timedelta(minutes=-15)


def test_whole_days_end_the_day_after(clerk: Clerk, tmp_path: Path) -> None:
    ident = clerk.save("calendar_item", subject="Feria", date=TODAY, end_date=TODAY + dt.timedelta(days=2),
                       all_day=True, event_status="not_held")  # fmt: skip
    [event] = exported(clerk, tmp_path, ident).walk("VEVENT")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (TODAY, TODAY + dt.timedelta(days=3))
    assert str(event["STATUS"]) == "CANCELLED"


def test_tasks_are_due(clerk: Clerk, tmp_path: Path) -> None:
    first = clerk.save("calendar_item", subject="Enviar", kind="task", date=TODAY, task_status="completed")
    second = clerk.save("calendar_item", subject="Llamar", kind="task", date=TODAY, time=T(12))
    whole, timed = exported(clerk, tmp_path, first, second).walk("VTODO")
    assert (whole.decoded("DUE"), str(whole["STATUS"])) == (TODAY, "COMPLETED")
    assert timed.decoded("DUE") == dt.datetime.combine(TODAY, T(12))


def test_each_time_of_a_series_goes_out_by_itself(clerk: Clerk, tmp_path: Path) -> None:
    clerk.save("calendar_item", subject="Revisión", date=TODAY, time=T(9), recurrence="FREQ=WEEKLY;COUNT=3")
    found = exported(clerk, tmp_path, 1, 2, 3).walk("VEVENT")
    assert len({str(event["UID"]) for event in found}) == 3
    assert all("RRULE" not in event for event in found)


def test_lines_are_short_and_end_as_they_must(clerk: Clerk, tmp_path: Path) -> None:
    ident = clerk.save("calendar_item", subject="á" * 150, date=TODAY, time=T(9))
    exported(clerk, tmp_path, ident)
    raw = (tmp_path / "calendario.ics").read_bytes()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_place_that_cannot_be_written_is_said(clerk: Clerk, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="No se puede escribir"):
        clerk.read(lambda s: ics.write(s, [1], tmp_path / "nada" / "x.ics"))


@given(text=st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from('\n,;\\:"'), max_size=200))
def test_any_text_comes_back(text: str) -> None:
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", f"DESCRIPTION:{ics._escaped(text)}", "END:VEVENT", "END:VCALENDAR"]
    raw = "".join(f"{part}\r\n" for line in lines for part in ics._fold(line))
    made: Any = icalendar.Calendar.from_ical(raw)
    assert str(made.walk("VEVENT")[0]["DESCRIPTION"]) == text
