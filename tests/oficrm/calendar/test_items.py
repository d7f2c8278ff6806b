"""Events and tasks: hours, series, commands, moving, invitations."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from db.models.calendar_item import CalendarItem
from db.notification import Notification
from oficrm import commands, undo
from oficrm.calendar import doing, items, ranges, series
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.lists import Criterion, ListFilter
from tests.oficrm.calendar.conftest import TODAY, Clerk

NOW = dt.datetime(2026, 11, 21, 10, 10).astimezone()
DAY = dt.timedelta(days=1)
T = dt.time


def live(clerk: Clerk) -> list[CalendarItem]:
    found = select(CalendarItem).where(CalendarItem.deleted_at.is_(None)).order_by(CalendarItem.date, CalendarItem.id)
    return list(clerk.read(lambda s: s.scalars(found).all()))


def run(clerk: Clerk, name: str, *ids: int, accepted: frozenset[str] = frozenset()) -> Any:
    command = next(each for each in commands.commands("calendar_item") if each.name == name)
    run = command.run
    assert run is not None
    return clerk.write(lambda s: run(s, ids, accepted))


def notices(clerk: Clerk) -> list[tuple[int, str]]:
    rows = clerk.read(lambda s: s.scalars(select(Notification).order_by(Notification.id)).all())
    return [(row.user_id, row.text) for row in rows]


# --- hours


@pytest.mark.parametrize(
    ("given", "time", "end"),
    [
        ({}, T(10, 30), T(11)),
        ({"activity_type": "call"}, T(10, 30), T(10, 45)),
        ({"time": T(12)}, T(12), T(12, 30)),
        ({"date": TODAY + DAY}, T(9), T(9, 30)),
        ({"kind": "task"}, None, None),
        ({"all_day": True}, None, None),
    ],
)
def test_a_new_one_begins_at_the_next_half_hour(given: dict[str, Any], time: Any, end: Any) -> None:
    values = items.first_values(NOW, given)
    assert (values.get("time"), values.get("end_time")) == (time, end)


def test_the_last_half_hour_of_a_day_goes_over_midnight() -> None:
    values = items.first_values(dt.datetime(2026, 11, 21, 23, 40).astimezone(), {})
    assert (values["date"], values["time"], values["end_time"]) == (TODAY + DAY, T(0), T(0, 30))


def test_each_kind_keeps_what_is_its_own(clerk: Clerk) -> None:
    event = clerk.values("calendar_item", clerk.save("calendar_item", subject="Visita", date=TODAY, time=T(23, 45)))
    assert (event["event_status"], event["task_status"]) == ("planned", None)
    assert (event["end_date"], event["end_time"]) == (TODAY + DAY, T(0, 15))
    task = clerk.values("calendar_item", clerk.save("calendar_item", subject="Enviar", kind="task", end_time=T(9)))
    assert (task["event_status"], task["task_status"], task["end_time"]) == (None, "not_started", None)
    whole = clerk.values("calendar_item", clerk.save("calendar_item", subject="Feria", date=TODAY))
    assert whole["all_day"] is True


# --- series


def weekly(clerk: Clerk, **more: Any) -> int:
    values: dict[str, Any] = {"subject": "Revisión", "date": TODAY, "time": T(9), "recurrence": "FREQ=WEEKLY;COUNT=4",
              "records": ["client:1"], "users": [2]} | more  # fmt: skip
    return clerk.save("calendar_item", **values)


def test_each_time_is_an_item_with_links_of_its_own_and_one_undo_takes_all_back(clerk: Clerk) -> None:
    weekly(clerk)
    found = live(clerk)
    assert [item.date for item in found] == [TODAY + n * 7 * DAY for n in range(4)]
    assert {item.series_id for item in found} == {found[0].id}
    wanted = ListFilter("calendar_item", (Criterion("records", "in", ("client:1",)),))
    shown = clerk.read(lambda s: ranges.load(s, wanted, TODAY, TODAY + 30 * DAY)).entries
    assert [entry.detail for entry in shown] == ["Talleres Ruiz"] * 4
    assert [user for user, text in notices(clerk)] == [2]  # invited once, not four times
    clerk.write(undo.undo_last)
    assert live(clerk) == []


def test_what_is_changed_in_one_stays_in_one_until_it_is_carried_on(clerk: Clerk) -> None:
    weekly(clerk)
    second = live(clerk)[1].id
    clerk.save("calendar_item", second, subject="Otra cosa", users=[3], time=T(10), end_time=T(11))
    assert [item.subject for item in live(clerk)] == ["Revisión", "Otra cosa", "Revisión", "Revisión"]
    assert "2 siguientes" in run(clerk, "carry_on", second).sentence
    found = live(clerk)
    assert [item.subject for item in found] == ["Revisión", *["Otra cosa"] * 3]
    assert [item.time for item in found] == [T(9), T(10), T(10), T(10)]
    clerk.write(undo.undo_last)
    assert [item.subject for item in live(clerk)] == ["Revisión", "Otra cosa", "Revisión", "Revisión"]


def test_another_rule_makes_the_following_ones_anew_and_leaves_what_is_done(clerk: Clerk) -> None:
    weekly(clerk)
    first, second, third, _ = live(clerk)
    run(clerk, "hold", third.id)
    clerk.save("calendar_item", second.id, recurrence="FREQ=DAILY;COUNT=3")
    assert [item.date for item in live(clerk)] == [first.date, second.date, second.date + DAY, second.date + 2 * DAY,
                                                   third.date]  # fmt: skip


def test_a_series_ends_where_it_is_told_to(clerk: Clerk) -> None:
    weekly(clerk, recurrence="FREQ=WEEKLY")
    assert len(live(clerk)) == 53
    third = live(clerk)[2].id
    with pytest.raises(NeedsConfirmation, match="50 siguientes"):
        run(clerk, "end_series", third)
    run(clerk, "end_series", third, accepted=frozenset({doing.DROP_FOLLOWING}))
    assert len(live(clerk)) == 3
    assert clerk.write(lambda s: series.extend(s, TODAY + 400 * DAY)) == 0


def test_a_series_without_end_goes_on_by_itself_once(clerk: Clerk) -> None:
    weekly(clerk, recurrence="FREQ=WEEKLY")
    later = TODAY + 70 * DAY
    made = clerk.write(lambda s: series.extend(s, later))
    assert made == 10
    assert clerk.write(lambda s: series.extend(s, later)) == 0
    assert live(clerk)[-1].date <= later + series.AHEAD
    assert all(item.date.weekday() == TODAY.weekday() for item in live(clerk))


def test_a_rule_that_cannot_be_read_is_said_beside_it(clerk: Clerk) -> None:
    with pytest.raises(ValidationError) as caught:
        weekly(clerk, recurrence="cada lunes")
    assert set(caught.value.errors) == {"recurrence"}


# --- commands


def test_one_held_without_a_result_opens_and_several_are_marked_at_once(clerk: Clerk) -> None:
    first = clerk.save("calendar_item", subject="Visita")
    second = clerk.save("calendar_item", subject="Llamada", outcome="Hablado")
    task = clerk.save("calendar_item", subject="Enviar", kind="task")
    assert run(clerk, "hold", first).open == ("calendar_item", first)
    assert run(clerk, "hold", second).open is None
    assert run(clerk, "miss", first, second, task).open is None
    assert [item.event_status for item in live(clerk)] == ["not_held", "not_held", None]
    clerk.write(undo.undo_last)
    assert [item.event_status for item in live(clerk)] == ["held", "held", None]
    run(clerk, "complete", task)
    assert live(clerk)[2].task_status == "completed"
    with pytest.raises(Refused, match="eventos"):
        run(clerk, "hold", task)


def test_putting_off_moves_both_ends(clerk: Clerk) -> None:
    ident = clerk.save("calendar_item", subject="Feria", date=TODAY, end_date=TODAY + 2 * DAY, all_day=True)
    run(clerk, "plus_week", ident)
    found = live(clerk)[0]
    assert (found.date, found.end_date) == (TODAY + 7 * DAY, TODAY + 9 * DAY)


def test_dragging_keeps_how_long_it_takes(clerk: Clerk) -> None:
    ident = clerk.save("calendar_item", subject="Visita", date=TODAY, time=T(9), end_time=T(10, 30))
    clerk.write(lambda s: doing.move(s, ident, TODAY + DAY, T(23)))
    found = live(clerk)[0]
    assert (found.date, found.time, found.end_date, found.end_time) == (TODAY + DAY, T(23), TODAY + 2 * DAY, T(0, 30))
    clerk.write(lambda s: doing.move(s, ident, TODAY, None))
    assert live(clerk)[0].all_day is True
    clerk.write(lambda s: doing.move(s, ident, TODAY, T(12)))
    found = live(clerk)[0]
    assert (found.all_day, found.time, found.end_time) == (False, T(12), T(12, 30))
    clerk.write(lambda s: doing.resize(s, ident, dt.datetime.combine(TODAY, T(14))))
    assert live(clerk)[0].end_time == T(14)
    clerk.write(undo.undo_last)
    assert live(clerk)[0].end_time == T(12, 30)


# --- invitations


def test_the_invited_are_told_once_and_again_when_it_moves(clerk: Clerk) -> None:
    ident = clerk.save("calendar_item", subject="Visita", date=TODAY, time=T(9), users=[1, 2])
    assert [user for user, _ in notices(clerk)] == [2]  # who writes knows it
    clerk.save("calendar_item", ident, notes="Traer muestras")
    assert len(notices(clerk)) == 1
    clerk.save("calendar_item", ident, time=T(10), end_time=T(11))
    assert "10:00" in notices(clerk)[-1][1]
    clerk.save("calendar_item", ident, users=[2, 3])
    assert notices(clerk)[-1][0] == 3


# --- what a calendar shows


def test_a_range_holds_what_touches_its_days(clerk: Clerk) -> None:
    clerk.save("calendar_item", subject="Antes", date=TODAY - 9 * DAY, time=T(9))
    clerk.save("calendar_item", subject="Feria", date=TODAY - 2 * DAY, end_date=TODAY, all_day=True)
    clerk.save("calendar_item", subject="Hoy", date=TODAY, time=T(9))
    clerk.save("calendar_item", subject="Después", date=TODAY + DAY, time=T(9))
    found = clerk.read(lambda s: ranges.load(s, ListFilter("calendar_item"), TODAY, TODAY))
    assert [entry.title for entry in found.entries] == ["Feria", "Hoy"]
    day = ListFilter("calendar_item", (Criterion("date", "from", "1/1/2030"), Criterion("subject", "contains", "hoy")))
    assert [entry.title for entry in clerk.read(lambda s: ranges.load(s, day, TODAY, TODAY)).entries] == ["Hoy"]
