"""One message of a chat server, as its REST API and its exports write it, made ready to be kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.models.chat_channel import ID_LENGTH, NAME_LENGTH
from oficrm.chat import texts

MOST_TEXT, MOST_NAMES = 20_000, 500
NOBODY = "(sin nombre)"
ENCRYPTED = "(mensaje cifrado de extremo a extremo)"
REMOVED = "rm"
"""The type of what is left of a message that was deleted, where the server leaves anything."""
_SPOKEN = frozenset({"", "e2e", "discussion-created", "message", "jitsi_call_started", "videoconf"})
"""Types of messages that somebody wrote or did; all others are notices of the server: who came, who left..."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from outside; ``sent_at`` aware, ``updated_at`` by the server's clock, None in exports."""

    external_id: str
    author: str
    login: str
    sent_at: dt.datetime
    body: str
    file_name: str = ""
    edited_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None


class LeftOut(Exception):
    """Why something is not kept as a message, in a word or two of Spanish."""


NOTICE, DELETED, DAMAGED, UNDATED, EMPTY = "avisos del servidor", "borrados", "ilegibles", "sin fecha", "vacíos"


def moment(value: object) -> dt.datetime | None:
    """Read an instant: ISO 8601, milliseconds since 1970 (seconds where they are that few), or ``{"$date": ...}``."""
    if isinstance(value, Mapping):
        return moment(value.get("$date"))
    try:
        if isinstance(value, str) and not value.strip().lstrip("-").isdigit():
            found = dt.datetime.fromisoformat(value.strip())
            found = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            number = int(value)
            millis = number if abs(number) >= 10**11 else number * 1000
            found = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=millis)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return found if 1970 <= found.year <= 2200 else None


def read(raw: object) -> Incoming:
    """Return a message of the REST API. Raises LeftOut."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("_id"), str) or not raw["_id"]:
        raise LeftOut(DAMAGED)
    kind = raw.get("t") if isinstance(raw.get("t"), str) else ""
    if kind == REMOVED:
        raise LeftOut(DELETED)
    if kind not in _SPOKEN:
        raise LeftOut(NOTICE)
    sent_at = moment(raw.get("ts"))
    if sent_at is None:
        raise LeftOut(UNDATED)
    user = raw["u"] if isinstance(raw.get("u"), Mapping) else {}
    login = texts.line(user.get("username"), NAME_LENGTH)
    author = next((text for name in (raw.get("alias"), user.get("name"), login)
                   if (text := texts.line(name, NAME_LENGTH))), NOBODY)  # fmt: skip
    body, names = content(raw)
    if not body and not names:
        raise LeftOut(EMPTY)
    return Incoming(
        texts.line(raw["_id"], ID_LENGTH), author, login, sent_at, ENCRYPTED if kind == "e2e" else body, names,
        moment(raw.get("editedAt")), moment(raw.get("_updatedAt")),
    )  # fmt: skip


def content(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a message says, and the names of the files that came with it."""
    body = texts.block(raw.get("msg"), MOST_TEXT)
    named: list[str] = []
    files = raw.get("files") if isinstance(raw.get("files"), list) else [raw.get("file")]
    for each in files or ():
        name = texts.line(each.get("name"), MOST_NAMES) if isinstance(each, Mapping) else ""
        if name and not name.startswith("thumb-"):  # small pictures that the server makes of those sent
            named.append(name)
    said: list[str] = []
    attachments = raw.get("attachments")
    for each in attachments if isinstance(attachments, list) else ():
        if not isinstance(each, Mapping):
            continue
        title = texts.line(each.get("fileName") or each.get("title"), MOST_NAMES)
        if title and not named and (each.get("type") == "file" or each.get("title_link") or each.get("fileName")):
            named.append(title)
        words = texts.block(each.get("description") or each.get("text"), MOST_TEXT)
        if words and not each.get("message_link"):  # a quotation of another message stands there already
            said.append(words)
    if not body:
        body = texts.block("\n".join(dict.fromkeys(said)), MOST_TEXT)
    return body, texts.line(", ".join(dict.fromkeys(named)), MOST_NAMES)
