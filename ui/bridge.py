"""The only place where a future meets Qt: work goes to the lanes, answers come back to the GUI thread.

Answers for a window that is gone are dropped, and so are answers older than the latest request of the same purpose.
Every write announces what it changed through one signal; windows refresh themselves from it and never call each
other.
"""

import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from oficrm.errors import Cancelled
from oficrm.jobs import Changes, Done, Job, Jobs
from ui import collector

T = TypeVar("T")
Then = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Bridge(QObject):
    """Runs jobs for windows. Lives in the GUI thread.

    ``changed(changes, initiator)`` follows every write; ``failed(error, details)`` every error that no window
    took care of: ours, to be shown with a report. ``busy`` while anything runs, ``writing`` while a long write does.
    """

    changed = Signal(object, object)
    failed = Signal(object, str)
    busy = Signal(bool)
    writing = Signal(bool)
    _done = Signal(object)
    _long_done = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._latest: dict[tuple[int, str], int] = {}
        self._running = self._long = 0
        self._serial = 0
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._long_done.connect(self._end_long, Qt.ConnectionType.QueuedConnection)
        collector.take_over(self)

    def read(
        self, job: Job[T], then: Callable[[T], None], owner: QObject, *, failed: Failed | None = None,
        purpose: str = "", slow: bool = False,
    ) -> None:  # fmt: skip
        """Run a read; ``then`` gets its result in the GUI thread.

        With a ``purpose``, an answer is dropped when ``owner`` has asked again for the same purpose meanwhile.
        """
        if self.jobs.is_closed:
            return  # the program is ending; a list's timer may still ask for rows nobody will see
        lane = self.jobs.read_slowly if slow else self.jobs.read
        self._follow(lane(job), then, failed, owner, purpose, None)

    def write(
        self, job: Job[T], then: Callable[[Done[T]], None], owner: QObject, *, failed: Failed | None = None,
        slow: bool = False,
    ) -> None:  # fmt: skip
        """Run a write as one transaction; ``then`` gets the result with what changed, before everybody is told.

        ``slow`` is for what takes seconds: it runs beside the main lane, whose reads go on.
        """
        future = self.jobs.write_slowly(job) if slow else self.jobs.write(job)
        if slow:
            self._long += 1
            if self._long == 1:
                self.writing.emit(True)
            future.add_done_callback(lambda _: self._long_done.emit() if isValid(self) else None)
        self._follow(future, then, failed, owner, "", owner)

    def _end_long(self) -> None:
        self._long -= 1
        if self._long == 0:
            self.writing.emit(False)

    def _follow(
        self, future: "Future[Any]", then: Then, failed: Failed | None, owner: QObject, purpose: str,
        initiator: QObject | None,
    ) -> None:  # fmt: skip
        self._serial += 1
        serial = self._serial
        if purpose:
            self._latest[id(owner), purpose] = serial
        self._running += 1
        if self._running == 1:
            self.busy.emit(True)
        item = (then, failed, owner, purpose, serial, initiator, id(owner))
        future.add_done_callback(lambda done: self._done.emit((done, *item)) if isValid(self) else None)

    def _deliver(self, item: Any) -> None:
        future, then, failed, owner, purpose, serial, initiator, owner_id = item
        self._running -= 1
        if self._running == 0:
            self.busy.emit(False)
        try:
            error = future.exception()
        except CancelledError:
            return
        value = None if error else future.result()
        alive = isValid(owner)
        current = not purpose or self._latest.get((owner_id, purpose)) == serial
        if error is None:
            try:
                if alive and current:
                    then(value)
            finally:  # what was written was written, even if the window that asked stumbles over it
                if isinstance(value, Done) and value.changes.tables:
                    self.changed.emit(value.changes, initiator)
        elif alive and current and not isinstance(error, Cancelled):
            self._report(error, failed)

    def _report(self, error: Exception, failed: Failed | None) -> None:
        if failed is not None:
            failed(error)
        else:
            self.failed.emit(error, "".join(traceback.format_exception(error)))

    def announce(self, changes: Changes) -> None:
        """Tell every window that records changed, e.g. after an import that ran elsewhere."""
        self.changed.emit(changes, None)
