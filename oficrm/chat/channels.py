"""What a channel's form is checked for beyond its declaration: the server's address, and one channel a room."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.chat_channel import ChatChannel
from db.record import Problem
from oficrm.chat import servers
from oficrm.drafts import Draft
from oficrm.errors import Collected
from oficrm.hooks import Hooks
from oficrm.rules.problems import Invalid


def _check(session: Session, channel: ChatChannel, _draft: Draft, problems: Collected) -> None:
    if channel.server:
        try:
            channel.server = servers.address(channel.server)
        except Invalid as error:
            problems.add("server", error.message)
            return
    if channel.external_id and not channel.server:
        problems.add("server", "Diga de qué servidor es el identificador.")
    if channel.server and not channel.external_id:
        problems.add("external_id", "Falta qué canal del servidor es. Lo más fácil: Traer de Rocket.Chat.")
    for problem in _sound(session, channel):
        problems.add(problem.field, problem.text)


def _sound(session: Session, channel: Any) -> Iterator[Problem]:
    """A room has one channel here; two of them would each keep half of it."""
    if not channel.server or not channel.external_id or channel.deleted_at is not None:
        return
    same = select(ChatChannel.title).where(
        ChatChannel.server == channel.server, ChatChannel.external_id == channel.external_id,
        ChatChannel.deleted_at.is_(None),
    )  # fmt: skip
    if channel.id is not None:
        same = same.where(ChatChannel.id != channel.id)
    other = session.scalar(same.limit(1))
    if other is not None:
        yield Problem("external_id", f"Ya lo sigue el canal «{other}».")


def _before(_session: Session, channel: ChatChannel, draft: Draft) -> None:
    """What was followed belongs to the room it was followed in."""
    changed = any(draft.values.get(name) != draft.original.get(name) for name in ("server", "external_id"))
    if draft.id is not None and changed:
        channel.synced_at = channel.open_before = None


HOOKS = Hooks(check=_check, before=_before, sound=_sound)
