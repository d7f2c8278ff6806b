"""Reading an mbox one message at a time (RFC 4155 and its relatives mboxo and mboxrd), whatever its size.

The module of the standard library first looks for all messages of the file and holds one whole, whatever it weighs.
Here the file goes by once in blocks, and of a message above the limit nothing but its size is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 1024 * 1024
"""Bytes read at a time."""
OVERLAP = 1024
"""Bytes looked at again with the next block, where a separator may be cut in two. No separator is longer."""

# A line "From somebody Fri Jul  8 12:08:34 2011" after an empty one; the bare "From -" of Thunderbird needs a header
# behind it, since a letter may well have a line that says "From".
_SEPARATOR = re.compile(
    rb"\nFrom (?:[^\r\n]{0,300}\d\d?:\d\d[^\r\n]{0,100}\b(?:19|20)\d\d\b[^\r\n]{0,50}\r?\n"
    rb"|-?[ \t]{0,20}\r?\n(?=[!-9;-~]{1,100}:))"
)
_FIRST = re.compile(rb"From [^\r\n]{0,500}\r?\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """A message of an mbox: its number from 1 on, its size in the file, and its bytes, None above the limit."""

    number: int
    size: int
    data: bytes | None


def is_mbox(head: bytes) -> bool:
    """Whether a file begins as an mbox does."""
    return _FIRST.match(head) is not None


def messages(stream: BinaryIO, limit: int) -> Iterator[Found]:
    """Yield the messages of an mbox; holds ``limit`` bytes and a few blocks. Raises what the stream does."""
    current = _Current(limit)
    number = 0
    buffer = b""
    start = 0
    while len(buffer) < OVERLAP and (block := stream.read(BLOCK)):
        buffer += block
    if first := _FIRST.match(buffer):
        number, start = 1, first.end()
    while True:
        searched = max(start - 1, 0)
        while found := _SEPARATOR.search(buffer, searched):
            searched = found.end() - 1
            if not buffer.endswith((b"\n", b"\n\r"), max(0, found.start() - 2), found.start()):
                continue  # no empty line before it: part of a letter
            if number:
                current.add(buffer[start : found.start() + 1])
                yield current.close(number)
            current, number, start = _Current(limit), number + 1, found.end()
        block = stream.read(BLOCK)
        if not block:
            break
        kept = max(start, len(buffer) - OVERLAP)
        current.add(buffer[start:kept])
        context = min(kept, 3)  # what stands before the first byte of the next search
        buffer, start = buffer[kept - context :] + block, context
    if number:
        current.add(buffer[start:])
        yield current.close(number)


class _Current:
    """The message that goes by: its pieces as long as they are within the limit, and its size."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._limit:
            self._pieces.append(piece)
        else:
            self._pieces = []

    def close(self, number: int) -> Found:
        if self._size > self._limit:
            return Found(number, self._size, None)
        data = b"".join(self._pieces)
        data = data[:-2] if data.endswith(b"\r\n\r\n") else data.removesuffix(b"\n")  # the empty line is the mbox's
        return Found(number, self._size, _QUOTED.sub(rb"\1", data) if b">From " in data else data)
