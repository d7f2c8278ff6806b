"""Which chat server this user works with at this computer, and what it calls them. The token is never among this."""

from __future__ import annotations

from oficrm.chat.servers import Account
from ui.memory import Memory

MEMORY = "chat_server"


def server(memory: Memory) -> str:
    """The address of the server, "" while there is none."""
    found = _kept(memory).get("server")
    return found if isinstance(found, str) else ""


def account(memory: Memory) -> Account | None:
    """Who we are there."""
    kept = _kept(memory)
    parts = [kept.get(name) for name in ("user_id", "username", "name")]
    texts = [part for part in parts if isinstance(part, str)]
    return Account(*texts) if len(texts) == 3 and server(memory) else None


def username(memory: Memory, of: str | None) -> str:
    """What a server calls us, "" for one we are not known at."""
    known = account(memory)
    return known.username if known is not None and of == server(memory) else ""


def remember(memory: Memory, address: str, known: Account) -> None:
    """Work with this server from now on."""
    memory.put(MEMORY, {"server": address, "user_id": known.user_id, "username": known.username, "name": known.name})


def forget(memory: Memory) -> None:
    """Work without a server."""
    memory.put(MEMORY, None)


def _kept(memory: Memory) -> dict[str, object]:
    found = memory.get(MEMORY)
    return found if isinstance(found, dict) else {}
