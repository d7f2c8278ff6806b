"""Files are looked into beside the program's work, so that lists find what they say."""

import pytest

from oficrm.errors import EnvironmentProblem
from oficrm.files import attaching, indexing
from oficrm.files.sources import Source
from oficrm.lists import ListFilter, load_ids
from tests.support.desk import WAIT, Desk, desk
from tests.support.lanes import wait_for_slow
from ui import indexer as indexer_module
from ui.indexer import Indexer

__all__ = ["desk"]


def attach(desk: Desk, *texts: str) -> list[int]:
    sources = [Source(data=text.encode(), name=f"{place}.txt") for place, text in enumerate(texts)]
    return list(desk.jobs.write(lambda s: attaching.attach(s, ["client:1"], sources)).result().value.ids)


def found(desk: Desk, words: str) -> list[int]:
    return sorted(desk.read(lambda s: load_ids(s, ListFilter("document", text=words)).ids))


def test_what_is_there_and_what_comes_is_found_by_its_words(desk: Desk) -> None:
    ids = attach(desk, *[f"el xilófono número {number}" for number in range(25)])
    assert found(desk, "xilofono") == []
    indexer = Indexer(desk.context.bridge, start_ms=0)
    with desk.qtbot.waitSignal(indexer.rested, timeout=4 * WAIT):
        pass
    assert found(desk, "xilofono") == ids
    with desk.qtbot.waitSignal(indexer.rested, timeout=WAIT):
        desk.context.bridge.write(
            lambda s: attaching.attach(s, [], [Source(data=b"un clavicordio", name="z.txt")]), lambda _done: None,
            desk.context.bridge,
        )  # fmt: skip
    assert len(found(desk, "clavicordio")) == 1


@pytest.mark.logs_warnings
def test_one_that_cannot_be_looked_into_does_not_stop_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    attach(desk, "malo", "bueno")
    real = indexing.words

    def words(session: object, item: indexing.Unread, cancel: object) -> indexing.Words:
        if item.name == "0.txt":
            raise RuntimeError("a mistake of ours")
        return real(session, item, cancel)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "words", words)
    indexer = Indexer(desk.context.bridge, start_ms=0)
    with desk.qtbot.waitSignal(indexer.rested, timeout=WAIT):
        pass
    assert len(found(desk, "bueno")) == 1


def test_a_busy_database_is_tried_again_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    attach(desk, "palabra")
    monkeypatch.setattr(indexer_module, "RETRY_MS", 10)
    real, troubles = indexing.store, [EnvironmentProblem("La base de datos está ocupada.")]

    def store(session: object, results: object) -> None:
        if troubles:
            raise troubles.pop()
        real(session, results)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "store", store)
    indexer = Indexer(desk.context.bridge, start_ms=0)
    with desk.qtbot.waitSignal(indexer.rested, timeout=WAIT):
        pass
    assert len(found(desk, "palabra")) == 1


def test_stopped_it_notes_nothing_half_read(desk: Desk) -> None:
    attach(desk, "palabra")
    indexer = Indexer(desk.context.bridge, start_ms=0)
    indexer.stop()
    wait_for_slow(desk.jobs)
    assert len(desk.read(indexing.pending)) == 1
