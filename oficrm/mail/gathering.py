"""Where an import finds its messages: files, folders with all that is below them, and mboxes, one message at a time."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oficrm.files.sources import said
from oficrm.mail import mboxes
from oficrm.mail.message import Unreadable
from oficrm.mail.reading import OLE_SIGNATURE, is_message, read_bytes, too_large

HEAD = 8 * 1024
"""Bytes that tell what a file is."""
NUMBERED = " · "
"""Between the name of an mbox and the number of a message in it."""
NO_MAIL = "No es un mensaje de correo."


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that will be looked at: its path, what the report calls it, and its size in bytes."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """A message to be imported, or why there is none: ``data`` is None where ``problem`` says so.

    ``weight`` are the bytes of the file that went by with it, for the progress.
    """

    name: str
    data: bytes | None
    problem: str = ""
    weight: int = 0


def plan(paths: Sequence[Path]) -> list[Planned]:
    """List the files to look at: those given, and those in folders given and below, in order of name.

    A folder that is reached twice, by whatever link, is looked at once.
    """
    found: list[Planned] = []
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_dir():
            found += _below(path, f"{path.name}/" if len(paths) > 1 else "", seen)
        else:
            found.append(Planned(path, path.name, _size(path)))
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # said when its turn to be read comes


def _below(folder: Path, shown: str, seen: set[tuple[int, int]]) -> Iterator[Planned]:
    waiting = [(folder, shown)]
    while waiting:
        here, name = waiting.pop()
        try:
            facts = here.stat()
            if (facts.st_dev, facts.st_ino) in seen:
                continue
            seen.add((facts.st_dev, facts.st_ino))
            with os.scandir(here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            yield Planned(here, name.rstrip("/") or here.name, 0)  # reading it will say why not
            continue
        folders = []
        for entry in entries:
            path = Path(entry.path)
            if _is_folder(entry):
                folders.append((path, f"{name}{entry.name}/"))
            else:
                yield Planned(path, f"{name}{entry.name}", _size(path))
        waiting += reversed(folders)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def items(planned: Planned, limit: int) -> Iterator[Item]:
    """Yield what a file holds: one message, the messages of an mbox, or why there is none; never raises."""
    try:
        head = _head(planned.path)
        if mboxes.is_mbox(head) and planned.path.suffix.lower() != ".eml":
            yield from _of_mbox(planned, limit)
        elif head.startswith(OLE_SIGNATURE) or is_message(head) or not head:
            data = read_bytes(planned.path, limit=limit)
            yield Item(planned.name, data, weight=planned.size)
        else:
            yield Item(planned.name, None, NO_MAIL, planned.size)
    except Unreadable as error:
        yield Item(planned.name, None, str(error), planned.size)
    except OSError as error:
        yield Item(planned.name, None, said(error), planned.size)


def _head(path: Path) -> bytes:
    """The first bytes; none of what is no ordinary file, which read_bytes then refuses in words."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb", buffering=0) as stream:
        return stream.read(HEAD) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""


def _of_mbox(planned: Planned, limit: int) -> Iterator[Item]:
    with planned.path.open("rb") as stream:
        for found in mboxes.messages(stream, limit):
            problem = "" if found.data is not None else too_large(found.size, limit)
            yield Item(f"{planned.name}{NUMBERED}{found.number}", found.data, problem, found.size)
