"""A company with two users, two clients and their persons, and a hand that fills in forms."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import clock, records, saving
from oficrm.drafts import Draft, LineDraft
from oficrm.jobs import Done, Jobs

TODAY = dt.date(2026, 11, 21)


class Clerk:
    """Saves records as the forms do."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    def write(self, job: Any) -> Any:
        return self.done(job).value

    def done(self, job: Any) -> Done[Any]:
        return self.jobs.write(job).result()

    def read(self, job: Any) -> Any:
        return self.jobs.read(job).result()

    def save(self, table: str, ident: int | None = None, *, user: str = "ana", **values: Any) -> int:
        """A new record, or one changed; ``records`` and ``users`` are lines of an event."""

        def job(session: Session) -> int:
            session.info["actor"] = Actor(user)
            loaded = records.load(session, table, ident) if ident else records.blank(session, table)
            draft = loaded.draft
            for name, (line, field) in LINES.items():
                if name in values:
                    put(draft, line, field, values.pop(name))
            draft.values |= values
            return saving.save(session, draft.accepting(saving.DUPLICATE)).id

        return int(self.write(job))

    def values(self, table: str, ident: int) -> dict[str, Any]:
        """The form of a record as it is stored now."""
        values: dict[str, Any] = self.read(lambda s: records.load(s, table, ident)).draft.values
        return values


LINES = {"records": ("calendar_link", "record"), "users": ("calendar_invitee", "user")}


def put(draft: Draft, line: str, field: str, wanted: list[Any]) -> None:
    """Let the lines of a form be these, keeping those that stay."""
    known = {each.values[field]: each for each in draft.lines.get(line, [])}
    draft.lines[line] = [known.get(value) or LineDraft(None, {field: value}) for value in wanted]


@pytest.fixture
def clerk(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    jobs = Jobs(started_url, Actor("ana"))
    made = Clerk(jobs)
    for name, login in (("Luis Prado", "luis"), ("Carmen Ríos", "carmen")):
        made.save("user", name=name, login=login)
    for name in ("Talleres Ruiz", "Hotel Azahar"):
        made.save("client", name=name)
    for first, client in (("Marta", 1), ("Pablo", 2)):
        made.save("person", first_name=first, last_name="Gil", client=client)
    yield made
    jobs.close()
