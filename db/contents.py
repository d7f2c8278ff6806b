"""The bytes of files, kept once each under the hash of their content and cut into pieces.

A content is written with the record that needs it, in the same transaction, and never changes or goes: the history
may need it to undo. Whatever is read or written here passes by in pieces, so that a large file costs no memory.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, cast

from sqlalchemy import (
    BigInteger,
    CursorResult,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    select,
    text,
)
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


class Writable(Protocol):
    """A stream that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take all of them."""


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


def _read_full(stream: Readable, count: int) -> bytes:
    """Read so many bytes; fewer only at the end, though a stream may give them bit by bit."""
    found = stream.read(count)
    if not found or len(found) == count:
        return found
    parts, missing = [found], count - len(found)
    while missing and (found := stream.read(missing)):
        parts.append(found)
        missing -= len(found)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _pieces_of(stream: Readable) -> Iterator[bytes]:
    while piece := _read_full(stream, PIECE):
        yield piece


# The same words on both engines. Whoever writes the same content at the same moment is waited for.
_BEGIN = text("INSERT INTO content (sha256, size) VALUES (:sha256, :size) ON CONFLICT (sha256) DO NOTHING")
_PIECES = (
    select(ContentPiece.data)
    .where(
        ContentPiece.sha256 == bindparam("sha256"),
        ContentPiece.position >= bindparam("first"),
        ContentPiece.position < bindparam("end"),
    )
    .order_by(ContentPiece.position)
)


def store(session: Session, stream: Readable, step: Step = _nothing) -> tuple[str, int]:
    """Keep what a seekable stream holds; return its SHA-256 (hexadecimal) and its size in bytes.

    What is kept already is not written again. The stream is read twice where it is longer than a few pieces: once for
    the hash, once to write. Raises ChangedWhileRead when both readings differ, and what the stream raises; then
    nothing of it is kept.
    """
    stream.seek(0)
    first = _read_full(stream, PIECE * AT_ONCE)
    digest = hashlib.sha256(first)
    size = len(first)
    is_whole = size < PIECE * AT_ONCE
    step(size)
    if is_whole:
        sha256 = digest.hexdigest()
        if _begin(session, sha256, size):
            _write(session, sha256, 0, [first[at : at + PIECE] for at in range(0, size, PIECE)])
        step(size)
        return sha256, size
    for piece in _pieces_of(stream):
        digest.update(piece)
        size += len(piece)
        step(len(piece))
    sha256 = digest.hexdigest()
    with session.begin_nested():
        if _begin(session, sha256, size):
            _write_long(session, sha256, stream, step)
        else:
            step(size)
    return sha256, size


def _begin(session: Session, sha256: str, size: int) -> bool:
    """Note a content; False when it is here already."""
    made = cast(CursorResult[Any], session.execute(_BEGIN, {"sha256": sha256, "size": size}))
    return made.rowcount == 1


def _write_long(session: Session, sha256: str, stream: Readable, step: Step) -> None:
    """Write what does not fit into memory. Raises ChangedWhileRead when it is not what the hash was made of."""
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


def _write(session: Session, sha256: str, position: int, pieces: list[bytes]) -> None:
    rows = [(sha256, position + index, piece) for index, piece in enumerate(pieces)]
    insert_many(session, cast(Table, ContentPiece.__table__), ("sha256", "position", "data"), rows)


_PASS_OVER_PIECE = text(
    "INSERT INTO content_piece (sha256, position, data) VALUES (:sha256, :position, :data) "
    "ON CONFLICT (sha256, position) DO NOTHING"
)


def store_many(session: Session, found: Mapping[str, bytes]) -> None:
    """Keep contents that are in memory, given by their SHA-256, in a handful of statements; passes over known ones."""
    known: set[str] = set()
    hashes = list(found)
    for start in range(0, len(hashes), 500):
        wanted = select(Content.sha256).where(Content.sha256.in_(hashes[start : start + 500]))
        known.update(session.scalars(wanted))
    new = [sha256 for sha256 in hashes if sha256 not in known]
    if not new:
        return
    connection = session.connection()
    connection.execute(_BEGIN, [{"sha256": sha256, "size": len(found[sha256])} for sha256 in new])
    rows = [{"sha256": sha256, "position": at // PIECE, "data": found[sha256][at : at + PIECE]}
            for sha256 in new for at in range(0, len(found[sha256]), PIECE)]  # fmt: skip
    if rows:
        connection.execute(_PASS_OVER_PIECE, rows)


def pieces(session: Session, sha256: str) -> Iterator[bytes]:
    """Yield a content piece by piece. Raises Damaged, at the end, when it is not what was stored."""
    digest = hashlib.sha256()
    connection = session.connection()
    first, found = 0, AT_ONCE
    while found == AT_ONCE:
        some = connection.scalars(_PIECES, {"sha256": sha256, "first": first, "end": first + AT_ONCE}).all()
        for piece in some:
            digest.update(piece)
            yield piece
        first, found = first + AT_ONCE, len(some)
    if digest.hexdigest() != sha256:
        raise Damaged(sha256)


def copy_to(session: Session, sha256: str, stream: Writable, step: Step = _nothing) -> None:
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
