"""What the program does by itself once a day, while it is open: after its start, and when a new day begins."""

from __future__ import annotations

import datetime as dt
import logging

from PySide6.QtCore import QObject, QTimer, Signal

from oficrm import clock, daily
from oficrm.errors import EnvironmentProblem
from ui.bridge import Bridge

FIRST_MS = 3_000
"""After the start: what the user opens first comes first."""
LOOK_MS = 10 * 60_000
log = logging.getLogger("oficrm")


class Rounds(QObject):
    """Runs the jobs of the day beside the main lane. ``finished`` after each run."""

    finished = Signal()

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._done_on: dt.date | None = None
        self._running = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(FIRST_MS, self, self.look)

    def look(self) -> None:
        """Run the jobs unless they ran today."""
        today = clock.today()
        if self._running or self._done_on == today or self._bridge.jobs.is_closed:
            return
        self._running = True

        def done(_: object) -> None:
            self._running, self._done_on = False, today
            self.finished.emit()

        self._bridge.write(daily.run, done, self, failed=self._on_failed, slow=True)

    def _on_failed(self, error: Exception) -> None:
        """It is tried again at the next look; a server that does not answer is no mistake of ours."""
        self._running = False
        log.warning("the jobs of the day did not run: %r", error)
        if not isinstance(error, EnvironmentProblem):
            self._done_on = clock.today()  # once a day is enough to say so
            self._bridge.failed.emit(error, repr(error))
        self.finished.emit()
