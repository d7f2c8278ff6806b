"""The virtual environment, the pinned packages, and the system packages that pip cannot bring.

Idempotent: a stamp inside the environment holds the hash of the lock it was made from. Says nothing when all is there.
What only an administrator may install is installed when we are root on a Debian-like system; otherwise one line names
the command. Messages are in Spanish: they are for whoever starts the program.
"""

import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCKS = {"run": ["requirements.txt"], "dev": ["requirements.txt", "requirements-dev.txt"]}
QT_LIBRARIES = ROOT / "resources" / "qt-libraries.txt"
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"]
POSTGRES_FOLDER = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15


class SetupFailed(Exception):
    """The program cannot be prepared; the text is for the user."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# The virtual environment


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def lock_hash(names: Iterable[str]) -> str:
    """What the environment must be made from: the locks, and the Python that is in it."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((ROOT / name).read_bytes())
    if (VENV / "pyvenv.cfg").exists():
        digest.update((VENV / "pyvenv.cfg").read_bytes())
    return digest.hexdigest()


def stamp(kind: str) -> Path:
    return VENV / f".oficrm-{kind}"


def is_stamped(kind: str) -> bool:
    try:
        return stamp(kind).read_text() == lock_hash(LOCKS[kind])
    except OSError:
        return False


def venv_works() -> bool:
    """Whether the environment's Python starts, is new enough and has pip: what it links to may have been removed."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([venv_python(), "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_or_tell([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], "crear el entorno de Python")
    say("Creando el entorno de Python en .venv (solo la primera vez)...")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupFailed(f"No se pudo crear el entorno de Python en {VENV}:\n{(done.stdout + done.stderr).strip()}")


def ensure_packages(kind: str) -> None:
    """Make the environment match the lock, unless the stamp says that it does."""
    if is_stamped(kind) and venv_python().exists():
        return
    if not venv_works():
        make_venv()
    say("Instalando las bibliotecas del programa (puede tardar un par de minutos)...")
    command = [str(venv_python()), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "-r", str(ROOT / LOCKS[kind][-1])],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise SetupFailed("pip no pudo instalar las bibliotecas:\n" + (done.stderr or done.stdout).strip()[-2000:])
    for done_too in {"run", kind}:
        stamp(done_too).write_text(lock_hash(LOCKS[done_too]))


# System packages


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt_command(packages: Iterable[str]) -> str:
    return "apt-get install -y --no-install-recommends " + " ".join(packages)


def install_or_tell(packages: list[str], purpose: str) -> None:
    """Install Debian packages when we may. Raises SetupFailed with the command to type when we may not, or it fails."""
    command = apt_command(packages)
    if shutil.which("apt-get") is None:
        raise SetupFailed(f"Para {purpose} faltan paquetes del sistema; sus nombres en Debian: {' '.join(packages)}")
    if not is_root():
        raise SetupFailed(f"Para {purpose} falta software del sistema. Ejecute: sudo {command}")
    say(f"Instalando para {purpose}: {' '.join(packages)}")
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with tempfile.TemporaryFile("w+") as log:
        for line in ("apt-get update", command):
            done = subprocess.run(
                shlex.split(line), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=surroundings, check=False
            )
            if done.returncode != 0 and line != "apt-get update":  # an old package list often still does
                log.seek(0)
                raise SetupFailed(f"No se pudo instalar ({line}):\n{log.read().strip()[-2000:]}")


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_qt_packages(parts: Iterable[str]) -> list[str]:
    """Debian packages of the libraries Qt needs for `parts` ("qt", "x11") and the system does not have."""
    wanted = set(parts)
    rows = [line.split() for line in QT_LIBRARIES.read_text().splitlines() if line and not line.startswith("#")]
    missing = [package for library, package, part in rows if part in wanted and not can_load(library)]
    if not has_fonts():
        missing.append(FONT_PACKAGE)
    return missing


def has_fonts() -> bool:
    """Whether there is any font: without one Qt draws boxes."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc", ".pfb"))
        for folder in folders
        for _, _, names in os.walk(folder)
        for name in names
    )


def ensure_qt_libraries(x11: bool) -> None:
    if sys.platform != "linux":
        return
    if missing := missing_qt_packages(["qt", "x11"] if x11 else ["qt"]):
        install_or_tell(missing, "abrir ventanas" if x11 else "dibujar sin pantalla")


def has_postgres() -> bool:
    """Whether a server that is new enough is installed; the tests look in the same places."""
    versions = [
        int(p.parent.parent.name) for p in POSTGRES_FOLDER.glob("*/bin/initdb") if p.parent.parent.name.isdigit()
    ]
    return bool(shutil.which("initdb")) or max(versions, default=0) >= OLDEST_POSTGRES


def ensure_postgres(required: bool) -> None:
    """The server the tests start. When it cannot be had its half of the tests is skipped, except in CI."""
    if has_postgres() or sys.platform == "win32":
        return
    try:
        install_or_tell(["postgresql"], "probar con PostgreSQL")
    except SetupFailed as reason:
        if required:
            raise
        say(f"{reason} (mientras tanto, esa mitad de las pruebas se omite)")


def ensure_xvfb() -> None:
    if shutil.which("Xvfb") is None:
        install_or_tell(["xvfb"], "abrir ventanas sin pantalla")


def prepare(arguments: list[str]) -> int:
    """Prepare for `run` (the program), `dev` (the tests too) or `ci` (with nothing left out). Returns an exit code."""
    purpose = arguments[0] if arguments else "run"
    try:
        ensure_qt_libraries(x11=purpose == "ci" or bool(os.environ.get("DISPLAY")))
        ensure_packages("run" if purpose == "run" else "dev")
        if purpose != "run":
            ensure_postgres(required=purpose == "ci")
        if purpose == "ci":
            ensure_xvfb()
    except SetupFailed as reason:
        say(str(reason))
        return 1
    return 0
