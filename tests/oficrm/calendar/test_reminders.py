"""Reminders: at their moment, once, to whom it concerns."""

import datetime as dt
from typing import Any

import pytest

from db.history import Actor
from oficrm.calendar import reminders
from oficrm.notifications import inbox
from tests.oficrm.calendar.conftest import TODAY, Clerk

T = dt.time


def at(hour: int, minute: int = 0, day: dt.date = TODAY) -> dt.datetime:
    return dt.datetime.combine(day, T(hour, minute)).astimezone()


def remind(clerk: Clerk, now: dt.datetime, user: str = "ana") -> list[str]:
    def job(session: Any) -> list[str]:
        session.info["actor"] = Actor(user)
        return reminders.remind(session, now)

    return list(clerk.write(job))


def test_at_its_moment_and_only_once(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Visita", date=TODAY, time=T(10), reminder_minutes=15)
    assert remind(clerk, at(9, 44)) == []
    assert remind(clerk, at(9, 45)) == ["sáb 21 nov 10:00 · Visita"]
    assert remind(clerk, at(9, 50)) == []
    assert clerk.read(inbox).notices[0].text.startswith("Recordatorio: ")


def test_moved_it_is_told_again(clerk: Clerk) -> None:
    ident = clerk.save("calendar_item", subject="Visita", date=TODAY, time=T(10), reminder_minutes=15)
    remind(clerk, at(9, 50))
    clerk.save("calendar_item", ident, time=T(12), end_time=T(13))
    assert remind(clerk, at(11, 50)) != []


@pytest.mark.parametrize(
    "values",
    [{"event_status": "held"}, {"reminder_minutes": None}, {"date": TODAY - dt.timedelta(days=2)},
     {"kind": "task", "task_status": "completed"}],
)  # fmt: skip
def test_nobody_is_reminded_of_what_is_done_past_or_not_wanted(clerk: Clerk, values: dict[str, Any]) -> None:
    wanted: dict[str, Any] = {"subject": "Visita", "date": TODAY, "time": T(10)} | values
    clerk.save("calendar_item", **wanted)
    assert remind(clerk, at(9, 50)) == []


def test_what_has_no_hour_begins_at_nine(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Feria", date=TODAY, all_day=True, time=None, reminder_minutes=60)
    assert remind(clerk, at(7, 59)) == []
    assert remind(clerk, at(8)) != []


def test_days_before_and_the_invited(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Visita", date=TODAY, time=T(10), reminder_minutes=2880, users=[2])
    two_days = TODAY - dt.timedelta(days=2)
    assert remind(clerk, at(10, 0, two_days), "luis") != []
    assert remind(clerk, at(10, 0, two_days), "carmen") == []
    assert remind(clerk, at(10, 0, two_days)) != []
