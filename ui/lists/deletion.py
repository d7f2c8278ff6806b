"""Deletes rows: asks above the table how many, then what hangs on them, and says how it went."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from PySide6.QtCore import QObject

from db.registry import module
from oficrm import deleting
from oficrm.errors import EnvironmentProblem, NeedsConfirmation, Refused
from oficrm.jobs import Done
from ui.context import Context
from ui.lists.ask_bar import AskBar
from ui.lists.foot import counted


class Deletion(QObject):
    """The deleting of one page."""

    def __init__(self, context: Context, table: str, bar: AskBar, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._table, self._bar = context, table, bar

    def what(self, count: int) -> str:
        """ "3 contactos"."""
        facts = module(self._table).module
        return f"{counted(count)} {facts.named(count)}"

    def ask(self, ids: Sequence[int]) -> None:
        """Ask before deleting these."""
        frozen = tuple(ids)
        what = self.what(len(frozen))
        self._bar.ask(f"¿Borrar {what}? Se puede deshacer.", f"Borrar {what}", lambda: self._delete(frozen))

    def _delete(self, ids: tuple[int, ...], accepted: frozenset[str] = frozenset()) -> None:
        table = self._table
        self._context.bridge.write(
            lambda session: deleting.delete(session, table, ids, accepted), self._done, self,
            failed=lambda error: self._failed(error, ids, accepted),
        )  # fmt: skip

    def _done(self, done: Done[str]) -> None:
        self._context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception, ids: tuple[int, ...], accepted: frozenset[str]) -> None:
        match error:
            case NeedsConfirmation():
                again = accepted | {error.code}
                self._bar.ask(f"{error.text} ¿Continuar?", error.accept, lambda: self._delete(ids, again))
            case Refused() | EnvironmentProblem():
                self._bar.say(str(error), good=False)
            case _:
                self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
