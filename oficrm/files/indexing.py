"""Looking inside files that nobody has looked into yet, for the lists that search there.

The words of a content are derived from it: they leave no trace in the history. What holds nothing to be read gets "",
so that it is not looked at again.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import literal, select, update
from sqlalchemy.orm import Session

from db import contents
from db.contents import Content
from db.models.document import Document, DocumentVersion
from db.models.email_message import EmailMessage
from oficrm.files import limits
from oficrm.files.apart import text_inside
from oficrm.files.catalogue import MAIL
from oficrm.files.inside import Inside, words_of
from oficrm.files.kinds import kind_of_stream
from oficrm.mail.message import DEFAULT_LIMIT, Unreadable

PROBLEM = 300
"""Characters that the column holds."""
DAMAGED = "Está dañado en la base de datos."
TOO_LARGE = "Es demasiado grande para leerlo por dentro."
MOST = 256 * 1024 * 1024
"""Bytes of a content beyond which nobody looks inside."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A content nobody has looked into; the name it has somewhere helps to tell what it is."""

    sha256: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words inside a content, folded and each once, and why they are not all (Spanish, "" when they are)."""

    sha256: str
    words: str
    problem: str = ""


def pending(session: Session, limit: int = 20) -> list[Unread]:
    """Return contents nobody has looked into, with a name that one of their files has."""
    found = session.execute(select(Content.sha256, Content.size).where(Content.words.is_(None)).limit(limit)).all()
    hashes = [sha256 for sha256, _ in found]
    named: dict[str, tuple[str, str]] = {}
    for model in (EmailMessage, DocumentVersion, Document):
        mime = literal(MAIL.mime) if model is EmailMessage else model.__table__.c.mime_type
        rows = select(model.sha256, model.file_name, mime).where(model.sha256.in_(hashes))
        named |= {row[0]: (row[1], row[2]) for row in session.execute(rows)}
    return [Unread(sha256, *named.get(sha256, ("", "")), size) for sha256, size in found]


def _never() -> bool:
    return False


def words(session: Session, item: Unread, cancel: Callable[[], bool] = _never) -> Words:
    """Look inside a content, in bounded time and memory; what is wrong with it is told in the result.

    Raises:
        OSError: a temporary file cannot be written. What the database raises comes through too.
        EnvironmentProblem: documents cannot be read apart for now.
    """
    if item.size > MOST:
        return Words(item.sha256, "", TOO_LARGE)
    with tempfile.SpooledTemporaryFile(max_size=limits.MEMORY_BEFORE_DISK) as spool:
        stream: BinaryIO = spool  # type: ignore[assignment]
        try:
            contents.copy_to(session, item.sha256, stream)
        except contents.Damaged:
            return Words(item.sha256, "", DAMAGED)
        found = text_inside(stream, kind_of_stream(item.name, stream), cancel=cancel, mail=mail_text)
    return Words(item.sha256, words_of(found.text), found.problem[:PROBLEM])


def mail_text(stream: BinaryIO) -> Inside:
    """The text of a message to be searched: its subject, addresses, text, and the names of what is attached."""
    from oficrm.mail.reading import read_message  # reading mails is loaded with the first one

    stream.seek(0)
    data = stream.read(DEFAULT_LIMIT + 1)
    try:
        message = read_message(data)
    except Unreadable as error:
        return Inside("", str(error))
    people = [*([message.sender] if message.sender else []), *message.to, *message.cc, *message.bcc]
    lines = [message.subject, *map(str, people), *(part.name for part in message.parts), message.text]
    return Inside("\n".join(lines)[: limits.MAX_TEXT])


def store(session: Session, results: Sequence[Words]) -> None:
    """Note what was found, unless somebody was quicker. No operation: words are derived from what is kept."""
    for each in results:
        session.execute(
            update(Content).where(Content.sha256 == each.sha256, Content.words.is_(None))
            .values(words=each.words, words_problem=each.problem)
        )  # fmt: skip
