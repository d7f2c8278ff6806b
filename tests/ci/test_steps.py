"""Running the checks: all of them, whatever fails; and the README's pictures out of a tour."""

import sys

import pytest

from tests.ci.conftest import load


@pytest.fixture
def steps(monkeypatch, tmp_path):
    module = load("steps")
    monkeypatch.setattr(module, "TOUR", tmp_path / "tour")
    return module


def python(steps, name, program, **more):
    return steps.Step(name, [sys.executable, "-c", program], **more)


def test_every_step_runs_and_the_end_names_those_that_failed(steps, monkeypatch, capfd):
    monkeypatch.setattr(
        steps,
        "STEPS",
        [
            python(steps, "style", "raise SystemExit(3)"),
            steps.Step("missing", ["no-such-program"]),
            python(steps, "tests", "print('ran')"),
        ],
    )
    monkeypatch.setattr(sys, "argv", ["steps.py", "all"])
    assert steps.main() == 1
    said = capfd.readouterr().out
    assert "ran\n" in said
    assert said.endswith("steps: 1 passed, 2 failed\n  style\n  missing\n")


def test_a_step_that_hangs_is_ended_with_what_it_started(steps, capfd):
    child = "import time; time.sleep(60)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('outlived')"
    assert not steps.run(python(steps, "hanging", program, minutes=0.02))
    said = capfd.readouterr().out
    assert "FAILED: not done after 0.02 minutes" in said
    assert "outlived" not in said


def test_make_check_runs_the_quick_ones(steps, monkeypatch, capfd):
    monkeypatch.setattr(
        steps, "STEPS", [python(steps, "style", ""), python(steps, "tests", "raise SystemExit(1)", quick=False)]
    )
    monkeypatch.setattr(sys, "argv", ["steps.py", "check"])
    assert steps.main() == 0
    assert "steps: 1 passed, 0 failed" in capfd.readouterr().out


@pytest.fixture
def pictures(monkeypatch, tmp_path):
    module = load("pictures")
    monkeypatch.setattr(module, "PICTURES", tmp_path / "docs")
    monkeypatch.setattr(sys, "argv", ["pictures.py", str(tmp_path)])
    return module


def test_the_wanted_pictures_are_taken_by_name(pictures, tmp_path):
    for number, name in enumerate(["inicio", *pictures.WANTED, "contacto"], 1):
        (tmp_path / f"{number:02}-{name}.png").write_text(f"{number}")
    assert pictures.main() == 0
    taken = {path.name: path.read_text() for path in (tmp_path / "docs").iterdir()}
    assert taken.keys() == {f"{name}.png" for name in pictures.WANTED}
    assert taken["contactos.png"] == "2"
    assert taken["contacto.png"] == str(len(pictures.WANTED) + 2)  # the newest of two


def test_a_missing_picture_is_named_and_none_is_renewed(pictures, tmp_path, capfd):
    (tmp_path / "01-contactos.png").touch()
    assert pictures.main() == 1
    assert "no picture called contacto, cambiar-fecha, cliente, historico, oscuro" in capfd.readouterr().err
    assert not (tmp_path / "docs").exists()
