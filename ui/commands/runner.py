"""Does what a command of ``oficrm.commands`` says: asks, writes, tells how it went, opens what came of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from oficrm.commands import Command, Outcome
from oficrm.drafts import Loaded
from oficrm.errors import Conflict, EnvironmentProblem, NeedsConfirmation, Refused
from oficrm.jobs import Done
from oficrm.linking import Selection
from ui.commands.asking import Asker
from ui.context import Context
from ui.mail.writing import write_to_all

MANY = 20
"""Records from which a command runs beside the main lane, so that lists go on."""
Write = Callable[[Any, frozenset[str]], Outcome]


class Runner(QObject):
    """Runs commands for one list or window, one at a time. ``done(outcome)`` once something was written."""

    done = Signal(object)

    def __init__(self, context: Context, asker: Asker, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._asker = context, asker
        self._running = False

    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._running

    def run(self, command: Command, ids: Sequence[int]) -> None:
        """Do a command with records of its module; its question comes first."""
        chosen = tuple(ids)
        if self._running or not chosen:
            return
        if command.blank is not None:
            self._fill(command, chosen[0])
            return
        if command.select is not None:
            self._select(command.select(), chosen)
            return
        run = command.run
        assert run is not None
        words = command.text.rstrip("…")
        go = partial(self.write, words, lambda session, accepted: run(session, chosen, accepted), len(chosen))
        if command.question:
            self._asker.ask(command.question, words, go)
        else:
            go()

    def write(self, words: str, job: Write, count: int = 1, accepted: frozenset[str] = frozenset()) -> None:
        """Write ``job(session, accepted)`` as one transaction and say how it went; ``words`` name it meanwhile."""
        self._running = True
        self._asker.begin(words)

        def failed(error: Exception) -> None:
            self._end()
            if isinstance(error, NeedsConfirmation):
                more = accepted | {error.code}
                text = error.text if error.text.endswith("?") else f"{error.text} ¿Continuar?"
                self._asker.ask(text, error.accept, lambda: self.write(words, job, count, more))
            else:
                self._report(error)

        self._context.bridge.write(
            lambda session: job(session, accepted), self._done, self, failed=failed, slow=count > MANY
        )

    def _done(self, done: Done[Outcome]) -> None:
        self._end()
        outcome = done.value
        self._context.notices.show(outcome.sentence, done.changes.operation_id)
        if outcome.open is not None:
            self._context.opener.open_record(*outcome.open)
        if outcome.write_to and (text := write_to_all(outcome.write_to)):
            self._context.notices.show(text, None)
        self.done.emit(outcome)

    def _select(self, wanted: Selection, ids: Sequence[int]) -> None:
        """Let existing records be chosen that are to hang on these."""
        from ui.commands.select_dialog import choose  # which runs commands itself

        place: QObject | None = self.parent()
        while not isinstance(place, QWidget):
            assert place is not None
            place = place.parent()
        choose(self._context, wanted, ids[0], place.window(), ids[1:])

    def _fill(self, command: Command, ident: int) -> None:
        """Open a new record that the command has filled in."""
        blank = command.blank
        assert blank is not None

        def show(made: Loaded) -> None:
            self._end()
            self._context.opener.open_record(made.draft.table, made=made)

        def failed(error: Exception) -> None:
            self._end()
            self._report(error)

        self._running = True
        self._asker.begin(command.text.rstrip("…"))
        self._context.bridge.read(lambda session: blank(session, ident), show, self, failed=failed)

    def _end(self) -> None:
        self._running = False
        self._asker.end()

    def _report(self, error: Exception) -> None:
        match error:
            case Refused() | EnvironmentProblem():
                self._asker.refuse(str(error))
            case Conflict():
                self._asker.refuse("Ha cambiado en otro sitio mientras tanto. Vuelva a intentarlo.")
            case _:
                self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
