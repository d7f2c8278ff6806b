"""Where an import takes its messages from: what the user chooses, and what was dropped from a mail program."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QFileDialog, QWidget

from oficrm.files.names import clean_name
from oficrm.files.sources import Source
from ui import folders
from ui.history.words import counted
from ui.memory import Memory

Way = Literal["files", "folder", "mbox"]
MEMORY = "mail_import_folder"
FILES = "Correos (*.eml *.msg *.mbox *.mbx);;Todos los archivos (*)"
MBOX = "Buzones (*.mbox *.mbx *.mbs);;Todos los archivos (*)"


def choose(memory: Memory, way: Way, parent: QWidget) -> list[Path]:
    """Ask for files, a folder or a mailbox; the folder of the last time is where it begins. Empty for none."""
    start = str(folders.last(memory, MEMORY))
    if way == "folder":
        folder = QFileDialog.getExistingDirectory(parent, "Importar los correos de una carpeta", start)
        found = [Path(folder)] if folder else []
    elif way == "mbox":
        # A mailbox of Thunderbird has no ending at all
        file, _filter = QFileDialog.getOpenFileName(parent, "Importar un buzón mbox", start, MBOX)
        found = [Path(file)] if file else []
    else:
        files, _filter = QFileDialog.getOpenFileNames(parent, "Importar correos", start, FILES)
        found = [Path(file) for file in files]
    if found:
        folders.remember(memory, MEMORY, found[0], is_folder=way == "folder")
    return found


class Held:
    """Messages that came without a file, in a private folder for as long as the import is on the screen."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def paths(self, sources: Sequence[Source]) -> list[Path]:
        """The files of these, those in memory written first. Raises OSError when that cannot be."""
        return [source.path if source.path is not None else self._write(source) for source in sources]

    def _write(self, source: Source) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="oficrm-correo-", ignore_cleanup_errors=True)
        home = Path(tempfile.mkdtemp(dir=self._folder.name))
        path = home / (clean_name(source.title()).replace("/", "_")[:120] or "correo.eml")
        path.write_bytes(source.data or b"")
        return path

    def forget(self) -> None:
        """Take the folder away."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def describe(paths: Sequence[Path]) -> str:
    """What was chosen, in one line."""
    if not paths:
        return "Nada elegido todavía."
    if len(paths) == 1:
        return f"Carpeta «{paths[0].name}»" if paths[0].is_dir() else paths[0].name
    names = ", ".join(path.name for path in paths[:2])
    return f"{counted(len(paths), 'archivo', 'archivos')}: {names}…"
