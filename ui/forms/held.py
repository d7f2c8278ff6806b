"""What waits to be saved together with a record: files chosen for it, and the mail whose information it took over."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from oficrm.drafts import Values
from oficrm.files.sources import Source
from oficrm.rules.sizes import MEGABYTE

if TYPE_CHECKING:
    from oficrm.mail.assuming import PendingMail

LONG = 4 * MEGABYTE
"""Bytes from which a save shows how far it is and can be cancelled."""
FOLDER = "intake"
"""Folder of the profile with private copies of what was dropped or pasted, so that a crash does not take them."""
DAY = 24 * 60 * 60
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail to be filed by the save; ``taken`` are the values of the form that came out of it, by field name."""

    mail: PendingMail
    subject: str
    sender: str
    sent_at: dt.datetime | None = None
    taken: Values = field(default_factory=dict)


class Held(QObject):
    """Files and mail of one form. ``changed`` when there are others."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self.files: tuple[Source, ...] = ()
        self.mail: HeldMail | None = None

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self.files or self.mail)

    def set_files(self, files: Sequence[Source]) -> None:
        """These files wait now."""
        if tuple(files) != self.files:
            self.files = tuple(private_copy(self._folder, source) for source in files)
            self.changed.emit()

    def set_mail(self, mail: HeldMail | None) -> None:
        """This mail waits now; the one before is let go."""
        if mail is not None:
            mail = replace(mail, mail=replace(mail.mail, source=private_copy(self._folder, mail.mail.source)))
        before, self.mail = self.mail, mail
        if before is not None and (mail is None or mail.mail.source != before.mail.source):
            before.mail.source.forget()
        if mail != before:
            self.changed.emit()

    def clear(self) -> None:
        """Saved or given up: nothing waits any more, and the private copies go."""
        if self:
            for source in self.sources():
                source.forget()
            self.files, self.mail = (), None
            self.changed.emit()

    def sources(self) -> list[Source]:
        """Everything whose bytes the save will read."""
        return [*self.files, *([self.mail.mail.source] if self.mail else [])]

    def is_long(self) -> bool:
        """Whether saving it will take a while."""
        return sum(map(size_of, self.sources())) > LONG


def size_of(source: Source) -> int:
    """The size of a source in bytes; 0 for one that is gone, which saving will tell."""
    if source.data is not None:
        return len(source.data)
    try:
        return source.path.stat().st_size if source.path is not None else 0
    except OSError:
        return 0


def private_copy(folder: Path, source: Source) -> Source:
    """Return a source on the disk in place of one that the program holds in memory only."""
    if source.data is None:
        return source
    path = folder / f"{uuid.uuid4().hex}.bin"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(source.data)
    except OSError as error:
        _log.warning("%s cannot be written; a crash would lose it: %s", path, error)
        return source
    return Source(path, source.title(), description=source.description, is_ours=True)


def tidy(folder: Path, kept: Iterable[Source]) -> None:
    """Remove private copies older than a day that no kept draft needs: what a crash left behind."""
    needed = {source.path for source in kept}
    for path in folder.glob("*.bin"):
        try:
            if path not in needed and time.time() - path.stat().st_mtime > DAY:
                path.unlink()
        except OSError as error:
            _log.info("%s cannot be removed: %s", path, error)
