"""Reminders in a running program: said once, and put behind the bell."""

from oficrm.notifications import inbox
from tests.support.desk import WAIT
from tests.support.office import TODAY
from tests.ui.calendar.conftest import Agenda, T
from ui.calendar.reminding import Reminder


def test_what_is_about_to_begin_is_said_once(agenda: Agenda) -> None:
    agenda.add("Visita", TODAY.weekday(), time=T(10, 20), reminder_minutes=15)
    told: list[object] = []
    agenda.desk.context.bridge.changed.connect(lambda changes, _who: told.append(changes))
    reminder = Reminder(agenda.desk.context, agenda.desk.context.bridge)
    with agenda.desk.qtbot.waitSignal(reminder.looked, timeout=WAIT):
        reminder.look()
    assert agenda.desk.noted.notices == [("Recordatorio: sáb 21 nov 10:20 · Visita", None)]
    assert len(told) == 1  # the bell asks again
    with agenda.desk.qtbot.waitSignal(reminder.looked, timeout=WAIT):
        reminder.look()
    assert len(agenda.desk.noted.notices) == 1
    assert len(agenda.desk.read(inbox).notices) == 1
