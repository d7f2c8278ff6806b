"""Contents: what goes in comes out, once each, whole or not at all, whatever its size."""

import hashlib
import io
import random
import threading
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from db import contents
from db.contents import AT_ONCE, PIECE, ChangedWhileRead, Content, ContentPiece, Damaged
from db.engine import WRITES, open_engine
from db.history import Actor

LONG = PIECE * AT_ONCE
BIG = 200_000_000
BLOCK = 1_000_000


class Steady:
    """A stream of so many bytes that nobody ever holds whole: a million of them, over and over, numbered."""

    def __init__(self, size):
        self.size, self.at = size, 0
        self._block = random.Random(3).randbytes(BLOCK)

    def seek(self, position):
        self.at = position
        return position

    def read(self, count):
        number, start = divmod(self.at, BLOCK)
        block = number.to_bytes(8, "big") + self._block[8:]
        found = block[start : start + min(count, self.size - self.at)]
        self.at += len(found)
        return found


class Hashing:
    """A stream that only remembers the hash and the length of what was written to it."""

    def __init__(self):
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, data):
        self.digest.update(data)
        self.size += len(data)
        return len(data)


def _count(session, model):
    return session.scalar(select(func.count()).select_from(model))


SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, LONG - 1, LONG, LONG + 1, LONG + PIECE]


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out(session, size):
    data = random.Random(size).randbytes(size)
    seen: list[int] = []
    assert contents.store(session, io.BytesIO(data), seen.append) == (hashlib.sha256(data).hexdigest(), size)
    assert sum(seen) == 2 * size  # once for the hash, once to write
    sha256 = hashlib.sha256(data).hexdigest()
    assert contents.read(session, sha256) == data
    assert contents.read(session, sha256, 10) == data[:10]
    assert contents.read(session, sha256, PIECE + 5) == data[: PIECE + 5]
    lengths = list(session.scalars(select(func.length(ContentPiece.data)).order_by(ContentPiece.position)))
    assert lengths == [PIECE] * (size // PIECE) + ([size % PIECE] if size % PIECE else [])
    content = session.get(Content, sha256)
    assert (content.size, content.words, content.words_problem) == (size, None, "")


@given(st.lists(st.binary(max_size=40), max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_content_is_kept_once(session, some):
    for data in some:
        contents.store(session, io.BytesIO(data))
    kept = set(session.scalars(select(Content.sha256)))
    assert {hashlib.sha256(data).hexdigest() for data in some} <= kept
    assert all(contents.read(session, hashlib.sha256(data).hexdigest()) == data for data in some)
    session.rollback()
    assert _count(session, Content) == 0


def test_storing_many_is_storing_each(session):
    found = {hashlib.sha256(data).hexdigest(): data for data in (b"", b"uno", bytes(PIECE + 3))}
    contents.store(session, io.BytesIO(b"uno"))
    contents.store_many(session, found)
    contents.store_many(session, found)
    assert {sha256: contents.read(session, sha256) for sha256 in found} == found
    assert _count(session, Content) == 3
    contents.store_many(session, {})


class Moving(io.BytesIO):
    """A file that somebody writes to between one reading and the next."""

    def seek(self, position, whence=0):
        if self.tell() and not position:
            with self.getbuffer() as view:
                view[-1] ^= 1
        return super().seek(position, whence)


def test_a_long_file_that_changes_leaves_nothing(session):
    kept, _ = contents.store(session, io.BytesIO(b"kept"))
    with pytest.raises(ChangedWhileRead):
        contents.store(session, Moving(bytes(LONG + 5)))
    assert list(session.scalars(select(Content.sha256))) == [kept]
    assert _count(session, ContentPiece) == 1


class Torn(io.BytesIO):
    """A disk that fails at the second reading, some pieces on."""

    turns = 0

    def seek(self, position, whence=0):
        self.turns += 1
        return super().seek(position, whence)

    def read(self, count=-1):
        if self.turns == 2 and self.tell() > LONG:
            raise OSError(5, "Input/output error")
        return super().read(count)


def test_a_disk_that_fails_half_way_leaves_nothing(session):
    with pytest.raises(OSError, match="Input/output"):
        contents.store(session, Torn(bytes(LONG + 3 * PIECE)))
    assert (_count(session, Content), _count(session, ContentPiece)) == (0, 0)


@pytest.mark.parametrize("harm", ["lost", "changed", "cut"])
def test_damage_is_noticed(session, harm):
    sha256, _ = contents.store(session, io.BytesIO(random.Random(1).randbytes(3 * PIECE)))
    second = (ContentPiece.sha256 == sha256) & (ContentPiece.position == 1)
    if harm == "lost":
        session.execute(delete(ContentPiece).where(second))
    else:
        data = bytes(PIECE) if harm == "changed" else b""
        session.execute(update(ContentPiece).where(second).values(data=data))
    with pytest.raises(Damaged, match=sha256):
        contents.read(session, sha256)
    with pytest.raises(Damaged):
        contents.copy_to(session, sha256, io.BytesIO())


def test_one_that_is_not_there_is_damaged(session):
    with pytest.raises(Damaged):
        contents.read(session, "0" * 64)


def test_a_large_file_goes_in_and_out_without_its_size_in_memory(session):
    stream, out = Steady(BIG), Hashing()
    tracemalloc.start()
    try:
        sha256, size = contents.store(session, stream)
        contents.copy_to(session, sha256, out)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (size, out.size) == (BIG, BIG)
    assert out.digest.hexdigest() == sha256
    assert peak < 40_000_000


def test_two_who_keep_the_same_content_at_once(postgres_url):
    """Neither is lost: the second waits for the first, and finds it done or does it himself."""
    engine = open_engine(postgres_url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    data = bytes(PIECE + 1)
    for keeps in (True, False):
        data += b"x"
        sha256 = hashlib.sha256(data).hexdigest()
        with Session(bind, info={"actor": Actor("ana")}) as first:
            contents.store(first, io.BytesIO(data))

            def write(data=data):
                with Session(bind, info={"actor": Actor("eva")}) as second, second.begin():
                    contents.store(second, io.BytesIO(data))

            thread = threading.Thread(target=write)
            thread.start()
            thread.join(0.2)
            assert thread.is_alive()  # it waits
            if keeps:
                first.commit()
            else:
                first.rollback()
            thread.join(20)
            assert not thread.is_alive()
        with Session(engine) as reader:
            assert contents.read(reader, sha256) == data
            assert reader.scalar(select(func.count()).where(ContentPiece.sha256 == sha256)) == 2
    engine.dispose()
