"""Copies of files on this computer's disk, where other programs open them; edited ones are noticed.

Each copy has a folder of its own below a private one (0700) in the profile, so that two files of one name never meet.
A list of the copies stands beside them: what was edited and not taken back is offered again at the next start.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oficrm.errors import EnvironmentProblem
from oficrm.files import keeping, names
from oficrm.files.keeping import FileFacts
from oficrm.files.kinds import Kind, kind_of_stream
from oficrm.jobs import Progress

FACTS = "copia.json"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Copy:
    """A file as it lies on the disk, and what it was when it was put there."""

    path: Path
    document_id: int
    name: str
    sha256: str
    mtime_ns: int
    size: int
    read_only: bool = False

    def looks_changed(self) -> bool:
        """Whether size or time say that somebody wrote it; one that is being replaced, or gone, has not changed."""
        try:
            facts = self.path.stat()
        except OSError:
            return False
        return (facts.st_size, facts.st_mtime_ns) != (self.size, self.mtime_ns)

    def hash_now(self) -> str | None:
        """SHA-256 of what lies there now; None while it cannot be read. Takes a while: not for the GUI thread."""
        try:
            with self.path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            _log.info("%s: %s", self.path, error)
            return None

    def settle(self, sha256: str, facts: os.stat_result) -> None:
        """What lay there at the time of ``facts`` is what the database has."""
        self.sha256, self.size, self.mtime_ns = sha256, facts.st_size, facts.st_mtime_ns
        self.keep()

    def keep(self) -> None:
        """Write down whose copy this is."""
        facts = asdict(self) | {"path": self.path.name}
        (self.path.parent.parent / FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def make(
    session: Any, facts: FileFacts, folder: Path, progress: Progress | None = None, *, read_only: bool = False
) -> tuple[Copy, Kind]:
    """Put a copy of a file below ``folder`` and tell what it is. A job of the slow lane. Raises EnvironmentProblem."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        home = Path(tempfile.mkdtemp(dir=folder))
        inner = home / "f"
        inner.mkdir(mode=0o700)
        part = keeping.copy_out(session, facts, home / "part", progress)
        try:
            with part.open("rb") as stream:
                kind = kind_of_stream(facts.name, stream)
            path = inner / names.safe_name(facts.name, kind)
            part.chmod(0o400 if read_only else 0o600)
            part.replace(path)
            state = path.stat()
            copy = Copy(path, facts.id, facts.name, facts.sha256, state.st_mtime_ns, state.st_size, read_only)
            copy.keep()
        except OSError:
            remove(home)
            raise
    except OSError as error:
        raise EnvironmentProblem(f"No se pudo preparar la copia: {error.strerror or error}.") from error
    return copy, kind


def remove(home: Path) -> None:
    """Remove the folder of a copy. What another program holds open stays, for the next time."""

    def writable(function: Any, path: str, error: Any) -> None:
        try:
            os.chmod(path, stat.S_IWRITE)
            function(path)
        except OSError as problem:
            _log.info("%s stays: %s", path, problem)

    shutil.rmtree(home, onerror=writable)


def homes(folder: Path) -> Iterator[Path]:
    """The folders of the copies below a folder."""
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())


def read_kept(home: Path) -> Copy | None:
    """The copy of which a folder was made, as it was noted; None when that cannot be read."""
    try:
        facts = json.loads((home / FACTS).read_text(encoding="utf-8"))
        return Copy(**facts | {"path": home / "f" / Path(facts["path"]).name})
    except (OSError, ValueError, TypeError, KeyError) as error:
        _log.info("%s: %s", home, error)
        return None


def others_in(copy: Copy) -> list[Path]:
    """Files that somebody saved beside the copy: another form of it. Locks and backups of editors do not count."""
    ours = copy.path.name.casefold()
    found: list[Path] = []
    if not copy.path.parent.is_dir():
        return found
    for path in copy.path.parent.iterdir():
        name = path.name.casefold()
        is_scratch = name.startswith((".", "~")) or name.endswith(("~", ".tmp", ".bak", ".lock"))
        if name != ours and not is_scratch and path.is_file():
            found.append(path)
    return found


def is_edited(copy: Copy) -> bool:
    """Whether a copy holds other bytes than when it was made. Reads it where size or time differ."""
    return not copy.read_only and copy.looks_changed() and copy.hash_now() not in (None, copy.sha256)
