"""Where file dialogs begin: in the folder used last for the same purpose, else in the user's documents."""

import os
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from ui.memory import Memory


def documents() -> Path:
    """Return the user's folder of documents, or the home folder where the system knows none."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


def last(memory: Memory, purpose: str) -> Path:
    """Return the folder used last, if it is still there; else the documents."""
    folder = memory.get(purpose, "")
    return Path(folder) if folder and os.path.isdir(folder) else documents()


def remember(memory: Memory, purpose: str, chosen: Path, *, is_folder: bool = False) -> None:
    """Keep the folder of what was chosen for the next time."""
    memory.put(purpose, str(chosen if is_folder else chosen.parent))
