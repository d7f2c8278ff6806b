"""A message made ready to be filed, without a database: the bytes, the values of its record, its attachments."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from db.models.email_message import ID_LENGTH, Direction, MessageStatus
from oficrm.files.kinds import Kind, kind_of_stream
from oficrm.files.names import clean_name
from oficrm.files.sources import SourceProblem, check_size
from oficrm.mail.message import Address, Message, thread_root

SUBJECT, SENDER, PREVIEW, LONG = 500, 400, 300, 20_000
"""Characters that the columns hold."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment that becomes a file of its own."""

    name: str
    kind: Kind
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be filed. ``own_id`` and ``root_id`` are what it is known by, and its thread's beginning."""

    message: Message
    data: bytes
    sha256: str
    name: str
    own_id: str
    root_id: str
    values: dict[str, Any]
    parts: tuple[Enclosed, ...]


def prepare(data: bytes, message: Message, name: str, limit: int) -> Letter:
    """Make a message ready. Attachments above ``limit`` (bytes per file) stay inside it and are named as unread.

    Raises SourceProblem when the message itself is above the limit.
    """
    check_size(len(data), limit)
    sha256 = hashlib.sha256(data).hexdigest()
    own = own_id(data, message)
    problems = list(message.problems)
    parts = []
    for part in message.parts:
        if part.is_inline:
            continue
        try:
            check_size(len(part.data), limit)
        except SourceProblem as problem:
            problems.append(f"El adjunto «{clean_name(part.name)}» sigue dentro del mensaje original. {problem}")
            continue
        found = hashlib.sha256(part.data).hexdigest()
        parts.append(Enclosed(clean_name(part.name), _kind(part.name, part.data), part.data, found))
    values = {
        "subject": message.subject[:SUBJECT] or None,
        "sent_at": message.sent_at,
        "from_address": str(message.sender)[:SENDER] or None if message.sender else None,
        "to_addresses": listed(message.to),
        "cc_addresses": listed(message.cc),
        "bcc_addresses": listed(message.bcc),
        "preview": " ".join(message.text[: PREVIEW * 4].split())[:PREVIEW] or None,
        "unread_parts": "\n".join(dict.fromkeys(problems))[:LONG] or None,
        "message_id": own,
        "file_name": clean_name(name),
        "size": len(data),
        "sha256": sha256,
    }
    root = known_as(thread_root(message)) or own
    return Letter(message, data, sha256, clean_name(name), own, root, values, tuple(parts))


def own_id(data: bytes, message: Message) -> str:
    """Return what a message is known by: its Message-ID, or its bytes where it has none."""
    return known_as(message.message_id) or f"sha256-{hashlib.sha256(data).hexdigest()}"


def known_as(message_id: str) -> str:
    """Return a Message-ID as it is kept: without brackets and blanks, one that is too long by its hash, "" for none."""
    bare = "".join(message_id.split()).strip("<>")
    return bare if len(bare) <= ID_LENGTH else f"sha256-{hashlib.sha256(bare.encode()).hexdigest()}"


def listed(addresses: tuple[Address, ...]) -> str | None:
    """Return addresses as one text, as many as the column holds, None for none."""
    text = ""
    for address in addresses:
        more = f"{text}, {address}" if text else str(address)
        if len(more) > LONG:
            return f"{text[: LONG - 1]}…"
        text = more
    return text or None


def status_of(direction: Direction) -> MessageStatus:
    """What became of a message taken in from outside."""
    return MessageStatus.SENT if direction is Direction.OUTGOING else MessageStatus.RECEIVED


def _kind(name: str, data: bytes) -> Kind:
    return kind_of_stream(name, io.BytesIO(data))
