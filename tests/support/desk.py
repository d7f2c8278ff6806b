"""A screen over the small office of ``tests.support.office``: what a window is given, and what it asks for noted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.contact import Contact
from oficrm import clock, records, saving
from oficrm.jobs import Job, Jobs
from tests.support.office import TODAY, open_jobs
from ui import theme
from ui.bridge import Bridge
from ui.context import Context
from ui.memory import Memory

T = TypeVar("T")
WAIT = 20_000
"""Milliseconds after which something has hung: where others work too, seconds pass without anything being wrong."""


class Noted:
    """Stands in for the notices and the opener of the application."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, int | None]] = []
        self.opened: list[tuple[Any, ...]] = []

    def show(self, text: str, undo_operation: int | None = None) -> None:
        self.notices.append((text, undo_operation))

    def open_record(self, table: str, ident: int | None = None, **more: Any) -> QWidget:
        self.opened.append(("record", table, ident, more))
        return QWidget()

    def open_history(self, table: str, ident: int, parent: QWidget | None = None) -> QWidget:
        self.opened.append(("history", table, ident))
        return QWidget()

    def open_change_date(self, ids: Any, parent: QWidget | None = None, loaded: Any = ()) -> QWidget:
        self.opened.append(("change_date", tuple(ids)))
        return QWidget()

    def open_mass_edit(self, table: str, ids: Any, parent: QWidget | None = None) -> QWidget:
        self.opened.append(("mass_edit", table, tuple(ids)))
        return QWidget()


@dataclass
class Desk:
    """The lanes, the context, and helpers to look and write past the screen."""

    jobs: Jobs
    context: Context
    noted: Noted
    qtbot: QtBot
    failures: list[Exception] = field(default_factory=list)

    def read(self, job: Job[T]) -> T:
        return self.jobs.read(job).result()

    def open_ids(self, count: int) -> list[int]:
        """Contacts without a result, in the order of a list."""
        wanted = select(Contact.id).where(Contact.result_id.is_(None), Contact.deleted_at.is_(None))
        return self.read(lambda s: list(s.scalars(wanted.order_by(Contact.date, Contact.time, Contact.id)))[:count])

    def dates(self, ids: list[int]) -> dict[int, dt.date]:
        rows = self.read(lambda s: s.execute(select(Contact.id, Contact.date).where(Contact.id.in_(ids))).all())
        return {row[0]: row[1] for row in rows}

    def save(self, table: str, ident: int | None = None, *, user: str = "luis", **values: Any) -> int:
        """Save a record as its form would, as somebody else."""

        def job(session: Session) -> int:
            session.info["actor"] = Actor(user)
            draft = (records.load(session, table, ident) if ident else records.blank(session, table)).draft
            draft.values |= values
            return saving.save(session, draft).id

        return self.jobs.write(job).result().value

    def show(self, window: QWidget) -> None:
        """Show a window and wait until it is ready."""
        self.qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        self.qtbot.waitUntil(window.is_ready, timeout=WAIT)  # type: ignore[attr-defined]


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, office_url: str, tmp_path: Path,
         monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:  # fmt: skip
    """A filled database and the context of a window over it; an error of ours fails the test."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    theme.install_spanish(qapp)
    theme.apply(qapp, "light")
    with open_jobs(office_url) as jobs:
        bridge, noted = Bridge(jobs), Noted()
        made = Desk(jobs, Context(bridge, Memory(tmp_path / "memory"), noted, noted), noted, qtbot)
        bridge.failed.connect(lambda error, _details: made.failures.append(error))
        yield made
        assert made.failures == []
        bridge.deleteLater()
