"""A channel as it is read and written at the screen: its messages in stretches, searching them, adding one by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.history import Actor, operation
from db.models.chat_channel import ChatChannel, ChatLink, ChatMessage
from db.models.salesperson import Salesperson
from db.registry import module
from db.text import LIKE_ESCAPE, like_pattern, search_fold
from oficrm import clock, keys
from oficrm.chat import importing, messages, storing
from oficrm.chat.messages import LeftOut
from oficrm.errors import Refused
from oficrm.mail.envelopes import Place
from oficrm.rules.problems import Invalid
from oficrm.rules.text import clean_block

STRETCH = 60
"""Messages read at once: more than a screen shows."""
MOST_HITS = 200
MOST_NOTE = 5_000
"""Characters of a message written here; Rocket.Chat takes as many unless its administrator allows more."""

Mark = tuple[dt.datetime, int]
"""Where a message stands in its channel: when it was sent, and its id among those of the same instant."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message. ``is_own``: whoever is at the screen wrote it; ``is_local``: it was noted here, on no server."""

    id: int
    author: str
    sent_at: dt.datetime
    body: str
    file_name: str
    is_edited: bool
    is_own: bool
    is_local: bool

    @property
    def mark(self) -> Mark:
        """Where it stands."""
        return self.sent_at, self.id


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages in the order they were written, and whether there are more before and after them."""

    lines: tuple[Line, ...] = ()
    has_older: bool = False
    has_newer: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A message found; ``words`` is the line of it that holds what was looked for."""

    id: int
    author: str
    sent_at: dt.datetime
    words: str


def me(session: Session) -> tuple[str, str]:
    """Return login and name of whoever is at the screen: the salesperson of that user, else the user."""
    actor: Actor = session.info["actor"]
    name = session.scalar(
        select(Salesperson.name).where(
            func.lower(Salesperson.login) == actor.user.lower(), Salesperson.deleted_at.is_(None)
        )
    )
    return actor.user, name or actor.user


def _earlier(mark: Mark) -> ColumnElement[bool]:
    at, ident = mark
    return or_(ChatMessage.sent_at < at, and_(ChatMessage.sent_at == at, ChatMessage.id < ident))


def _of(channel_id: int, *columns: Any) -> Select[Any]:
    return select(*columns).where(ChatMessage.channel_id == channel_id, ChatMessage.deleted_at.is_(None))


def _upto(mark: Mark) -> ColumnElement[bool]:
    at, ident = mark
    return or_(ChatMessage.sent_at < at, and_(ChatMessage.sent_at == at, ChatMessage.id <= ident))


def latest(session: Session, channel_id: int, username: str = "", *, before: Mark | None = None) -> Stretch:
    """Return the newest messages, or those just before a mark; ``username`` is what the server calls us."""
    return _stretch(session, channel_id, username, () if before is None else (_earlier(before),), STRETCH)


def again(session: Session, channel_id: int, username: str, since: Mark | None, until: Mark | None = None) -> Stretch:
    """Return the messages from a mark on, as they are now: what a screen shows already, and what came after.

    With ``until``, what came after that mark is left out.
    """
    if since is None:
        return latest(session, channel_id, username)
    within = (_upto(until),) if until is not None else ()
    count = session.scalar(_of(channel_id, func.count(ChatMessage.id)).where(~_earlier(since), *within)) or 0
    return _stretch(session, channel_id, username, within, count if until is not None else max(count, STRETCH))


def newer(session: Session, channel_id: int, username: str, after: Mark) -> Stretch:
    """Return the messages just after a mark."""
    return _from(session, channel_id, username, ~_upto(after), 0)


