"""Archivos: files kept in the database, filed under the records they belong to, with versions and validation."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db.contents import Content
from db.fields import any_record, children, choice, column, day, file_size, instant, integer, link, long_text, text
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class DocumentStatus(Choice):
    """Whether somebody has looked at a file and found it good."""

    PENDING = "pending", "Pendiente", "today"
    VALID = "valid", "Válido", "done"
    REJECTED = "rejected", "Rechazado", "lost"


class DocumentCategory(Choice):
    """What a file is for."""

    CONTRACT = "contract", "Contrato"
    IDENTIFICATION = "identification", "Identificación"
    RECEIPT = "receipt", "Comprobante"
    PROPOSAL = "proposal", "Propuesta"
    CORRESPONDENCE = "correspondence", "Correspondencia"
    TAX = "tax", "Fiscal"
    OTHER = "other", "Otro"


class Document(
    Record, table="document", label="Archivo", plural="Archivos", menu="Herramientas", icon="files", position=20,
    prefix="ARC", indexes="created_at sort_key sha256",
):  # fmt: skip
    """A file. Its bytes are in ``content`` under their hash; earlier ones stay as versions."""

    number: Mapped[str] = text("Número de archivo", max_length=20, search=True, read_only=True, unique=True,
                               default="@number", short="Número")  # fmt: skip
    name: Mapped[str] = text("Asunto", required=True, search=True)
    folder_id: Mapped[int | None] = link("Carpeta", "document_folder")
    category: Mapped[str | None] = choice("Categoría", DocumentCategory)
    valid_until: Mapped[dt.date | None] = day("Vigencia", help="Hasta cuándo vale el documento.")
    description: Mapped[str | None] = long_text("Descripción", search=True)
    status: Mapped[str] = choice("Estado de validación", DocumentStatus, default=DocumentStatus.PENDING, nullable=False,
                                 read_only=True, mass_edit=False, short="Estado")  # fmt: skip
    rejection_reason: Mapped[str | None] = text("Motivo de rechazo", max_length=500, read_only=True, mass_edit=False)
    validated_by: Mapped[str | None] = text("Validado por", max_length=80, read_only=True, mass_edit=False)
    validated_at: Mapped[dt.datetime | None] = instant("Validado el", read_only=True, mass_edit=False)
    file_name: Mapped[str] = text("Nombre del archivo", nullable=False, search=True, read_only=True, mass_edit=False,
                                  short="Archivo")  # fmt: skip
    file_type: Mapped[str] = text("Tipo", max_length=60, nullable=False, read_only=True, mass_edit=False)
    mime_type: Mapped[str] = text("Tipo MIME", max_length=120, nullable=False, read_only=True, mass_edit=False,
                                  hidden=True)  # fmt: skip
    size: Mapped[int] = file_size("Tamaño", nullable=False, read_only=True, mass_edit=False)
    revision: Mapped[int] = integer("Versión", default=1, nullable=False, read_only=True, mass_edit=False)
    sha256: Mapped[str] = column("text", "Huella SHA-256", String(64), ForeignKey(Content.sha256), nullable=False,
                                 read_only=True, mass_edit=False, hidden=True)  # fmt: skip

    records = children("Registros", "document_link", "record")

    screens = Screens(
        columns="file_type name records folder category status size revision valid_until created_at created_by",
        filters="name records folder category status",
        more_filters="file_name file_type valid_until size created_at created_by number",
        sort="-created_at",
        form=[
            Section("Archivo", "name folder category valid_until description"),
            Section("Validación", "status validated_by validated_at rejection_reason"),
            Section("Contenido", "file_name file_type size revision number"),
        ],
        lines="document_link",
        picker="file_name number",
        state="status",
        content="sha256",
        load_at_open=True,
        made_by_hand=False,
        empty="Todavía no hay archivos. Añada el primero, o suéltelo aquí.",
    )

    def problems(self) -> Iterator[Problem]:
        """A rejection says why."""
        if self.status == DocumentStatus.REJECTED and not self.rejection_reason:
            yield Problem("rejection_reason", "Diga por qué se rechaza.")


class DocumentLink(Record, table="document_link", label="Registro", plural="Registros", owner="document"):
    """A record under which a file is filed; a file may hang on several."""

    document_id: Mapped[int] = link("Archivo", "document", required=True, on_delete="cascade")
    record: Mapped[str] = any_record("Registro", required=True)

    screens = Screens(columns="record", sort="record", form=[Section("Registros", "record")])

    def title_text(self) -> str:
        """The key of the record it names."""
        return self.record or ""


class DocumentVersion(
    Record, table="document_version", label="Versión", plural="Versiones", owner="document", feminine=True,
):  # fmt: skip
    """One state of a file's bytes, kept from its second version on, the present one included."""

    document_id: Mapped[int] = link("Archivo", "document", required=True, on_delete="cascade")
    revision: Mapped[int] = integer("Versión", nullable=False, read_only=True)
    file_name: Mapped[str] = text("Nombre del archivo", nullable=False, read_only=True)
    file_type: Mapped[str] = text("Tipo", max_length=60, nullable=False, read_only=True)
    mime_type: Mapped[str] = text("Tipo MIME", max_length=120, nullable=False, read_only=True, hidden=True)
    size: Mapped[int] = file_size("Tamaño", nullable=False, read_only=True)
    sha256: Mapped[str] = column("text", "Huella SHA-256", String(64), ForeignKey(Content.sha256), nullable=False,
                                 read_only=True, hidden=True)  # fmt: skip

    screens = Screens(
        columns="revision file_name file_type size created_at created_by",
        sort="-revision",
        form=[Section("Versión", "revision file_name file_type size")],
    )

    def title_text(self) -> str:
        """The name the file had then."""
        return self.file_name or ""
