"""Looks now and then whether something is about to begin, and says so: a notice here, and one behind the bell."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from oficrm import clock
from oficrm.calendar import reminders
from oficrm.calendar.reminders import Due
from oficrm.jobs import Changes, Done
from ui.context import Context

FIRST_MS = 5_000
"""After the start: what the user opens first comes first."""
LOOK_MS = 30_000
log = logging.getLogger("oficrm")


class Reminder(QObject):
    """Reads beside the main lane, and writes only what is due. ``looked`` after each look."""

    looked = Signal()

    def __init__(self, context: Context, parent: QObject, *, first_ms: int = FIRST_MS) -> None:
        super().__init__(parent)
        self._context = context
        self._is_looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(first_ms, self, self.look)

    def look(self) -> None:
        """See what is due now."""
        if self._is_looking:
            return
        self._is_looking = True
        now = clock.now()
        self._context.bridge.read(lambda s: reminders.due(s, now), self._found, self, failed=self._failed, slow=True)

    def _found(self, wanted: list[Due]) -> None:
        if not wanted:
            self._rest()
            return
        now = clock.now()
        self._context.bridge.write(lambda s: reminders.remind(s, now), self._given, self, failed=self._failed)

    def _given(self, done: Done[list[str]]) -> None:
        texts = done.value
        if texts:
            more = f" (y {len(texts) - 1} más)" if len(texts) > 1 else ""
            self._context.notices.show(f"Recordatorio: {texts[0]}{more}")
            self._context.bridge.announce(Changes({}))  # notices are no records: the bell asks again
        self._rest()

    def _failed(self, error: Exception) -> None:
        """A server that does not answer: it is looked again in half a minute."""
        log.warning("reminders were not read: %r", error)
        self._rest()

    def _rest(self) -> None:
        self._is_looking = False
        self.looked.emit()
