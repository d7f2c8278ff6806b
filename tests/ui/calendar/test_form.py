"""The form of events and tasks: fields by kind, hours that go together, tags, repetition, the result asked for."""

import datetime as dt
from typing import Any

from PySide6.QtWidgets import QFileDialog
from sqlalchemy import select

from db.models.calendar_item import CalendarItem, CalendarLink
from tests.support.desk import WAIT
from tests.support.office import TODAY
from tests.ui.calendar.conftest import Agenda, T
from ui.calendar.repeat_editor import RepeatEditor
from ui.calendar.window import CalendarWindow
from ui.widgets.tags_editor import Tag


def opened(agenda: Agenda, ident: int | None = None, **options: Any) -> CalendarWindow:
    window = CalendarWindow(agenda.desk.context, ident, **options)
    agenda.desk.show(window)
    return window


def shown(window: CalendarWindow) -> set[str]:
    return {name for name, bound in window.form.bound().items() if bound.row is not None and not bound.row.isHidden()}


def save(agenda: Agenda, window: CalendarWindow) -> None:
    with agenda.desk.qtbot.waitSignal(window.form.saved, timeout=WAIT):
        window.form.save()


def test_changing_the_kind_shows_the_fields_of_that_kind(agenda: Agenda) -> None:
    window = opened(agenda)
    assert {"event_status", "end_time", "all_day", "location"} <= shown(window)
    assert "task_status" not in shown(window)
    assert window.head.title.text() == "Nuevo evento"
    window.form.put("kind", "task")
    assert {"event_status", "end_time", "end_date", "all_day", "location"}.isdisjoint(shown(window))
    assert "task_status" in shown(window)
    assert window.head.title.text() == "Nueva tarea"
    date = window.form.bound()["date"].row
    assert date is not None
    assert date.label.text() == "Vencimiento *"
    window.form.put("kind", "event")
    window.form.put("all_day", True)
    assert {"time", "end_time"}.isdisjoint(shown(window))


def test_a_new_event_begins_at_the_next_half_hour_and_its_end_follows(agenda: Agenda) -> None:
    form = opened(agenda).form
    assert (form.value("date"), form.value("time"), form.value("end_time")) == (TODAY, T(10, 30), T(11))
    form.put("activity_type", "call")
    assert form.value("end_time") == T(10, 45)
    form.put("time", T(16))
    assert form.value("end_time") == T(16, 15)
    form.put("end_time", T(18))
    form.put("time", T(17))
    assert form.value("end_time") == T(19)
    form.put("time", T(23))
    assert (form.value("end_time"), form.value("end_date")) == (T(1), TODAY + dt.timedelta(days=1))


def test_what_and_whom_it_concerns_are_tags(agenda: Agenda) -> None:
    window = opened(agenda, preset={"records": "client:2"})
    part = window.form.parts()["calendar_link"]
    assert [tag.text for tag in part.editor.value()] == ["Hotel Azahar"]  # type: ignore[attr-defined]
    editor = part.editor  # type: ignore[attr-defined]
    found: list[Any] = []
    editor.pump.search("marta gil 3", found.extend)
    agenda.desk.qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    editor.add(Tag(found[0].id, found[0].title))
    window.form.put("subject", "Visita")
    save(agenda, window)
    keys = agenda.desk.read(lambda s: s.scalars(select(CalendarLink.record).order_by(CalendarLink.id)).all())
    assert list(keys) == ["client:2", "person:4"]


def test_a_repetition_is_chosen(agenda: Agenda) -> None:
    window = opened(agenda)
    editor = window.form.editor("recurrence")
    assert isinstance(editor, RepeatEditor)
    editor.how.set_value("WEEKLY")
    editor.how.changed.emit()
    assert editor.value() == "FREQ=WEEKLY;BYDAY=SA"
    editor.ends.set_value("count")
    editor.ends.changed.emit()
    editor.count.set_value(3)
    editor.count.changed.emit()
    assert editor.words.text() == "Cada semana, sábado, 3 veces"
    window.form.put("subject", "Revisión")
    save(agenda, window)
    days = agenda.desk.read(lambda s: s.scalars(select(CalendarItem.date).order_by(CalendarItem.date)).all())
    assert list(days) == [TODAY + dt.timedelta(days=7 * at) for at in range(3)]


def test_a_rule_that_cannot_be_offered_is_kept(agenda: Agenda) -> None:
    ident = agenda.add("Revisión", recurrence="FREQ=MONTHLY;BYDAY=2TU;COUNT=2", time=T(9))
    window = opened(agenda, ident)
    editor = window.form.editor("recurrence")
    assert editor.value() == "FREQ=MONTHLY;BYDAY=2TU;COUNT=2"
    assert not window.form.is_dirty()


def test_one_held_without_a_result_asks_for_it(agenda: Agenda) -> None:
    ident = agenda.add("Visita", event_status="held", time=T(9))
    window = opened(agenda, ident)
    assert window.focusWidget() is window.form.editor("outcome").focusProxy()


def test_it_is_exported(agenda: Agenda, monkeypatch: Any, tmp_path: Any) -> None:
    ident = agenda.add("Visita", time=T(9))
    target = tmp_path / "visita.ics"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    opened(agenda, ident).export()
    agenda.desk.qtbot.waitUntil(lambda: len(agenda.desk.noted.notices) == 1, timeout=WAIT)
    assert b"SUMMARY:Visita" in target.read_bytes()
