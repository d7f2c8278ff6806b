"""The channels of the example company."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.chat_channel import ChatChannel, ChatLink, ChatMessage
from db.models.client import Client
from db.models.person import Person
from oficrm.chat import talk
from oficrm.demo.chats import chats
from oficrm.demo.rows import Rows
from tests.support.office import TODAY, fill, open_jobs


def at(day: dt.date, time: dt.time | None) -> dt.datetime:
    return dt.datetime.combine(day, time or dt.time(17), dt.UTC)


def plan_of(session: Session) -> Any:
    """The office as a plan would have it."""
    names = [{"name": name, "salesperson": 0} for name in session.scalars(select(Client.name).order_by(Client.id))]
    people = [{"client": at, "first_name": "Marta", "last_name": f"Gil {at}"} for at in range(len(names))]
    sellers = [{"name": "Ana Pérez", "login": "ana"}]
    return SimpleNamespace(clients=names, people=people, salespeople=sellers, today=TODAY)


def write(session: Session) -> None:
    clients = list(session.scalars(select(Client.id).order_by(Client.id)))
    people = list(session.scalars(select(Person.id).order_by(Person.id)))
    with operation(session, "Canales de ejemplo"):
        chats(session, Rows(session, lambda _rows: None), plan_of(session), clients, people, at)


def check(session: Session) -> None:
    made = list(session.scalars(select(ChatChannel).order_by(ChatChannel.id)))
    assert len({channel.number for channel in made}) == len(made) == 10
    assert len({channel.type for channel in made}) == 4
    for channel in made:
        keys = sorted(session.scalars(select(ChatLink.record).where(ChatLink.channel_id == channel.id)))
        _client, person = (int(key.partition(":")[2]) for key in keys)
        assert keys[0] == f"client:{session.get_one(Person, person).client_id}"
        lines = talk.latest(session, channel.id).lines
        assert len(lines) >= 2
        assert all("{" not in line.body and line.author for line in lines)
        assert lines[-1].sent_at < at(TODAY, dt.time(0))
        assert any(line.is_own for line in lines)
    assert session.scalar(select(func.count()).where(ChatMessage.file_name.is_not(None)))


def test_channels_belong_to_a_client_and_its_person_and_say_something(engine_url: str):
    with open_jobs(engine_url) as jobs:
        jobs.write(lambda s: fill(s, 0)).result()
        jobs.write(write).result()
        jobs.read(check).result()
