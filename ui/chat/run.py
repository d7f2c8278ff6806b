"""Messages of chats on their way into the program, from a server or from exported files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from oficrm.chat import bringing, connecting, importing
from oficrm.chat.bringing import Into
from oficrm.chat.importing import Report, Wanted
from oficrm.chat.work import Work
from ui.context import Context
from ui.long_run import LongRun


class ChatRun(LongRun):
    """An import of messages; ``noted(text)`` tells why it waits.

    After an error of ours it is ``ended`` too, with the report saying so: what was brought in stays.
    """

    noted = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(context, parent)
        self.report = Report()
        self.failed.connect(self._broke)

    def rooms(self, server: str, rooms: Sequence[Wanted]) -> None:
        """Bring rooms of a server up to date."""
        work = self._begin()
        connect = partial(connecting.come_back, server, work)
        jobs = self._context.bridge.jobs
        self.follow(work, self.report, importing.start(jobs, connect, tuple(rooms), self.report))

    def files(self, paths: Sequence[Path], into: Into) -> None:
        """Bring exported files in."""
        work = self._begin()
        jobs = self._context.bridge.jobs
        self.follow(work, self.report, bringing.start(jobs, tuple(paths), into, work, self.report))

    def _begin(self) -> Work:
        self.report = Report()
        work = Work(self.safely(self.stepped.emit))
        work.note = self.safely(self.noted.emit)
        self.destroyed.connect(work.cancel)  # nobody is left to be told; the next run goes on from there
        return work

    def _broke(self, report: Report) -> None:
        report.problem = report.problem or "No se ha llegado al final; lo traído se conserva."
        self.ended.emit(report)