def around(session: Session, channel_id: int, username: str, message_id: int) -> Stretch:
    """Return a message with some before and after it. Raises Refused when it is gone."""
    goal = session.get(ChatMessage, message_id)
    if goal is None or goal.channel_id != channel_id or goal.deleted_at is not None:
        raise Refused("Ese mensaje ya no existe.")
    return _from(session, channel_id, username, ~_earlier((goal.sent_at, goal.id)), STRETCH // 2)


def _from(session: Session, channel_id: int, username: str, begin: ColumnElement[bool], more: int) -> Stretch:
    """The first messages that meet a condition, with some before them."""
    marks = session.execute(
        _of(channel_id, ChatMessage.sent_at, ChatMessage.id).where(begin)
        .order_by(ChatMessage.sent_at, ChatMessage.id).limit(STRETCH)
    ).all()  # fmt: skip
    if not marks:
        return Stretch()
    return _stretch(session, channel_id, username, (_upto((marks[-1][0], marks[-1][1])),), len(marks) + more)


def _stretch(
    session: Session, channel_id: int, username: str, within: tuple[ColumnElement[bool], ...], limit: int
) -> Stretch:
    """The last messages that meet conditions, at most ``limit``."""
    statement = _of(
        channel_id, ChatMessage.id, ChatMessage.author, ChatMessage.sent_at, ChatMessage.body, ChatMessage.file_name,
        ChatMessage.edited_at, ChatMessage.login, ChatMessage.external_id,
    ).where(*within)  # fmt: skip
    statement = statement.order_by(ChatMessage.sent_at.desc(), ChatMessage.id.desc()).limit(limit + 1)
    rows = session.execute(statement).all()
    login, _ = me(session)
    lines = []
    for ident, author, sent_at, body, file_name, edited_at, who, external_id in reversed(rows[:limit]):
        is_own = bool(who) and who == (login if external_id is None else username)
        lines.append(
            Line(
                ident, author, sent_at, body or "", file_name or "", edited_at is not None, is_own, external_id is None
            )
        )
    has_newer = False
    if within and lines:
        later = _of(channel_id, ChatMessage.id).where(~_upto(lines[-1].mark)).limit(1)
        has_newer = session.scalar(later) is not None
    return Stretch(tuple(lines), len(rows) > limit, has_newer)


def find(session: Session, channel_id: int, text: str) -> list[Hit]:
    """Return the messages that hold all words of a text (anywhere, without case and accents), the newest first."""
    words = text.split()
    if not words:
        return []
    statement = _of(channel_id, ChatMessage.id, ChatMessage.author, ChatMessage.sent_at, ChatMessage.body,
                    ChatMessage.file_name)  # fmt: skip
    for word in words:
        statement = statement.where(ChatMessage.search_text.like(like_pattern(word), escape=LIKE_ESCAPE))
    statement = statement.order_by(ChatMessage.sent_at.desc(), ChatMessage.id.desc()).limit(MOST_HITS)
    return [Hit(ident, author, sent_at, _telling(body or file_name or "", words[0]))
            for ident, author, sent_at, body, file_name in session.execute(statement)]  # fmt: skip


def _telling(body: str, word: str) -> str:
    folded = search_fold(word)
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    return next((line for line in lines if folded in search_fold(line)), lines[0] if lines else "")[:300]


def places(session: Session, channel_id: int) -> tuple[Place, ...]:
    """Return the records that a channel is filed under."""
    found = session.scalars(
        select(ChatLink.record).where(ChatLink.channel_id == channel_id, ChatLink.deleted_at.is_(None))
        .order_by(ChatLink.id)
    ).all()  # fmt: skip
    titles = keys.titles(session, found)
    facts = {key: module(keys.parts(key)[0]).module for key in found}
    return tuple(Place(key, titles.get(key, key), facts[key].label, facts[key].icon) for key in dict.fromkeys(found))


def note(session: Session, channel_id: int, text: str) -> int:
    """Add a message of whoever is at the screen to a local log; return its id. Raises Refused."""
    channel = storing.live(session, channel_id)
    login, author = me(session)
    with operation(session, f"Anotar mensaje en {channel.name}"[:300]):
        message = ChatMessage(channel_id=channel.id, author=author, login=login, sent_at=clock.now(), body=ready(text),
                              extra={})  # fmt: skip
        session.add(message)
        session.flush()
        storing.count_again(session, channel.id)
    return message.id


def ready(text: str) -> str:
    """Return what was typed as it is kept and sent. Raises Refused for nothing and for too much."""
    try:
        body = clean_block(text, MOST_NOTE)
    except Invalid as error:
        raise Refused(error.message) from error
    if not body:
        raise Refused("Escriba algo antes de enviarlo.")
    return body


def posted(session: Session, channel_id: int, raw: Any) -> None:
    """Keep a message that the server has just taken. Raises Refused."""
    channel = storing.live(session, channel_id)
    try:
        message = messages.read(raw)
    except LeftOut as error:
        raise Refused("El mensaje está enviado; aparecerá al actualizar.") from error
    with operation(session, f"Enviar mensaje a {channel.name}"[:300]):
        storing.take_in(session, channel.id, [message])


def remove(session: Session, message_id: int) -> str:
    """Delete a message noted here; return the sentence for the notice. Those of a server go where they were written.

    Raises Refused.
    """
    message = session.get(ChatMessage, message_id)
    if message is None or message.deleted_at is not None:
        raise Refused("Ese mensaje ya no existe.")
    if message.external_id is not None:
        raise Refused("Este mensaje viene de fuera: bórrelo en su servidor y actualice.")
    channel = storing.live(session, message.channel_id)
    with operation(session, f"Borrar mensaje de {channel.name}"[:300]):
        message.deleted_at = clock.now()
        storing.count_again(session, channel.id)
    return "Mensaje borrado."


def link(session: Session, channel_ids: Sequence[int], places: Sequence[str]) -> str:
    """File channels under more records; return the sentence for the notice. Raises Refused."""
    found = [storing.live(session, ident) for ident in channel_ids]
    if not found or not places:
        raise Refused("Elija un canal y un registro.")
    what = f"«{found[0].title}»" if len(found) == 1 else importing.counted(len(found), "canal", "canales")
    where = keys.titles(session, places[:1]).get(places[0], "")
    where = where if len(places) == 1 else importing.counted(len(places), "registro", "registros")
    with operation(session, f"Vincular {what} a {where}"[:300]):
        new = storing.link(session, [channel.id for channel in found], places)
    return f"Vinculado a {where}: {what}." if new else f"Ya estaba en {where}."


def unlink(session: Session, channel_id: int, key: str) -> str:
    """Take a channel off a record; return the sentence for the notice. Raises Refused."""
    channel: ChatChannel = storing.live(session, channel_id)
    where = keys.titles(session, [key]).get(key, key)
    with operation(session, f"Quitar «{channel.title}» de {where}"[:300]):
        links = select(ChatLink).where(
            ChatLink.channel_id == channel.id, ChatLink.record == key, ChatLink.deleted_at.is_(None)
        )
        for each in session.scalars(links):
            each.deleted_at = clock.now()
    return f"Quitado de {where}: «{channel.title}»."


def rooms_of(session: Session, channel_ids: Sequence[int]) -> dict[str, list[tuple[str, str, str]]]:
    """Return the rooms that channels follow, by server: id, name and kind of each."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for part in chunks(list(channel_ids)):
        rows = session.execute(
            select(ChatChannel.server, ChatChannel.external_id, ChatChannel.name, ChatChannel.type)
            .where(ChatChannel.id.in_(part), ChatChannel.deleted_at.is_(None), ChatChannel.server.is_not(None),
                   ChatChannel.external_id.is_not(None)).order_by(ChatChannel.id)
        )  # fmt: skip
        for server, external_id, name, kind in rows:
            found.setdefault(server or "", []).append((external_id or "", name, str(kind)))
    return found
