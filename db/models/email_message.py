"""Emails: messages filed under the records they are about. The message as it came is kept whole and never changes."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db.contents import Content
from db.fields import any_record, children, choice, column, file_size, instant, link, long_text, text
from db.record import Record
from db.screens import Screens, Section
from db.types import Choice

ID_LENGTH = 250


class Direction(Choice):
    """Who wrote to whom."""

    INCOMING = "incoming", "Entrante", "info"
    OUTGOING = "outgoing", "Saliente", "quiet"


class MessageStatus(Choice):
    """What became of a message. Those taken in from outside are received or sent."""

    DRAFT = "draft", "Borrador", "quiet"
    QUEUED = "queued", "En cola", "today"
    SENT = "sent", "Enviado", "won"
    RECEIVED = "received", "Recibido", "info"
    FAILED = "failed", "Fallido", "lost"


class EmailMessage(
    Record, table="email_message", label="Email", plural="Emails", menu="Herramientas", icon="email", position=10,
    indexes="sent_at+id thread_id sha256",
):  # fmt: skip
    """One message. Its bytes are in ``content`` under their hash; its attachments are files filed under it."""

    subject: Mapped[str | None] = text("Asunto", max_length=500, search=True, read_only=True, mass_edit=False)
    direction: Mapped[str] = choice("Dirección", Direction, default=Direction.INCOMING, nullable=False, read_only=True,
                                    mass_edit=False)  # fmt: skip
    status: Mapped[str] = choice("Estado", MessageStatus, default=MessageStatus.RECEIVED, nullable=False,
                                 read_only=True, mass_edit=False)  # fmt: skip
    sent_at: Mapped[dt.datetime | None] = instant("Fecha", read_only=True, mass_edit=False)
    from_address: Mapped[str | None] = text("De", max_length=400, search=True, read_only=True, mass_edit=False)
    to_addresses: Mapped[str | None] = long_text("Para", search=True, read_only=True, mass_edit=False, span=2)
    cc_addresses: Mapped[str | None] = long_text("CC", search=True, read_only=True, mass_edit=False, span=2)
    bcc_addresses: Mapped[str | None] = long_text("CCO", read_only=True, mass_edit=False, span=2)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    preview: Mapped[str | None] = text("Comienzo", max_length=300, read_only=True, mass_edit=False)
    unread_parts: Mapped[str | None] = long_text("No se pudo leer", read_only=True, mass_edit=False)
    message_id: Mapped[str] = text("Id de mensaje", max_length=ID_LENGTH, nullable=False, unique=True, read_only=True,
                                   mass_edit=False, hidden=True)  # fmt: skip
    thread_id: Mapped[str] = text("Id de hilo", max_length=ID_LENGTH, nullable=False, read_only=True, mass_edit=False,
                                  hidden=True)  # fmt: skip
    file_name: Mapped[str] = text("Nombre del archivo", nullable=False, read_only=True, mass_edit=False, hidden=True)
    size: Mapped[int] = file_size("Tamaño", nullable=False, read_only=True, mass_edit=False)
    sha256: Mapped[str] = column("text", "Huella SHA-256", String(64), ForeignKey(Content.sha256), nullable=False,
                                 read_only=True, mass_edit=False, hidden=True)  # fmt: skip

    records = children("Registros", "email_link", "record")

    screens = Screens(
        columns="direction sent_at from_address subject to_addresses client person files_total",
        filters="subject sent_at client person direction from_address to_addresses",
        more_filters="records cc_addresses files_total size unread_parts client.salesperson client.status created_at",
        sort="-sent_at",
        form=[
            Section("Email", "subject sent_at direction from_address to_addresses cc_addresses bcc_addresses"),
            Section("Relacionado con", "client person"),
            Section("Lectura", "status size preview unread_parts"),
        ],
        lines="email_link",
        tabs="document",
        picker="sent_at from_address client",
        state="direction",
        content="sha256",
        made_by_hand=False,
        empty="Todavía no hay correos archivados. Impórtelos, o suéltelos aquí.",
    )

    def title_text(self) -> str:
        """The subject."""
        return self.subject or "(sin asunto)"


class EmailLink(Record, table="email_link", label="Registro", plural="Registros", owner="email_message"):
    """A record under which a message is filed; a message may hang on several."""

    email_id: Mapped[int] = link("Email", "email_message", required=True, on_delete="cascade")
    record: Mapped[str] = any_record("Registro", required=True)

    screens = Screens(columns="record", sort="record", form=[Section("Registros", "record")])

    def title_text(self) -> str:
        """The key of the record it names."""
        return self.record or ""
