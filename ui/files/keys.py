"""Keys of the files while their rows have the keyboard: they come before those of the window around them.

Two shortcuts of one key would otherwise leave Qt with neither: F9 folds the panel of a contact, whose files stand in
a tab of the same window.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class OwnKeys(QObject):
    """Gives the keys pressed on ``widget`` to ``actions`` first."""

    def __init__(self, widget: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(widget)
        self._actions = tuple(actions)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the key before the shortcuts are looked through; it then comes as a plain press."""
        if not isinstance(event, QKeyEvent):
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride if self._action(event) is not None:
                event.accept()
                return True
            case QEvent.Type.KeyPress if (action := self._action(event)) is not None:
                if not event.isAutoRepeat():
                    action.trigger()
                return True
        return False

    def _action(self, event: QKeyEvent) -> QAction | None:
        pressed = QKeySequence(event.keyCombination())
        return next((each for each in self._actions if each.isEnabled() and pressed in each.shortcuts()), None)
