"""Canales Chat: channels of a chat server, or plain logs of messages, filed under the records they are about."""

import datetime as dt
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, aliased

from db.fields import any_record, children, choice, computed, instant, link, long_text, text
from db.record import Record
from db.screens import Screens, Section
from db.types import Choice

ID_LENGTH = 100
NAME_LENGTH = 120


class ChannelType(Choice):
    """Who may take part."""

    PUBLIC = "public", "Público", "info"
    PRIVATE = "private", "Privado", "quiet"
    DIRECT = "direct", "Directo", "today"
    LIVE = "live", "En vivo", "done"


class ChannelStatus(Choice):
    """Whether anybody still writes there."""

    ACTIVE = "active", "Activo", "done"
    ARCHIVED = "archived", "Archivado", "quiet"


def _worked_out(what: Any, attr: str) -> Any:
    """Return an expression over one attribute of the live messages of a channel."""

    def expression(channel: Any) -> Any:
        message = aliased(ChatMessage)
        wanted = select(what(getattr(message, attr)))
        wanted = wanted.where(message.channel_id == channel.id, message.deleted_at.is_(None))
        return wanted.correlate(channel).scalar_subquery()

    return expression


class ChatChannel(
    Record, table="chat_channel", label="Canal chat", plural="Canales chat", menu="Herramientas", icon="chat",
    position=30, prefix="CHA", indexes="sort_key",
):  # fmt: skip
    """A conversation. With ``server`` and ``external_id`` it follows a room of a chat server, else it is a local log.

    ``synced_at`` is up to when (by the server's clock) changes have been followed; ``open_before`` where an import that
    goes back from the newest message has not come to the beginning yet.
    """

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    name: Mapped[str] = text("Nombre del canal", required=True, search=True, short="Canal")
    type: Mapped[str] = choice("Tipo", ChannelType, required=True, default=ChannelType.PRIVATE)
    status: Mapped[str] = choice("Estado", ChannelStatus, required=True, default=ChannelStatus.ACTIVE)
    members: Mapped[str | None] = long_text("Participantes", max_length=2000, search=True)
    server: Mapped[str | None] = text("Servidor", search=True, read_only=True, mass_edit=False,
                                      help="Dirección del servidor Rocket.Chat. Vacío: registro local.")  # fmt: skip
    external_id: Mapped[str | None] = text("Id externo", max_length=ID_LENGTH, read_only=True, mass_edit=False,
                                           help="Identificador del canal en su servidor.")  # fmt: skip
    synced_at: Mapped[dt.datetime | None] = instant("Actualizado hasta", read_only=True, mass_edit=False)
    open_before: Mapped[dt.datetime | None] = instant("Falta el historial anterior a", read_only=True, mass_edit=False)

    message_count = computed("# mensajes", "integer", _worked_out(func.count, "id"))
    last_message_at = computed("Último mensaje", "instant", _worked_out(func.max, "sent_at"))
    records = children("Registros", "chat_link", "record")

    screens = Screens(
        columns="number name type status records message_count last_message_at members",
        filters="name records type status last_message_at",
        more_filters="members message_count server external_id synced_at files_total created_at created_by number",
        sort="-last_message_at",
        form=[
            Section("Canal", "name type status members"),
            Section("Servidor", "server external_id synced_at"),
            Section("Mensajes", "message_count last_message_at", columns=2),
        ],
        lines="chat_link",
        inside="chat_message",
        tabs="document",
        picker="number type last_message_at",
        state="status",
        empty="Todavía no hay canales. Añada uno, o impórtelos de Rocket.Chat.",
    )


class ChatLink(Record, table="chat_link", label="Registro", plural="Registros", owner="chat_channel"):
    """A record under which a channel is filed; a channel may hang on several."""

    channel_id: Mapped[int] = link("Canal chat", "chat_channel", required=True, on_delete="cascade")
    record: Mapped[str] = any_record("Registro", required=True)

    screens = Screens(columns="record", sort="record", form=[Section("Registros", "record")])

    def title_text(self) -> str:
        """The key of the record it names."""
        return self.record or ""


class ChatMessage(
    Record, table="chat_message", label="Mensaje", plural="Mensajes", owner="chat_channel",
    indexes="channel_id+deleted_at+sent_at+id",
):  # fmt: skip
    """Something somebody wrote, as plain text; files that came with it are only named.

    ``login`` tells whose it is: the user of the chat server, of this program for one noted here.
    """

    channel_id: Mapped[int] = link("Canal chat", "chat_channel", required=True, on_delete="cascade", index=False)
    author: Mapped[str] = text("Autor", max_length=NAME_LENGTH, nullable=False, read_only=True, search=True)
    login: Mapped[str | None] = text("Usuario", max_length=NAME_LENGTH, read_only=True, hidden=True)
    sent_at: Mapped[dt.datetime] = instant("Fecha", nullable=False, read_only=True)
    body: Mapped[str | None] = long_text("Texto", max_length=20_000, read_only=True, search=True)
    file_name: Mapped[str | None] = text("Archivo", max_length=500, read_only=True, search=True)
    edited_at: Mapped[dt.datetime | None] = instant("Editado el", read_only=True)
    external_id: Mapped[str | None] = text("Id externo", max_length=ID_LENGTH, read_only=True, hidden=True)

    screens = Screens(
        columns="sent_at author body file_name",
        sort="sent_at",
        form=[Section("Mensaje", "author sent_at body file_name edited_at", columns=1)],
    )

    def title_text(self) -> str:
        """How it begins."""
        return (self.body or "").strip().partition("\n")[0] or self.file_name or ""


_live = sql("deleted_at IS NULL AND external_id IS NOT NULL")
Index(
    "uq_chat_message_channel_id_external_id", ChatMessage.channel_id, ChatMessage.external_id,
    unique=True, sqlite_where=_live, postgresql_where=_live,
)  # fmt: skip
Index(
    "uq_chat_channel_server_external_id", ChatChannel.server, ChatChannel.external_id,
    unique=True, sqlite_where=_live, postgresql_where=_live,
)  # fmt: skip
