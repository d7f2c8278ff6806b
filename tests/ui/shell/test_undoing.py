"""Undoing what is large from the windows: lists go on being read, and nothing else is undone meanwhile."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.bulk import insert_records
from db.history import operation
from db.models.client import Client
from oficrm import undo
from oficrm.jobs import Done
from ui import undoing
from ui.app import Application
from ui.history.activity import ActivityPage
from ui.lists.page import ListPage
from ui.main_window import ACTIVITY, MainWindow

WAIT = 20_000
MANY = undoing.LARGE


class Held:
    """Stands in for undoing: it really undoes, then keeps its transaction open until it is let go."""

    def __init__(self) -> None:
        self._undo = undo.undo
        self.began, self._open = threading.Event(), threading.Event()
        self.lanes: list[str] = []

    def __call__(self, session: Session, ident: int) -> str:
        self.lanes.append(threading.current_thread().name)
        said = self._undo(session, ident)
        session.flush()
        self.began.set()
        assert self._open.wait(WAIT / 1000)
        return said

    def let_go(self) -> None:
        self._open.set()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held()
    monkeypatch.setattr(undo, "undo", made)
    yield made
    made.let_go()


@pytest.fixture
def window(application: Application) -> MainWindow:
    assert application.main_window is not None
    return application.main_window


def add(application: Application, count: int) -> int:
    """Add clients as an import would, in one operation; return it."""

    def job(session: Session) -> int:
        with operation(session, "Importar clientes") as done:
            rows = [{"code": f"I-{place}", "name": f"Importado {place}", "status": "client"} for place in range(count)]
            insert_records(session, Client, rows)
            return done.id

    written: Done[int] = application.jobs.write(job).result()
    return written.value


def clients(application: Application) -> int:
    wanted = select(func.count()).where(Client.deleted_at.is_(None))
    return application.jobs.read(lambda s: s.scalar(wanted)).result() or 0


def said(window: MainWindow) -> list[str]:
    return [notice.label.text() for notice in window.notices.stack().notices()]


def load(qtbot: QtBot, window: MainWindow) -> ListPage:
    """The list of clients, loaded anew."""
    page = window.open_place("client")
    assert isinstance(page, ListPage)
    qtbot.waitUntil(page.is_ready, timeout=WAIT)
    with qtbot.waitSignal(page.loader.shown, timeout=WAIT):
        page.load()
    qtbot.waitUntil(lambda: not page.is_loading(), timeout=WAIT)
    return page


def test_lists_are_read_while_something_large_is_undone(
    qtbot: QtBot, application: Application, window: MainWindow, held: Held
) -> None:
    add(application, MANY)
    window.activateWindow()
    window.tabs.setFocus()
    qtbot.keyClick(window.tabs, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(held.began.is_set, timeout=WAIT)
    page = load(qtbot, window)
    assert page.model.rowCount() == MANY + 2, "what stood before: nothing is committed yet"
    qtbot.waitUntil(window.busy.is_moving, timeout=WAIT)
    assert not any("Deshecho" in each for each in said(window))
    window.undo_last()
    qtbot.waitUntil(lambda: undoing.WAIT in said(window), timeout=WAIT)
    held.let_go()
    qtbot.waitUntil(lambda: said(window) == ["Deshecho: Importar clientes"], timeout=WAIT)
    qtbot.waitUntil(lambda: not window.busy.is_moving(), timeout=WAIT)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=WAIT)
    assert len(held.lanes) == 1
    window.redo_last()
    qtbot.waitUntil(lambda: clients(application) == MANY + 2, timeout=WAIT)


def test_what_is_small_is_undone_in_its_turn(
    qtbot: QtBot, application: Application, window: MainWindow, held: Held
) -> None:
    held.let_go()
    add(application, MANY // 4)
    before = clients(application)
    window.undo_last()
    window.undo_last()
    qtbot.waitUntil(lambda: len(said(window)) == 1 and "Hotel Azahar" in said(window)[0], timeout=WAIT)
    assert clients(application) == before - MANY // 4 - 1
    assert all("main" in lane for lane in held.lanes)
    assert len(held.lanes) == 2


def test_pressed_twice_it_is_undone_once(
    qtbot: QtBot, application: Application, window: MainWindow, held: Held
) -> None:
    add(application, MANY)
    window.undo_last()
    window.undo_last()
    qtbot.waitUntil(lambda: undoing.WAIT in said(window), timeout=WAIT)
    held.let_go()
    qtbot.waitUntil(lambda: clients(application) == 2, timeout=WAIT)
    assert len(held.lanes) == 1


def test_from_the_activity_whose_tab_is_closed_meanwhile(
    qtbot: QtBot, application: Application, window: MainWindow, held: Held
) -> None:
    ident = add(application, MANY)
    page = window.open_place(ACTIVITY)
    assert isinstance(page, ActivityPage)
    qtbot.waitUntil(page.is_ready, timeout=WAIT)
    assert page.list.current().id == ident  # type: ignore[union-attr]
    page.button.click()
    qtbot.waitUntil(held.began.is_set, timeout=WAIT)
    with qtbot.waitSignal(page.destroyed, timeout=WAIT):
        window.close_current_tab()
    held.let_go()
    qtbot.waitUntil(lambda: said(window) == ["Deshecho: Importar clientes"], timeout=WAIT)
    assert clients(application) == 2
    window.undo_operation(ident)
    qtbot.waitUntil(lambda: any("ya está deshecha" in each for each in said(window)), timeout=WAIT)


def test_a_refusal_lets_the_next_one_in(qtbot: QtBot, application: Application, window: MainWindow) -> None:
    ident = add(application, MANY)
    window.undo_operation(ident)
    qtbot.waitUntil(lambda: clients(application) == 2, timeout=WAIT)
    qtbot.waitUntil(lambda: any("Deshecho" in each for each in said(window)), timeout=WAIT)
    window.undo_operation(ident)
    qtbot.waitUntil(lambda: any("ya está deshecha" in each for each in said(window)), timeout=WAIT)
    window.redo_last()
    qtbot.waitUntil(lambda: clients(application) == MANY + 2, timeout=WAIT)
