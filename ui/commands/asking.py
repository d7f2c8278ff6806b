"""Where a command asks and says what went wrong: above the rows of a list, or on top of a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QTimer

from ui.forms.message_bar import Answer, MessageBars
from ui.lists.ask_bar import AskBar
from ui.widgets.feedback import BusyBar

SLOW_MS = 400
"""Milliseconds after which a form says that something is being done."""
CODE = "command"


class Asker(Protocol):
    """A place that asks one thing at a time; no box ever stands in the way."""

    def ask(self, text: str, accept: str, run: Callable[[], object]) -> None:
        """Ask; ``run`` follows a yes."""

    def refuse(self, text: str) -> None:
        """Say why something is not done."""

    def begin(self, text: str) -> None:
        """Something is being done."""

    def end(self) -> None:
        """It is done, or was refused."""


class BarAsker:
    """The bar above the rows of a list."""

    def __init__(self, bar: AskBar, busy: BusyBar) -> None:
        self._bar, self._busy = bar, busy

    def ask(self, text: str, accept: str, run: Callable[[], object]) -> None:
        """Ask in the bar."""
        self._bar.ask(text, accept, run)

    def refuse(self, text: str) -> None:
        """Say it in the bar."""
        self._bar.say(text, good=False)

    def begin(self, text: str) -> None:
        """Let the line above the rows move."""
        self._bar.close_bar()
        self._busy.start()

    def end(self) -> None:
        """Stop the line."""
        self._busy.stop()


class FormAsker:
    """The messages on top of a form."""

    def __init__(self, bars: MessageBars) -> None:
        self._bars = bars
        self._text = ""
        self._wait = QTimer(bars)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SLOW_MS)
        self._wait.timeout.connect(lambda: self._bars.show_message(CODE, f"{self._text}…", "accent"))

    def ask(self, text: str, accept: str, run: Callable[[], object]) -> None:
        """Ask with two buttons; Escape is no."""

        def accepted() -> None:
            self._hide()
            run()

        answers = [Answer(accept, accepted, "button_command_accept", True),
                   Answer("Cancelar", self._hide, "button_command_cancel")]  # fmt: skip
        self._bars.show_message(CODE, text, "today", answers).focus()

    def refuse(self, text: str) -> None:
        """Say it until it is read."""
        answers = [Answer("Entendido", self._hide, "button_command_refused")]
        self._bars.show_message(CODE, text, "overdue", answers).focus()

    def begin(self, text: str) -> None:
        """Say it once it takes long."""
        self._hide()
        self._text = text
        self._wait.start()

    def end(self) -> None:
        """Nothing is being done any more."""
        self._wait.stop()
        self._hide()

    def _hide(self) -> None:
        self._bars.hide_message(CODE)
