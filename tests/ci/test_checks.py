"""The repository's own rules: each catches what it is for, and lets pass what only looks like it."""

import subprocess

import pytest

# Written apart, so that this file does not break the rules it tries
HOME, LATER = "/" + "home/ana", "TO" + "DO"

BREACHES = [
    ("length", "ui/form.py", "x = 1\n" * 401),
    ("folder", "tools/x.py", "x = 1\n"),
    ("todo", "db/x.py", f"x = 1  # {LATER} later\n"),
    ("todo", "docs/x.md", f"{LATER}: write\n"),
    ("machine-path", "db/x.py", f'path = "{HOME}/crm.db"\n'),
    ("machine-path", "README.md", "C:" + r"\Users\Ana" + "\n"),
    ("lock-host", "requirements.txt", "x @ https://example.com/x.whl\n"),
    ("lock-host", "requirements-dev.txt", "--index-url https://example.com\n"),
    ("import-main", "ui/about.py", "from main import VERSION\n"),
    ("import-main", "db/x.py", "import main\n"),
    ("session", "oficrm/contacts.py", "s = Session(engine)\n"),
    ("session", "ui/list.py", "engine = sqlalchemy.create_engine(url)\n"),
    ("migration", "db/migrations/versions/0001_start.py", "from db.models.client import Client\n"),
    ("migration", "db/migrations/versions/0001_start.py", "import db.types\n"),
    ("message-box", "ui/forms/client.py", "QMessageBox.warning(self, 'x', 'y')\n"),
    ("message-box", "ui/forms/client.py", "box = QtWidgets.QMessageBox(self)\n"),
    ("timer-parent", "ui/list.py", "self.timer = QTimer()\n"),
    ("sleep", "tests/ui/test_x.py", "time.sleep(1)\n"),
    ("sleep", "tests/ui/test_x.py", "qtbot.wait(100)\n"),
    ("sleep", "ui/bridge.py", "time.sleep(1)\n"),
    ("float-money", "oficrm/rules/money.py", "total = float(text)\n"),
    ("float-money", "oficrm/quotes.py", "line.discount = line.price * 0.1\n"),
    ("float-money", "db/models/quote.py", "amount: float = 0\n"),
    ("float-money", "oficrm/quotes.py", "def pay(amount: float) -> None: ...\n"),
    ("float-money", "oficrm/quotes.py", "cost = float(text) if text else None\n"),
    ("float-money", "oficrm/quotes.py", "value = float(line.price)\n"),
    ("float-money", "oficrm/quotes.py", "line.total *= 1.21\n"),
    ("float-money", "db/models/quote.py", "amount: Mapped[float] = money('Importe')\n"),
    ("float-money", "oficrm/quotes.py", "add(price=9.99)\n"),
    ("swallow", "db/x.py", "try:\n    f()\nexcept:\n    g()\n"),
    ("swallow", "db/x.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    ("swallow", "db/x.py", "try:\n    f()\nexcept (OSError, BaseException):\n    ...\n"),
    ("swallow", "db/x.py", "with contextlib.suppress(Exception):\n    f()\n"),
    ("accent", "ui/form.py", "label = 'Proximo contacto'\n"),
    ("accent", "db/models/client.py", "phone = text('Telefono')\n"),
    ("accent", "oficrm/x.py", "raise Invalid('el numero no vale')\n"),
]

FINE = [
    ("ui/form.py", "x = 1\n" * 400),
    ("db/migrations/versions/0001_start.py", "x = 1\n" * 500),
    ("tests/ui/test_x.py", "x = 1\n"),
    (".ci/x.py", "x = 1\n"),
    ("main.py", "x = 1\n"),
    ("tests/test_main.py", "import main\n"),
    ("ui/windows/main_window.py", "from ui.windows import main\n"),
    ("db/x.py", f"label = '{LATER}s los contactos'  # todos\n"),
    ("db/x.py", "path = home / 'work' / 'x'\nurl = 'https://example.com/home/x'\n"),
    ("requirements.txt", "x==1.0 ; sys_platform == 'win32'\n"),
    ("oficrm/jobs.py", "with Session(engine) as s: ...\n"),
    ("db/engine.py", "engine = create_engine(url)\n"),
    ("oficrm/contacts.py", "def load(session: Session) -> None: ...\n"),
    ("db/migrations/versions/0001_start.py", "from alembic import op\n"),
    ("ui/dialogs/ask.py", "QMessageBox(self)\n"),
    ("ui/list.py", "self.timer = QTimer(self)\n"),
    ("tests/ui/test_x.py", "qtbot.waitSignal(x)\n"),
    ("oficrm/rules/money.py", "total = Decimal(text)\n"),
    ("oficrm/demo.py", "row = {'tax': tax_rate, 'active': chance() < 0.96}\n"),
    ("oficrm/demo.py", "row = [tax_id(2), city if chance() < 0.5 else None]\n"),
    ("ui/theme.py", "ratio = float(width) * 0.5\n"),
    ("db/x.py", "try:\n    f()\nexcept Exception as error:\n    report(error)\n"),
    ("db/x.py", "with contextlib.suppress(FileNotFoundError):\n    f()\n"),
    ("ui/form.py", "label = 'Próximo contacto'\n"),
    ("oficrm/rules/dates.py", "WORDS = {'manana': 1, 'sabado': 2}\n"),
    ("ui/form.py", "'''Proximo contacto: a docstring is English and may say anything'''\n"),
    ("ui/form.py", "icon = 'icons/telefono.svg'\n"),
]


@pytest.mark.parametrize(("code", "path", "text"), BREACHES)
def test_a_breach_is_named_with_its_place_and_reason(checks, code, path, text):
    lines = checks.check(checks.Source(path, text))
    assert [line for line in lines if line.startswith(f"{path}:") and f": {code}: " in line and line.endswith(")")]


@pytest.mark.parametrize(("path", "text"), FINE)
def test_what_only_looks_like_a_breach_passes(checks, path, text):
    assert checks.check(checks.Source(path, text)) == []


def test_every_rule_is_tried(checks):
    assert {rule.code for rule in checks.RULES} == {code for code, _, _ in BREACHES}


def test_files_that_git_ignores_are_not_looked_at(checks, tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("/build/\n")
    for name in ("build/x.py", "db/y.py", "db/z.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    assert [source.path for source in checks.Tree(tmp_path).sources()] == [".gitignore", "db/y.py"]
