"""The running application: theme, bridge, windows, errors, orderly end."""

import faulthandler
import logging
import logging.handlers
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from oficrm import settings
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import apart
from oficrm.jobs import Jobs
from oficrm.profile import Profile
from oficrm.settings import Settings
from ui import theme
from ui.bridge import Bridge
from ui.calendar.reminding import Reminder
from ui.context import Context
from ui.error_dialog import ErrorDialog
from ui.files.beginning import begin_files
from ui.first_start import FirstStart
from ui.main_window import MainWindow
from ui.memory import Memory
from ui.notifications.rounds import Rounds
from ui.windows import Windows

log = logging.getLogger("oficrm")


class Application(QObject):
    """Everything of one session at the screen. ``start`` shows it; ``stop`` ends it."""

    def __init__(self, qt: QApplication, jobs: Jobs, profile: Profile, demo: int | None = None) -> None:
        super().__init__(qt)
        self.qt = qt
        self.jobs = jobs
        self.profile = profile
        self.demo = demo
        self.memory = Memory(profile.memory, self)
        theme.apply(qt, self.memory.get("theme", "system"))
        self.bridge = Bridge(jobs, self)
        self.bridge.failed.connect(self._on_failed)
        self.main_window: MainWindow | None = None
        self.windows = Windows(self.bridge, self.memory)
        self._error_dialog: ErrorDialog | None = None

    def start(self) -> None:
        """Read the settings, ask what the first start asks, then open the main window."""
        self.bridge.read(settings.read, self._on_settings, self)

    def _on_settings(self, values: Settings) -> None:
        if values.is_configured:
            self._open_main(values)
            return
        dialog = FirstStart(self.bridge, self.demo)
        dialog.finished_setup.connect(lambda: self.bridge.read(settings.read, self._open_main, self))
        dialog.rejected.connect(self.qt.quit)
        dialog.show()
        self._first_start = dialog

    def _open_main(self, values: Settings) -> None:
        theme.install_spanish(self.qt, values.country)
        window = MainWindow(self.bridge, self.memory, self.windows, values)
        self.main_window = window
        window.closed.connect(self.stop)
        window.show()
        window.restore_drafts()
        self.indexer = begin_files(window.context, self.qt)
        self.rounds = Rounds(self.bridge, window)
        self.reminder = Reminder(window.context, window)

    def context(self) -> Context:
        """Return what windows are given. Only once the main window is open."""
        assert self.main_window is not None
        return self.main_window.context

    def stop(self) -> None:
        """Close every window that lets itself be closed, keep what is remembered, finish the jobs."""
        self.memory.flush()
        self.qt.quit()

    def _on_failed(self, error: Exception, details: str) -> None:
        """Errors nobody took care of: the environment's in a notice, ours with a report."""
        if isinstance(error, EnvironmentProblem | Refused):
            if self.main_window is not None:
                self.main_window.notices.show(str(error), icon="error")
                return
            details = str(error)
        log.error("%s", details)
        self.show_error(details)

    def show_error(self, details: str) -> None:
        """Show the report of an error of ours; one dialog at a time."""
        if self._error_dialog is None or not self._error_dialog.isVisible():
            self._error_dialog = ErrorDialog(details, self.qt.activeWindow())
            self._error_dialog.show()
        else:
            self._error_dialog.add(details)


def install_logging(profile: Profile) -> None:
    """Keep a small rotating log, and the stacks of a crash of Qt itself."""
    handler = logging.handlers.RotatingFileHandler(
        profile.logs / "oficrm.log", maxBytes=500_000, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    faulthandler.enable(open(profile.logs / "caida.log", "w", encoding="utf-8"))  # noqa: SIM115  open for good


def install_crash_hook(show: Callable[[str], None]) -> None:
    """Errors in slots and callbacks end in the error dialog, not in a silent line on the console."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("%s", details)
        show(details)

    sys.excepthook = hook


def make_qt() -> QApplication:
    """Create the Qt application with its names, in Spanish."""
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    qt.setApplicationName("OfiCRM")
    qt.setApplicationDisplayName("OfiCRM")
    qt.setDesktopFileName("oficrm")
    qt.setQuitOnLastWindowClosed(False)
    theme.install_spanish(qt)
    return qt


def run(jobs: Jobs, profile: Profile, demo: int | None) -> int:
    """Run the application until its main window is closed."""
    qt = make_qt()
    install_logging(profile)
    application = Application(qt, jobs, profile, demo)
    install_crash_hook(application.show_error)
    QTimer.singleShot(0, application.start)
    code = qt.exec()
    apart.close()  # nobody waits for a slow document to go home
    jobs.close()
    return code
