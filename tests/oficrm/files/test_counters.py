"""Counters of files: whatever is done, in whatever order, they are what a recount says, in lists and in forms."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.filed import COUNTERS
from db.history import Actor, operation
from db.models.client import Client
from db.models.document import Document, DocumentLink
from db.registry import listed_modules
from oficrm import deleting, lists, mass_edit, records, restoring, undo
from oficrm.errors import Refused, ValidationError
from oficrm.files import attaching, keeping
from oficrm.files.sources import Source
from tests.support.office import fill

PLACES = ("client:1", "client:2", "contact:1")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("attach"), st.sets(st.sampled_from(PLACES), min_size=1), st.integers(1, 3)),
        st.tuples(st.just("take_off"), st.sampled_from((*PLACES, None)), st.integers(1, 4)),
        st.tuples(st.sampled_from(("validate", "reject", "reopen", "renew", "delete", "file_under")),
                  st.sampled_from(PLACES), st.integers(1, 4)),
        st.tuples(st.sampled_from(("undo", "redo", "restore", "mass_edit", "delete_record", "restore_record")),
                  st.sampled_from(PLACES), st.integers(1, 4)),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


@pytest.fixture
def bind(started_url: str) -> Iterator[object]:
    engine = open_engine(started_url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    with Session(bind, info={"actor": Actor("ana")}) as session, session.begin():
        fill(session, 4)
    yield bind
    engine.dispose()


class Work:
    """Does one step after the other in one transaction that is never committed."""

    def __init__(self, session: Session) -> None:
        self.session, self.serial = session, 0

    def chosen(self, count: int, live: bool = True) -> list[int]:
        """Some files, the newest first."""
        gone = Document.deleted_at.is_(None) if live else Document.deleted_at.is_not(None)
        return list(self.session.scalars(select(Document.id).where(gone).order_by(Document.id.desc()).limit(count)))

    def step(self, what: str, where: object, count: int) -> None:
        session, ids = self.session, self.chosen(count)
        self.serial += 1
        match what:
            case "attach":
                sources = [Source(name=f"{at}.txt", data=b"%d" % (self.serial + at)) for at in range(count)]
                attaching.attach(session, sorted(where), sources)  # type: ignore[call-overload]
            case "take_off":
                keeping.take_off(session, ids, where)  # type: ignore[arg-type]
            case "validate" | "reopen":
                getattr(keeping, what)(session, ids)
            case "reject":
                keeping.reject(session, ids, "borroso")
            case "renew" if ids:
                keeping.new_version(session, ids[0], Source(name="v.txt", data=b"v%d" % self.serial))
            case "delete" if ids:
                deleting.delete(session, "document", ids)
            case "file_under" if ids:
                with operation(session, "Archivar"):
                    attaching.file_under(session, ids, str(where))
            case "undo":
                undo.undo_last(session)
            case "redo":
                undo.redo_last(session)
            case "restore":
                for ident in self.chosen(1, live=False):
                    restoring.restore_deleted(session, "document", ident)
            case "mass_edit" if ids:
                found = mass_edit.frozen(session, "document", ids, "category")
                mass_edit.apply(session, mass_edit.preview(session, found, "contract"))
            case "delete_record" if str(where) == "contact:1":
                deleting.delete(session, "contact", [1])
            case "restore_record":
                restoring.restore_deleted(session, "contact", 1)

    def check(self) -> None:
        """Compare with a recount in Python, in the list and in the form."""
        self.session.expire_all()
        documents = {each.id: each for each in self.session.scalars(select(Document)) if each.deleted_at is None}
        links = [each for each in self.session.scalars(select(DocumentLink)) if each.deleted_at is None]
        for key in PLACES:
            here = {each.document_id for each in links if each.record == key} & documents.keys()
            states = Counter(str(documents[ident].status) for ident in here)
            wanted = (len(here), states["pending"], states["valid"], states["rejected"])
            assert wanted[0] == sum(wanted[1:])
            table, ident = key.split(":")
            row = lists.load_rows(self.session, table, [int(ident)], list(COUNTERS))[int(ident)]
            assert tuple(row) == wanted, key
            if table == "client":
                values = records.load(self.session, table, int(ident)).draft.values
                assert tuple(values[name] for name in COUNTERS) == wanted


@given(STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counters_are_always_a_recount(bind, steps):
    with Session(bind, info={"actor": Actor("ana")}) as session:
        work = Work(session)
        for step in steps:
            with session.begin_nested() as point:
                try:
                    work.step(*step)
                except (Refused, ValidationError):  # nothing there to do it to
                    point.rollback()
            session.info.pop("operation", None)
            work.check()
        session.rollback()


def test_every_listed_module_counts_its_files(cabinet):
    for model in listed_modules():
        if model.module.table != "document":
            assert set(COUNTERS) <= model.fields.keys(), model
            assert all(model.fields[name].read_only for name in COUNTERS)


@pytest.mark.parametrize(("op", "value", "found"), [("from", 1, [0]), ("to", 0, [1]), ("from", 2, [])])
def test_lists_are_filtered_and_sorted_by_them(cabinet, op, value, found):
    cabinet.file()
    wanted = lists.ListFilter("client", (lists.Criterion("files_pending", op, value),), sort=("-files_total",))
    ids = cabinet.read(lambda s: lists.load_ids(s, wanted)).ids.tolist()
    assert [ident in ids for ident in cabinet.clients] == [place in found for place in (0, 1)]
    every = cabinet.read(lambda s: lists.load_ids(s, lists.ListFilter("client", sort=("-files_total",)))).ids
    assert every[0] == cabinet.clients[0]


def test_a_write_of_files_tells_whose_counters_changed(cabinet):
    first, second = cabinet.clients
    done = cabinet.done(lambda s: attaching.attach(s, [cabinet.key()], [Source(name="a.txt", data=b"a")]))
    [ident] = done.value.ids
    assert cabinet.counted(done.changes) == {first}
    assert first in done.changes.shown("client")
    for call in (
        lambda s: keeping.validate(s, [ident]),
        lambda s: keeping.reject(s, [ident], "no"),
        undo.undo_last,
        undo.redo_last,
        lambda s: deleting.delete(s, "document", [ident]),
        lambda s: restoring.restore_deleted(s, "document", ident),
        lambda s: keeping.take_off(s, [ident], cabinet.key()),
        undo.undo_last,
    ):
        assert cabinet.counted(cabinet.done(call).changes) == {first}
    assert cabinet.counters() == (1, 0, 0, 1)
    done = cabinet.done(lambda s: attaching.attach(s, [cabinet.key(1)], [Source(name="a.txt", data=b"a")]))
    assert cabinet.counted(done.changes) == {second}
    done = cabinet.done(lambda s: deleting.delete(s, "client", [second], frozenset({"dependents"})))
    assert cabinet.counted(done.changes) == {second}, "its file went with it"
    assert cabinet.read(lambda s: s.scalar(select(Client.name).where(Client.id == first)))
