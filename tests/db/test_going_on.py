"""One operation over several transactions: a long piece of work that is undone as one."""

from sqlalchemy.orm import Session

from db.history import Actor, Operation, operation
from db.models.sector import Sector
from oficrm import history, undo
from tests.support.office import open_jobs


def add(session: Session, name: str, goes_on: int | None = None, user: str = "ana") -> int:
    session.info["actor"] = Actor(user)
    with operation(session, f"Añadir {name}", goes_on=goes_on) as done:
        session.add(Sector(name=name, number=f"X-{name}", is_active=True, extra={}))
        session.flush()
    return done.id


def names(session: Session) -> list[str]:
    live = session.query(Sector).filter(Sector.deleted_at.is_(None)).order_by(Sector.id)
    return [row.name for row in live]


def test_what_is_gone_on_with_is_undone_and_redone_as_one(engine_url):
    with open_jobs(engine_url) as jobs:
        first = jobs.write(lambda s: add(s, "Uno")).result().value
        jobs.write(lambda s: add(s, "Aparte")).result()
        done = jobs.write(lambda s: add(s, "Dos", first)).result()
        assert (done.value, done.changes.operation_id, done.changes.label) == (first, first, "Añadir Dos")
        shown = jobs.read(history.activity).result()
        assert [(row.label, row.changes) for row in shown] == [("Añadir Aparte", 1), ("Añadir Dos", 2)]
        jobs.write(lambda s: undo.undo(s, first)).result()
        assert jobs.read(names).result() == ["Aparte"]
        jobs.write(undo.redo_last).result()
        assert jobs.read(names).result() == ["Uno", "Aparte", "Dos"]


def test_one_without_changes_of_this_time_stays(engine_url):
    with open_jobs(engine_url) as jobs:
        first = jobs.write(lambda s: add(s, "Uno")).result().value

        def nothing(session: Session) -> None:
            with operation(session, "Añadir Uno", goes_on=first):
                pass

        jobs.write(nothing).result()
        assert jobs.read(lambda s: [row.id for row in s.query(Operation)]).result() == [first]


def test_one_that_was_undone_meanwhile_or_is_of_somebody_else_is_over(engine_url):
    with open_jobs(engine_url) as jobs:
        first = jobs.write(lambda s: add(s, "Uno")).result().value
        assert jobs.write(lambda s: add(s, "Luis", first, "luis")).result().value != first
        jobs.write(lambda s: undo.undo(s, first)).result()
        second = jobs.write(lambda s: add(s, "Dos", first)).result().value
        assert second != first
        jobs.write(lambda s: undo.undo(s, second)).result()
        assert jobs.read(names).result() == ["Luis"]
        assert jobs.write(lambda s: add(s, "Tres", 999)).result().value != 999
