"""Files and e-mails: contents kept in pieces, archivos with links and versions, folders, and filed messages."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")
SORT_KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
LIVE = sa.text("deleted_at IS NULL")
UNREAD = sa.text("words IS NULL")


def _record(name: str, *columns: Any) -> None:
    """A module's table: its own columns between the id and what every record has."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("modified_at", INSTANT, nullable=False),
        sa.Column("modified_by", sa.String(length=80), nullable=False),
        sa.Column("capture_source", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _unique(table: str, column: str) -> None:
    """Unique among what is not in the trash."""
    op.create_index(f"uq_{table}_{column}", table, [column], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)


def upgrade() -> None:
    """Apply the step."""
    if any(each["name"] == "in_diary" for each in sa.inspect(op.get_bind()).get_columns("contact_type")):
        op.execute("ALTER TABLE contact_type DROP COLUMN in_diary")  # databases of the first days have it, required
    op.create_table(
        "content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("words_problem", sa.String(length=300), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_content"),
    )
    op.create_index("ix_content_unread", "content", ["sha256"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    _record(
        "document_folder",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_document_folder_sort_key", "document_folder", ["sort_key"])
    _unique("document_folder", "name")
    _unique("document_folder", "number")
    op.create_table(
        "content_piece",
        sa.Column(
            "sha256",
            sa.String(length=64),
            sa.ForeignKey("content.sha256", name="fk_content_piece_sha256"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "position", name="pk_content_piece"),
    )
    _record(
        "document",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "folder_id", sa.Integer(), sa.ForeignKey("document_folder.id", name="fk_document_folder_id"), nullable=True
        ),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("rejection_reason", sa.String(length=500), nullable=True),
        sa.Column("validated_by", sa.String(length=80), nullable=True),
        sa.Column("validated_at", INSTANT, nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_type", sa.String(length=60), nullable=False),
        sa.Column("mime_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "sha256", sa.String(length=64), sa.ForeignKey("content.sha256", name="fk_document_sha256"), nullable=False
        ),
    )
    op.create_index("ix_document_created_at", "document", ["created_at"])
    op.create_index("ix_document_folder_id", "document", ["folder_id"])
    op.create_index("ix_document_sha256", "document", ["sha256"])
    op.create_index("ix_document_sort_key", "document", ["sort_key"])
    _unique("document", "number")
    _record(
        "document_link",
        sa.Column(
            "document_id",
            sa.Integer(),
            sa.ForeignKey("document.id", name="fk_document_link_document_id"),
            nullable=False,
        ),
        sa.Column("record", sa.String(length=80), nullable=False),
    )
    op.create_index("ix_document_link_document_id", "document_link", ["document_id"])
    op.create_index("ix_document_link_record", "document_link", ["record"])
    _record(
        "document_version",
        sa.Column(
            "document_id",
            sa.Integer(),
            sa.ForeignKey("document.id", name="fk_document_version_document_id"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_type", sa.String(length=60), nullable=False),
        sa.Column("mime_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64),
            sa.ForeignKey("content.sha256", name="fk_document_version_sha256"),
            nullable=False,
        ),
    )
    op.create_index("ix_document_version_document_id", "document_version", ["document_id"])
    _record(
        "email_message",
        sa.Column("subject", sa.String(length=500), nullable=True),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("from_address", sa.String(length=400), nullable=True),
        sa.Column("to_addresses", sa.Text(), nullable=True),
        sa.Column("cc_addresses", sa.Text(), nullable=True),
        sa.Column("bcc_addresses", sa.Text(), nullable=True),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_email_message_client_id"), nullable=True
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_email_message_person_id"), nullable=True
        ),
        sa.Column("preview", sa.String(length=300), nullable=True),
        sa.Column("unread_parts", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("thread_id", sa.String(length=250), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64),
            sa.ForeignKey("content.sha256", name="fk_email_message_sha256"),
            nullable=False,
        ),
    )
    op.create_index("ix_email_message_client_id", "email_message", ["client_id"])
    op.create_index("ix_email_message_person_id", "email_message", ["person_id"])
    op.create_index("ix_email_message_sent_at_id", "email_message", ["sent_at", "id"])
    op.create_index("ix_email_message_sha256", "email_message", ["sha256"])
    op.create_index("ix_email_message_thread_id", "email_message", ["thread_id"])
    _unique("email_message", "message_id")
    _record(
        "email_link",
        sa.Column(
            "email_id", sa.Integer(), sa.ForeignKey("email_message.id", name="fk_email_link_email_id"), nullable=False
        ),
        sa.Column("record", sa.String(length=80), nullable=False),
    )
    op.create_index("ix_email_link_email_id", "email_link", ["email_id"])
    op.create_index("ix_email_link_record", "email_link", ["record"])
    # Written out: Alembic would copy the whole table on SQLite, which can add a column with its reference in place.
    reference = "CONSTRAINT fk_contact_email_id REFERENCES email_message (id)"
    op.execute(f"ALTER TABLE contact ADD COLUMN email_id INTEGER {reference}")
    op.create_index("ix_contact_email_id", "contact", ["email_id"])


def downgrade() -> None:
    """Take the step back."""
    # Written out as well: SQLite keeps no name for a reference made in place, so there is none to drop by.
    op.drop_index("ix_contact_email_id", "contact")
    op.execute("ALTER TABLE contact DROP COLUMN email_id")
    for table in ("email_link", "email_message", "document_link", "document_version", "document", "content_piece",
                  "document_folder", "content"):  # fmt: skip
        op.drop_table(table)
