"""Opens files of one place with the system's programs: never a dangerous one without a plain warning."""

from __future__ import annotations

import traceback
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping
from oficrm.files.keeping import FileFacts
from oficrm.files.kinds import Kind, open_warning
from ui.files.copies import Copy
from ui.files.desk import desk_of
from ui.forms.message_bar import Answer, MessageBars

if TYPE_CHECKING:
    from ui.context import Context

WARNING = "danger"


class Opening(QObject):
    """Opens copies, asking in the bars of the place they are opened from."""

    opened = Signal(object)
    """The copy that was handed to the system."""
    failed = Signal(str)
    """A sentence for the user."""

    def __init__(self, context: Context, bars: MessageBars, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._bars = context, bars
        self._desk = desk_of(context)

    def open(self, ident: int, version_id: int | None = None, *, read_only: bool = False) -> None:
        """Open a file, or an earlier version of it, which cannot be edited."""
        locked = read_only or version_id is not None
        self._context.bridge.read(
            lambda session: keeping.facts(session, ident, version_id), partial(self._copy, locked), self,
            failed=self._failed,
        )  # fmt: skip

    def _copy(self, read_only: bool, facts: FileFacts) -> None:
        there = None if read_only else self._desk.find(facts)
        if there is not None:
            self._hand_over(there)
        else:
            self._desk.make(facts, self._copied, self, failed=self._failed, read_only=read_only)

    def _copied(self, made: tuple[Copy, Kind]) -> None:
        copy, kind = made
        warning = open_warning(copy.name, kind)
        if warning is None:
            self._hand_over(copy)
        else:
            self._warn(copy, warning)

    def _warn(self, copy: Copy, warning: str) -> None:
        code = f"{WARNING}_{copy.document_id}"

        def answer(*, opens: bool) -> None:
            self._bars.hide_message(code)
            if opens:
                self._hand_over(copy)
            else:
                self._desk.drop(copy)

        # The last answer is that of Escape, and the one that has the keyboard: Enter does not open it either
        answers = [Answer("Abrir de todos modos", lambda: answer(opens=True), "button_danger_open"),
                   Answer("No abrir", lambda: answer(opens=False), "button_danger_no", True)]  # fmt: skip
        self._bars.show_message(code, warning, "overdue", answers).buttons[-1].setFocus()

    def _hand_over(self, copy: Copy) -> None:
        if self._desk.open(copy):
            self.opened.emit(copy)
        else:
            self.failed.emit(f"El sistema no tiene ningún programa para abrir «{copy.name}».")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self.failed.emit(str(error))
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
