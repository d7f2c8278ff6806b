"""The jobs of the day: after the start, once a day, again after a server that did not answer."""

import datetime as dt

import pytest

from oficrm import clock, daily
from oficrm.errors import EnvironmentProblem
from tests.support.desk import WAIT, Desk, desk
from tests.support.office import TODAY
from ui.notifications.rounds import Rounds

__all__ = ["desk"]


@pytest.fixture
def runs(monkeypatch) -> list[dt.date]:
    found: list[dt.date] = []
    monkeypatch.setattr(daily, "JOBS", (lambda _session: found.append(clock.today()),))
    return found


def look(rounds: Rounds, qtbot) -> None:
    with qtbot.waitSignal(rounds.finished, timeout=WAIT):
        rounds.look()


def test_they_run_once_a_day(desk: Desk, qtbot, runs, monkeypatch) -> None:
    rounds = Rounds(desk.context.bridge, desk.context.bridge)
    look(rounds, qtbot)
    rounds.look()
    assert runs == [TODAY]
    tomorrow = TODAY + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    look(rounds, qtbot)
    assert runs == [TODAY, tomorrow]


@pytest.mark.logs_warnings
def test_they_are_tried_again_after_a_server_that_did_not_answer(desk: Desk, qtbot, runs, monkeypatch) -> None:
    def no_answer(_session):
        raise EnvironmentProblem("No hay conexión.")

    monkeypatch.setattr(daily, "JOBS", (no_answer,))
    rounds = Rounds(desk.context.bridge, desk.context.bridge)
    look(rounds, qtbot)
    monkeypatch.setattr(daily, "JOBS", (lambda _session: runs.append(TODAY),))
    look(rounds, qtbot)
    assert runs == [TODAY]
