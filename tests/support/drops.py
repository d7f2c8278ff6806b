"""Dragging and dropping on widgets as the window system does it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files(paths: Sequence[Path]) -> QMimeData:
    """What a file manager puts on the clipboard or drags."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(f"file://{path}" for path in paths))
    return data


def text(words: str) -> QMimeData:
    """Plain text."""
    data = QMimeData()
    data.setText(words)
    return data


def drop(widget: QWidget, data: QMimeData) -> bool:
    """Drag something over the middle of a widget and let go; False when it was not welcome.

    An event that a widget ignores goes to its parent, as Qt does with what the pointer does.
    """
    target: QWidget | None = widget
    while target is not None:
        if target.acceptDrops():
            middle = target.rect().center()
            enter = QDragEnterEvent(QPoint(middle), Qt.DropAction.CopyAction, data, _LEFT, _NONE)
            enter.ignore()
            QApplication.sendEvent(target, enter)
            if enter.isAccepted():
                QApplication.sendEvent(
                    target, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, _LEFT, _NONE)
                )
                return True
        target = None if target.isWindow() else target.parentWidget()
    return False
