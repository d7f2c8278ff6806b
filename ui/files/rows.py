"""Rows of files: what kind each is shows at a glance, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from db.fields import Field
from oficrm.files.kinds import kind_of_mime
from ui import icons
from ui.lists.cells import Cell, Row, RowStyle


def icon_of(mime: str) -> str:
    """The icon of a kind of file."""
    return icons.known(kind_of_mime(mime).icon)


class FileRows(RowStyle):
    """How files are shown."""

    extra = ("mime_type", "file_type", "rejection_reason", "revision")
    columns = ("file_name", "records", "status", "size", "category", "folder", "created_at")
    widths: Mapping[str, int] = {"status": 104, "size": 76, "category": 124, "folder": 104, "created_at": 142}

    def cell(self, name: str, field: Field, row: Row) -> Cell:
        """The generic cell; the name has the icon of its kind."""
        made = super().cell(name, field, row)
        if name == "file_name":
            made.icon, made.spoken = icon_of(row.get("mime_type") or ""), str(row.get("file_type") or "")
        return made

    def tip_text(self, name: str, field: Field, row: Row) -> str:
        """Why it was rejected; how many versions there are."""
        text = super().tip_text(name, field, row)
        if name == "status" and row.get("rejection_reason"):
            return f"{text}: {row['rejection_reason']}"
        if name == "file_name":
            version = f" · versión {row['revision']}" if (row.get("revision") or 1) > 1 else ""
            return f"{text}\n{row.get('file_type') or ''}{version}"
        return text
