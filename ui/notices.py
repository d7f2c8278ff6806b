"""Notices of the running program: shown in the window in front, with Deshacer for what was written."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.widgets.feedback import NoticeStack

ABOVE_FOOT = 60
"""Pixels a notice keeps from the lower edge: the buttons of a form stay free."""


class WindowNotices:
    """Implements ``ui.context.Notices`` over the main window."""

    def __init__(self, window: QWidget, undo: Callable[[int], None]) -> None:
        self._window = window
        self._undo = undo
        self._stacks: dict[int, NoticeStack] = {}

    def stack(self) -> NoticeStack:
        """Return the stack of the window in front; the main window's when that is none of ours."""
        front = QApplication.activeWindow()
        window = front if front is not None and front.objectName().startswith("form_") else self._window
        stack = self._stacks.get(id(window))
        if stack is None or not isValid(stack):
            stack = self._stacks[id(window)] = NoticeStack(window, bottom=ABOVE_FOOT)
        return stack

    def dismiss_all(self) -> None:
        """Take the notices away: what they offer to undo has just been undone."""
        for stack in self._stacks.values():
            if isValid(stack):
                stack.dismiss_all()

    def show(self, text: str, undo_operation: int | None = None, icon: str = "done") -> None:
        """Show a sentence for some seconds, with Deshacer when an operation is named."""
        undo = None if undo_operation is None else lambda: self._undo(undo_operation)
        # A form that was accepted closes first; its notice belongs to the window behind it.
        QTimer.singleShot(0, self._window, lambda: self.stack().show(text, undo=undo, icon=icon))
