"""One import of messages on its way: started, watched, stopped; what it writes is told to the program when it ends."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from oficrm.chat import bringing, connecting, importing
from oficrm.chat.bringing import Into
from oficrm.chat.importing import Report, Wanted
from oficrm.chat.work import Work
from ui.context import Context

LOOK_MS = 150


class ChatRun(QObject):
    """Runs an import in a thread of its own; nothing else in the program waits for it.

    ``stepped(done, total)``; ``noted(text)`` why it waits; ``grown`` when the report may hold more; ``ended(report)``.
    """

    stepped = Signal(object, object)
    noted = Signal(str)
    grown = Signal()
    ended = Signal(object)
    _finished = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._work: Work | None = None
        self.report = Report()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.grown)
        self._finished.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def is_running(self) -> bool:
        """Whether messages are on their way."""
        return self._work is not None

    def rooms(self, server: str, rooms: Sequence[Wanted]) -> None:
        """Bring rooms of a server up to date."""
        work = self._begin()
        connect = partial(connecting.come_back, server, work)
        self._follow(importing.start(self._context.bridge.jobs, connect, tuple(rooms), self.report))

    def files(self, paths: Sequence[Path], into: Into) -> None:
        """Bring exported files in."""
        work = self._begin()
        self._follow(bringing.start(self._context.bridge.jobs, tuple(paths), into, work, self.report))

    def _begin(self) -> Work:
        self.report = Report()
        work = self._work = Work(self._safely(self.stepped.emit))
        work.note = self._safely(self.noted.emit)
        self.destroyed.connect(work.cancel)  # nobody is left to be told; the next run goes on from there
        self._timer.start()
        return work

    def _safely(self, emit: Callable[..., None]) -> Callable[..., None]:
        """Called in the thread of the import: a signal takes it to the screen, if that is still there."""
        return lambda *values: emit(*values) if isValid(self) else None

    def _follow(self, future: Future[Report]) -> None:
        future.add_done_callback(lambda done: self._finished.emit(done) if isValid(self) else None)

    def cancel(self) -> None:
        """Stop after the page being read; what is written stays."""
        if self._work is not None:
            self._work.cancel()

    def _end(self, future: Future[Any]) -> None:
        self._work = None
        self._timer.stop()
        error = future.exception()
        if self.report.changes.tables:
            self._context.bridge.announce(self.report.changes)
        if error is not None:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
            self.report.problem = self.report.problem or "No se ha llegado al final; lo traído se conserva."
        self.ended.emit(self.report)
