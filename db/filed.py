"""What every listed module knows of the files filed under its records: how many there are, by state of validation.

Reference: the counter block of files in the list of modules. Always: total = pending + valid + rejected.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from db.fields import Computed, computed
from db.packs import Pack, together

FILES = "document"
COUNTERS = ("files_total", "files_pending", "files_valid", "files_rejected")


def key_of(table: str, ident: int) -> str:
    """Return the key by which a record of any module is named."""
    return f"{table}:{ident}"


def _over(table: str, record: Any, what: Callable[[Any], Any]) -> Any:
    """Work something out over the live files filed under a record of a module."""
    from db.models.document import Document, DocumentLink

    place, document = aliased(DocumentLink), aliased(Document)
    key = literal(f"{table}:") + cast(record.id, String)
    found = select(what(document)).select_from(place).join(document, document.id == place.document_id)
    found = found.where(place.record == key, place.deleted_at.is_(None), document.deleted_at.is_(None))
    return found.correlate(record).scalar_subquery()


def _distinct(document: Any, status: str) -> Any:
    """The aggregate that counts the files in a state, each once however often it is filed."""
    return func.count((case((document.status == status, document.id)) if status else document.id).distinct())


def counters(table: str) -> dict[str, Computed]:
    """Return the counters of a module by field name."""
    states = {"files_total": ("# archivos", ""), "files_pending": ("# archivos pendientes", "pending"),
              "files_valid": ("# archivos válidos", "valid"),
              "files_rejected": ("# archivos rechazados", "rejected")}  # fmt: skip
    pack = Pack(
        lambda record: _over(
            table, record, lambda file: together([_distinct(file, key) for _, key in states.values()])
        ),
        ["integer"] * len(states),
    )

    def alone(status: str) -> Callable[[Any], Any]:
        return lambda record: _over(table, record, lambda file: _distinct(file, status))

    return {
        name: computed(label, "integer", alone(status), pack=pack, pack_at=at)
        for at, (name, (label, status)) in enumerate(states.items())
    }
