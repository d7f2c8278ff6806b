"""Takes files in for one place: asks what has to be asked, shows how far it is, lets itself be cancelled, reports."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import arriving
from oficrm.files.arriving import Arrival, Folder, Namesake
from oficrm.files.attaching import Attached
from oficrm.files.sources import Source
from oficrm.jobs import Done, Progress
from ui.forms.message_bar import Answer

if TYPE_CHECKING:
    from ui.files.part import FilesPart

ASK_FOLDER, ASK_NAME = "folder", "namesake"


class Adding(QObject):
    """One lot of files at a time; those that come meanwhile wait."""

    finished = Signal(object)
    """What was taken in (``Attached``)."""
    _stepped = Signal(int, int)

    def __init__(self, part: FilesPart) -> None:
        super().__init__(part)
        self._part = part
        self._waiting: list[Source] = []
        self._sources: list[Source] = []
        self._versions: list[Namesake] = []
        self._arrival: Arrival | None = None
        self._progress: Progress | None = None
        self._is_looking = False
        self._count = 0
        self._stepped.connect(self._show_step, Qt.ConnectionType.QueuedConnection)

    def is_busy(self) -> bool:
        """Whether files are being asked about or taken in."""
        return self._is_looking or self._arrival is not None or self._progress is not None

    def add(self, sources: Sequence[Source]) -> None:
        """Take these in."""
        if self.is_busy():
            self._waiting += sources
        elif sources:
            self._look(tuple(sources))

    # --- what has to be asked

    def _look(self, sources: tuple[Source, ...]) -> None:
        place = self._part.place
        self._is_looking = True
        self._part.page.context.bridge.read(
            lambda session: arriving.look_at(session, place, sources), self._looked, self, failed=self._failed,
            slow=True,
        )  # fmt: skip

    def _looked(self, arrival: Arrival) -> None:
        self._is_looking = False
        self._arrival = arrival
        self._sources += arrival.sources
        self._next_question()

    def _next_question(self) -> None:
        arrival = self._arrival
        assert arrival is not None
        if arrival.folders:
            self._ask_folders(arrival.folders)
        elif arrival.namesakes:
            self._ask_names(arrival.namesakes)
        else:
            self._arrival = None
            self._start()

    def _ask_folders(self, folders: tuple[Folder, ...]) -> None:
        files = [path for folder in folders for path in folder.files]
        what = f"«{folders[0].path.name}» es una carpeta" if len(folders) == 1 else f"Hay {len(folders)} carpetas"
        if not files:
            self._answer_folders([])
            self._part.bar.say(f"{what} sin archivos: no hay nada que añadir.", good=False)
            return
        count = "1 archivo" if len(files) == 1 else f"{len(files)} archivos"
        more = " (los primeros)" if any(folder.is_cut for folder in folders) else ""
        answers = [Answer(f"Añadir {count}", lambda: self._answer_folders(files), "button_folder_add", True),
                   Answer("No añadir", lambda: self._answer_folders([]), "button_folder_skip")]  # fmt: skip
        self._ask(ASK_FOLDER, f"{what} con {count}{more}.", answers)

    def _answer_folders(self, files: Sequence[Any]) -> None:
        self._part.bars.hide_message(ASK_FOLDER)
        self._part.page.focus_table()
        assert self._arrival is not None
        rest = self._arrival.namesakes
        self._arrival = Arrival((), (), rest)
        if not files:
            self._next_question()
            return
        place, sources = self._part.place, [Source(path=path) for path in files]

        def looked(found: Arrival) -> None:
            self._sources += found.sources
            self._arrival = Arrival((), (), rest + found.namesakes)
            self._next_question()

        self._part.page.context.bridge.read(
            lambda session: arriving.look_at(session, place, sources), looked, self, failed=self._failed, slow=True
        )

    def _ask_names(self, namesakes: tuple[Namesake, ...]) -> None:
        if len(namesakes) == 1:
            text = f"Ya hay un «{namesakes[0].name}» aquí, con otro contenido."
            words = ("Añadir como versión nueva", "Añadir aparte")
        else:
            names = ", ".join(f"«{each.name}»" for each in namesakes[:3])
            more = f" y {len(namesakes) - 3} más" if len(namesakes) > 3 else ""
            text = f"Ya hay {len(namesakes)} archivos con estos nombres aquí, con otro contenido: {names}{more}."
            words = ("Añadir como versiones nuevas", "Añadir aparte")
        answers = [
            Answer(words[0], lambda: self._answer_names(versions=namesakes), "button_name_version", True),
            Answer(words[1], lambda: self._answer_names(apart=namesakes), "button_name_apart"),
            Answer("No añadir" if not self._sources else "Añadir solo los demás", self._answer_names,
                   "button_name_skip"),
        ]  # fmt: skip
        self._ask(ASK_NAME, text, answers)

    def _ask(self, code: str, text: str, answers: list[Answer]) -> None:
        self._part.bars.show_message(code, text, "accent", answers).focus()

    def _answer_names(self, versions: Sequence[Namesake] = (), apart: Sequence[Namesake] = ()) -> None:
        self._part.bars.hide_message(ASK_NAME)
        self._part.page.focus_table()
        self._versions += versions
        self._sources += [each.source for each in apart]
        assert self._arrival is not None
        self._arrival = Arrival(())
        self._next_question()

    # --- taking in

    def _start(self) -> None:
        sources, versions, place = tuple(self._sources), tuple(self._versions), self._part.place
        self._sources, self._versions = [], []
        self._count = len(sources) + len(versions)
        if not self._count:
            self._end()
            return
        progress = self._progress = Progress(self._stepped.emit)
        self._part.report.hide()
        self._part.bar.work(f"Añadiendo {self._words()}…", self.cancel)

        def done(result: Done[Attached]) -> None:
            for source in (*sources, *(each.source for each in versions)):
                source.forget()
            if self._progress in (progress, None):  # None: cancelled when it was written already
                self._progress = None
                self._part.bar.close_bar()
            self._added(result)

        def failed(error: Exception) -> None:
            if self._progress is progress:
                self._progress = None
                self._part.bar.close_bar()
            self._failed(error)

        self._part.page.context.bridge.write(
            lambda session: arriving.take_in(session, place, sources, versions, progress), done, self, failed=failed,
            slow=True,
        )  # fmt: skip

    def _words(self) -> str:
        return "1 archivo" if self._count == 1 else f"{self._count} archivos"

    def _show_step(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._part.bar.step(done, total, f"Añadiendo {self._words()}… {100 * done // max(total, 1)} %")

    def cancel(self) -> None:
        """Stop; nothing of the lot is kept."""
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
            self._part.bar.say("Cancelado: no se ha añadido nada.", good=False)
            self._end()

    def _added(self, done: Done[Attached]) -> None:
        attached = done.value
        if attached.ids:
            words = "Archivo añadido." if len(attached.ids) == 1 else f"{len(attached.ids)} archivos añadidos."
            self._part.page.context.notices.show(words, done.changes.operation_id)
            self._part.page.reveal(attached.ids[-1])
        if attached.left_out:
            self._part.report.show_left_out(attached.left_out, len(attached.ids))
        self.finished.emit(attached)
        self._end()

    def _failed(self, error: Exception) -> None:
        self._is_looking, self._arrival = False, None
        self._sources, self._versions = [], []
        if isinstance(error, Refused | EnvironmentProblem):
            self._part.bar.say(str(error), good=False)
        else:
            self._part.page.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
        self._end()

    def _end(self) -> None:
        """The lot is done with; go on with what came meanwhile."""
        waiting, self._waiting = tuple(self._waiting), []
        if waiting:
            self._look(waiting)
