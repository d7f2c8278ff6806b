"""Opening a database at start-up: it is there and up to date, or there is one line that says why not."""

import errno
import sqlite3
from pathlib import Path

import pytest

from db.examine import Unusable
from db.history import Actor
from db.models.client import Client
from oficrm.opening import check_usable, open_jobs, reason
from tests.support.files import state


def test_a_database_that_is_not_there_yet_is_made(empty_url):
    jobs = open_jobs(empty_url, Actor("ana"))
    assert jobs.read(lambda s: s.query(Client).count()).result() == 0
    jobs.close()
    check_usable(empty_url)


def test_a_path_will_do(tmp_path):
    open_jobs(tmp_path / "x.sqlite", Actor("ana")).close()
    open_jobs(str(tmp_path / "x.sqlite"), Actor("ana")).close()
    assert sorted(state(tmp_path)) == ["x.sqlite"]


def test_looking_at_it_changes_nothing(tmp_path, sqlite_url):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before = state(path.parent)
    check_usable(path)
    check_usable(tmp_path / "not_yet.sqlite")
    assert state(path.parent) == before


@pytest.mark.parametrize("look", [check_usable, lambda where: open_jobs(where, Actor("ana"))])
@pytest.mark.parametrize(
    "where",
    [
        "mysql://server/crm",
        "nothing://x",
        "sqlite://",
        "sqlite:///:memory:",
        "://",
        "postgresql://server:x/crm",
        "a\0b",
    ],
)
def test_addresses_that_mean_nothing(look, where):
    with pytest.raises(Unusable, match="no es una dirección de base de datos que OfiCRM entienda"):
        look(where)


def test_a_server_without_that_database_says_so_in_one_line(postgres_server):
    with pytest.raises(Unusable) as refused:
        open_jobs(postgres_server.url("no_such_database"), Actor("ana"))
    assert "\n" not in str(refused.value)
    assert "no_such_database" in str(refused.value)


def test_the_password_is_never_shown():
    with pytest.raises(Unusable) as refused:
        check_usable("postgresql://ana:secreta@127.0.0.1:1/crm")
    assert "secreta" not in str(refused.value)
    assert "***" in str(refused.value)


def test_a_database_in_use_by_another_program_is_told_as_such(tmp_path, monkeypatch):
    monkeypatch.setattr("db.engine.BUSY_TIMEOUT_MS", 10)
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Unusable, match="ocupada"):
        open_jobs(tmp_path / "x.sqlite", Actor("ana"))
    other.close()


@pytest.mark.parametrize(
    ("number", "said"), [(errno.EACCES, "no hay permiso"), (errno.ENOSPC, "el disco está lleno"), (9999, "odd")]
)
def test_what_the_system_says_is_said_in_spanish(number, said):
    assert reason(OSError(number, "odd")) == said
