"""Calls to a chat server from a screen: each in a thread of its own, its answer in the screen's."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from oficrm.chat.work import Work, apart
from oficrm.errors import Cancelled, EnvironmentProblem, Refused
from ui.bridge import Bridge

T = TypeVar("T")


class Network(QObject):
    """Runs one call at a time for its owner; a new one leaves the answer of the one before unheard."""

    _answered = Signal(object)
    busy = Signal(bool)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._work: Work | None = None
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._work is not None

    def run(self, call: Callable[[Work], T], then: Callable[[T], object], failed: Callable[[str], object]) -> None:
        """Call; then ``then`` gets the answer, or ``failed`` the sentence that says what went wrong."""
        self.cancel()
        work = self._work = Work()
        future = apart(lambda: call(work))
        future.add_done_callback(
            lambda done: self._answered.emit((work, done, then, failed)) if isValid(self) else None
        )
        self.busy.emit(True)

    def cancel(self) -> None:
        """Hear no answer any more."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
            self.busy.emit(False)

    def _deliver(self, item: Any) -> None:
        work, future, then, failed = item
        if work is not self._work:
            return
        self._work = None
        self.busy.emit(False)
        error = _error_of(future)
        if error is None:
            then(future.result())
        elif isinstance(error, EnvironmentProblem | Refused):
            failed(str(error))
        elif not isinstance(error, Cancelled):
            failed("Ha fallado la conexión.")
            self._bridge.failed.emit(error, "".join(traceback.format_exception(error)))


def _error_of(future: Future[Any]) -> BaseException | None:
    return future.exception()
