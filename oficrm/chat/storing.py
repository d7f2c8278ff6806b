"""Messages from outside written into a channel: what is new comes, what was edited follows, what was deleted goes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import counters
from db.bulk import chunks, insert_records
from db.models.chat_channel import ChannelStatus, ChannelType, ChatChannel, ChatLink, ChatMessage
from db.registry import module
from oficrm import clock, keys, records
from oficrm.chat.messages import Incoming
from oficrm.errors import Refused


@dataclass(frozen=True, slots=True)
class Taken:
    """How many messages a batch brought, changed, took away, and found as they were."""

    new: int = 0
    edited: int = 0
    removed: int = 0
    same: int = 0


def take_in(session: Session, channel_id: int, incoming: Iterable[Incoming], gone: Sequence[str] = ()) -> Taken:
    """Write messages into a channel inside the current operation; they are known by their external id.

    ``gone`` are the ids of those deleted outside. One that was deleted here, or whose import was undone, comes anew.
    """
    wanted = {each.external_id: each for each in incoming if each.external_id not in set(gone)}
    here = _existing(session, channel_id, list(wanted))
    edited = 0
    for message in here.values():
        edited += _follow(message, wanted[message.external_id or ""])
    fresh = [each for ident, each in wanted.items() if ident not in here]
    insert_records(session, ChatMessage, [_row(channel_id, each) for each in fresh])
    removed = _existing(session, channel_id, gone)
    for message in removed.values():
        message.deleted_at = clock.now()
    session.flush()
    count_again(session, channel_id)
    return Taken(len(fresh), edited, len(removed), len(here) - edited)


def _existing(session: Session, channel_id: int, ids: Sequence[str]) -> dict[str, ChatMessage]:
    found: dict[str, ChatMessage] = {}
    for part in chunks(list(dict.fromkeys(ids))):
        live = select(ChatMessage).where(
            ChatMessage.channel_id == channel_id, ChatMessage.external_id.in_(part), ChatMessage.deleted_at.is_(None)
        )
        found |= {message.external_id or "": message for message in session.scalars(live)}
    return found


def _follow(message: ChatMessage, now: Incoming) -> bool:
    """Take over what was edited; False where nothing was."""
    before = (message.body, message.file_name)
    after = (now.body or None, now.file_name or None)
    if before == after:
        return False
    message.body, message.file_name = after
    message.edited_at = now.edited_at or now.updated_at or message.edited_at
    return True


def _row(channel_id: int, each: Incoming) -> dict[str, object]:
    return {
        "channel_id": channel_id, "external_id": each.external_id, "author": each.author, "login": each.login or None,
        "sent_at": each.sent_at, "body": each.body or None, "file_name": each.file_name or None,
        "edited_at": each.edited_at,
    }  # fmt: skip


def count_again(session: Session, channel_id: int) -> None:
    """Let those who show the channel know that its counters are others now."""
    counted: dict[str, set[int]] = session.info.setdefault("counted", {})
    counted.setdefault(ChatChannel.module.table, set()).add(channel_id)


def find(session: Session, server: str, external_id: str) -> ChatChannel | None:
    """Return the live channel that follows a room of a server."""
    return session.scalar(
        select(ChatChannel).where(
            ChatChannel.server == server, ChatChannel.external_id == external_id, ChatChannel.deleted_at.is_(None)
        )
    )


def new_channel(
    session: Session, name: str, kind: ChannelType, *, server: str = "", external_id: str = "", members: str = "",
    is_archived: bool = False,
) -> ChatChannel:  # fmt: skip
    """Add a channel with its number inside the current operation."""
    number = counters.next_number(session, *records.numbering(session, ChatChannel, {}))
    channel = ChatChannel(
        number=number, name=name, type=kind, status=ChannelStatus.ARCHIVED if is_archived else ChannelStatus.ACTIVE,
        members=members or None, server=server or None, external_id=external_id or None, extra={},
    )  # fmt: skip
    session.add(channel)
    session.flush()
    return channel


def link(session: Session, channel_ids: Sequence[int], places: Sequence[str]) -> list[tuple[int, str]]:
    """Link channels to records by key inside the current operation; return the pairs that were missing.

    Raises Refused when a record is gone.
    """
    for key in places:
        table, ident = keys.parts(key)
        if table not in module(ChatLink.module.table).fields["record"].targets:
            raise Refused("Un canal no se puede vincular a un registro de ese módulo.")
        record = records.get(session, module(table), ident)
        if record.deleted_at is not None:
            raise Refused(f"«{record.title}» está en la papelera: recupérelo antes de vincularle un canal.")
    new = []
    for channel_id in channel_ids:
        here = set(session.scalars(
            select(ChatLink.record).where(ChatLink.channel_id == channel_id, ChatLink.deleted_at.is_(None))
        ))  # fmt: skip
        new += [(channel_id, key) for key in dict.fromkeys(places) if key not in here]
    session.add_all(ChatLink(channel_id=channel_id, record=key, extra={}) for channel_id, key in new)
    session.flush()
    return new


def get(session: Session, channel_id: int) -> ChatChannel:
    """Return a channel. Raises Refused when it does not exist."""
    record = records.get(session, ChatChannel, channel_id)
    assert isinstance(record, ChatChannel)
    return record


def live(session: Session, channel_id: int) -> ChatChannel:
    """Return a channel that may be written to. Raises Refused when it is gone or in the trash."""
    channel = get(session, channel_id)
    if channel.deleted_at is not None:
        raise Refused(f"El canal «{channel.title}» está en la papelera: recupérelo antes.")
    return channel


def later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    """Return the later of two instants, either of which may be missing."""
    return max((at for at in (one, other) if at is not None), default=None)
