"""Is there a screen that Qt can use? Asked before Qt is loaded, because Qt answers a missing one by aborting."""

import ctypes
import importlib.util
import os
import socket
import sys
from pathlib import Path

LIBRARIES = Path(__file__).resolve().parents[1] / "resources" / "qt-libraries.txt"


def platform() -> str:
    """Return the Qt platform that will be used: what QT_QPA_PLATFORM says, else xcb, wayland, or "" for none."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen or not sys.platform.startswith("linux"):
        return chosen or "native"
    if os.environ.get("WAYLAND_DISPLAY") and (wayland_answers() or not os.environ.get("DISPLAY")):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else ""


def known_platforms() -> frozenset[str]:
    """Return the platforms that the Qt installed here can start on; empty when its folder is not found."""
    found = importlib.util.find_spec("PySide6")
    roots = found.submodule_search_locations if found and found.submodule_search_locations else ()
    plugins = [path for root in roots for path in Path(root, "Qt", "plugins", "platforms").glob("libq*.so")]
    return frozenset(path.stem.removeprefix("libq") for path in plugins)


def wayland_answers() -> bool:
    """True when the Wayland server named by WAYLAND_DISPLAY accepts a connection."""
    name = os.environ.get("WAYLAND_DISPLAY", "")
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), name)
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def missing_libraries(part: str) -> list[str]:
    """Return the Debian packages of the system libraries that are not here; ``part`` is ``qt`` or ``x11``."""
    packages = []
    for line in LIBRARIES.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        library, package, needed_by = line.split()
        if needed_by == part and not _loads(library):
            packages.append(package)
    return packages


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def x11_answers() -> bool:
    """True when the X server named by DISPLAY accepts a connection."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def problem() -> str | None:
    """Return the one line that says why no window can be opened, None when one can."""
    if not sys.platform.startswith("linux"):
        return None
    chosen = platform()
    if not chosen:
        return "No hay pantalla: se hace el recorrido sin ventana."
    if (known := known_platforms()) and chosen not in known:
        return f"Qt no conoce la pantalla «{chosen}» (QT_QPA_PLATFORM): se hace el recorrido sin ventana."
    if chosen == "wayland" and not wayland_answers():
        return f"La pantalla {os.environ.get('WAYLAND_DISPLAY', '')} no responde: se hace el recorrido sin ventana."
    if chosen == "xcb" and not x11_answers():
        return f"La pantalla {os.environ.get('DISPLAY', '')} no responde: se hace el recorrido sin ventana."
    return None


def missing_packages() -> str | None:
    """Return the one line with the command that installs what Qt lacks, None when it lacks nothing."""
    if not sys.platform.startswith("linux"):
        return None
    packages = missing_libraries("qt")
    if platform() == "xcb":
        packages += missing_libraries("x11")
    if not packages:
        return None
    return f"Faltan bibliotecas del sistema. Instálelas con: sudo apt-get install -y {' '.join(sorted(set(packages)))}"
