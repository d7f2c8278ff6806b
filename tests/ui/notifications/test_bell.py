"""The bell: how many are unread, the list below it, opening what one is about, marking as read."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget

from db.history import Actor
from oficrm import clock, notifications
from oficrm.defaults import own_user
from oficrm.errors import EnvironmentProblem
from tests.support.desk import WAIT, Desk, desk
from ui.notifications.bell import Bell
from ui.notifications.popup import NOBODY, NOTHING, NOTICE, when

__all__ = ["desk"]


def tell(desk: Desk, text: str, key: str = "client:1") -> None:
    desk.jobs.write(lambda s: notifications.notify(s, [own_user(s) or 0], text, key)).result()


@pytest.fixture
def bell(desk: Desk, qtbot):
    tell(desk, "Caso nuevo: CAS-000001 No imprime")
    tell(desk, "La póliza POL-000001 vence mañana", "client:2")
    made = Bell(desk.context)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.inbox.unread == 2, timeout=WAIT)
    return made


def rows(bell: Bell) -> list[str]:
    return [bell.popup.list.item(row).text() for row in range(bell.popup.list.count())]


def test_it_counts_and_says_so_to_screen_readers(bell: Bell) -> None:
    assert bell.accessibleName() == "Avisos: 2 sin leer"
    assert bell.objectName() == "button_notifications"
    assert rows(bell) == ["La póliza POL-000001 vence mañana", "Caso nuevo: CAS-000001 No imprime"]


def test_enter_opens_the_record_and_marks_it_read(bell: Bell, desk: Desk, qtbot) -> None:
    bell.show_popup()
    assert bell.popup.isVisible()
    qtbot.keyClick(bell.popup.list, Qt.Key.Key_Down)
    qtbot.keyClick(bell.popup.list, Qt.Key.Key_Return)
    assert desk.noted.opened == [("record", "client", 1, {})]
    assert not bell.popup.isVisible()
    qtbot.waitUntil(lambda: bell.inbox.unread == 1, timeout=WAIT)
    assert bell.accessibleName() == "Avisos: 1 sin leer"
    assert [notice.is_read for notice in bell.inbox.notices] == [False, True]


def test_a_click_opens_too(bell: Bell, desk: Desk, qtbot) -> None:
    bell.show_popup()
    rect = bell.popup.list.visualItemRect(bell.popup.list.item(0))
    qtbot.mouseClick(bell.popup.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert desk.noted.opened == [("record", "client", 2, {})]


def test_all_are_marked_read_and_stay_in_the_list(bell: Bell, qtbot) -> None:
    bell.show_popup()
    qtbot.mouseClick(bell.popup.mark, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bell.inbox.unread == 0, timeout=WAIT)
    assert bell.accessibleName() == "Avisos: sin avisos nuevos"
    assert len(rows(bell)) == 2
    assert not bell.popup.mark.isEnabled()


def test_it_looks_again_after_what_is_written_here(bell: Bell, desk: Desk, qtbot) -> None:
    tell(desk, "Caso reasignado: CAS-000002", "person:1")
    desk.context.bridge.announce(desk.jobs.write(lambda s: None).result().changes)
    qtbot.waitUntil(lambda: bell.inbox.unread == 3, timeout=WAIT)
    assert rows(bell)[0] == "Caso reasignado: CAS-000002"


def test_it_asks_a_server_now_and_then(bell: Bell, desk: Desk, qtbot) -> None:
    assert not bell._poll.isActive()
    tell(desk, "De otro puesto")
    bell._poll.timeout.emit()
    qtbot.waitUntil(lambda: bell.inbox.unread == 3, timeout=WAIT)


def test_nothing_to_tell_is_said(desk: Desk, qtbot) -> None:
    made = Bell(desk.context)
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: made.inbox.user_id is not None, timeout=WAIT)
    made.show_popup()
    assert NOTHING in [label.text() for label in made.popup.empty.findChildren(QLabel)]
    assert made.popup.empty.isVisible()


def test_who_is_no_user_is_told_how_to_become_one(desk: Desk, qtbot) -> None:
    desk.save("user", name="Otra", login="otra", role="sales")
    desk.jobs.actor = Actor("nadie")
    made = Bell(desk.context)
    qtbot.addWidget(made)
    made.refresh()
    qtbot.waitUntil(lambda: not made._soon.isActive(), timeout=WAIT)
    made.show_popup()
    assert made.inbox.user_id is None
    assert NOBODY in [label.text() for label in made.popup.empty.findChildren(QLabel)]
    made.popup.add_user.emit()
    assert desk.noted.opened == [("record", "user", None, {"preset": {"name": "nadie", "login": "nadie"}})]


def test_a_server_that_does_not_answer_is_said_where_the_bell_is(bell: Bell) -> None:
    bell._on_failed(EnvironmentProblem("No hay conexión."))
    assert bell.toolTip() == "No se han podido leer los avisos. No hay conexión."


def test_unread_ones_are_read_out_as_such(bell: Bell) -> None:
    rows = bell.popup.findChild(QListWidget)
    assert rows is not None
    item = rows.item(0)
    spoken = item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Sin leer. La póliza POL-000001 vence mañana. ")


def test_todays_have_only_their_hour(bell: Bell, monkeypatch) -> None:
    notice = bell.popup.list.item(0).data(NOTICE)
    monkeypatch.setattr(clock, "today", lambda: notice.at.astimezone().date())
    assert when(notice) == f"{notice.at.astimezone():%H:%M}"
    monkeypatch.setattr(clock, "today", lambda: notice.at.astimezone().date() + dt.timedelta(days=1))
    assert len(when(notice)) > 5
