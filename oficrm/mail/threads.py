"""Threads: messages that answer each other, joined in whatever order they are filed.

Every message points to one other, the first it refers to, or the one it answers, or itself. A thread is all that hangs
together by that; it is named after the message it leads to, filed or not. So the order of arrival makes no difference:
one that was pointed to before it came brings those that waited for it into its own thread.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import Write, chunks, write_field
from db.models.email_message import EmailMessage
from oficrm.mail.letters import Letter


def joined(known: dict[str, str], pointers: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """Add messages, given as (own id, id it points to), to threads known by message; return what names a thread now.

    Ask it for a thread's name of before to learn what that thread is called now.
    """
    became: dict[str, str] = {}

    def now(thread: str) -> str:
        while thread in became:
            thread = became[thread]
        return thread

    for own, pointed in pointers:
        thread = now(known.get(pointed, pointed))
        if thread != own:
            became[own] = thread
    return now


class Threads:
    """The threads of letters about to be filed. ``of`` tells each one's; ``join`` renames those they bring together."""

    def __init__(self, session: Session, letters: Sequence[Letter]) -> None:
        pointers = [(letter.own_id, letter.root_id) for letter in letters]
        self._own = [own for own, _ in pointers]
        self._now = joined(_known(session, dict.fromkeys(pointed for _, pointed in pointers)), pointers)

    def of(self, own_id: str) -> str:
        """The thread of a letter."""
        return self._now(own_id)

    def join(self, session: Session) -> None:
        """Bring messages that waited for one of these letters into its thread, inside the current operation."""
        changed = [own for own in self._own if self._now(own) != own]
        writes: list[Write] = []
        for part in chunks(changed):
            waiting = select(EmailMessage.id, EmailMessage.thread_id).where(
                EmailMessage.thread_id.in_(part), EmailMessage.deleted_at.is_(None)
            )
            writes += [Write(ident, old, self._now(old)) for ident, old in session.execute(waiting)]
        rewrite(session, "thread_id", writes)


def rewrite(session: Session, attr: str, writes: Sequence[Write]) -> None:
    """Write one field of many messages; those that the session holds are read again when they are needed."""
    if not writes:
        return
    session.flush()
    ids = set(write_field(session, EmailMessage, attr, writes))
    for record in list(session.identity_map.values()):
        if isinstance(record, EmailMessage) and record.id in ids:
            session.expire(record)


def _known(session: Session, message_ids: Iterable[str]) -> dict[str, str]:
    """Return threads by message. One in the trash counts where there is no live one: it may come back."""
    found: dict[str, str] = {}
    for part in chunks(list(message_ids)):
        rows = select(EmailMessage.message_id, EmailMessage.thread_id, EmailMessage.deleted_at).where(
            EmailMessage.message_id.in_(part)
        )
        for message_id, thread, deleted_at in session.execute(rows):
            if deleted_at is None or message_id not in found:
                found[message_id] = thread
    return found
