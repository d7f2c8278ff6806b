"""Guardar como…: copies of files where the user wants them; nothing that is there is written over unasked."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping, names
from oficrm.files.keeping import FileFacts
from oficrm.files.kinds import kind_of, kind_of_mime
from oficrm.files.limits import HEAD_BYTES
from oficrm.jobs import Progress
from ui import folders
from ui.lists.ask_bar import AskBar

if TYPE_CHECKING:
    from ui.context import Context

LAST_FOLDER = "files_folder"


class SavingOut(QObject):
    """One lot at a time, with progress and a way to stop it."""

    finished = Signal(object)
    """The paths written."""
    _stepped = Signal(int, int)
    facts_of = staticmethod(keeping.facts)
    """What is known of a file by its id, inside a job."""

    def __init__(self, context: Context, bar: AskBar, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._bar = context, bar
        self._progress: Progress | None = None
        self.choose_file: Callable[[str], Path | None] = self._ask_file
        self.choose_folder: Callable[[], Path | None] = self._ask_folder
        self._stepped.connect(self._show_step, Qt.ConnectionType.QueuedConnection)

    def is_busy(self) -> bool:
        """Whether something is being written."""
        return self._progress is not None

    def save(self, ids: Sequence[int], version_id: int | None = None) -> None:
        """Ask where, and write: one file under a name, several into a folder."""
        if self.is_busy() or not ids:
            return
        wanted = tuple(ids)

        def facts(session: Any) -> list[tuple[FileFacts, str]]:
            found = [self.facts_of(session, ident, version_id) for ident in wanted]
            return [(each, _safe(session, each)) for each in found]

        self._context.bridge.read(facts, self._ask, self, failed=self._failed, slow=len(wanted) > 20)

    def _ask(self, found: list[tuple[FileFacts, str]]) -> None:
        if len(found) == 1:
            path = self.choose_file(found[0][1])
            if path is not None:
                self._remember(path.parent)
                self._write([(found[0][0], path)], replaces=True)
            return
        folder = self.choose_folder()
        if folder is not None:
            self._remember(folder)
            self._write([(facts, folder / name) for facts, name in found], replaces=False)

    def _write(self, files: list[tuple[FileFacts, Path]], *, replaces: bool) -> None:
        progress = self._progress = Progress(self._stepped.emit)
        self._bar.work("Guardando…", self.cancel)

        def job(session: Any) -> list[Path]:
            return _write_all(session, files, progress, replaces=replaces)

        def done(paths: list[Path]) -> None:
            self._progress = None
            self._said(paths)

        def failed(error: Exception) -> None:
            self._progress = None
            self._bar.close_bar()
            self._failed(error)

        self._context.bridge.read(job, done, self, failed=failed, slow=True)

    def _said(self, paths: list[Path]) -> None:
        folder = paths[0].parent
        text = f"Guardado en {paths[0]}." if len(paths) == 1 else f"{len(paths)} archivos guardados en {folder}."
        self._bar.say(text, more="Abrir la carpeta",
                      run=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))  # fmt: skip
        self.finished.emit(paths)

    def cancel(self) -> None:
        """Stop; what was written of this lot goes."""
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
            self._bar.say("Cancelado: no se ha guardado nada.", good=False)

    def _show_step(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._bar.step(done, total, f"Guardando… {100 * done // max(total, 1)} %")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self._bar.say(str(error), good=False)
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    # --- where

    def _remember(self, folder: Path) -> None:
        folders.remember(self._context.memory, LAST_FOLDER, folder, is_folder=True)

    def _start(self) -> Path:
        return folders.last(self._context.memory, LAST_FOLDER)

    def _ask_file(self, name: str) -> Path | None:
        chosen, _filter = QFileDialog.getSaveFileName(self._bar, "Guardar como", str(self._start() / name))
        return Path(chosen) if chosen else None

    def _ask_folder(self) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self._bar, "Guardar en la carpeta", str(self._start()))
        return Path(chosen) if chosen else None


def _safe(session: Any, facts: FileFacts) -> str:
    """The name it may have on a disk, by what it really is."""
    kind = kind_of_mime(facts.mime)
    if not kind.is_executable:
        kind = kind_of(facts.name, keeping.read(session, facts.sha256, HEAD_BYTES))
    return names.safe_name(facts.name, kind)


def _write_all(
    session: Any, files: list[tuple[FileFacts, Path]], progress: Progress, *, replaces: bool
) -> list[Path]:  # fmt: skip
    """Write all or none. ``replaces`` where the user has chosen the name and answered for what is there."""
    meter = _Share(progress, sum(facts.size for facts, _path in files))
    written: list[Path] = []
    try:
        for facts, path in files:
            if replaces:
                part = names.free_name(path.parent, f"{path.name[:100]}.parte")
                keeping.copy_out(session, facts, part, meter.of(facts))
                _move(part, path)
                written.append(path)
            else:
                free = names.free_name(path.parent, path.name)
                written.append(keeping.copy_out(session, facts, free, meter.of(facts)))
    except BaseException:
        if not replaces:
            for path in written:
                path.unlink(missing_ok=True)
        raise
    return written


def _move(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EnvironmentProblem(f"No se pudo escribir {path}: {error.strerror or error}.") from error


class _Share:
    """The progress of several files as one."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._before = progress, max(total, 1), 0

    def of(self, facts: FileFacts) -> Progress:
        """The progress of the next file."""
        before = self._before
        self._before += facts.size
        return Progress(lambda done, total: self._progress.step(
            before + facts.size * done // max(total, 1), self._total
        ))  # fmt: skip
