"""The data dictionary says what the declarations say, and is made without a screen."""

import subprocess
import sys

import pytest

from db.fields import Field
from tests.ci.conftest import CI, load

WITHOUT_QT = """
import runpy, sys
for name in ("PySide6", "shiboken6"):
    sys.modules[name] = None
sys.argv = ["dictionary.py", "--check"]
runpy.run_path({script!r}, run_name="__main__")
"""


@pytest.fixture(scope="module")
def dictionary():
    return load("dictionary")


def test_it_is_up_to_date(dictionary):
    assert dictionary.PATH.read_text(encoding="utf-8") == dictionary.render(), "run `make dictionary`"


def test_it_needs_no_qt():
    program = WITHOUT_QT.format(script=str(CI / "dictionary.py"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_one_is_told(dictionary, monkeypatch, tmp_path, capsys):
    stale = tmp_path / "data-dictionary.md"
    stale.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(dictionary, "PATH", stale)
    monkeypatch.setattr(sys, "argv", ["dictionary.py", "--check"])
    assert dictionary.main() == 1
    assert "make dictionary" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["dictionary.py"])
    assert dictionary.main() == 0
    monkeypatch.setattr(sys, "argv", ["dictionary.py", "--check"])
    assert dictionary.main() == 0


def test_a_row_holds_all_that_a_field_declares(dictionary):
    field = Field("link", "Persona", "person", "person_id", required=True, unique=True, targets=("person",),
                  within="client", on_delete="keep", help="Con quién.")  # fmt: skip
    assert dictionary.row(field) == [
        "Persona", "`person` (`person_id`)", "enlace → [Personas](#person)", "sí", "sí", "",
        "al borrar el enlazado: lo conserva; solo del mismo `client`; Con quién",
    ]  # fmt: skip


def test_what_nobody_described_stops_it(dictionary):
    columns = dictionary.Operation.__table__.columns
    with pytest.raises(KeyError, match="user_name"):
        dictionary.column_rows(columns, {"id": "", "at": ""})
    with pytest.raises(KeyError, match="@moon"):
        dictionary.default(Field("day", "Día", default="@moon"))
