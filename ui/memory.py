"""What the program remembers from one day to the next: one small JSON file a key, in the profile folder.

Widths, filters, places of windows: nothing whose loss would hurt, so that a file that cannot be read is set aside and
forgotten. Written half a second after the last change, and whole or not at all.
"""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

WRITE_AFTER_MS = 500
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
_log = logging.getLogger(__name__)


class Memory(QObject):
    """Remembers JSON values by key. Lives in the GUI thread; the files are small."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._values: dict[str, Any] = {}
        self._unsaved: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def folder(self) -> Path:
        """Where the files are; what else belongs to this user at this computer stands beside it."""
        return self._folder

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or ``default``. Do not change it in place: ``put`` a new one."""
        if key not in self._values:
            self._values[key] = self._read(key)
        found = self._values[key]
        return default if found is None else found

    def put(self, key: str, value: Any) -> None:
        """Remember a JSON value; None forgets."""
        if self.get(key) != value:
            self._values[key] = value
            self._unsaved.add(key)
            self._timer.start()

    def flush(self) -> None:
        """Write what is not written yet; called when the program ends."""
        self._timer.stop()
        for key in sorted(self._unsaved):
            self._write(key, self._values[key])
        self._unsaved.clear()

    def _path(self, key: str) -> Path:
        return self._folder / f"{_UNSAFE.sub('_', key)}.json"

    def _read(self, key: str) -> Any:
        path = self._path(key)
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            _log.info("%s cannot be read and is forgotten: %s", path, error)
            return None

    def _write(self, key: str, value: Any) -> None:
        path = self._path(key)
        try:
            if value is None:
                path.unlink(missing_ok=True)
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            # A full disk must not stop anybody from working for the sake of a column's width.
            _log.info("%s cannot be written: %s", path, error)
