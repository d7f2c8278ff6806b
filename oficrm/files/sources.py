"""Where the bytes of a file to be taken in are now: a file on disk, or something the program holds in memory."""

import io
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from oficrm.files.names import clean_name
from oficrm.rules import sizes


class SourceProblem(Exception):
    """This file cannot be taken in; the Spanish text says why. The others can."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be taken in. ``path`` or ``data`` holds its bytes; ``name`` is what it shall be called.

    ``is_ours`` marks a private copy made by the program (a pasted picture, a dropped mail) that nobody needs once it
    has been taken in.
    """

    path: Path | None = None
    name: str = ""
    data: bytes | None = None
    description: str = ""
    is_ours: bool = False

    def title(self) -> str:
        """The name without anything that a name must not hold."""
        return clean_name(self.name or (self.path.name if self.path else ""))

    def open(self, limit: int) -> tuple[BinaryIO, int]:
        """Open for reading; return the stream and its size in bytes.

        Raises SourceProblem for a folder, a device, a file that is gone, may not be read, or is longer than ``limit``.
        """
        if self.data is not None:
            check_size(len(self.data), limit)
            return io.BytesIO(self.data), len(self.data)
        assert self.path is not None
        try:
            facts = self.path.stat()
            if stat.S_ISDIR(facts.st_mode):
                raise SourceProblem("Es una carpeta: añada los archivos que contiene.")
            if not stat.S_ISREG(facts.st_mode):
                raise SourceProblem("No es un archivo corriente.")
            check_size(facts.st_size, limit)
            return self.path.open("rb"), facts.st_size
        except (OSError, ValueError) as error:
            raise SourceProblem(said(error)) from error

    def size(self) -> int:
        """The size in bytes as far as it can be told, for the progress; 0 for what will not be taken in anyway."""
        if self.data is not None:
            return len(self.data)
        try:
            facts = self.path.stat() if self.path else None
        except (OSError, ValueError):
            return 0
        return facts.st_size if facts and stat.S_ISREG(facts.st_mode) else 0

    def forget(self) -> None:
        """Remove a private copy that has been taken in."""
        if self.is_ours and self.path is not None:
            self.path.unlink(missing_ok=True)


def check_size(size: int, limit: int) -> None:
    """Raise SourceProblem for a size above the limit per file (bytes)."""
    if size > limit:
        most = sizes.format_size(limit)
        raise SourceProblem(f"Pesa {sizes.format_size(size)} y el límite por archivo es de {most} (Parámetros).")


def said(error: OSError | ValueError) -> str:
    """What the system says of a file, as a sentence. A ValueError is its way to refuse a name no file can have."""
    match error:
        case ValueError():
            return "Su nombre no es el de un archivo."
        case FileNotFoundError():
            return "Ya no está en su sitio."
        case PermissionError():
            return "No tiene permiso para leerlo."
        case IsADirectoryError():
            return "Es una carpeta: añada los archivos que contiene."
    return f"No se puede leer ({error.strerror or error})."
