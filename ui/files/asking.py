"""Asking for files to be taken in; the dialog begins where the last ones came from."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui import folders
from ui.memory import Memory

PURPOSE = "files_from"
MAILS = "Correos (*.eml *.msg)"
"""The pattern of files that are called as mails are."""


def ask_files(parent: QWidget, memory: Memory, pattern: str = "") -> list[Path]:
    """Ask for any number of files, or of mails by their pattern; empty for none."""
    caption = "Añadir correo" if pattern == MAILS else "Añadir archivos"
    chosen, _filter = QFileDialog.getOpenFileNames(parent, caption, str(folders.last(memory, PURPOSE)), pattern)
    found = [Path(path) for path in chosen]
    if found:
        folders.remember(memory, PURPOSE, found[0])
    return found


def ask_file(parent: QWidget, memory: Memory, caption: str) -> Path | None:
    """Ask for one file."""
    chosen, _filter = QFileDialog.getOpenFileName(parent, caption, str(folders.last(memory, PURPOSE)))
    if not chosen:
        return None
    folders.remember(memory, PURPOSE, Path(chosen))
    return Path(chosen)
