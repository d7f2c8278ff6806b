"""The program's folders: the platform's own, or all of them under one folder given by --profile."""

import getpass
import os
from pathlib import Path

import platformdirs

APP = "OfiCRM"


class Profile:
    """Where data, remembered state and logs live."""

    def __init__(self, folder: str | Path | None = None) -> None:
        if folder is not None:
            self.data = self.state = Path(folder).expanduser().absolute()
        else:
            self.data = Path(platformdirs.user_data_path(APP, appauthor=False))
            self.state = Path(platformdirs.user_state_path(APP, appauthor=False))

    @property
    def database(self) -> Path:
        """The user's own database."""
        return self.data / "oficrm.sqlite"

    @property
    def demo_database(self) -> Path:
        """The database of --demo, apart from the user's own."""
        return self.data / "ejemplo.sqlite"

    @property
    def memory(self) -> Path:
        """Folder of widths, filters and window places."""
        return self.state / "memoria"

    @property
    def logs(self) -> Path:
        """Folder of the rotating log."""
        return self.state / "registro"

    def make(self) -> None:
        """Create the folders. Raises OSError."""
        for folder in (self.data, self.memory, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def user_name() -> str:
    """Return the name of the user at this computer, which signs what is written."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return os.environ.get("USERNAME") or "usuario"
