"""Long work that also waits: for a server that asks to slow down."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from oficrm.errors import Cancelled
from oficrm.jobs import Progress

T = TypeVar("T")
MOST_WAIT = 120
"""Seconds that are waited for a server at once; one that asks for more is left."""


class Work(Progress):
    """A progress whose waiting ends at once when it is cancelled. Thread-safe."""

    def __init__(self, report: Callable[[int, int], None] | None = None) -> None:
        super().__init__(report)
        self.note: Callable[[str], None] = lambda _text: None

    def go_on(self) -> None:
        """Raise Cancelled when the user has cancelled."""
        if self._cancelled.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Wait, and tell ``note`` why. Raises Cancelled as soon as the user cancels."""
        self.note(f"El servidor pide ir más despacio: se sigue en {max(1, round(seconds))} s.")
        if self._cancelled.wait(seconds):
            raise Cancelled
        self.note("")


def apart(call: Callable[[], T]) -> "Future[T]":
    """Run something that waits for a server in a thread of its own, which never keeps the program from ending."""
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, name="ofi-chat", daemon=True).start()
    return future
