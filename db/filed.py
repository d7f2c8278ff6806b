"""What every listed module knows of the files filed under its records: how many there are, by state of validation.

Reference: the counter block of files in the list of modules. Always: total = pending + valid + rejected.
"""

from typing import Any

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import aliased

from db.fields import Computed, computed

FILES = "document"
COUNTERS = ("files_total", "files_pending", "files_valid", "files_rejected")


def key_of(table: str, ident: int) -> str:
    """Return the key by which a record of any module is named."""
    return f"{table}:{ident}"


def _count(table: str, status: str = "") -> Any:
    def expression(record: Any) -> Any:
        from db.models.document import Document, DocumentLink

        place, document = aliased(DocumentLink), aliased(Document)
        key = literal(f"{table}:") + cast(record.id, String)
        counted = select(func.count(document.id.distinct())).select_from(place).join(
            document, document.id == place.document_id
        ).where(place.record == key, place.deleted_at.is_(None), document.deleted_at.is_(None))  # fmt: skip
        if status:
            counted = counted.where(document.status == status)
        return counted.correlate(record).scalar_subquery()

    return expression


def counters(table: str) -> dict[str, Computed]:
    """Return the counters of a module by field name."""
    return {
        "files_total": computed("# archivos", "integer", _count(table)),
        "files_pending": computed("# archivos pendientes", "integer", _count(table, "pending")),
        "files_valid": computed("# archivos válidos", "integer", _count(table, "valid")),
        "files_rejected": computed("# archivos rechazados", "integer", _count(table, "rejected")),
    }
