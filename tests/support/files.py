"""What a folder holds, to see that nothing in it was touched."""

import hashlib
from pathlib import Path


def state(folder: Path) -> dict[str, str]:
    """The files of a folder with their fingerprints."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}
