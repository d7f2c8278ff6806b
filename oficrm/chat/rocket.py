"""A Rocket.Chat server over its REST API (developer.rocket.chat): who we are, rooms, messages, changes, posting.

Rooms are told apart by letters: c public, p private, d direct, l live chat with a visitor. A server gives at most as
many items at once as its administrator allows (100 unless changed), so that only an empty page is surely the last.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from db.models.chat_channel import ID_LENGTH, ChannelType
from oficrm.chat import texts
from oficrm.chat.messages import moment
from oficrm.chat.servers import Account, Denied, Login, SignedOut
from oficrm.chat.transport import READ_SECONDS, Answer, Transport
from oficrm.chat.work import Work

PAGE = 100
"""Messages or rooms asked for at once."""
MOST_ROOMS = 20_000
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LISTS = (("channels.list", "channels"), ("groups.list", "groups"), ("im.list", "ims"), ("livechat/rooms", "rooms"))
_HISTORY = {ChannelType.PUBLIC: "channels.history", ChannelType.PRIVATE: "groups.history",
            ChannelType.DIRECT: "im.history"}  # fmt: skip
_KINDS = {"c": ChannelType.PUBLIC, "p": ChannelType.PRIVATE, "d": ChannelType.DIRECT, "l": ChannelType.LIVE}
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Room:
    """A room of the server; ``messages`` is how many it holds, as far as the server says."""

    id: str
    name: str
    kind: ChannelType
    members: str = ""
    is_archived: bool = False
    messages: int = 0
    last_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed in a room: messages new or edited, ids of those deleted, and up to when this is all."""

    updated: tuple[Raw, ...]
    deleted: tuple[str, ...]
    until: dt.datetime


