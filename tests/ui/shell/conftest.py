"""The running program over a database that has been started, with two clients in it."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import records, saving, start
from oficrm.jobs import Jobs
from oficrm.profile import Profile
from ui.app import Application


def add_client(session: Session, name: str) -> int:
    """Save a client as its form would."""
    draft = records.blank(session, "client", {"name": name}).draft
    return saving.save(session, draft).id


@pytest.fixture
def profile(tmp_path) -> Profile:
    """Folders of this test's own."""
    made = Profile(tmp_path / "profile")
    made.make()
    return made


@pytest.fixture
def jobs(sqlite_url: str) -> Iterator[Jobs]:
    """Lanes over an empty, migrated database."""
    made = Jobs(sqlite_url, Actor("ana"))
    yield made
    made.close()


@pytest.fixture
def started(jobs: Jobs) -> Jobs:
    """The lanes, after the first start and with two clients."""
    jobs.write(lambda session: start.begin(session, "ES", "Comercial Levante S.L.")).result()
    for name in ("Talleres Ruiz", "Hotel Azahar"):
        jobs.write(partial(add_client, name=name)).result()
    return jobs


@pytest.fixture
def application(qtbot: QtBot, qapp: QApplication, started: Jobs, profile: Profile) -> Iterator[Application]:
    """The program with its main window open."""
    made = Application(qapp, started, profile)
    made.memory.put("open_tabs", ["contact"])
    made.start()
    qtbot.waitUntil(lambda: made.main_window is not None and made.main_window.isVisible())
    yield made
    made.windows.close_all()
    assert made.main_window is not None
    made.main_window.hide()
    made.main_window.deleteLater()
    made.deleteLater()
