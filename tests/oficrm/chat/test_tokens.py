"""Where the token of a server is kept, and that it is nowhere else."""

from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from oficrm.chat import connecting, tokens
from oficrm.chat.servers import Login, SignedOut
from oficrm.chat.work import Work
from tests.support.keyring import MemoryKeyring, using
from tests.support.rocket import PASSWORD, TOKEN, USER, USER_ID, Rocket

SERVER, LOGIN = "https://chat.example", Login("u1", "secreto-123")


def test_the_keyring_keeps_it_across_sessions(vault: MemoryKeyring, monkeypatch: pytest.MonkeyPatch):
    assert tokens.keep(SERVER, LOGIN)
    monkeypatch.setattr(tokens, "_for_now", {})
    assert tokens.find(SERVER) == LOGIN
    tokens.forget(SERVER)
    assert tokens.find(SERVER) is None
    assert vault.kept == {}
    tokens.forget(SERVER)


def test_without_a_keyring_it_lasts_until_the_program_ends(monkeypatch: pytest.MonkeyPatch):
    keyring.set_keyring(fail.Keyring())
    assert not tokens.keep(SERVER, LOGIN)
    assert tokens.find(SERVER) == LOGIN
    monkeypatch.setattr(tokens, "_for_now", {})
    assert tokens.find(SERVER) is None


def test_a_locked_keyring_is_as_none(vault: MemoryKeyring, monkeypatch: pytest.MonkeyPatch):
    vault.is_locked = True
    assert not tokens.keep(SERVER, LOGIN)
    assert tokens.find(SERVER) == LOGIN
    monkeypatch.setattr(tokens, "_for_now", {})
    assert tokens.find(SERVER) is None


def test_a_keyring_that_is_a_file_is_not_used():
    found = type("Plaintext", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})()
    with using(found):
        assert not tokens.keep(SERVER, LOGIN)
        assert found.kept == {}


@pytest.mark.parametrize("kept", ["", "[]", "nada", '["a"]', '["a", 3]', '{"a": 1}'])
def test_what_somebody_else_wrote_there_is_no_token(vault: MemoryKeyring, kept: str):
    vault.kept[tokens.SERVICE, SERVER] = kept
    assert tokens.find(SERVER) is None


def test_entering_keeps_the_token_and_never_the_password(rocket: Rocket, vault: MemoryKeyring, home: Path):
    entered = connecting.enter(rocket.address, USER, PASSWORD, is_token=False, work=Work())
    assert (entered.account.username, entered.is_kept) == (USER, True)
    assert PASSWORD not in str(vault.kept)
    assert TOKEN in str(vault.kept)
    rocket.room("General")
    rooms, _ = connecting.rooms(rocket.address, Work())
    assert [room.name for room in rooms] == ["general"]
    assert [path for path in home.rglob("*") if path.is_file() and TOKEN in path.read_text(errors="ignore")] == []


def test_a_personal_token_is_tried_before_it_is_kept(rocket: Rocket, vault: MemoryKeyring):
    with pytest.raises(SignedOut):
        connecting.enter(rocket.address, USER_ID, "otro", is_token=True, work=Work())
    assert vault.kept == {}
    assert connecting.enter(rocket.address, USER_ID, TOKEN, is_token=True, work=Work()).account.username == USER


def test_without_a_token_nobody_is_asked(rocket: Rocket):
    with pytest.raises(SignedOut, match="No está conectado"):
        connecting.post(rocket.address, "General", "hola", Work())
    assert rocket.asked == []
