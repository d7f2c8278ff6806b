"""Rows of cases: those whose time has passed show at a glance, by sign and colour beside the word."""

from __future__ import annotations

from collections.abc import Mapping

from db.fields import Field
from db.models.support_case import SlaState
from ui.lists.cells import Cell, Row, RowStyle

DUE = ("resolution_due_at", "response_due_at")


class CaseRows(RowStyle):
    """How cases are shown."""

    extra = ("sla",)
    widths: Mapping[str, int] = {
        "number": 94, "title_line": 214, "client": 136, "priority": 80, "status": 98, "assigned_to": 88,
        "resolution_due_at": 156, "sla": 90, "created_at": 136,
    }  # fmt: skip

    def cell(self, name: str, field: Field, row: Row) -> Cell:
        """The generic cell; the times of a case that missed them stand out."""
        made = super().cell(name, field, row)
        if name == "title_line":
            made.is_bold = True
        if name in DUE and made.text and row.get("sla") == SlaState.BREACHED:
            made.icon, made.color, made.icon_color, made.spoken = "overdue", "overdue", "overdue", "Vencido"
        return made
