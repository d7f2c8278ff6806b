"""Comentarios: what colleagues say to each other about a record, with one level of replies and @mentions."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.filed import key_of
from db.history import Actor
from db.models.comment import Comment
from db.models.document import Document, DocumentLink
from db.models.user import User
from oficrm import clock, keys, records
from oficrm.defaults import own_user
from oficrm.drafts import Draft
from oficrm.errors import Collected, Refused
from oficrm.files.sources import Source
from oficrm.hooks import Hooks
from oficrm.jobs import Progress
from oficrm.notifications import notify
from oficrm.rules.text import plain

TABLE = "comment"
STRETCH = 200
"""Conversations read at once; older ones when they are asked for."""
NOT_YOURS = "Solo quien lo escribió puede cambiarlo."
NOT_YOURS_TO_DELETE = "Solo quien escribió un comentario puede borrarlo."


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it is read. ``replies`` are empty in a reply."""

    id: int
    author: str
    at: dt.datetime
    body: str
    is_internal: bool
    is_edited: bool
    is_mine: bool
    files: int
    replies: tuple["Remark", ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """The newest conversations of a record, the oldest of them first; ``older`` tells how many more there are."""

    remarks: tuple[Remark, ...]
    older: int
    total: int


def stream(session: Session, key: str, conversations: int = STRETCH) -> Stream:
    """Return the newest conversations about a record, with all their replies."""
    here = (Comment.record == key, Comment.deleted_at.is_(None))
    total = session.scalar(select(func.count(Comment.id)).where(*here)) or 0
    begun = session.scalar(select(func.count(Comment.id)).where(*here, Comment.parent_id.is_(None))) or 0
    newest = select(Comment).where(*here, Comment.parent_id.is_(None))
    heads = list(session.scalars(newest.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(conversations)))
    heads.reverse()
    ids = [head.id for head in heads]
    answers = select(Comment).where(Comment.parent_id.in_(ids), Comment.deleted_at.is_(None))
    below: dict[int, list[Comment]] = {}
    for answer in session.scalars(answers.order_by(Comment.created_at, Comment.id)):
        below.setdefault(answer.parent_id or 0, []).append(answer)
    everyone = [*heads, *(answer for found in below.values() for answer in found)]
    reader = _Reader(session, everyone)
    made = tuple(reader.remark(head, below.get(head.id, ())) for head in heads)
    return Stream(made, begun - len(heads), total)


class _Reader:
    """Turns comments into what is read, asking once for the authors and the files of all."""

    def __init__(self, session: Session, comments: Sequence[Comment]) -> None:
        authors = {comment.author_id for comment in comments if comment.author_id}
        rows = session.execute(select(User.id, User.name).where(User.id.in_(authors))).all() if authors else []
        self._names = {row[0]: row[1] for row in rows}
        self._files = _files(session, [comment.id for comment in comments])
        self._me, self._login = own_user(session), session.info["actor"].user

    def remark(self, comment: Comment, replies: Sequence[Comment] = ()) -> Remark:
        """A comment with its replies."""
        author = self._names.get(comment.author_id or 0, "") or comment.created_by
        return Remark(
            comment.id, author, comment.created_at, comment.body, comment.is_internal, comment.edited_at is not None,
            _wrote(comment, self._me, self._login), self._files.get(key_of(TABLE, comment.id), 0),
            tuple(self.remark(reply) for reply in replies),
        )  # fmt: skip


def _files(session: Session, ids: Sequence[int]) -> dict[str, int]:
    if not ids:
        return {}
    statement = (
        select(DocumentLink.record, func.count(Document.id.distinct()))
        .join(Document, Document.id == DocumentLink.document_id)
        .where(DocumentLink.record.in_([key_of(TABLE, ident) for ident in ids]), DocumentLink.deleted_at.is_(None),
               Document.deleted_at.is_(None))
        .group_by(DocumentLink.record)
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(statement)}


def _wrote(comment: Comment, user: int | None, login: str) -> bool:
    """Whether somebody wrote a comment: by the user it names, or by login where it names none."""
    return comment.author_id == user if comment.author_id and user else comment.created_by == login


# --- writing


def publish(
    session: Session, key: str, body: str, *, is_internal: bool = True, parent: int | None = None,
    files: Sequence[Source] = (), progress: Progress | None = None,
) -> int:  # fmt: skip
    """Publish a comment about a record, or a reply to another; return its id.

    Raises ValidationError (an empty text, a file that cannot be taken) or Refused.
    """
    from oficrm import saving  # which knows the hooks of this module

    draft = records.blank(session, TABLE, {"record": key, "parent": parent} if parent else {"record": key}).draft
    draft.values |= {"body": body, "is_internal": is_internal}
    draft.files = tuple(files)
    return saving.save(session, draft, progress).id


def rewrite(session: Session, ident: int, body: str, reason: str = "") -> None:
    """Change what one wrote. Raises ValidationError for an empty text, Refused for another's comment."""
    from oficrm import commands

    draft = records.load(session, TABLE, ident).draft
    draft.values |= {"body": body, "edit_reason": reason or draft.values.get("edit_reason")}
    commands.save(session, draft)


def remove(session: Session, ident: int) -> str:
    """Delete what one wrote, with its replies; return the sentence for the notice. Raises Refused."""
    from oficrm import deleting

    return deleting.delete(session, TABLE, [ident], frozenset({deleting.DEPENDENTS}))


def _check(session: Session, comment: Comment, draft: Draft, problems: Collected) -> None:
    actor: Actor = session.info["actor"]
    if draft.id is not None and not _wrote(comment, own_user(session), actor.user):
        problems.add("", NOT_YOURS)
    if comment.parent_id is not None and draft.id is None:
        parent = session.get(Comment, comment.parent_id)
        if parent is None or parent.deleted_at is not None or parent.record != comment.record:
            raise Refused("El comentario al que responde ya no está aquí.")
        comment.parent_id = parent.parent_id or parent.id  # one level: answers to answers join them


def _before(session: Session, comment: Comment, draft: Draft) -> None:
    if draft.id is None:
        comment.author_id = comment.author_id or own_user(session)
    elif comment.body != draft.original.get("body"):
        comment.edited_at = clock.now().replace(microsecond=0)


def _after(session: Session, comment: Comment, draft: Draft) -> None:
    """Whoever is mentioned is told, once for each comment; so is whom a reply answers."""
    me = own_user(session)
    author = own_name(session)
    key = key_of(TABLE, comment.id)
    where = keys.titles(session, [comment.record]).get(comment.record, "")
    told = mentioned(session, comment.body) - {me}
    notify(session, told, f"{author} le menciona en {where}: {comment.title}", key, "mention")
    if comment.parent_id is not None and draft.id is None:
        parent = session.get_one(Comment, comment.parent_id)
        if parent.author_id is not None and parent.author_id not in told | {me}:
            notify(session, [parent.author_id], f"{author} responde en {where}: {comment.title}", key, "reply")


def _leaving(session: Session, comment: Comment) -> str | None:
    """Others' comments stay; a reply goes with what it answers."""
    if comment.parent_id is not None:
        parent = session.get(Comment, comment.parent_id)
        if parent is not None and _is_mine(session, parent):
            return None
    return None if _is_mine(session, comment) else NOT_YOURS_TO_DELETE


def _is_mine(session: Session, comment: Comment) -> bool:
    return _wrote(comment, own_user(session), session.info["actor"].user)


HOOKS = Hooks(check=_check, before=_before, after=_after, leaving=_leaving)


# --- whom it mentions


def own_name(session: Session) -> str:
    """Return the name of whoever writes: that of the user, else the login."""
    me = own_user(session)
    name = session.scalar(select(User.name).where(User.id == me)) if me is not None else None
    return name or str(session.info["actor"].user)


@dataclass(frozen=True, slots=True)
class Handle:
    """A user who can be mentioned: ``word`` is what is written after the @."""

    id: int
    name: str
    word: str


def handles(session: Session) -> tuple[Handle, ...]:
    """Return the users who can be mentioned, by name."""
    live = select(User.id, User.name).where(User.deleted_at.is_(None), User.is_active).order_by(User.sort_key)
    return tuple(Handle(row[0], row[1], row[1]) for row in session.execute(live))


_AT = re.compile(r"(?<![\w@.])@(?=\w)")


def mentioned(session: Session, body: str) -> set[int]:
    """Return the users whom a text mentions: by whole name, login, or a first name that only one of them has."""
    live = select(User.id, User.name, User.login).where(User.deleted_at.is_(None), User.is_active)
    words: dict[str, set[int]] = {}
    for ident, name, login in session.execute(live):
        for word in {plain(name), plain(login or ""), plain(name).partition(" ")[0]} - {""}:
            words.setdefault(word, set()).add(ident)
    found: set[int] = set()
    for match in _AT.finditer(body):
        rest = plain(body[match.end() : match.end() + 200])
        hits = [word for word in words if rest.startswith(word) and not rest[len(word) : len(word) + 1].isalnum()]
        longest = max(hits, key=len, default="")
        if longest and len(words[longest]) == 1:
            found |= words[longest]
    return found


__all__ = ["HOOKS", "Handle", "Remark", "Stream", "handles", "mentioned", "publish", "remove", "rewrite",
           "stream"]  # fmt: skip
