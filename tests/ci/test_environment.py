"""Preparing the machine: nothing twice, nothing without a clear word, no core dump for a missing library."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def elsewhere(environment, monkeypatch, tmp_path):
    """The scripts, working on a folder that is not ours, with commands that are only noted."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    for name in environment.LOCKS["dev"]:
        (tmp_path / name).write_text("x==1\n")
    return environment


@pytest.fixture
def commands(elsewhere, monkeypatch):
    """The commands that would have been run; all succeed."""
    noted: list[str] = []

    def run(command, **_options):
        noted.append(" ".join(map(str, command)))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(elsewhere.subprocess, "run", run)
    return noted


@pytest.fixture
def someone(elsewhere, monkeypatch):
    monkeypatch.setattr(elsewhere.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(elsewhere.shutil, "which", lambda name: f"/bin/{name}")


@pytest.fixture
def root(elsewhere, monkeypatch):
    monkeypatch.setattr(elsewhere.os, "geteuid", lambda: 0)
    monkeypatch.setattr(elsewhere.shutil, "which", lambda name: f"/bin/{name}")


def make_python(environment):
    python = environment.venv_python()
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()


def test_packages_are_installed_once(elsewhere, commands):
    make_python(elsewhere)
    elsewhere.ensure_packages("dev")
    assert any("requirements-dev.txt" in command for command in commands)
    commands.clear()
    elsewhere.ensure_packages("dev")
    elsewhere.ensure_packages("run")  # what the tests need includes what the program needs
    assert commands == []


def test_a_changed_lock_is_installed(elsewhere, commands, tmp_path):
    make_python(elsewhere)
    elsewhere.ensure_packages("run")
    commands.clear()
    (tmp_path / "requirements.txt").write_text("x==2\n")
    elsewhere.ensure_packages("run")
    assert len([command for command in commands if " install " in command]) == 1


def test_an_environment_that_works_is_adopted(elsewhere, commands):
    make_python(elsewhere)
    elsewhere.ensure_packages("run")
    assert not any(" venv " in command for command in commands)


def test_a_failed_install_is_told_and_tried_again(elsewhere, commands, monkeypatch):
    make_python(elsewhere)
    monkeypatch.setattr(elsewhere, "venv_works", lambda: True)
    answer = subprocess.CompletedProcess([], 1, "", "no matching distribution")
    monkeypatch.setattr(elsewhere.subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(elsewhere.SetupFailed, match="no matching distribution"):
        elsewhere.ensure_packages("run")
    assert not elsewhere.is_stamped("run")


def test_a_missing_library_without_rights_is_one_line_with_the_command(
    elsewhere, someone, commands, monkeypatch, capfd
):
    monkeypatch.setattr(elsewhere, "can_load", lambda name: name not in ("libxcb-cursor.so.0", "libxcb-icccm.so.4"))
    monkeypatch.setattr(elsewhere, "has_fonts", lambda: True)
    monkeypatch.setenv("DISPLAY", ":0")
    assert elsewhere.prepare(["run"]) == 1
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert "sudo apt-get install -y --no-install-recommends libxcb-cursor0 libxcb-icccm4\n" in said
    assert commands == []


def test_a_missing_library_is_installed_by_root(elsewhere, root, commands, monkeypatch):
    monkeypatch.setattr(elsewhere, "can_load", lambda name: name != "libEGL.so.1")
    monkeypatch.setattr(elsewhere, "has_fonts", lambda: False)
    elsewhere.ensure_qt_libraries(x11=True)
    assert commands == [
        "apt-get update",
        "apt-get install -y --no-install-recommends libegl1 fonts-dejavu-core",
    ]


def test_without_a_display_the_libraries_of_x11_are_not_asked_for(elsewhere, monkeypatch):
    monkeypatch.setattr(elsewhere, "can_load", lambda name: "xcb" not in name)
    monkeypatch.setattr(elsewhere, "has_fonts", lambda: True)
    elsewhere.ensure_qt_libraries(x11=False)


def test_without_postgresql_the_tests_go_on_but_ci_does_not(elsewhere, someone, monkeypatch, capfd):
    monkeypatch.setattr(elsewhere, "has_postgres", lambda: False)
    elsewhere.ensure_postgres(required=False)
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert "apt-get install -y --no-install-recommends postgresql" in said
    with pytest.raises(elsewhere.SetupFailed):
        elsewhere.ensure_postgres(required=True)


def test_a_missing_venv_module_is_named(elsewhere, someone, commands, monkeypatch):
    monkeypatch.setattr(elsewhere.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(elsewhere.SetupFailed, match=r"sudo apt-get install .*python3\.\d+-venv"):
        elsewhere.make_venv()


def test_an_old_python_says_what_is_needed(tmp_path):
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    script = tmp_path / ".ci" / "setup.py"
    script.write_text(script.read_text().replace("NEEDED = (3, 11)", "NEEDED = (3, 99)"))
    done = subprocess.run(
        [sys.executable, script], env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "necesita Python 3." in done.stderr


def test_the_lock_pins_every_package_of_the_project():
    pinned = re.findall(r"^([\w.-]+)==[\w.]+", (ROOT / "requirements.txt").read_text(), re.M)
    names = {name.lower().replace("_", "-") for name in pinned}
    assert {"pyside6-essentials", "sqlalchemy", "alembic", "psycopg", "platformdirs"} <= names


def test_every_package_in_the_lock_has_its_licence_listed():
    listed = (ROOT / "THIRD_PARTY.md").read_text().lower().replace("_", "-")
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.M)
    assert [name for name in pinned if f"| {name.lower().replace('_', '-')} |" not in listed] == []
