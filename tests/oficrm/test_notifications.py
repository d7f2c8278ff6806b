"""Notices: who is told, once or again, and that they come and go with their records."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from db.history import Actor, operation
from db.models.team import Team, TeamMember
from db.models.user import Role, User
from db.notification import Notification
from oficrm import clock, deleting, notifications, undo
from oficrm.notifications import inbox, mark_read, notify
from tests.support.office import fill, open_jobs


@pytest.fixture
def jobs(started_url):
    with open_jobs(started_url) as opened:
        opened.write(lambda s: fill(s, 0)).result()
        yield opened


def add_user(session, name: str, **more) -> int:
    with operation(session, "Usuario"):
        user = User(name=name, login=name.lower(), role=Role.SUPPORT, is_active=True, extra={}, **more)
        session.add(user)
        session.flush()
    return user.id


def as_user(jobs, name: str, job):
    def whole(session):
        session.info["actor"] = Actor(name)
        return job(session)

    return jobs.write(whole).result().value


def test_each_is_told_once_and_reads_only_his_own(jobs):
    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    teo = jobs.write(lambda s: add_user(s, "Teo")).result().value
    assert jobs.write(lambda s: notify(s, [eva, eva, teo], "Caso nuevo", "client:1")).result().value == 2
    mine = as_user(jobs, "eva", inbox)
    assert (mine.unread, [(each.text, each.table, each.record_id) for each in mine.notices]) == (
        1, [("Caso nuevo", "client", 1)]
    )  # fmt: skip
    assert mine.notices[0].icon == "client" or mine.notices[0].icon
    as_user(jobs, "EVA", lambda s: mark_read(s, [each.id for each in mine.notices]))
    assert as_user(jobs, "eva", inbox).unread == 0
    assert as_user(jobs, "eva", inbox).notices[0].is_read
    assert as_user(jobs, "teo", inbox).unread == 1


def test_nobody_can_mark_the_notices_of_another(jobs):
    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    jobs.write(lambda s: add_user(s, "Teo")).result()
    jobs.write(lambda s: notify(s, [eva], "Caso nuevo", "client:1")).result()
    ids = [each.id for each in as_user(jobs, "eva", inbox).notices]
    as_user(jobs, "teo", lambda s: mark_read(s, ids))
    assert as_user(jobs, "eva", inbox).unread == 1


def test_an_occasion_is_told_once_for_ever(jobs):
    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    tell = lambda s: notify(s, [eva], "Vence", "client:1", "30 days")  # noqa: E731
    assert jobs.write(tell).result().value == 1
    as_user(jobs, "eva", mark_read)
    assert jobs.write(tell).result().value == 0
    assert jobs.write(lambda s: notify(s, [eva], "Vence", "client:1", "7 days")).result().value == 1
    assert jobs.write(lambda s: notify(s, [eva], "Vence", "client:2", "30 days")).result().value == 1


def test_it_goes_and_comes_back_with_its_record(jobs):
    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    jobs.write(lambda s: notify(s, [eva], "Caso nuevo", "person:1")).result()
    gone = jobs.write(lambda s: deleting.delete(s, "person", [1], frozenset({"dependents"}))).result()
    assert as_user(jobs, "eva", inbox) == notifications.Inbox(eva, 0, ())
    jobs.write(lambda s: undo.undo(s, gone.changes.operation_id)).result()
    assert as_user(jobs, "eva", inbox).unread == 1


def test_a_key_that_names_no_record_is_refused(jobs):
    with pytest.raises(ValueError, match="no key"):
        jobs.write(lambda s: notify(s, [1], "?", "nothing:1")).result()


def test_who_left_is_not_told(jobs):
    def off(session):
        with operation(session, "Baja"):
            session.get(User, eva).is_active = False

    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    jobs.write(off).result()
    assert jobs.write(lambda s: notify(s, [eva], "Caso", "client:1")).result().value == 0


def test_a_team_means_its_members(jobs):
    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    teo = jobs.write(lambda s: add_user(s, "Teo")).result().value

    def make(session):
        with operation(session, "Equipo"):
            team = Team(name="Soporte", is_active=True, extra={})
            session.add(team)
            session.flush()
            session.add_all(
                TeamMember(team_id=team.id, user_id=ident, is_leader=False, extra={}) for ident in (eva, teo)
            )
        return team.id

    team = jobs.write(make).result().value
    told = lambda key: jobs.read(lambda s: notifications.members(s, key)).result()  # noqa: E731
    assert (told(f"team:{team}"), told(f"user:{eva}"), told(None)) == ({eva, teo}, {eva}, set())


def test_what_was_read_long_ago_is_forgotten(jobs, monkeypatch):
    eva = jobs.write(lambda s: add_user(s, "Eva")).result().value
    jobs.write(lambda s: notify(s, [eva], "Leído", "client:1")).result()
    as_user(jobs, "eva", mark_read)
    jobs.write(lambda s: notify(s, [eva], "Sin leer", "client:1")).result()
    later = clock.now() + notifications.KEPT + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.write(notifications.sweep).result()
    assert jobs.read(lambda s: s.scalars(select(Notification.text)).all()).result() == ["Sin leer"]
    assert jobs.read(lambda s: s.scalar(select(func.count()).select_from(Notification))).result() == 1
