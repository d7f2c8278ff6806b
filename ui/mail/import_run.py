"""One import on its way: started, watched, stopped; what it writes is told to the program when it ends."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from oficrm.jobs import Progress
from oficrm.mail import importing
from oficrm.mail.importing import Options, Report
from ui.context import Context

LOOK_MS = 150


class ImportRun(QObject):
    """Runs an import in a thread of its own; nothing else in the program waits for it.

    ``stepped(done, total)`` in bytes; ``grown`` when the report may have more lines; ``ended(report)``.
    """

    stepped = Signal(object, object)
    grown = Signal()
    ended = Signal(object)
    failed = Signal()
    _finished = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._progress: Progress | None = None
        self.report = Report()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.grown)
        self._finished.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def is_running(self) -> bool:
        """Whether messages are being imported."""
        return self._progress is not None

    def start(self, paths: Sequence[Path], options: Options, only: frozenset[str] | None = None) -> Report:
        """Begin; the report returned grows."""
        self.report = Report()
        progress = self._progress = Progress(self._step)
        jobs = self._context.bridge.jobs
        future = importing.start(jobs, tuple(paths), options, progress, self.report, only)
        future.add_done_callback(lambda done: self._finished.emit(done) if isValid(self) else None)
        self._timer.start()
        return self.report

    def _step(self, done: int, total: int) -> None:
        """Called in the thread of the import: a signal takes it to the screen."""
        if isValid(self):
            self.stepped.emit(done, total)

    def cancel(self) -> None:
        """Stop after the message being read; what is filed stays."""
        if self._progress is not None:
            self._progress.cancel()

    def _end(self, future: Future[Any]) -> None:
        self._progress = None
        self._timer.stop()
        error = future.exception()
        changes = self.report.changes
        if changes.tables:
            self._context.bridge.announce(changes)
        if error is not None:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
            self.failed.emit()
            return
        self.ended.emit(self.report)
