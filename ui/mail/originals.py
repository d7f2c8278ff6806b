"""The file of a message as it came: opened with the system's mail program, saved where the user wants it."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QObject

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files.keeping import FileFacts
from oficrm.files.kinds import Kind, open_warning
from oficrm.mail import envelopes
from ui.context import Context
from ui.files.copies import Copy
from ui.files.desk import desk_of
from ui.files.saving import SavingOut
from ui.forms.message_bar import Answer, MessageBars

BAR = "original"


class OriginalsOut(SavingOut):
    """Guardar original como…"""

    facts_of = staticmethod(envelopes.original)


class OriginalOpening(QObject):
    """Abrir original: a copy that cannot be edited goes to the system's program."""

    def __init__(self, context: Context, bars: MessageBars, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._bars = context, bars

    def open(self, email_id: int) -> None:
        """Open the original of a message."""
        self._bars.hide_message(BAR)
        self._context.bridge.read(
            lambda session: envelopes.original(session, email_id), self._copy, self, failed=self._failed
        )

    def _copy(self, facts: FileFacts) -> None:
        desk_of(self._context).make(facts, self._copied, self, failed=self._failed, read_only=True)

    def _copied(self, made: tuple[Copy, Kind]) -> None:
        copy, kind = made
        warning = open_warning(copy.name, kind)
        if warning is None:
            self._hand_over(copy)
            return

        def answer(*, opens: bool) -> None:
            self._bars.hide_message(BAR)
            if opens:
                self._hand_over(copy)
            else:
                desk_of(self._context).drop(copy)

        answers = [Answer("Abrir de todos modos", lambda: answer(opens=True), "button_original_open"),
                   Answer("No abrir", lambda: answer(opens=False), "button_original_no", True)]  # fmt: skip
        self._bars.show_message(BAR, warning, "overdue", answers).buttons[-1].setFocus()

    def _hand_over(self, copy: Copy) -> None:
        if not desk_of(self._context).open(copy):
            self._say(f"El sistema no tiene ningún programa para abrir «{copy.name}».")

    def _say(self, text: str) -> None:
        close = Answer("Cerrar", lambda: self._bars.hide_message(BAR), "button_original_close")
        self._bars.show_message(BAR, text, "overdue", [close])

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self._say(str(error))
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
