"""What every test has: no screen, no network, Spanish, folders of its own, a database when it asks for one."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.support import compiled, scratch

# Before anything imports Qt, which reads its surroundings once
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
for name in ("LANG", "LC_ALL", "LANGUAGE"):
    os.environ[name] = "C.UTF-8"
for name in ("QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME", "QT_SCALE_FACTOR", "QT_FONT_DPI", "QT_LOGGING_RULES"):
    os.environ.pop(name, None)

pytest_plugins = ["tests.support.databases", "tests.support.guards"]

FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}
_homes = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def _move_home(home: Path, patch: pytest.MonkeyPatch) -> None:
    for name, below in FOLDERS.items():
        patch.setenv(name, str(home / below))


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole run a home of its own, for what Qt and libraries keep from one test to the next."""
    if os.name == "posix":
        os.environ["TMPDIR"] = str(scratch.folder())
        tempfile.tempdir = None  # asked again
    homes = tempfile.TemporaryDirectory(prefix="oficrm-home-", ignore_cleanup_errors=True)
    config.stash[_homes] = homes
    config.add_cleanup(homes.cleanup)
    runtime = Path(homes.name, "runtime")
    runtime.mkdir(mode=0o700)
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_RUNTIME_DIR", str(runtime))
    _move_home(Path(homes.name, "run"), patch)
    config.add_cleanup(patch.undo)

    from hypothesis import settings

    # No time limit: two people share a processor. The same examples each time: a red run can be run again.
    settings.register_profile("oficrm", deadline=None, database=None, derandomize=True, print_blob=True)
    settings.load_profile("oficrm")


compiled.share()


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that no other test and no user has. They are named here and made by whoever writes into them."""
    homes = request.config.stash[_homes]
    _move_home(Path(homes.name, f"test-{abs(hash(request.node.nodeid))}"), monkeypatch)


@pytest.fixture(scope="session")
def qapp(qapp):
    """The application, in Spanish as the program sets it up: dates, numbers and the standard buttons."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    from ui import collector

    collector.take_over(qapp)
    QLocale.setDefault(QLocale(QLocale.Language.Spanish, QLocale.Country.Spain))
    translator = QTranslator(qapp)
    translator.load("qtbase_es", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    qapp.installTranslator(translator)
    return qapp


@pytest.fixture
def home() -> Path:
    """The home folder the code under test sees, made for this test."""
    path = Path(os.environ["HOME"])
    path.mkdir(parents=True, exist_ok=True)
    return path
