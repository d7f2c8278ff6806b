"""What a conversation needs to know of its channel, from the values of its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oficrm import clock
from oficrm.chat.servers import host_of
from oficrm.rules import dates


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel; ``is_there`` where it follows a room of a server."""

    id: int
    name: str
    kind: str
    server: str = ""
    external_id: str = ""
    synced_at: dt.datetime | None = None
    open_before: dt.datetime | None = None

    @property
    def is_there(self) -> bool:
        """True where it follows a room of a server."""
        return bool(self.server and self.external_id)


def channel_of(ident: int, values: Mapping[str, Any]) -> Channel:
    """Return what the values of a form say of a channel."""
    return Channel(
        ident, values.get("name") or "", str(values.get("type") or "private"), values.get("server") or "",
        values.get("external_id") or "", values.get("synced_at"), values.get("open_before"),
    )  # fmt: skip


def status_words(channel: Channel) -> str:
    """Where the messages come from, and up to when they are known."""
    if not channel.is_there:
        return "Registro local"
    host = host_of(channel.server)
    if channel.open_before is not None:
        return f"{host} · falta lo anterior al {_moment(channel.open_before)}; Actualizar lo sigue trayendo"
    if channel.synced_at is None or channel.synced_at.year < 2000:
        return host
    return f"{host} · hasta {_moment(channel.synced_at)}"


def _moment(at: dt.datetime) -> str:
    local = at.astimezone()
    return f"{dates.short_date(local.date(), clock.today())} {local:%H:%M}"
