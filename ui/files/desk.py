"""The copies that are open in other programs: watched while the program runs, taken away or kept at its end."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QFileSystemWatcher, QLockFile, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping
from oficrm.files.keeping import FileFacts
from oficrm.files.kinds import Kind
from oficrm.files.sources import Source
from oficrm.jobs import Done, Progress
from ui.bridge import Bridge, Failed
from ui.context import Context
from ui.files import copies
from ui.files.copies import Copy

QUIET_MS = 400
"""An editor writes in several goes; only then is the file looked at."""
_log = logging.getLogger(__name__)


class CopyDesk(QObject):
    """Makes copies, opens them, notices that they were edited. One for the whole program: ``desk_of``.

    ``edited(copy)`` when other bytes lie there; ``settled(copy)`` when they were taken back, or given up.
    """

    edited = Signal(object)
    settled = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context.bridge)
        self._context = context
        self._root = context.memory.folder.parent / "abiertos"
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        self._copies: list[Copy] = []
        self._edited: list[Copy] = []
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._touched)
        self._watcher.directoryChanged.connect(self._touched)
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self.look)
        app = QCoreApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._state_changed)
        app.aboutToQuit.connect(self.clear_up)

    @property
    def folder(self) -> Path:
        """Where the copies of this run of the program are; no other run touches it."""
        if self._folder is None:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._root.chmod(0o700)
            self._folder = self._root / uuid.uuid4().hex
            self._folder.mkdir(mode=0o700)
            self._lock = QLockFile(str(self._root / f"{self._folder.name}.lock"))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        return self._folder

    def edited_copies(self) -> list[Copy]:
        """Copies that were edited and not yet taken back."""
        return list(self._edited)

    # --- making and opening

    def make(self, facts: FileFacts, then: Callable[[tuple[Copy, Kind]], None], owner: QObject, *, failed: Failed,
             read_only: bool = False, progress: Progress | None = None) -> None:  # fmt: skip
        """Make a copy; ``then`` gets it with its kind. It is neither watched nor opened yet."""
        folder = self.folder
        self._context.bridge.read(
            lambda session: copies.make(session, facts, folder, progress, read_only=read_only), then, owner,
            failed=failed, slow=True,
        )  # fmt: skip

    def open(self, copy: Copy) -> bool:
        """Hand a copy to the system, and watch it; False when the system has no program for it."""
        self._watch(copy)
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy.path)))

    def find(self, facts: FileFacts) -> Copy | None:
        """A copy of the same bytes that is open already, to be edited in one place only."""
        return next((copy for copy in self._copies if copy.document_id == facts.id and not copy.read_only
                     and copy.sha256 == facts.sha256 and copy.path.exists()), None)  # fmt: skip

    def drop(self, copy: Copy) -> None:
        """A copy that was not wanted after all."""
        self._forget(copy)
        copies.remove(copy.path.parent.parent)

    def _watch(self, copy: Copy) -> None:
        if copy not in self._copies:
            self._copies.append(copy)
        if not copy.read_only:
            # The folder too: many editors write a new file and give it the name of the old one
            self._watcher.addPaths([str(copy.path), str(copy.path.parent)])

    def _forget(self, copy: Copy) -> None:
        self._watcher.removePaths([str(copy.path), str(copy.path.parent)])
        self._copies = [other for other in self._copies if other is not copy]
        self._edited = [other for other in self._edited if other is not copy]

    # --- noticing

    def _touched(self, _path: str) -> None:
        self._timer.start()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self._copies:
            self._timer.start()

    def look(self) -> None:
        """Look at the copies whose size or time are others; their bytes decide, read beside the program's work."""
        for copy in self._copies:
            if copy.read_only:
                continue
            if copy.path.exists() and str(copy.path) not in self._watcher.files():
                self._watcher.addPath(str(copy.path))
            if copy.looks_changed():
                self._read(copy)

    def _read(self, copy: Copy) -> None:
        self._context.bridge.read(lambda _session: copies.is_edited(copy), partial(self._looked, copy), self, slow=True)

    def _looked(self, copy: Copy, is_edited: bool) -> None:
        if copy not in self._copies:
            return
        if is_edited and not any(other is copy for other in self._edited):
            self._edited.append(copy)
            self.edited.emit(copy)
        elif not is_edited and any(other is copy for other in self._edited):
            self._edited.remove(copy)  # put back as it was
            self.settled.emit(copy)

    # --- taking back, giving up

    def take_back(self, copy: Copy, done: Callable[[Done[str]], None], failed: Failed) -> None:
        """Keep what was edited as a new version of the file."""
        source = Source(path=copy.path, name=copy.name)

        def job(session: Any) -> tuple[str, str, os.stat_result]:
            try:
                # Before it is read: what an editor writes from here on must still count as edited.
                facts = copy.path.stat()
            except OSError as error:
                raise EnvironmentProblem(f"No se pudo leer «{copy.name}»: {error.strerror or error}.") from error
            try:
                sentence = keeping.new_version(session, copy.document_id, source)
            except Refused:
                if keeping.facts(session, copy.document_id).sha256 != copy.hash_now():
                    raise
                sentence = f"«{copy.name}» ya estaba guardado así."
            return sentence, keeping.facts(session, copy.document_id).sha256, facts

        def saved(result: Done[tuple[str, str, os.stat_result]]) -> None:
            sentence, sha256, facts = result.value
            copy.settle(sha256, facts)
            self._edited = [other for other in self._edited if other is not copy]
            self._watch(copy)
            self.settled.emit(copy)
            done(Done(sentence, result.changes))
            self._timer.start()

        self._context.bridge.write(job, saved, self, failed=failed, slow=True)

    def give_up(self, copy: Copy) -> None:
        """What was edited is not wanted."""
        self.drop(copy)
        self.settled.emit(copy)

    # --- beginning and end

    def clear_up(self) -> None:
        """At the end of the program: what was not edited goes; the rest waits for the next start."""
        if self._folder is None:
            return
        for home in list(copies.homes(self._folder)):
            copy = copies.read_kept(home)
            if copy is None or not (copies.is_edited(copy) or copies.others_in(copy)):
                copies.remove(home)
        if not any(copies.homes(self._folder)):
            copies.remove(self._folder)
        if self._lock is not None:
            self._lock.unlock()
        self._folder = self._lock = None

    def recover(self) -> None:
        """At the start: offer what earlier runs left edited, take away the rest. Nothing of a run that goes on."""
        root, own = self._root, self._folder

        def job(session: Any) -> list[Copy]:
            return [copy for run in copies.homes(root) if run != own for copy in _left_in(session, run)]

        self._context.bridge.read(job, self._recovered, self, slow=True)

    def _recovered(self, found: list[Copy]) -> None:
        for copy in found:
            self._watch(copy)
            self._edited.append(copy)
            self.edited.emit(copy)


