"""What a write concerns besides what it wrote: the records under which files and messages are filed."""

import pytest

from db.history import operation
from db.models.client import Client
from db.models.document import Document, DocumentLink
from oficrm import spreading
from oficrm.files import attaching
from oficrm.files.sources import Source
from tests.support.office import fill, open_jobs


@pytest.fixture
def jobs(started_url):
    with open_jobs(started_url) as made:
        made.write(lambda s: fill(s, 6)).result()
        yield made


def attach(jobs, *places, count=1):
    sources = [Source(name=f"{at}.txt", data=b"%d" % at) for at in range(count)]
    return jobs.write(lambda s: attaching.attach(s, places, sources)).result()


def test_all_places_are_counted_and_nothing_else(jobs):
    changes = attach(jobs, "client:1", "contact:2").changes
    assert {table: set(ids) for table, ids in changes.counted.items()} == {
        "document": {1}, "client": {1}, "contact": {2}
    }  # fmt: skip
    assert changes.shown("person") == frozenset()
    assert "client" not in changes.tables


def test_a_place_left_is_counted_too(jobs):
    attach(jobs, "client:1")

    def move(session):
        with operation(session, "Mover"):
            session.get_one(DocumentLink, 1).record = "client:2"

    counted = jobs.write(move).result().changes.counted
    assert counted == {"document": {1}, "client": {1, 2}}


def test_writes_of_other_modules_ask_nothing(jobs):
    def rename(session):
        with operation(session, "Cambiar"):
            session.get_one(Client, 1).name = "Otro"

    assert jobs.write(rename).result().changes.counted == {}


def test_a_write_that_failed_counts_nothing(jobs):
    def fail(session):
        attaching.attach(session, ["client:1"], [Source(name="a.txt", data=b"a")])
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        jobs.write(fail).result()
    assert jobs.read(lambda s: s.query(Document).count()).result() == 0


def test_a_very_long_write_is_not_looked_at(jobs, monkeypatch):
    monkeypatch.setattr(spreading, "MOST", 3)
    assert attach(jobs, "client:1", count=2).changes.counted == {}
    assert attach(jobs, "client:2", count=1).changes.counted["client"] == {2}