class Rocket:
    """One server and one account. For one thread at a time."""

    def __init__(
        self, server: str, work: Work, login: Login | None = None, *, read_seconds: float = READ_SECONDS
    ) -> None:
        self.server, self.work = server, work
        self._transport = Transport(server, work, login, read_seconds=read_seconds)
        self.account: Account | None = None

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    @property
    def login(self) -> Login | None:
        """What opens the server without the password."""
        return self._transport.login

    # --- who we are

    def sign_in(self, user: str, password: str) -> Account:
        """Enter with user (or e-mail) and password. Raises SignedOut, Unreachable, Untrusted, Denied."""
        self._transport.login = None
        data = self._transport.post("login", {"user": user, "password": password}).get("data")
        ident, token = (data.get("userId"), data.get("authToken")) if isinstance(data, Mapping) else (None, None)
        if not isinstance(ident, str) or not isinstance(token, str):
            raise Denied("El servidor no ha dado ningún token: quizá no sea Rocket.Chat.")
        self._transport.login = Login(ident, token)
        return self.me()

    def me(self) -> Account:
        """Return the account that the token opens. Raises SignedOut where it opens none."""
        answer = self._transport.get("me")
        ident = answer.get("_id")
        if not isinstance(ident, str) or self.login is None or ident != self.login.user_id:
            raise SignedOut("El token no es de ese usuario.")
        username = texts.line(answer.get("username"), 120)
        self.account = Account(ident, username, texts.line(answer.get("name"), 120) or username)
        return self.account

    # --- rooms

    def rooms(self) -> tuple[list[Room], list[str]]:
        """Return the rooms that the account may read, by name, and what the server refuses to list."""
        found: dict[str, Room] = {}
        refused: list[str] = []
        for what, key in _LISTS:
            try:
                for raw in self._all(what, key):
                    room = self._room(raw, "l" if key == "rooms" else "d" if key == "ims" else "")
                    if room is not None:
                        found.setdefault(room.id, room)
            except Denied as error:
                if key != "rooms":  # few accounts are agents of live chats; nothing is missing for the others
                    refused.append(str(error))
        return sorted(found.values(), key=lambda room: room.name.casefold()), refused

    def _all(self, what: str, key: str) -> Iterator[Raw]:
        offset = 0
        while offset < MOST_ROOMS:
            answer = self._transport.get(what, {"count": PAGE, "offset": offset})
            items = _maps(answer.get(key))
            yield from items
            offset += len(items)
            total = answer.get("total")
            if not items or (isinstance(total, int) and offset >= total):
                return

    def _room(self, raw: Raw, letter: str) -> Room | None:
        ident, kind = raw.get("_id"), _KINDS.get(str(raw.get("t") or letter))
        if not isinstance(ident, str) or not ident or len(ident) > ID_LENGTH or kind is None:
            return None
        users = raw.get("usernames")
        names = [texts.line(each, 120) for each in users] if isinstance(users, list) else []
        mine = self.account.username if self.account else ""
        name = texts.line(raw.get("fname") or raw.get("name"), 200)
        if kind == ChannelType.DIRECT:
            name = ", ".join(each for each in names if each != mine) or name or mine
        count = raw.get("msgs")
        return Room(
            ident, texts.line(name, 200) or ident, kind, texts.line(", ".join(names), 2000),
            raw.get("archived") is True, count if isinstance(count, int) and count > 0 else 0, moment(raw.get("lm")),
        )  # fmt: skip

    # --- messages

    def history(self, room_id: str, kind: ChannelType, before: dt.datetime | None = None) -> Iterator[list[Raw]]:
        """Yield the messages of a room in pages, the newest first, from ``before`` (inclusive) back to the beginning.

        Pages follow the time of the last message seen, not a count: what is written or deleted meanwhile shifts none.
        """
        if kind == ChannelType.LIVE:
            yield from self._live_history(room_id)
            return
        edge: set[str] = set()
        latest, inclusive = before, True
        while True:
            params: dict[str, Any] = {"roomId": room_id, "count": PAGE}
            if latest is not None:
                params |= {"latest": stamp(latest), "inclusive": "true" if inclusive else "false"}
            page = _maps(self._transport.get(_HISTORY[kind], params).get("messages"))
            fresh = [raw for raw in page if raw.get("_id") not in edge]
            if not fresh:
                if not page or not inclusive or latest is None:
                    return
                inclusive = False  # all of this page has been seen: on to what is strictly older
                continue
            yield fresh
            times = [at for raw in page if (at := moment(raw.get("ts"))) is not None]
            if not times:
                return
            latest, inclusive = min(times), True
            edge = {str(raw.get("_id")) for raw in page}

    def _live_history(self, room_id: str) -> Iterator[list[Raw]]:
        offset = 0
        before: list[Raw] = []
        while True:
            answer = self._transport.get(
                f"livechat/{quote(room_id, safe='')}/messages", {"count": PAGE, "offset": offset}
            )
            page = _maps(answer.get("messages"))
            if not page or page == before:
                return
            yield page
            offset, before = offset + len(page), page

    def changes(self, room_id: str, since: dt.datetime) -> Delta:
        """Return what was written, edited or deleted after an instant of the server's clock."""
        answer = self._transport.get("chat.syncMessages", {"roomId": room_id, "lastUpdate": stamp(since)})
        result = answer.get("result")
        result = result if isinstance(result, Mapping) else {}
        updated, gone = _maps(result.get("updated")), _maps(result.get("deleted"))
        moments = [moment(raw.get("_updatedAt")) for raw in updated] + [moment(raw.get("_deletedAt")) for raw in gone]
        deleted = tuple(str(raw["_id"]) for raw in gone if isinstance(raw.get("_id"), str))
        return Delta(tuple(updated), deleted, max([since, *(at for at in moments if at is not None)]))

    def post(self, room_id: str, text: str) -> Raw:
        """Write into a room; return the message as the server keeps it."""
        answer: Answer = self._transport.post("chat.postMessage", {"roomId": room_id, "text": text})
        message = answer.get("message")
        if not isinstance(message, Mapping):
            raise Denied("El servidor no confirma el mensaje. Actualice antes de volver a enviarlo.")
        return message


def stamp(at: dt.datetime) -> str:
    """Write an instant as the server does: UTC, milliseconds, Z."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _maps(value: object) -> list[Raw]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
