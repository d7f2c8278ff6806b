"""A firm with users, a team, clients and a clock that the test sets: what cases and contracts are tested on."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from db.query import fetch_rows
from oficrm import clock, notifications, records, saving
from oficrm.drafts import LineDraft, Loaded
from oficrm.jobs import Job, Jobs
from tests.support.office import fill, open_jobs

T = TypeVar("T")
MONDAY = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC).astimezone()
"""An hour that is within working hours in every zone of Spain."""


class Helpdesk:
    """Saves records as their forms would, at the hour that the test says, as somebody of the firm."""

    def __init__(self, jobs: Jobs, patch: pytest.MonkeyPatch) -> None:
        self.jobs = jobs
        self._patch = patch
        self.set_clock(MONDAY)
        self.eva = self.save("user", name="Eva", login="eva", role="support")
        self.teo = self.save("user", name="Teo", login="teo", role="support")

    def set_clock(self, now: dt.datetime) -> dt.datetime:
        """It is this moment from now on; new records are stamped with it too."""
        self.now = now
        self._patch.setattr(clock, "now", lambda: now.astimezone())
        self._patch.setattr(clock, "today", lambda: now.astimezone().date())
        self._patch.setattr("db.history.dt", _Frozen(now))
        self._patch.setattr("db.moments.dt", _Frozen(now))
        return now

    def pass_time(self, **more: float) -> dt.datetime:
        """So much later."""
        return self.set_clock(self.now + dt.timedelta(**more))

    def write(self, job: Job[T], user: str = "ana") -> T:
        def whole(session: Session) -> T:
            session.info["actor"] = Actor(user)
            return job(session)

        done = self.jobs.write(whole).result()
        self.last_operation = done.changes.operation_id
        return done.value

    def read(self, job: Job[T]) -> T:
        return self.jobs.read(job).result()

    def save(self, table: str, ident: int | None = None, *, lines: dict[str, list[dict[str, Any]]] | None = None,
             accepted: frozenset[str] = frozenset(), **values: Any) -> int:  # fmt: skip
        """Save a record, new or not; links given to a new one bring along what they bring in its form."""

        def job(session: Session) -> int:
            draft = (records.load(session, table, ident) if ident else records.blank(session, table, values)).draft
            draft.values |= values
            for child, rows in (lines or {}).items():
                draft.lines[child] = [LineDraft(None, row) for row in rows]
            draft.accepted = accepted
            return saving.save(session, draft).id

        return self.write(job)

    def save_made(self, made: Loaded, **values: Any) -> int:
        """Save a form that a command filled in."""
        made.draft.values |= values
        return self.write(lambda session: saving.save(session, made.draft).id)

    def case(self, **values: Any) -> int:
        """A case of the first client's, Eva's."""
        usual: dict[str, Any] = {"client": 1, "title_line": "No imprime", "description": "Sale en blanco",
                                 "assigned_to": f"user:{self.eva}"}  # fmt: skip
        return self.save("support_case", **usual | values)

    def contract(self, **values: Any) -> int:
        """An active contract of the first client's, for this year."""
        today = self.now.date()
        usual: dict[str, Any] = {"client": 1, "subject": "Soporte", "status": "active",
                                 "start_date": today - dt.timedelta(days=100),
                                 "due_date": today + dt.timedelta(days=265)}  # fmt: skip
        return self.save("service_contract", **usual | values)

    def row(self, table: str, ident: int, *names: str) -> dict[str, Any]:
        """What a list would show of a record."""
        values = self.read(lambda session: fetch_rows(session, table, [ident], names))[ident]
        return dict(zip(names, values, strict=True))

    def told(self, user: str) -> list[str]:
        """The notices of somebody, newest first."""
        return [notice.text for notice in self.write(notifications.inbox, user).notices]


class _Frozen:
    """Stands in for the module ``datetime`` where the program asks for the present."""

    def __init__(self, now: dt.datetime) -> None:
        class Moment(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
                return now.astimezone(tz)

        self.datetime = Moment

    def __getattr__(self, name: str) -> Any:
        return getattr(dt, name)


@contextmanager
def open_helpdesk(url: str, patch: pytest.MonkeyPatch) -> Iterator[Helpdesk]:
    """The small office with two more users, on an empty database."""
    with open_jobs(url) as jobs:
        jobs.write(lambda session: fill(session, 0)).result()
        yield Helpdesk(jobs, patch)
