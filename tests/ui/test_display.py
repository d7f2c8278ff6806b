"""Is there a screen, and what Qt lacks: found out without Qt, which answers a missing one by aborting."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ui import display

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")


@pytest.fixture
def surroundings(monkeypatch):
    """Sets what the desktop says of itself."""

    def put(**given):
        for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ""),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ""}, ""),
        ({"WAYLAND_DISPLAY": "wayland-987", "DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-987"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "xcb:some=option;wayland"}, "xcb"),
    ],
)
def test_the_platform_qt_would_take(surroundings, given, found):
    surroundings(**given)
    assert display.platform() == found


def test_no_screen_is_told(surroundings):
    surroundings()
    said = display.problem()
    assert said is not None
    assert "No hay pantalla" in said


def test_a_screen_that_does_not_answer_is_told_by_name(surroundings):
    surroundings(DISPLAY=":987")
    said = display.problem()
    assert said is not None
    assert ":987" in said


def test_a_wayland_screen_is_taken_when_it_answers(surroundings, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    surroundings(WAYLAND_DISPLAY="wayland-0", DISPLAY=":0")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert display.platform() == "wayland"
        assert display.problem() is None


@pytest.mark.parametrize(
    ("given", "named"),
    [({"WAYLAND_DISPLAY": "wayland-987"}, "wayland-987"), ({"QT_QPA_PLATFORM": "papel"}, "papel")],
)
def test_other_screens_that_cannot_be_had_are_told_by_name(surroundings, given, named):
    surroundings(**given)
    assert named in str(display.problem())


def test_offscreen_there_is_nothing_to_complain_of(surroundings):
    surroundings(QT_QPA_PLATFORM="offscreen")
    assert display.problem() is None
    assert display.missing_packages() is None


def test_what_is_missing_is_one_line_with_the_command(surroundings, monkeypatch):
    surroundings(DISPLAY=":0")
    monkeypatch.setattr(display, "_loads", lambda library: False)
    said = display.missing_packages()
    assert said is not None
    assert "\n" not in said
    assert "sudo apt-get install -y " in said
    packages = said.partition("install -y ")[2].split()
    assert packages == sorted(set(packages))
    assert {"libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1"} <= set(packages)


def test_the_libraries_of_x11_are_not_asked_for_without_it(surroundings, monkeypatch):
    surroundings(QT_QPA_PLATFORM="offscreen")
    monkeypatch.setattr(display, "_loads", lambda library: "xcb" not in library)
    assert display.missing_packages() is None


def test_on_other_systems_there_is_nothing_to_ask(surroundings, monkeypatch):
    surroundings()
    monkeypatch.setattr(sys, "platform", "win32")
    assert display.platform() == "native"
    assert display.problem() is None
    assert display.missing_packages() is None


def test_a_library_that_is_not_there_does_not_load():
    assert display._loads("libc.so.6")
    assert not display._loads("libnothing-of-the-sort.so.1")


def test_asking_loads_no_qt():
    code = "import sys, ui.display as d; d.problem(); d.missing_packages(); print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
