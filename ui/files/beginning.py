"""What the running program does about files by itself: finds what they say, and remembers what was edited."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from ui.context import Context
from ui.files.desk import desk_of
from ui.files.edited import watch_edits
from ui.indexer import Indexer


def begin_files(context: Context, qt: QApplication) -> Indexer:
    """Begin to index, and offer the copies that the last run left edited. Once, when the main window is open."""
    watch_edits(context)
    desk_of(context).recover()
    indexer = Indexer(context.bridge)
    qt.aboutToQuit.connect(indexer.stop)
    return indexer
