"""Where tests put their files: in memory where the system offers it, for a run writes and syncs gigabytes."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 3 << 30
"""Bytes that must be free there; passed tests leave nothing behind, so a run needs far less."""


def folder() -> Path:
    """The folder for scratch files; its path is short, for the sockets inside it."""
    try:
        fits = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    except OSError:
        fits = False
    return MEMORY if fits else Path("/tmp")
