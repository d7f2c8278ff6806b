"""Entering a chat server, and coming back to it later by the token that was kept.

Every call here waits for the network: none of them belongs in the thread of a screen.
"""

from dataclasses import dataclass

from oficrm.chat import tokens
from oficrm.chat.rocket import Rocket, Room
from oficrm.chat.servers import Account, Login, SignedOut, host_of
from oficrm.chat.work import Work


@dataclass(frozen=True, slots=True)
class Entered:
    """A server entered; ``is_kept`` is False where the token ends with the program."""

    server: str
    account: Account
    is_kept: bool


def enter(server: str, user: str, secret: str, *, is_token: bool, work: Work) -> Entered:
    """Enter with user and password, or with the id of a user and a personal access token; keep the token.

    Raises SignedOut, Unreachable, Untrusted, Denied, Cancelled.
    """
    rocket = Rocket(server, work, Login(user, secret) if is_token else None)
    try:
        account = rocket.me() if is_token else rocket.sign_in(user, secret)
        login = rocket.login
    finally:
        rocket.close()
    assert login is not None
    return Entered(server, account, tokens.keep(server, login))


def come_back(server: str, work: Work) -> Rocket:
    """Return the connection that a kept token opens, for the caller to close. Raises SignedOut where there is none."""
    login = tokens.find(server)
    if login is None:
        raise SignedOut(f"No está conectado a «{host_of(server)}». Conecte en Servidor de chat.")
    return Rocket(server, work, login)


def rooms(server: str, work: Work) -> tuple[list[Room], list[str]]:
    """Return the rooms of a server and what it refuses to list. Raises as ``come_back`` and the server do."""
    rocket = come_back(server, work)
    try:
        rocket.me()
        return rocket.rooms()
    finally:
        rocket.close()


def post(server: str, room_id: str, text: str, work: Work) -> object:
    """Write into a room; return the message as the server keeps it. Raises as ``come_back`` and the server do."""
    rocket = come_back(server, work)
    try:
        return rocket.post(room_id, text)
    finally:
        rocket.close()
