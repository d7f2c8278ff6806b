"""Prints and exports a list beside the rest of the program: with progress, and a way to stop it."""

from __future__ import annotations

import os
import traceback
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from db.registry import module
from oficrm import clock, export, printing
from oficrm.errors import EnvironmentProblem
from oficrm.export import Sheet
from oficrm.jobs import Job, Progress
from ui import folders
from ui import printing as paper_ui
from ui.bridge import Bridge
from ui.lists.ask_bar import AskBar
from ui.lists.foot import counted

if TYPE_CHECKING:
    from ui.lists.page import ListPage

_KINDS: dict[str, tuple[str, str]] = {
    "xlsx": ("Exportar a Excel", "Libro de Excel (*.xlsx)"),
    "csv": ("Exportar a CSV", "Texto separado (*.csv)"),
    "pdf": ("Guardar como PDF", "Documento PDF (*.pdf)"),
}
ChooseFile = Callable[[str, str, str], Path | None]


class Output(QObject):
    """One export or print of a page at a time."""

    finished = Signal(object)
    """The file written, None when it went to paper."""
    _stepped = Signal(int, int)

    def __init__(self, bridge: Bridge, bar: AskBar, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._bar, self._page = bridge, bar, page
        self._progress: Progress | None = None
        self._words = ""
        self.folder = ""
        self.choose_file: ChooseFile = self._ask_file
        self._stepped.connect(self._show_step, Qt.ConnectionType.QueuedConnection)

    def is_busy(self) -> bool:
        """Whether something is being written."""
        return self._progress is not None

    # --- what the user asks for

    def run(self, kind: str, page: ListPage, selected: list[int]) -> None:
        """Print or save what is loaded, or only what is selected when that is more than one row."""
        ids = array("q", selected) if len(selected) > 1 else page.loaded_ids()
        names = page.model.style.paper_columns(page.table.shown_names())
        sheet = Sheet(page.table_name, ids, names, module(page.table_name).module.plural)
        words = page.loaded_words
        order = page.model.order
        total = order.total_in(page.table.selected_ranges()) if len(selected) > 1 else order.total()
        if kind == "print":
            self.print_list(sheet, words, total, country=page.model.facts.country)
        else:
            self.save(kind, sheet, words, total)

    def save(self, kind: str, sheet: Sheet, subtitle: str = "", total: Any = None) -> None:
        """Ask where, and write the rows as ``xlsx``, ``csv`` or ``pdf``."""
        caption, pattern = _KINDS[kind]
        name = f"{sheet.title} {clock.today().isoformat()}.{kind}"
        path = None if self.is_busy() else self.choose_file(caption, name, pattern)
        if path is None:
            return
        if path.suffix.lower() != f".{kind}":
            path = path.with_name(f"{path.name}.{kind}")
        progress = self._begin("Guardando" if kind == "pdf" else "Exportando")
        job: Job[int]
        if kind == "pdf":
            job = lambda session: _pdf(session, sheet, path, subtitle, total, progress)  # noqa: E731
        else:
            write = export.to_xlsx if kind == "xlsx" else export.to_csv
            job = lambda session: write(session, sheet, path, progress)  # noqa: E731
        self._run(job, lambda: self._saved(path, len(sheet.ids)))

    def print_list(self, sheet: Sheet, subtitle: str = "", total: Any = None, *, country: str = "ES") -> None:
        """Ask for a printer and print the rows."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self.is_busy():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(sheet.title)
        printer.setPageLayout(paper_ui.page_layout(printing.paper_of(country)))
        dialog = QPrintDialog(printer, self._page)
        dialog.setWindowTitle(f"Imprimir {sheet.title.lower()}")
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return
        progress = self._begin("Imprimiendo")

        def job(session: Any) -> int:
            paper = printing.list_paper(session, sheet, subtitle, total)
            return paper_ui.ListPainter(printer, paper).paint(printing.list_rows(session, sheet, progress))

        self._run(job, lambda: self._printed(len(sheet.ids)))

    # --- how it goes

    def _begin(self, words: str) -> Progress:
        self._words = words
        self._progress = Progress(self._stepped.emit)
        self._bar.work(f"{words}…", self._cancel)
        return self._progress

    def _run(self, job: Job[int], then: Callable[[], None]) -> None:
        progress = self._progress

        def done(_count: int) -> None:
            if self._progress is progress:
                self._progress = None
                then()

        def failed(error: Exception) -> None:
            if self._progress is progress:
                self._progress = None
                self._bar.close_bar()
            if isinstance(error, EnvironmentProblem):
                self._bar.say(str(error), good=False)
            else:
                self._bridge.failed.emit(error, "".join(traceback.format_exception(error)))

        self._bridge.read(job, done, self, failed=failed, slow=True)

    def _show_step(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._bar.step(done, total, f"{self._words} {counted(done)} de {counted(total)}…")

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
            self._bar.say("Cancelado: no se ha guardado nada.", good=False)

    def _saved(self, path: Path, count: int) -> None:
        text = f"Guardado en {path} ({_rows(count)})."
        self._bar.say(text, more="Abrir", run=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        self.finished.emit(path)

    def _printed(self, count: int) -> None:
        self._bar.say(f"Enviado a la impresora ({_rows(count)}).")
        self.finished.emit(None)

    def _ask_file(self, caption: str, name: str, pattern: str) -> Path | None:
        folder = Path(self.folder) if self.folder and os.path.isdir(self.folder) else folders.documents()
        chosen, _filter = QFileDialog.getSaveFileName(self._page, caption, str(folder / name), pattern)
        return Path(chosen) if chosen else None


def _pdf(session: Any, sheet: Sheet, path: Path, subtitle: str, total: Any, progress: Progress) -> int:
    """Write the rows as PDF; no file is left when it does not come to its end."""
    paper = printing.list_paper(session, sheet, subtitle, total)
    with export.replacing(path) as part:
        return paper_ui.write_pdf(part, paper, printing.list_rows(session, sheet, progress))


def _rows(count: int) -> str:
    return "1 fila" if count == 1 else f"{counted(count)} filas"
