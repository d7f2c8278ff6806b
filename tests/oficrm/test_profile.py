"""The program's folders."""

import getpass
import os

import pytest

from oficrm.profile import Profile, user_name


def test_a_given_folder_holds_all_of_them(tmp_path):
    profile = Profile(tmp_path / "perfil")
    profile.make()
    for path in (profile.database, profile.demo_database, profile.memory, profile.logs):
        assert tmp_path / "perfil" in path.parents
    assert profile.memory.is_dir()
    assert profile.logs.is_dir()
    assert profile.database != profile.demo_database


def test_a_relative_folder_stays_where_it_was_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    profile = Profile("perfil")
    monkeypatch.chdir("/")
    assert profile.data == tmp_path / "perfil"


def test_the_user_s_own_are_those_of_the_platform(home):
    profile = Profile()
    assert home in profile.database.parents
    assert home in profile.memory.parents


def test_folders_that_cannot_be_made_are_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        Profile(tmp_path / "file" / "perfil").make()


def test_the_user_s_name(monkeypatch):
    assert user_name() == getpass.getuser()

    def unknown():
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", unknown)
    monkeypatch.delitem(os.environ, "USERNAME", raising=False)
    assert user_name() == "usuario"
