"""Bytes over a pipe in pieces that tell their length first: four bytes, the most significant first."""

import struct
from typing import BinaryIO

_LENGTH = struct.Struct("!I")


class Broken(Exception):
    """The pipe ended, or the other side sent what it may not send."""


def send(pipe: BinaryIO, data: bytes) -> None:
    """Write one piece. Raises OSError when nobody reads any more."""
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)


def receive(pipe: BinaryIO, most: int) -> bytes:
    """Read one piece of at most `most` bytes.

    Raises:
        Broken: the pipe ended before the end of the piece, or it is longer than that.
        OSError: the pipe cannot be read.
    """
    (size,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if size > most:
        raise Broken(f"{size} bytes where at most {most} may come")
    return _exactly(pipe, size)


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise Broken("the pipe has ended")
    return data
