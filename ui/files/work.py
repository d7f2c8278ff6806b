"""What is done with files that are here already: one write each, with a notice that undoes it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from oficrm.errors import EnvironmentProblem, Refused, ValidationError
from oficrm.files import keeping
from oficrm.files.keeping import FileFacts
from oficrm.files.sources import Source, SourceProblem
from oficrm.jobs import Done

if TYPE_CHECKING:
    from ui.files.part import FilesPart


class FileWork(QObject):
    """The writes of one place of files."""

    def __init__(self, part: FilesPart) -> None:
        super().__init__(part)
        self._part = part
        self._context = part.page.context

    # --- validation

    def validate(self, ids: Sequence[int]) -> None:
        """Found good."""
        self._write(lambda session: keeping.validate(session, ids))

    def reopen(self, ids: Sequence[int]) -> None:
        """To be looked at again."""
        self._write(lambda session: keeping.reopen(session, ids))

    def reject(self, ids: Sequence[int]) -> None:
        """Ask why, and reject."""
        what = "el archivo" if len(ids) == 1 else f"{len(ids)} archivos"
        self._part.line_bar.ask(
            f"Motivo para rechazar {what}:", "Rechazar",
            lambda reason: self._from_line(lambda session: keeping.reject(session, ids, reason)),
            hint="Falta la firma, no se lee…",
        )  # fmt: skip

    # --- names and places

    def rename(self, ident: int) -> None:
        """Ask for the other name; the stem is selected, the ending stays unless it is written over."""

        def ask(facts: FileFacts) -> None:
            self._part.line_bar.ask(
                f"Otro nombre para «{facts.name}»:", "Renombrar",
                lambda name: self._from_line(lambda session: keeping.rename(session, ident, name)),
                facts.name, len(Path(facts.name).stem),
            )  # fmt: skip

        self._context.bridge.read(lambda session: keeping.facts(session, ident), ask, self, failed=self._failed)

    def take_off(self, ids: Sequence[int]) -> None:
        """Off this record; those filed nowhere else go to the trash."""
        place = self._part.place
        self._write(lambda session: keeping.take_off(session, ids, place))

    # --- versions

    def new_version(self, ident: int, source: Source) -> None:
        """Other bytes for a file."""
        self._write(lambda session: keeping.new_version(session, ident, source), slow=True)

    # --- how it goes

    def _write(self, job: Callable[[Any], str], *, slow: bool = False) -> None:
        self._context.bridge.write(job, self._done, self, failed=self._failed, slow=slow)

    def _from_line(self, job: Callable[[Any], str]) -> None:
        """What was asked for in the line: its errors stand under it."""

        def done(result: Done[str]) -> None:
            self._part.line_bar.close_bar()
            self._done(result)

        def failed(error: Exception) -> None:
            if isinstance(error, ValidationError):
                self._part.line_bar.show_error(" ".join(text for texts in error.errors.values() for text in texts))
            else:
                self._part.line_bar.close_bar()
                self._failed(error)

        self._context.bridge.write(job, done, self, failed=failed)

    def _done(self, done: Done[str]) -> None:
        self._context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem | SourceProblem):
            self._part.bar.say(str(error), good=False)
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
