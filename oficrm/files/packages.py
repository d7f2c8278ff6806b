"""Zipped documents (DOCX, XLSX) made safe for the libraries that read them.

A zip file can claim anything about itself and unpack to a thousand times its size, and XML can grow by entities. So
what a library gets is a copy that holds the text parts only, unpacked piece by piece within bounds.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, cast

from oficrm.files import limits
from oficrm.files.reading import BROKEN, PROTECTED, TOO_BIG, Gathered, Unreadable

_CHUNK = 64 * 1024
_END, _END_SIZE = b"PK\x05\x06", 22
_END64, _END64_SIZE, _LOCATOR, _LOCATOR_SIZE = b"PK\x06\x06", 56, b"PK\x06\x07", 20
_COMMENT = 1 << 16
_ENCRYPTED = 0x1
_DOCTYPE = [mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")]
_LONGEST_MARK = max(map(len, _DOCTYPE))


class _Oversized(Exception):
    """A member has more bytes or tags than it may."""


class _Budget:
    """What all members together may still have."""

    def __init__(self, max_tags: int) -> None:
        self.bytes = limits.MAX_UNPACKED
        self.tags = max_tags

    def take(self, chunk: bytes) -> None:
        """Count a piece, before it is stored."""
        self.bytes -= len(chunk)
        self.tags -= chunk.count(b"<")
        if self.bytes < 0 or self.tags < 0:
            raise _Oversized


def _directory_size(stream: io.RawIOBase) -> int:
    """Size in bytes of the list of members, as zipfile will find it (APPNOTE 4.3.14 and 4.3.16)."""
    size = stream.seek(0, io.SEEK_END)
    start = max(0, size - _END_SIZE - _COMMENT - _LOCATOR_SIZE - _END64_SIZE)
    stream.seek(start)
    tail = stream.read(size - start) or b""
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise Unreadable(BROKEN)
    claimed: int = struct.unpack_from("<I", tail, at + 12)[0]
    locator = at - _LOCATOR_SIZE
    if locator >= _END64_SIZE and tail.startswith(_LOCATOR, locator):
        if not tail.startswith(_END64, locator - _END64_SIZE):
            raise Unreadable(BROKEN)
        claimed = max(claimed if claimed != 0xFFFFFFFF else 0, *struct.unpack_from("<Q", tail, locator - 16))
    return claimed


def unpack(
    stream: io.RawIOBase, copy: IO[bytes], wanted: Callable[[str], int], max_tags: int, gathered: Gathered
) -> bool:
    """Write to `copy` a zip file in which every member of a zipped document lies open and bounded.

    Args:
        wanted: the bytes a member may have by its name; 0 leaves it empty, less leaves it out.
        max_tags: angle brackets in all members together.

    Returns:
        Whether nothing wanted was left out because of its size.

    Raises:
        Unreadable: no zip file, a protected one, one that uses XML definitions, or one that holds far too much.
        Enough: cancelled, or too slow.
    """
    if _directory_size(stream) > limits.MAX_DIRECTORY:
        raise Unreadable(TOO_BIG)
    stream.seek(0)
    try:
        with zipfile.ZipFile(cast(IO[bytes], stream)) as source, zipfile.ZipFile(copy, "w") as target:
            return _copy_members(source, target, wanted, max_tags, gathered)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, UnicodeError) as error:
        raise Unreadable(BROKEN) from error


def _copy_members(
    source: zipfile.ZipFile,
    target: zipfile.ZipFile,
    wanted: Callable[[str], int],
    max_tags: int,
    gathered: Gathered,
) -> bool:
    members = source.infolist()
    if len(members) > limits.MAX_MEMBERS:
        raise Unreadable(TOO_BIG)
    budget = _Budget(max_tags)
    done: set[str] = set()
    is_whole = True
    for member in members:
        room = wanted(member.filename)
        if room < 0 or member.filename in done:
            continue
        done.add(member.filename)
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable(PROTECTED)
        if room and member.file_size > room:  # it says so itself
            is_whole = False
            continue
        try:
            data = b"" if not room else _member(source, member, room, budget, gathered)
        except _Oversized:
            is_whole = False
            continue
        target.writestr(member.filename, data)
    return is_whole


def _member(
    source: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, budget: _Budget, gathered: Gathered
) -> bytearray:
    """The bytes of a member, which is read in pieces because its stated size may be a lie."""
    data = bytearray()
    with source.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            gathered.check()
            budget.take(chunk)
            seen = max(0, len(data) - _LONGEST_MARK)
            data += chunk
            if len(data) > room:
                raise _Oversized
            # ECMA-376-2 forbids definitions in these parts; their only use here would be entities that grow
            if any(mark in data[seen:] for mark in _DOCTYPE):
                raise Unreadable(BROKEN)
    return data
