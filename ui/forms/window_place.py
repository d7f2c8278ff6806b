"""Windows remember where they stood and how large they were, one place for each kind of window."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from ui.memory import Memory


def restore(window: QWidget, memory: Memory, key: str, size: QSize) -> bool:
    """Put a window where the last of its kind stood, or in the middle with ``size``; always inside the screen.

    Returns whether a place was known.
    """
    room = window.screen().availableGeometry()
    known = memory.get(f"window_{key}")
    if isinstance(known, list) and len(known) == 4 and all(isinstance(each, int) for each in known):
        place = QRect(*known)
        place.setSize(place.size().boundedTo(room.size()))
        if room.intersects(place):
            place.moveLeft(max(room.left(), min(place.left(), room.right() - place.width())))
            place.moveTop(max(room.top(), min(place.top(), room.bottom() - place.height())))
            window.setGeometry(place)
            return True
    _put_in_the_middle(window, size)
    return False


def shrink(window: QWidget, height: int) -> None:
    """Give a window that nobody has sized yet no more height than it needs."""
    if height < window.height():
        _put_in_the_middle(window, QSize(window.width(), height))


def _put_in_the_middle(window: QWidget, size: QSize) -> None:
    room = window.screen().availableGeometry()
    fitting = size.boundedTo(QSize(room.width() - 40, room.height() - 60))
    window.setGeometry(
        QRect(
            room.center().x() - fitting.width() // 2,
            room.top() + (room.height() - fitting.height()) // 2,
            fitting.width(),
            fitting.height(),
        )
    )


def remember(window: QWidget, memory: Memory, key: str) -> None:
    """Note where a window stands, unless it is maximised or minimised."""
    if not (window.isMaximized() or window.isMinimized() or window.isFullScreen()):
        place = window.geometry()
        memory.put(f"window_{key}", [place.x(), place.y(), place.width(), place.height()])
