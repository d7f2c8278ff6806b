"""Long work of one's own thread: started, watched, stopped; what it writes is told to the program when it ends."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from oficrm.jobs import Changes, Progress
from ui.context import Context

LOOK_MS = 150


class Grows(Protocol):
    """The report of such work; ``changes`` is what it wrote."""

    changes: Changes


class LongRun(QObject):
    """Watches work that runs in a thread of its own; nothing else in the program waits for it.

    ``stepped(done, total)``; ``grown`` when the report may hold more; ``ended(report)``, or ``failed(report)`` after
    an error of ours, which is reported too.
    """

    stepped = Signal(object, object)
    grown = Signal()
    ended = Signal(object)
    failed = Signal(object)
    _finished = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._progress: Progress | None = None
        self._report: Grows | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.grown)
        self._finished.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def is_running(self) -> bool:
        """Whether it is on its way."""
        return self._progress is not None

    def cancel(self) -> None:
        """Stop at the next step; what is written stays."""
        if self._progress is not None:
            self._progress.cancel()

    def safely(self, emit: Callable[..., None]) -> Callable[..., None]:
        """For calls from the thread of the work: a signal takes them to the screen, if that is still there."""
        return lambda *values: emit(*values) if isValid(self) else None

    def follow(self, progress: Progress, report: Grows, future: Future[Any]) -> None:
        """Watch work that was just started."""
        self._progress, self._report = progress, report
        self._timer.start()
        future.add_done_callback(lambda done: self._finished.emit(done) if isValid(self) else None)

    def _end(self, future: Future[Any]) -> None:
        report = self._report
        assert report is not None
        self._progress = None
        self._timer.stop()
        error = future.exception()
        if report.changes.tables:
            self._context.bridge.announce(report.changes)
        if error is None:
            self.ended.emit(report)
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
            self.failed.emit(report)