def _left_in(session: Any, run: Path) -> list[Copy]:
    """The edited copies of a run that has ended, if their files are in this database."""
    lock = QLockFile(str(run.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return []
    found: list[Copy] = []
    try:
        for home in copies.homes(run):
            copy = copies.read_kept(home)
            is_edited = copy is not None and copies.is_edited(copy)
            if copy is None or not (is_edited or copies.others_in(copy)):
                copies.remove(home)
            elif is_edited and _is_here(session, copy):
                found.append(copy)
        if not any(copies.homes(run)):
            copies.remove(run)
    except OSError as error:
        _log.info("%s: %s", run, error)
    finally:
        lock.unlock()
    return found


def _is_here(session: Any, copy: Copy) -> bool:
    """The profile may have been used with another database: there its files have other numbers."""
    try:
        present = keeping.facts(session, copy.document_id)
        known = {present.sha256, *(
            keeping.facts(session, copy.document_id, each.version_id).sha256
            for each in keeping.revisions(session, copy.document_id) if each.version_id is not None
        )}  # fmt: skip
    except Refused:
        return False
    return copy.sha256 in known


def desk_of(context: Context) -> CopyDesk:
    """The desk of the running program."""
    bridge: Bridge = context.bridge
    found = bridge.findChild(CopyDesk)
    return found if isinstance(found, CopyDesk) else CopyDesk(context)
