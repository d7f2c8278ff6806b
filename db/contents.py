"""The bytes of files, kept once each under the hash of their content and cut into pieces.

A content is written with the record that needs it, in the same transaction, and never changes or goes: the history
may need it to undo. Whatever is read or written here passes by in pieces, so that a large file costs no memory.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol, cast

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.many import insert_many
from db.record import Base

PIECE = 256 * 1024
"""Bytes in one row."""
AT_ONCE = 16
"""Pieces read before they are written: 4 MB in memory whatever the size of the file."""
UNREAD = text("words IS NULL")
Step = Callable[[int], None]
"""Told the number of bytes that have gone by since the last time."""


class Readable(Protocol):
    """A stream that can be read from its beginning more than once."""

    def read(self, count: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""

    def seek(self, position: int, /) -> int:
        """Go on reading from there."""


class Content(Base):
    """One content: its hash, its size, and the distinct words inside it (None until somebody has looked)."""

    __tablename__ = "content"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, nullable=False)
    words: Mapped[str | None] = mapped_column(Text)
    words_problem: Mapped[str] = mapped_column(String(300), nullable=False, default="", server_default="")
    __table_args__ = (Index("ix_content_unread", "sha256", sqlite_where=UNREAD, postgresql_where=UNREAD),)


class ContentPiece(Base):
    """A piece of a content; all but the last are ``PIECE`` bytes long."""

    __tablename__ = "content_piece"
    sha256: Mapped[str] = mapped_column(String(64), ForeignKey("content.sha256"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)


class ChangedWhileRead(Exception):
    """The bytes were others when they were read the second time."""


class Damaged(Exception):
    """What comes out of the database is not what went in."""


def _nothing(_count: int) -> None:
    return None


def _pieces_of(stream: Readable) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def store(session: Session, stream: Readable, step: Step = _nothing) -> tuple[str, int]:
    """Keep what a seekable stream holds; return its SHA-256 (hexadecimal) and its size in bytes.

    What is kept already is not written again. The stream is read twice where it is longer than a few pieces: once for
    the hash, once to write. Raises ChangedWhileRead when both readings differ, and what the stream raises.
    """
    stream.seek(0)
    first = stream.read(PIECE * AT_ONCE)
    digest = hashlib.sha256(first)
    size = len(first)
    is_whole = size < PIECE * AT_ONCE
    step(size)
    if not is_whole:
        for piece in _pieces_of(stream):
            digest.update(piece)
            size += len(piece)
            step(len(piece))
    sha256 = digest.hexdigest()
    if session.scalar(select(Content.sha256).where(Content.sha256 == sha256)) is not None:
        step(size)
        return sha256, size
    session.add(Content(sha256=sha256, size=size))
    session.flush()
    if is_whole:
        pieces = [first[at : at + PIECE] for at in range(0, size, PIECE)]
        _write(session, sha256, 0, pieces)
        step(size)
        return sha256, size
    again = hashlib.sha256()
    stream.seek(0)
    position = 0
    waiting: list[bytes] = []
    for piece in _pieces_of(stream):
        again.update(piece)
        waiting.append(piece)
        if len(waiting) == AT_ONCE:
            _write(session, sha256, position, waiting)
            step(PIECE * AT_ONCE)
            position, waiting = position + AT_ONCE, []
    _write(session, sha256, position, waiting)
    step(sum(map(len, waiting)))
    if again.hexdigest() != sha256:
        raise ChangedWhileRead
    return sha256, size


def _write(session: Session, sha256: str, position: int, pieces: list[bytes]) -> None:
    rows = [(sha256, position + index, piece) for index, piece in enumerate(pieces)]
    insert_many(session, cast(Table, ContentPiece.__table__), ("sha256", "position", "data"), rows)


def pieces(session: Session, sha256: str) -> Iterator[bytes]:
    """Yield a content piece by piece. Raises Damaged, at the end, when it is not what was stored."""
    digest = hashlib.sha256()
    position = 0
    wanted = select(ContentPiece.data).where(ContentPiece.sha256 == sha256)
    while (piece := session.scalar(wanted.where(ContentPiece.position == position))) is not None:
        digest.update(piece)
        yield piece
        position += 1
    if digest.hexdigest() != sha256:
        raise Damaged(sha256)


def copy_to(session: Session, sha256: str, stream: BinaryIO, step: Step = _nothing) -> None:
    """Write a content to a stream. Raises Damaged, and what the stream raises (a full disk)."""
    for piece in pieces(session, sha256):
        stream.write(piece)
        step(len(piece))


def read(session: Session, sha256: str, most: int | None = None) -> bytes:
    """Return a content, or its first ``most`` bytes, which are then not checked against the hash."""
    if most is None:
        return b"".join(pieces(session, sha256))
    found = b""
    source = pieces(session, sha256)
    while len(found) < most and (piece := next(source, None)) is not None:
        found += piece
    return found[:most]
