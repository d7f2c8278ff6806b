"""Where futures meet Qt: answers come in the GUI thread, in order, and only to whoever still wants them."""

import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete
from sqlalchemy import text

from db.history import Actor, operation
from db.models.client import Client
from oficrm.errors import Cancelled, EnvironmentProblem
from oficrm.jobs import Changes, Jobs
from tests.support import guards
from ui.bridge import Bridge

WAIT = 10


@pytest.fixture
def jobs(sqlite_url):
    made = Jobs(sqlite_url, Actor("ana"))
    yield made
    made.close()


@pytest.fixture
def bridge(jobs, qapp):
    made = Bridge(jobs)
    yield made
    made.deleteLater()


@pytest.fixture
def owner(qapp):
    return QObject()


class Gate:
    """A job that waits until it is let through."""

    def __init__(self, value):
        self._open = threading.Event()
        self._value = value

    def __call__(self, _session):
        assert self._open.wait(WAIT)
        return self._value

    def open(self):
        self._open.set()


def _idle(qtbot, bridge):
    """Waits until every answer asked for so far has been delivered."""
    heard: list[Any] = []
    bridge.read(lambda s: None, heard.append, bridge)
    qtbot.waitUntil(lambda: heard == [None])


def _add_client(session):
    with operation(session, "Añadir cliente"):
        session.add(client := Client(name="Talleres Ruiz", code="C-1", extra={}))
    return client.id


def test_an_answer_comes_in_the_gui_thread(qtbot, bridge, owner):
    heard: list[Any] = []
    here = threading.get_ident
    bridge.read(lambda s: threading.current_thread().name, lambda name: heard.append((name, here())), owner)
    assert heard == []
    qtbot.waitUntil(lambda: heard != [])
    assert heard[0][0].startswith("ofi-main")
    assert heard[0][1] == here()


def test_a_slow_read_does_not_stand_in_the_way(qtbot, bridge, owner):
    heard: list[str] = []
    gate = Gate("slow")
    bridge.read(gate, heard.append, owner, slow=True)
    bridge.read(lambda s: "quick", heard.append, owner)
    qtbot.waitUntil(lambda: heard == ["quick"])
    gate.open()
    qtbot.waitUntil(lambda: heard == ["quick", "slow"])


def test_only_the_latest_answer_of_a_purpose_counts(qtbot, bridge, owner):
    heard: list[str] = []
    gate = Gate("first")
    bridge.read(gate, heard.append, owner, purpose="options")
    bridge.read(lambda s: "second", heard.append, owner, purpose="options")
    bridge.read(lambda s: "other", heard.append, owner, purpose="rows")
    bridge.read(lambda s: "always", heard.append, owner)
    gate.open()
    qtbot.waitUntil(lambda: len(heard) == 3)
    _idle(qtbot, bridge)
    assert heard == ["second", "other", "always"]


def test_an_old_error_of_a_purpose_is_dropped_too(qtbot, bridge, owner):
    def fail(_session):
        raise EnvironmentProblem("old")

    heard: list[Any] = []
    failures: list[Any] = []
    bridge.read(fail, heard.append, owner, purpose="options", failed=failures.append)
    bridge.read(lambda s: "new", heard.append, owner, purpose="options", failed=failures.append)
    qtbot.waitUntil(lambda: heard == ["new"])
    assert failures == []


def test_owners_do_not_outdate_each_other(qtbot, bridge, owner):
    heard: list[str] = []
    other = QObject()
    bridge.read(lambda s: "one", heard.append, owner, purpose="options")
    bridge.read(lambda s: "two", heard.append, other, purpose="options")
    qtbot.waitUntil(lambda: heard == ["one", "two"])


def test_an_answer_for_a_window_that_is_gone_is_dropped(qtbot, bridge):
    heard: list[str] = []
    gate, owner = Gate("late"), QObject()
    bridge.read(gate, heard.append, owner)
    delete(owner)
    gate.open()
    _idle(qtbot, bridge)
    assert heard == []


def test_a_write_tells_everybody_what_changed_after_the_one_who_asked(qtbot, bridge, owner):
    order: list[Any] = []
    bridge.changed.connect(lambda changes, initiator: order.append((changes, initiator)))
    bridge.write(_add_client, lambda done: order.append(done.value), owner)
    qtbot.waitUntil(lambda: len(order) == 2)
    ident, (changes, initiator) = order
    assert changes == Changes({"client": frozenset({ident})}, changes.operation_id, "Añadir cliente")
    assert initiator is owner


def test_a_write_counts_even_if_its_window_is_gone(qtbot, bridge):
    heard: list[Any] = []
    gate, owner = Gate(None), QObject()
    bridge.changed.connect(lambda changes, _: heard.append(changes.tables))

    def job(session):
        gate(session)
        return _add_client(session)

    bridge.write(job, lambda done: heard.append("told"), owner)
    delete(owner)
    gate.open()
    qtbot.waitUntil(lambda: heard != [])
    assert [set(tables) for tables in heard] == [{"client"}]


def test_everybody_is_told_even_if_the_one_who_asked_stumbles(qtbot, bridge, owner):
    heard: list[Any] = []
    bridge.changed.connect(lambda changes, _: heard.append(set(changes.tables)))

    def stumble(_done):
        raise ZeroDivisionError

    with qtbot.captureExceptions() as stumbled:
        bridge.write(_add_client, stumble, owner)
        qtbot.waitUntil(lambda: heard == [{"client"}])
    assert [kind for kind, *_ in stumbled] == [ZeroDivisionError]


