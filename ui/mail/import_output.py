"""Guardar informe…: the lines of an import's report as a file for a spreadsheet."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from oficrm import clock
from oficrm.errors import EnvironmentProblem
from oficrm.mail import import_report
from oficrm.mail.importing import Row
from ui import folders
from ui.context import Context
from ui.history.words import counted

MEMORY = "mail_report_folder"


class ReportOutput(QObject):
    """``said(sentence, good)`` when it is written, or could not be."""

    said = Signal(str, bool)

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self.choose_file: Callable[[str], Path | None] = self._ask

    def save(self, rows: Sequence[Row]) -> None:
        """Ask where, and write these lines."""
        path = self.choose_file(f"Importación de correos {clock.today().isoformat()}.csv")
        if path is None:
            return
        target = path if path.suffix.lower() == ".csv" else path.with_name(f"{path.name}.csv")
        folders.remember(self._context.memory, MEMORY, target)
        lines = list(rows)

        def done(count: int) -> None:
            self.said.emit(f"Guardado en {target} ({counted(count, 'línea', 'líneas')}).", True)

        def failed(error: Exception) -> None:
            if isinstance(error, EnvironmentProblem):
                self.said.emit(str(error), False)
            else:
                self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

        self._context.bridge.read(
            lambda s: import_report.to_csv(s, lines, target), done, self, failed=failed, slow=True
        )

    def _ask(self, name: str) -> Path | None:
        start = folders.last(self._context.memory, MEMORY)
        chosen, _filter = QFileDialog.getSaveFileName(self._window, "Guardar informe", str(start / name),
                                                      "Texto separado (*.csv)")  # fmt: skip
        return Path(chosen) if chosen else None
