"""The README's recipe for a new module, followed word by word on a copy of the program."""

import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

USE = """
import db.migrate
from db.registry import listed_modules, module
from sqlalchemy import create_engine, inspect

db.migrate.upgrade("sqlite:///{database}")
engine = create_engine("sqlite:///{database}")
columns = {{column["name"] for column in inspect(engine).get_columns("vehicle")}}
assert {{"id", "plate", "salesperson_id", "inspection", "version"}} <= columns, columns
engine.dispose()
assert module("vehicle") in listed_modules()
assert [field.label for field in module("vehicle").fields.values()][:2] == ["Código", "Matrícula"]
"""


@pytest.fixture
def copy(tmp_path):
    """The parts of the program that a module concerns, to be changed freely."""
    for name in ("db", "oficrm"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder, *command):
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_file_and_one_migration_make_a_module(copy):
    readme = (ROOT / "README.md").read_text()
    named = re.search(r"Write `(db/models/\w+\.py)`:\n\n *```python\n(.*?)\n *```", readme, re.S)
    assert named is not None
    (copy / named[1]).write_text(textwrap.dedent(named[2]) + "\n")
    commands = re.findall(r"^ *\.venv/bin/alembic (.*)$", readme, re.M)
    assert len(commands) == 2
    for command in commands:
        run(copy, "-m", "alembic", *shlex.split(command))
    run(copy, "-m", "ruff", "check", named[1], "db/migrations/versions")
    run(copy, "-c", USE.format(database=copy / "new.db"))


def test_the_next_migration_of_the_recipe_has_the_next_number():
    last = max(path.name[:4] for path in (ROOT / "db" / "migrations" / "versions").glob("[0-9]*.py"))
    number = re.search(r"--rev-id (\d{4})", Path(ROOT / "README.md").read_text())
    assert number is not None
    assert int(number[1]) == int(last) + 1
