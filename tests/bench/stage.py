"""The real application over the measured database, offscreen, and the instruments that watch it."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from oficrm.jobs import Jobs
from oficrm.profile import Profile
from ui.app import Application, make_qt
from ui.main_window import MainWindow

PATIENCE_S = 60
BEAT_MS = 2


class Pulse(QObject):
    """A heartbeat on the GUI thread: the longest time without one is how long the window stood still."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0.0
        self.longest = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000 - BEAT_MS)
        self._last = now

    def start(self) -> None:
        """Begin to listen."""
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        """Stop; milliseconds of the longest standstill."""
        self._beat()
        self._timer.stop()
        return self.longest


class Paints(QObject):
    """Counts how often a window has been painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.count = 0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Qt's own name: sees every event of the window."""
        if event.type() == QEvent.Type.UpdateRequest:
            self.count += 1
        return False


class Stage:
    """The application, started; `until` lets it run."""

    def __init__(self, jobs: Jobs, folder: Path, rest: int = 300) -> None:
        self._said = qInstallMessageHandler(_only_trouble)
        self.qt: QApplication = make_qt()
        profile = Profile(folder)
        profile.make()
        self.failures: list[str] = []
        self.application = Application(self.qt, jobs, profile)
        self.application.bridge.failed.connect(lambda _error, details: self.failures.append(details))
        self.application.start()
        self.until(lambda: self.application.main_window is not None)
        assert self.application.main_window is not None
        self.window: MainWindow = self.application.main_window
        self.window.resize(1366, 768)
        self.pulse = Pulse()
        self.rest(rest)

    def until(self, condition: Callable[[], object]) -> None:
        """Let events run until a condition holds. Raises what the program failed with, or TimeoutError."""
        wake = QTimer()
        wake.setInterval(50)
        wake.start()
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if self.failures:
                raise RuntimeError("".join(self.failures))
            if time.monotonic() > deadline:
                raise TimeoutError("waited in vain")
            self.qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(self, milliseconds: int) -> None:
        """Let events run for a while, and windows that were closed go."""
        until = time.monotonic() + milliseconds / 1000
        self.until(lambda: time.monotonic() > until)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def close(self) -> None:
        """End the application."""
        self.window.windows.close_all()
        self.window.close()
        self.rest(50)
        qInstallMessageHandler(self._said)


def _only_trouble(kind: QtMsgType, _context: object, text: str) -> None:
    """Offscreen, Qt regrets a hundred times that there is no window manager."""
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        print(text)
