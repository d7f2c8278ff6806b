"""One import of messages on its way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from oficrm.jobs import Progress
from oficrm.mail import importing
from oficrm.mail.importing import Options, Report
from ui.context import Context
from ui.long_run import LongRun


class ImportRun(LongRun):
    """An import of mail; steps are bytes read."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(context, parent)
        self.report = Report()

    def start(self, paths: Sequence[Path], options: Options, only: frozenset[str] | None = None) -> Report:
        """Begin; the report returned grows."""
        self.report = Report()
        progress = Progress(self.safely(self.stepped.emit))
        jobs = self._context.bridge.jobs
        future = importing.start(jobs, tuple(paths), options, progress, self.report, only)
        self.follow(progress, self.report, future)
        return self.report
