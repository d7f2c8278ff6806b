"""Compound files (MS-CFB) opened with care: the sizes they claim are held against the size they have.

The library olefile trusts counters of the header and lets streams share sectors: a file of some kilobytes could claim
gigabytes. What is checked here bounds time and memory by the size of the file.
"""

import struct
from io import BytesIO
from typing import Any

from olefile import OleFileIO
from olefile.olefile import STGTY_STORAGE, STGTY_STREAM
from oxmsg.storage import Storage, Stream

MAX_ENTRIES = 60_000  # of the directory: 1,000 attachments need about 20,000
MAX_LEVELS = 40


class Damaged(Exception):
    """The compound file contradicts itself; says how, in English, for the log."""


class _Bounded(OleFileIO):  # type: ignore[misc]  # olefile declares no types
    """olefile with an end to what it takes in."""

    def _load_direntry(self, sid: int) -> object:
        self.entries_loaded = getattr(self, "entries_loaded", 0) + 1
        if self.entries_loaded > MAX_ENTRIES:
            raise Damaged("too many entries in the directory")
        return super()._load_direntry(sid)

    def _check_duplicate_stream(self, first_sect: int, minifat: bool = False) -> None:
        """Not done: it looks through a list for every stream, and the budget of load() covers what it is for."""


def _check_header(data: bytes) -> None:
    """Raise Damaged unless the counters of the header (MS-CFB 2.2) fit into the file."""
    if len(data) < 1536:
        raise Damaged("shorter than the smallest compound file")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise Damaged("impossible size of sectors")
    sectors = len(data) >> shift
    fat, cutoff, mini_fat, difat = (struct.unpack_from("<I", data, at)[0] for at in (44, 56, 64, 72))
    needed = sectors // (1 << shift - 2) + 1
    if fat > 2 * needed + 16 or mini_fat > sectors or difat > fat or cutoff > 1 << 16:
        raise Damaged("counters of the header beyond the size of the file")


class _Loader:
    def __init__(self, ole: OleFileIO, size: int) -> None:
        self.ole = ole
        self.budget = size  # bytes: no sound file holds more in its streams than it is long
        self.problems = 0

    def storage(self, node: Any, path: list[str]) -> Storage:
        streams, storages = [], []
        for kid in node.kids:
            here = [*path, kid.name]
            if kid.entry_type == STGTY_STREAM:
                if (stream := self._stream(kid, here)) is not None:
                    streams.append(stream)
            elif kid.entry_type == STGTY_STORAGE and not kid.name.startswith("__nameid"):
                if len(path) >= MAX_LEVELS:
                    self.problems += 1
                else:
                    storages.append(self.storage(kid, here))
        return Storage("/".join(path), tuple(streams), tuple(storages))

    def _stream(self, node: Any, path: list[str]) -> Stream | None:
        size: int = node.size
        if size > self.budget:
            self.problems += 1
            return None
        try:
            # Not openstream(): it looks through all names for every path
            with self.ole._open(node.isectStart, size) as file:
                data = file.read()
        except Exception:  # olefile raises whatever a broken sector leads it to
            self.problems += 1
            return None
        self.budget -= len(data)
        self.problems += len(data) < size
        return Stream("/".join(path), data)


def load(data: bytes) -> tuple[Storage, int]:
    """Streams of a compound file, and how many of them could not be read whole. Raises Damaged when nothing can."""
    _check_header(data)
    try:
        with _Bounded(BytesIO(data)) as ole:
            loader = _Loader(ole, len(data))
            return loader.storage(ole.root, []), loader.problems
    except Damaged:
        raise
    except Exception as error:  # olefile raises whatever a broken header or directory leads it to
        raise Damaged(f"{type(error).__name__}: {error}") from error
