"""Notices to the people of the firm: who is told what of which record, and what they have not read yet."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.client import Client
from db.models.team import TeamMember
from db.models.user import Role, User
from db.notification import TEXT_LENGTH, Notification
from db.registry import module
from oficrm import clock, keys
from oficrm.defaults import own_user

SHOWN = 100
"""Notices in the list, the newest; unread ones are counted further back."""
COUNTED = 1000
KEPT = dt.timedelta(days=180)
"""How long what was read is kept; so much later no occasion comes again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing told: of which record, when, and whether it was read."""

    id: int
    text: str
    table: str
    record_id: int
    icon: str
    at: dt.datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """The notices of whoever is at the screen, newest first. ``user_id`` is None when nobody with that login exists."""

    user_id: int | None
    unread: int
    notices: tuple[Notice, ...]


def notify(session: Session, user_ids: Iterable[int], text: str, record_key: str, occasion: str = "") -> int:
    """Tell users something of a record (``support_case:5``), each once; return how many were told.

    Users in the trash and those no longer active are left out. With an ``occasion`` a user who was told of it before,
    read or not, is not told again. Raises ValueError for a key that names no module's record.
    """
    keys.parts(record_key)
    wanted = set(user_ids)
    users = select(User.id).where(User.id.in_(wanted), User.deleted_at.is_(None), User.is_active)
    if occasion:
        users = users.where(
            ~exists().where(
                Notification.user_id == User.id, Notification.record == record_key, Notification.occasion == occasion
            )
        )
    told = session.scalars(users.order_by(User.id)).all() if wanted else ()
    now = clock.now()
    for user_id in told:
        session.add(Notification(user_id=user_id, text=text[:TEXT_LENGTH], record=record_key,
                                 occasion=occasion or None, at=now))  # fmt: skip
    return len(told)


def members(session: Session, key: str | None) -> set[int]:
    """Return the users behind an assignment: ``user:5`` itself, of ``team:2`` all members; none for nothing."""
    table, _, ident = (key or "").partition(":")
    if table == "user":
        return {int(ident)}
    if table == "team":
        live = (TeamMember.team_id == int(ident), TeamMember.deleted_at.is_(None))
        return set(session.scalars(select(TeamMember.user_id).where(*live)))
    return set()


def concerned(session: Session, client_id: int | None) -> set[int]:
    """Return who is told of what belongs to a client and is assigned to nobody.

    The user who is its salesperson; where there is none, whoever administers, and else everybody.
    """
    live = select(User.id).where(User.deleted_at.is_(None), User.is_active)
    seller = select(Client.salesperson_id).where(Client.id == client_id).scalar_subquery()
    for statement in (live.where(User.salesperson_id == seller), live.where(User.role == Role.ADMIN), live):
        if found := set(session.scalars(statement)):
            return found
    return set()


def inbox(session: Session) -> Inbox:
    """Return the notices of whoever is at the screen whose records are live."""
    user_id = own_user(session)
    if user_id is None:
        return Inbox(None, 0, ())
    mine = select(Notification).where(Notification.user_id == user_id)
    newest = mine.order_by(Notification.at.desc(), Notification.id.desc())
    rows = session.scalars(newest.limit(SHOWN)).all()
    unread = session.scalars(
        select(Notification.record)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .order_by(Notification.id.desc()).limit(COUNTED)
    ).all()  # fmt: skip
    live = _live(session, {row.record for row in rows} | set(unread))
    notices = tuple(_notice(row) for row in rows if row.record in live)
    return Inbox(user_id, sum(key in live for key in unread), notices)


def mark_read(session: Session, ids: Iterable[int] | None = None) -> None:
    """Mark some of my notices as read, or all of them."""
    user_id = own_user(session)
    if user_id is None:
        return
    statement = update(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    if ids is not None:
        statement = statement.where(Notification.id.in_(tuple(ids)))
    session.execute(statement.values(read_at=clock.now()))


def sweep(session: Session) -> None:
    """Forget what was read long ago."""
    session.execute(delete(Notification).where(Notification.read_at < clock.now() - KEPT))


def _notice(row: Notification) -> Notice:
    table, ident = keys.parts(row.record)
    return Notice(row.id, row.text, table, ident, module(table).module.icon, row.at, row.read_at is not None)


def _live(session: Session, record_keys: Iterable[str]) -> set[str]:
    """Those of the keys whose records are not in the trash."""
    wanted: dict[str, list[int]] = {}
    for key in record_keys:
        table, ident = keys.parts(key)
        wanted.setdefault(table, []).append(ident)
    found: set[str] = set()
    for table, ids in wanted.items():
        model = module(table)
        for some in chunks(sorted(ids)):
            live = session.scalars(select(model.id).where(model.id.in_(some), model.deleted_at.is_(None)))
            found |= {keys.key_of(table, ident) for ident in live}
    return found