def test_a_write_that_changed_nothing_tells_nobody(qtbot, bridge, owner):
    told: list[int] = []
    heard: list[Any] = []
    bridge.changed.connect(lambda *_: told.append(1))
    bridge.write(lambda s: 7, lambda done: heard.append(done.value), owner)
    qtbot.waitUntil(lambda: heard == [7])
    assert told == []


def test_a_write_that_fails_leaves_nothing_and_tells_nobody(qtbot, bridge, owner):
    told: list[int] = []
    failures: list[Any] = []
    heard: list[Any] = []
    bridge.changed.connect(lambda *_: told.append(1))

    def job(session):
        _add_client(session)
        raise EnvironmentProblem("No queda sitio en el disco.")

    bridge.write(job, heard.append, owner, failed=failures.append)
    qtbot.waitUntil(lambda: failures != [])
    assert isinstance(failures[0], EnvironmentProblem)
    bridge.read(lambda s: s.query(Client).count(), heard.append, owner)
    qtbot.waitUntil(lambda: heard == [0])
    assert told == []


def test_an_error_nobody_takes_care_of_is_reported_with_its_trace(qtbot, bridge, owner):
    def stumble(_session):
        return 1 / 0

    with qtbot.waitSignal(bridge.failed) as reported:
        bridge.read(stumble, lambda _: None, owner)
    error, details = reported.args
    assert isinstance(error, ZeroDivisionError)
    assert "in stumble" in details


def test_what_the_user_cancelled_is_no_error(qtbot, bridge, owner):
    def job(_session):
        raise Cancelled

    failures: list[Any] = []
    bridge.failed.connect(lambda *_: failures.append(1))
    bridge.read(job, failures.append, owner, failed=failures.append)
    _idle(qtbot, bridge)
    assert failures == []


def test_busy_lasts_from_the_first_question_to_the_last_answer(qtbot, bridge, owner):
    said: list[bool] = []
    heard: list[int] = []
    gate = Gate(1)
    bridge.busy.connect(said.append)
    bridge.read(gate, heard.append, owner)
    bridge.read(lambda s: 2, heard.append, owner)
    assert said == [True]
    gate.open()
    qtbot.waitUntil(lambda: heard == [1, 2])
    qtbot.waitUntil(lambda: said == [True, False])


def test_a_long_write_is_told_from_what_is_short(qtbot, bridge, owner):
    said: list[bool] = []
    heard: list[int] = []
    gates = [Gate(1), Gate(2)]
    bridge.writing.connect(said.append)
    bridge.write(lambda s: 0, lambda done: heard.append(done.value), owner)
    bridge.read(lambda s: 0, heard.append, owner, slow=True)
    qtbot.waitUntil(lambda: heard == [0, 0])
    assert said == []
    for gate in gates:
        bridge.write(gate, lambda done: heard.append(done.value), owner, slow=True)
    gates[0].open()
    qtbot.waitUntil(lambda: heard == [0, 0, 1])
    assert said == [True]
    gates[1].open()
    qtbot.waitUntil(lambda: said == [True, False])


def test_changes_made_elsewhere_can_be_announced(qtbot, bridge):
    changes = Changes({"client": frozenset({1})})
    with qtbot.waitSignal(bridge.changed) as told:
        bridge.announce(changes)
    assert told.args == [changes, None]


def test_the_end_waits_for_what_is_queued_and_nobody_is_called_after_it(sqlite_url, qtbot, qapp):
    jobs = Jobs(sqlite_url, Actor("ana"))
    bridge = Bridge(jobs)
    heard: list[Any] = []
    bridge.write(_add_client, heard.append, bridge)
    delete(bridge)
    jobs.close()
    again = Jobs(sqlite_url, Actor("ana"))
    assert again.read(lambda s: s.query(Client).count()).result() == 1
    again.close()
    assert heard == []


def test_sql_for_a_screen_on_the_gui_thread_fails_the_test(jobs, owner):
    class Careless(Jobs):
        def __init__(self):
            self.engine, self.actor = jobs.engine, jobs.actor

        def read(self, job):
            with self._session(False) as session:
                return job(session)

    careless = Bridge(Careless())
    with pytest.raises(guards.ForbiddenInTest, match=r"SQL on the GUI thread, called from .*bridge.py"):
        careless.read(lambda s: s.execute(text("SELECT 1")), lambda _: None, owner)
    assert len(guards._slips) == 1
    guards._slips.clear()  # provoked


def test_sql_in_the_lanes_is_no_slip(qtbot, bridge, owner):
    heard: list[Any] = []
    bridge.read(lambda s: s.execute(text("SELECT 1")).scalar_one(), heard.append, owner)
    qtbot.waitUntil(lambda: heard == [1])


def test_what_is_asked_while_the_program_ends_is_dropped(qtbot, sqlite_url):
    jobs = Jobs(sqlite_url, Actor("ana"))
    bridge = Bridge(jobs)
    jobs.close()
    answered: list[int] = []
    bridge.read(lambda session: 1, answered.append, bridge)
    assert answered == []
