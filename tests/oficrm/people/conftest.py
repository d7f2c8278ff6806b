"""A company with nothing in it yet, and somebody who fills in its forms."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import records, saving
from oficrm.jobs import Jobs


class Clerk:
    """Saves records as the forms do."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    def write(self, job: Any) -> Any:
        return self.jobs.write(job).result().value

    def read(self, job: Any) -> Any:
        return self.jobs.read(job).result()

    def save(self, table: str, ident: int | None = None, **values: Any) -> int:
        """A new record, or one changed."""

        def job(session: Session) -> int:
            loaded = records.load(session, table, ident) if ident else records.blank(session, table)
            loaded.draft.values |= values
            return saving.save(session, loaded.draft.accepting(saving.DUPLICATE)).id

        return int(self.write(job))

    def values(self, table: str, ident: int) -> dict[str, Any]:
        """The form of a record as it is stored now."""
        values: dict[str, Any] = self.read(lambda s: records.load(s, table, ident)).draft.values
        return values

    def is_gone(self, table: str, ident: int) -> bool:
        """Whether a record is in the trash."""
        return bool(self.read(lambda s: records.load(s, table, ident)).deleted)


@pytest.fixture
def clerk(started_url: str) -> Iterator[Clerk]:
    jobs = Jobs(started_url, Actor("ana"))
    yield Clerk(jobs)
    jobs.close()
