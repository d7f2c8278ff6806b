"""The support the tests stand on: databases of their own, and guards that really catch."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from sqlalchemy import create_engine, text

from tests.support import postgres
from tests.support.guards import is_local

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run_inside(pytester, monkeypatch):
    """Run a small test file in a pytest of its own, with the named plug-ins of ours."""

    def run(source, *plugins):
        pytester.makepyfile(source)
        pytester.makeini("[pytest]\nmarkers =\n    logs_warnings: x\n    postgres: x\n")
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        return pytester.runpytest_subprocess("-rs", *(part for name in plugins for part in ("-p", name)))

    return run


# Databases


def test_an_empty_database_is_empty_and_writable(empty_url):
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (body TEXT)"))
        connection.execute(text("INSERT INTO note VALUES ('uno')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 1
    engine.dispose()


def test_a_migrated_database_has_tables_and_no_rows_of_another_test(engine_url):
    engine = create_engine(engine_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
        connection.execute(text("CREATE TABLE only_here (body TEXT)"))
    engine.dispose()


def test_the_next_test_starts_afresh(engine_url):
    test_a_migrated_database_has_tables_and_no_rows_of_another_test(engine_url)


def test_the_server_has_no_rights_on_the_machine(postgres_server):
    assert (postgres_server.folder / "data").stat().st_uid != 0


def test_a_session_left_open_does_not_keep_its_database(postgres_server):
    with postgres_server.database() as url:
        engine = create_engine(url)
        left_open = engine.connect()
        assert left_open.execute(text("SELECT 1")).scalar() == 1
    left_open.invalidate()
    engine.dispose()


def test_the_server_ends_when_the_tests_are_killed(postgres_server):
    program = (
        "import sys; from tests.support.postgres import Keeper, Server; keeper = Keeper();"
        "Server(keeper.folder).close(); print(keeper.folder, flush=True); sys.stdin.read()"
    )
    tests = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert tests.stdout is not None
    folder = Path(tests.stdout.readline().strip())
    assert (folder / "data" / "postmaster.pid").exists()
    tests.send_signal(signal.SIGKILL)
    tests.communicate(timeout=30)  # returns once the keeper and the server, who share the pipe, are gone too
    assert not folder.exists()


def test_without_a_server_the_reason_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(postgres.NoPostgres, match="apt-get install postgresql") as missing:
        postgres.find_binaries(roots=(tmp_path,))
    assert "\n" not in str(missing.value)


@pytest.mark.parametrize(("required", "outcome"), [("", "skipped"), ("1", "errors")])
def test_without_a_server_tests_are_skipped_but_fail_in_ci(run_inside, monkeypatch, required, outcome):
    monkeypatch.setenv("OFICRM_REQUIRE_POSTGRES", required)
    result = run_inside(
        """
        import pytest
        from tests.support import databases
        from tests.support.postgres import NoPostgres

        @pytest.fixture(autouse=True, scope="session")
        def nothing_installed():
            def missing(config):
                raise NoPostgres("nothing installed")
            patch = pytest.MonkeyPatch()
            patch.setattr(databases, "_server_folder", missing)
            yield
            patch.undo()

        def test_x(empty_postgres_url):
            assert False
        """,
        "tests.support.databases",
    )
    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines(["*nothing installed*"])


# Guards


@pytest.mark.parametrize(
    "call",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.getaddrinfo('example.com', 80)",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    ],
)
def test_the_network_fails_a_test_even_when_it_swallows_the_error(run_inside, call):
    source = f"import socket\ndef test_x():\n    try:\n        {call}\n    except Exception:\n        pass\n"
    result = run_inside(source, "tests.support.guards")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*in a test: *"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", b"localhost", None, "127.5.5.5"])
def test_this_machine_is_not_the_network(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "::ffff:192.0.2.1", "0.0.0.0"])
def test_other_machines_are_the_network(host):
    assert not is_local(host)


def test_sql_called_from_a_screen_fails_on_the_gui_thread(tmp_path, monkeypatch):
    from tests.support import guards

    screens = tmp_path / "ui"
    monkeypatch.setattr(guards, "UI", f"{screens}/")
    scope: dict[str, Any] = {"engine": create_engine("sqlite://"), "text": text}
    source = "def paint():\n    with engine.connect() as connection:\n        connection.execute(text('SELECT 1'))\n"
    exec(compile(source, str(screens / "screen.py"), "exec"), scope)
    with pytest.raises(guards.ForbiddenInTest, match=r"SQL on the GUI thread, called from .*screen\.py:3: SELECT 1"):
        scope["paint"]()
    guards._slips.clear()
    scope["engine"].dispose()


def test_a_log_warning_fails_a_test_unless_it_is_expected(run_inside):
    source = """
        import logging, pytest

        def test_unexpected():
            logging.getLogger("oficrm").warning("disco casi lleno")

        @pytest.mark.logs_warnings
        def test_expected():
            logging.getLogger("oficrm").warning("disco casi lleno")
        """
    result = run_inside(source, "tests.support.guards")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*WARNING oficrm: disco casi lleno*"])


def test_a_python_warning_is_an_error():
    with pytest.raises(UserWarning):
        __import__("warnings").warn("anything", stacklevel=1)


# Surroundings


def test_the_folders_of_the_program_are_nobodys(home, request):
    for folder in (platformdirs.user_data_dir("oficrm"), platformdirs.user_config_dir("oficrm")):
        assert Path(folder).is_relative_to(home)
    assert "oficrm-home-" in str(home)


def test_qt_speaks_spanish_and_needs_no_screen(qapp):
    from PySide6.QtCore import QCoreApplication, QLocale
    from PySide6.QtWidgets import QDialogButtonBox

    assert qapp.platformName() == "offscreen"
    assert QLocale().dayName(1) == "lunes"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancelar"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Cancelar"
    box.deleteLater()
