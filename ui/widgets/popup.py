"""Where a panel that belongs to a field goes on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


def place_under(panel: QWidget, field: QWidget, size: QSize) -> None:
    """Put a window under its field, above it where there is no room below, and inside the screen."""
    below = field.mapToGlobal(QPoint(0, field.height() + 2))
    above = field.mapToGlobal(QPoint(0, -2 - size.height()))
    at = below
    screen = field.screen()
    if screen is not None:
        room = screen.availableGeometry()
        if below.y() + size.height() > room.bottom() and above.y() >= room.top():
            at = above
        at.setX(max(room.left(), min(at.x(), room.right() - size.width())))
    panel.resize(size)
    panel.move(at)


def opens_list(event: QKeyEvent) -> bool:
    """Whether a key opens what a field can drop down: F4 or Alt+Down."""
    return event.key() == Qt.Key.Key_F4 or (
        event.key() == Qt.Key.Key_Down and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    )
