"""The lanes over the small office, and what the tests of files ask them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from db.filed import COUNTERS
from db.models.client import Client
from db.query import fetch_rows
from oficrm.files import attaching
from oficrm.files.sources import Source
from oficrm.jobs import Changes, Done, Job, Jobs
from tests.support.office import fill, open_jobs


@dataclass
class Cabinet:
    """Short words for what is done with files; ``clients`` are the ids of two."""

    jobs: Jobs
    clients: tuple[int, int]

    def read(self, job: Job[Any]) -> Any:
        return self.jobs.read(job).result()

    def done(self, job: Job[Any]) -> Done[Any]:
        return self.jobs.write_slowly(job).result()

    def write(self, job: Job[Any]) -> Any:
        return self.done(job).value

    def key(self, which: int = 0) -> str:
        return f"client:{self.clients[which]}"

    def attach(self, *sources: Source, places: tuple[str, ...] | None = None) -> attaching.Attached:
        where = (self.key(),) if places is None else places
        attached: attaching.Attached = self.write(lambda s: attaching.attach(s, where, sources))
        return attached

    def file(self, name: str = "nota.txt", data: bytes = b"hola", places: tuple[str, ...] | None = None) -> int:
        return self.attach(Source(name=name, data=data), places=places).ids[0]

    def counters(self, which: int = 0) -> tuple[int, ...]:
        """Total, pending, valid, rejected, as a list shows them."""
        ident = self.clients[which]
        row: tuple[int, ...] = self.read(lambda s: fetch_rows(s, "client", [ident], COUNTERS))[ident]
        alone = self.read(lambda s: [fetch_rows(s, "client", [ident], [name])[ident][0] for name in COUNTERS])
        assert tuple(alone) == row  # read by itself, a counter says the same
        return row

    def counted(self, changes: Changes) -> set[int]:
        return set(changes.counted.get("client", frozenset()))


@pytest.fixture
def cabinet(started_url: str) -> Iterator[Cabinet]:
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 6)).result()
        first, second = jobs.read(lambda s: list(s.scalars(select(Client.id).order_by(Client.id).limit(2)))).result()
        yield Cabinet(jobs, (first, second))
