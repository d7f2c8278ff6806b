"""Keys that hold in one part of a window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

Keys = str | Qt.Key | QKeySequence.StandardKey


def key_in(keys: Keys, part: QWidget, run: Callable[[], object], *, whole: bool = True) -> QShortcut:
    """Make a shortcut that counts while the focus is in ``part``, or, not ``whole``, on it itself.

    The context is set afterwards: PySide6 6.11 silently ignores it among the arguments of the constructor.
    """
    made = QShortcut(QKeySequence(keys), part)
    scope = Qt.ShortcutContext
    made.setContext(scope.WidgetWithChildrenShortcut if whole else scope.WidgetShortcut)
    made.activated.connect(run)
    return made
