"""Rows of the calendar's list: what kind each is shows at a glance."""

from __future__ import annotations

from collections.abc import Mapping

from db.fields import Field
from db.models.calendar_item import ItemKind
from ui.calendar import looks
from ui.lists.cells import Cell, Row, RowStyle


class CalendarRows(RowStyle):
    """How events and tasks are shown."""

    extra = ("kind", "recurrence")
    widths: Mapping[str, int] = {"date": 128, "time": 62, "kind": 88, "activity_type": 124, "state": 126}

    def cell(self, name: str, field: Field, row: Row) -> Cell:
        """The generic cell; the type has its icon, tasks their own."""
        made = super().cell(name, field, row)
        if name == "activity_type" and row.get("activity_type"):
            made.icon = looks.type_icon(str(row["activity_type"]))
        elif name == "kind":
            made.icon = "task" if row.get("kind") == ItemKind.TASK else "calendar"
        elif name == "subject" and row.get("recurrence"):
            made.icon, made.icon_color, made.spoken = "subscription", "dim", "Se repite"
        return made
