"""What is not a sound OfiCRM file of our time is refused, and nothing beside it or in it is touched."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from db import examine
from db.examine import APPLICATION_ID, Unusable
from db.migrate import upgrade
from tests.support.files import state


@pytest.fixture
def path(sqlite_url) -> Path:
    """A file of ours, closed in good order, alone in its folder but for what the test adds."""
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def refused(path):
    """Checks that opening the file is refused with a text, and that its folder stays as it is."""

    def check(said: str, where: Path = path) -> None:
        before = state(where.parent)
        with pytest.raises(Unusable) as reason:
            upgrade(where)
        assert said in str(reason.value)
        assert "\n" not in str(reason.value)
        assert state(where.parent) == before

    return check


def _sql(path, *statements):
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_file_of_ours_is_opened_and_left_as_it_is(path):
    before = state(path.parent)
    upgrade(path)
    assert state(path.parent) == before
    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")


def test_a_text_file(path, refused):
    path.write_text("Nombre;Teléfono\nTalleres Ruiz;961234501\n" * 100, "utf-8")
    refused("no es una base de datos de OfiCRM. No se ha modificado")


@pytest.mark.parametrize(
    "content", [b"nobody may change this", b"SQLite format 3\0", b"SQLite format 3\0" + b"\0" * 84, b"\0"]
)
def test_a_few_bytes(path, refused, content):
    path.write_bytes(content)
    refused("No se ha modificado")


def test_a_file_of_another_program(path, refused):
    path.unlink()
    _sql(path, "CREATE TABLE songs (id INTEGER PRIMARY KEY, name TEXT)", "INSERT INTO songs (name) VALUES ('Paquito')")
    refused("es de otro programa")


@pytest.mark.parametrize("application", [0, 0x47504B47])
def test_a_file_of_another_program_that_is_in_use(path, refused, application):
    path.unlink()
    _sql(path, f"PRAGMA application_id = {application}", "PRAGMA journal_mode = WAL")
    in_use = sqlite3.connect(path)
    in_use.execute("CREATE TABLE songs (name TEXT)")
    in_use.commit()
    refused("es de otro programa")
    in_use.close()


def test_a_file_of_another_program_that_has_our_mark(path, refused):
    path.unlink()
    _sql(path, f"PRAGMA application_id = {APPLICATION_ID}", "CREATE TABLE songs (name TEXT)")
    refused("es de otro programa")


def test_a_database_of_a_newer_program(path, refused):
    _sql(path, "UPDATE alembic_version SET version_num = '9999'")
    refused("versión más nueva")


def test_a_newer_database_on_the_server(postgres_url):
    from sqlalchemy import text

    from db.engine import open_engine

    engine = open_engine(postgres_url, pooled=False)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Unusable, match="versión más nueva"):
        upgrade(postgres_url)


def test_a_server_database_of_another_program(empty_postgres_url):
    from sqlalchemy import inspect, text

    from db.engine import open_engine

    engine = open_engine(empty_postgres_url, pooled=False)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE songs (name TEXT)"))
    with pytest.raises(Unusable, match="otro programa"):
        upgrade(empty_postgres_url)
    assert inspect(engine).get_table_names() == ["songs"]
    engine.dispose()


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.99])
def test_a_truncated_file(path, refused, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refused("dañado")


def test_a_file_truncated_at_a_page(path, refused):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 4096 // 2 * 4096])
    refused("dañado")


@pytest.mark.parametrize("garbage", [b"\xff", b"\0", b"ab"])
@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.97])
@pytest.mark.parametrize("seconds", [0, 10])
def test_a_damaged_page(path, refused, monkeypatch, place, garbage, seconds):
    monkeypatch.setattr(examine, "ROWS_SECONDS", seconds)  # found in the structure, however short the time for rows
    whole = bytearray(path.read_bytes())
    start = int(len(whole) * place) // 4096 * 4096 or 100
    whole[start : start + 2000] = garbage * (2000 // len(garbage))
    path.write_bytes(whole)
    refused("dañado")


def test_a_damaged_file_that_was_not_closed(path, refused):
    in_use = sqlite3.connect(path)
    in_use.execute("INSERT INTO counter (series, value) VALUES ('X', 1)")
    in_use.commit()
    copy = path.with_name("copy.db")
    for ending in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{ending}", f"{copy}{ending}")
    in_use.close()
    whole = bytearray(copy.read_bytes())
    whole[40960:45056] = b"\xff" * 4096
    copy.write_bytes(whole)
    with pytest.raises(Unusable, match="dañado"):
        upgrade(copy)
    assert copy.read_bytes() == whole


def test_large_files_closed_in_good_order_are_believed(path, monkeypatch):
    monkeypatch.setattr(examine, "SOUND_WHEN_CLOSED", 10)
    monkeypatch.setattr(examine, "_check_pages", lambda _: pytest.fail("checked all the same"))
    upgrade(path)


def test_a_folder(path, refused):
    (path.parent / "carpeta").mkdir()
    refused("es una carpeta", path.parent / "carpeta")


def test_a_folder_that_does_not_exist(path, refused):
    before = state(path.parent)
    with pytest.raises(Unusable, match="No existe la carpeta"):
        upgrade(path.parent / "nada" / "oficrm.sqlite")
    assert state(path.parent) == before
    assert not (path.parent / "nada").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes of Unix")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unusable, match="no es un archivo"):
        upgrade(tmp_path / "pipe")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(path, refused):
    path.chmod(0)
    with pytest.raises(Unusable, match="No se puede leer"):
        upgrade(path)
    path.chmod(0o600)


def test_a_file_that_cannot_be_read(path, refused, monkeypatch):
    def denied(self, *args, **more):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Unusable, match="No se puede leer"):
        upgrade(path)


def test_an_empty_file_and_none_at_all_are_begun(tmp_path):
    for name in ("none.sqlite", "empty.sqlite"):
        path = tmp_path / name
        if name == "empty.sqlite":
            path.touch()
        upgrade(path)
        assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")
    assert sorted(state(tmp_path)) == ["empty.sqlite", "none.sqlite"]


def test_a_lone_first_page_is_begun_again(tmp_path):
    path = tmp_path / "cut.sqlite"
    _sql(path, "PRAGMA journal_mode = WAL")
    assert path.stat().st_size == 4096
    upgrade(path)
    assert sqlite3.connect(path).execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


KILLED = """
import os, sys, db.migrate
from sqlalchemy import Engine
Engine.dispose = lambda self, close=True: os._exit(9)   # the process ends with everything still in the log
os.environ["PYTHONUNBUFFERED"] = "1"
import sqlalchemy.pool
sqlalchemy.pool.NullPool._do_return_conn = lambda self, connection: None
db.migrate.upgrade(sys.argv[1])
"""


def test_a_first_start_that_was_killed_is_taken_up_again(tmp_path):
    path = tmp_path / "killed.sqlite"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == 9
    assert path.read_bytes()[68:72] == b"\0\0\0\0"
    assert Path(f"{path}-wal").stat().st_size > 0
    upgrade(path)
    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")
