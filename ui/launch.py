"""Starting: the window, or the tour where there is no screen."""

import os
import sys
import tempfile
from pathlib import Path

from db.examine import Unusable
from db.history import Actor
from oficrm.opening import check_usable, open_jobs, reason
from oficrm.profile import Profile, user_name
from ui import display

UNUSABLE = 2


def _fail(text: str) -> int:
    print(f"oficrm: {text}", file=sys.stderr)  # noqa: T201
    return UNUSABLE


def missing_display() -> str | None:
    """Return why no window can be opened, None when one can."""
    if (lacking := display.missing_packages()) is not None:
        raise SystemExit(_fail(lacking))
    return display.problem()


def without_display(text: str, database: str | None) -> int:
    """Say why there is no window and do the tour into a fresh temporary folder; a bad --database comes first."""
    if database is not None:
        try:
            check_usable(database)
        except Unusable as error:
            return _fail(str(error))
    print(text, file=sys.stderr)  # noqa: T201
    folder = Path(tempfile.mkdtemp(prefix="oficrm-recorrido-"))
    print(f"Recorrido en {folder}")  # noqa: T201
    return tour(str(folder))


def tour(folder: str) -> int:
    """Walk through the program on fresh demo data, offscreen; 0 only if every step worked."""
    if not os.environ.get("QT_QPA_PLATFORM") or display.problem() is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if (lacking := display.missing_packages()) is not None:
        return _fail(lacking)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _fail(f"no se puede escribir en «{folder}»: {reason(error)}")
    from ui.tour import run

    return run(Path(folder))


def program(database: str | None, profile_folder: str | None, demo: int | None) -> int:
    """Open the database and show the main window; returns when it is closed."""
    profile = Profile(profile_folder)
    try:
        profile.make()
        where = database or (profile.demo_database if demo else profile.database)
        jobs = open_jobs(where, Actor(user_name()))
    except Unusable as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"no se puede escribir en «{error.filename}»: {reason(error)}")
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", display.platform())  # Qt shall take the screen that was tried
    from ui.app import run

    return run(jobs, profile, demo)
