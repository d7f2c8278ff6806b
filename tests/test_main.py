"""The command line, as a user meets it: a process of its own, one clear line, and the right exit code."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.engine import CONNECT_TIMEOUT_S
from db.migrate import upgrade
from oficrm import __version__
from oficrm.profile import Profile
from tests.support.files import state

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments, display="offscreen", **more):
    """Run main.py to its end."""
    surroundings = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    surroundings["QT_QPA_PLATFORM"] = display
    if not display:
        del surroundings["QT_QPA_PLATFORM"]
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.run(
        command, env=surroundings, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT, **more
    )


def refused(*arguments, **more):
    """The one line in which the program refuses."""
    done = run(*arguments, **more)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("oficrm: ")
    return line.removeprefix("oficrm: ")


def test_version():
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"OfiCRM {__version__}\n", "")


def test_help_is_in_spanish_and_names_every_option():
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("uso:", "opciones:", "--database", "--profile", "--demo", "--tour", "--version", "--help"):
        assert word in done.stdout
    assert "usage" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nada"], "opción desconocida: --nada"),
        (["sobra"], "opción desconocida: sobra"),
        (["--prof", "x"], "opción desconocida: --prof x"),
        (["--database"], "--database: falta su valor"),
        (["--database", ""], "--database: falta su valor"),
        (["--profile", " "], "--profile: falta su valor"),
        (["--tour"], "--tour: falta su valor"),
        (["--demo", "0"], "--demo: FILAS debe ser un número de 1 a 5000000"),
        (["--demo", "-3"], "--demo: FILAS"),
        (["--demo", "muchos"], "--demo: FILAS"),
        (["--demo", "²"], "--demo: FILAS"),
        (["--demo", "99999999"], "--demo: FILAS"),
    ],
)
def test_bad_options(arguments, said):
    line = refused(*arguments)
    assert said in line
    assert line.endswith("Pruebe --help.")


@pytest.fixture
def profile(tmp_path):
    return tmp_path / "perfil"


def _text(path):
    path.write_text("Nombre;Teléfono\n", "utf-8")


def _foreign(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (name TEXT)")
    connection.commit()
    connection.close()


def _truncated(path):
    upgrade(path)
    path.write_bytes(path.read_bytes()[:50_000])


def _newer(path):
    upgrade(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


FILES = [
    (_text, "no es una base de datos de OfiCRM"),
    (_foreign, "es de otro programa"),
    (_truncated, "dañado"),
    (_newer, "versión más nueva"),
    (Path.mkdir, "es una carpeta"),
]


@pytest.mark.parametrize(("make", "said"), FILES)
@pytest.mark.parametrize("display", ["offscreen", ""])
def test_files_that_cannot_be_opened_stay_as_they_are(tmp_path, profile, make, said, display):
    folder = tmp_path / "datos"
    folder.mkdir()
    make(folder / "datos.sqlite")
    before = state(folder)
    line = refused("--profile", profile, "--database", folder / "datos.sqlite", display=display)
    assert said in line
    assert str(folder / "datos.sqlite") in line
    assert state(folder) == before


ADDRESSES = [
    ("mysql://servidor/crm", "no es una dirección"),
    ("sqlite:///:memory:", "no es una dirección"),
    ("sqlite://", "no es una dirección"),
    ("nada://servidor/crm", "no es una dirección"),
    ("://", "no es una dirección"),
    ("postgresql://servidor:puerto/crm", "no es una dirección"),
    ("/no/hay/tal/carpeta/crm.sqlite", "No existe la carpeta"),
    ("/" + "x" * 300, "demasiado largo"),
]


@pytest.mark.parametrize(("address", "said"), ADDRESSES)
def test_addresses_that_lead_nowhere(profile, address, said):
    assert said in refused("--profile", profile, "--database", address)


def test_a_server_that_refuses_is_told_at_once(profile):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is refused
        port = taken.getsockname()[1]
        line = refused("--profile", profile, "--database", f"postgresql://ana:secreta@127.0.0.1:{port}/crm")
    assert f"postgresql://ana:***@127.0.0.1:{port}/crm" in line
    assert "secreta" not in line


def test_a_server_that_is_silent_is_given_up(profile):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes the connection and never says a word
        port = silent.getsockname()[1]
        started = time.monotonic()
        refused("--profile", profile, "--database", f"postgresql://ana@127.0.0.1:{port}/crm")
        assert time.monotonic() - started < CONNECT_TIMEOUT_S * 3


def test_a_profile_that_cannot_be_written(tmp_path):
    (tmp_path / "archivo").touch()
    assert "no se puede escribir en" in refused("--profile", tmp_path / "archivo" / "perfil")


def test_a_tour_that_cannot_be_written(tmp_path):
    (tmp_path / "archivo").touch()
    assert "no se puede escribir en" in refused("--tour", tmp_path / "archivo" / "recorrido")


STARTED = """
import sys
from PySide6.QtCore import QTimer
from ui.app import Application
asked = Application._on_settings

def leave_at_the_first_question(self, values):
    asked(self, values)
    QTimer.singleShot(0, self._first_start.reject)

Application._on_settings = leave_at_the_first_question
from main import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_profile_holds_every_folder_of_the_program(profile, home, tmp_path):
    before = sorted(path for path in tmp_path.rglob("*"))
    command = [sys.executable, "-c", STARTED, "--profile", str(profile)]
    surroundings = os.environ | {"QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    written = {path for path in tmp_path.rglob("*") if path not in before}
    assert {path for path in written if profile not in (path, *path.parents)} == set()
    assert Profile(profile).database in written
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_it_says_so_in_one_line_and_walks_through_the_program_instead(tmp_path):
    """That the tour works is the tour's own test; here it is cut off as soon as it has begun."""
    surroundings = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    surroundings |= {"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    del surroundings["QT_QPA_PLATFORM"]
    command = [sys.executable, str(ROOT / "main.py"), "--profile", str(tmp_path / "perfil")]
    with subprocess.Popen(
        command, env=surroundings, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == "No hay pantalla: se hace el recorrido sin ventana.\n"
            where = process.stdout.readline()
            assert where.startswith("Recorrido en ")
            assert Path(where.removeprefix("Recorrido en ").strip()).is_dir()
            assert process.stdout.readline().startswith("ok ")
        finally:
            process.kill()
    assert not (tmp_path / "perfil").exists()
