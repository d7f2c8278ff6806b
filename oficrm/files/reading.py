"""What every reader of documents shares: when to stop, what to say, and whose error an error is."""

import io
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from oficrm.files.limits import MAX_SECONDS, MAX_TEXT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

logger = logging.getLogger(__name__)

PROTECTED = "Está protegido con contraseña."
BROKEN = "No se puede leer: está dañado o no es lo que dice su nombre."
TOO_BIG = "No se lee por dentro: es demasiado grande o complejo."
CUT = "Solo se ha leído el principio: es muy largo."
DAMAGED = "Solo se ha leído una parte: el resto está dañado."
LATE = "Solo se ha leído una parte: tardaba demasiado."
STOPPED = "Se ha interrumpido la lectura."


class Unreadable(Exception):
    """Nothing of the document can be read; the text says why, in Spanish."""


class Enough(Exception):
    """Reading stops here and what was gathered stays; the text says why, in Spanish."""


class Gathered:
    """The text read so far, and the end of patience."""

    def __init__(self, cancel: Callable[[], bool]) -> None:
        self._cancel = cancel
        self._until = time.monotonic() + MAX_SECONDS
        self._parts: list[str] = []
        self._room = MAX_TEXT

    def add(self, text: str) -> None:
        """Keep `text`.

        Raises:
            Enough: there is no room for more.
        """
        self._parts.append(text[: self._room])
        self._room -= len(text)
        if self._room < 0:
            self._room = 0
            raise Enough(CUT)

    def check(self) -> None:
        """To be called often.

        Raises:
            Enough: the reader was cancelled or takes too long.
        """
        if self._cancel():
            raise Enough(STOPPED)
        if time.monotonic() > self._until:
            raise Enough(LATE)

    @property
    def text(self) -> str:
        """All that was kept."""
        return "".join(self._parts)


class Source(io.RawIOBase):
    """A stream of the caller as libraries want it. Closing it leaves the caller's open.

    Remembers an error of the stream itself, which is not the document's fault and which libraries written in C lose.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.error: Exception | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the stream stands."""
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move the stream. Raises OSError for a place before the beginning, which broken documents name."""
        try:
            return self._stream.seek(offset, whence)
        except ValueError as error:
            raise OSError("seek before the beginning of the file") from error
        except Exception as error:
            self.error = error
            raise

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer` with what comes next, all of it as far as the file goes."""
        view = memoryview(buffer).cast("B")
        done = 0
        while done < len(view):
            try:
                data = self._stream.read(len(view) - done)
            except Exception as error:
                self.error = error
                raise
            if not data:
                break
            view[done : done + len(data)] = data
            done += len(data)
        return done
