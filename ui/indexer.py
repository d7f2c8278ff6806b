"""Looks inside files that nobody has looked into yet, a little at a time, so that lists find what they say.

Runs beside everything else on the slow lane: one file a step, and between two steps whoever waits there has his turn.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from oficrm.errors import EnvironmentProblem
from oficrm.files import indexing
from oficrm.files.indexing import Unread, Words
from oficrm.jobs import Changes, Done
from ui.bridge import Bridge

START_MS = 3000
"""After the program is on the screen: what the user asks first comes first."""
NEXT_MS = 50
RETRY_MS = 60_000
TABLES = frozenset({"document", "document_version", "email_message"})
"""Who writes one of these may have brought new contents."""
_log = logging.getLogger(__name__)


class Indexer(QObject):
    """Works until nothing is left, and again when files have come. ``rested`` when there is nothing to do."""

    rested = Signal()

    def __init__(self, bridge: Bridge, *, start_ms: int = START_MS) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._is_working = self._is_asked = False
        self._stop = threading.Event()
        self._waiting: list[Unread] = []
        self._refused: set[str] = set()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._step)
        self._timer.start(start_ms)
        bridge.changed.connect(self._changed)
        self.destroyed.connect(self._stop.set)

    def stop(self) -> None:
        """The program ends: what is being read is left for the next time."""
        self._stop.set()
        self._timer.stop()

    def _changed(self, changes: Changes, initiator: Any) -> None:
        if initiator is not self and TABLES.intersection(changes.tables):
            self._is_asked = True
            if not self._is_working and not self._timer.isActive():
                self._timer.start(NEXT_MS)

    def _step(self) -> None:
        if self._stop.is_set() or self._is_working:
            return
        self._is_working = True
        if not self._waiting:
            self._is_asked = False
            self._bridge.read(indexing.pending, self._listed, self, failed=self._failed, slow=True)
            return
        item = self._waiting[0]
        self._bridge.read(lambda session: indexing.words(session, item, self._stop.is_set), self._found, self,
                          failed=self._failed, slow=True)  # fmt: skip

    def _listed(self, found: list[Unread]) -> None:
        self._is_working = False
        self._waiting = [item for item in found if item.sha256 not in self._refused]
        if self._waiting or self._is_asked:
            self._timer.start(NEXT_MS)
        else:
            self.rested.emit()

    def _found(self, words: Words) -> None:
        if self._stop.is_set():  # cut short it would count as read
            return
        self._bridge.write(lambda session: indexing.store(session, [words]), self._stored, self, failed=self._failed,
                           slow=True)  # fmt: skip

    def _stored(self, _done: Done[None]) -> None:
        self._is_working = False
        self._waiting = self._waiting[1:]
        self._timer.start(NEXT_MS)

    def _failed(self, error: Exception) -> None:
        """A busy database, a full disk: later. What else goes wrong is ours, and no reason to stop the others."""
        self._is_working = False
        if isinstance(error, EnvironmentProblem):
            _log.info("indexing waits: %s", error)
            self._timer.start(RETRY_MS)
            return
        _log.error("indexing", exc_info=error)
        if self._waiting:
            self._refused.add(self._waiting.pop(0).sha256)
            self._timer.start(NEXT_MS)
