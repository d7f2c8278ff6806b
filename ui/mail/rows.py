"""Rows of messages: who wrote by name, when in short, and a clip where files hang on it."""

from __future__ import annotations

from collections.abc import Mapping

from db.fields import Field
from oficrm.rules import dates
from ui.lists.cells import Cell, Row, RowStyle
from ui.mail.wording import bare_name, first_names


class EmailRows(RowStyle):
    """How messages are shown."""

    extra = ("unread_parts",)
    widths: Mapping[str, int] = {"direction": 100, "sent_at": 136, "from_address": 140, "subject": 280,
                                 "to_addresses": 150, "client": 132, "person": 112, "files_total": 88}  # fmt: skip

    def cell(self, name: str, field: Field, row: Row) -> Cell:
        """The generic cell; addresses by their names, a missing subject in words."""
        made = super().cell(name, field, row)
        match name:
            case "subject":
                if not made.text:
                    made = Cell("(sin asunto)", color="dim")
                if row.get("unread_parts"):
                    made.icon, made.icon_color, made.spoken = "overdue", "today", "leído en parte"
            case "from_address" if made.text:
                made.text = bare_name(made.text)
            case "to_addresses" | "cc_addresses" | "bcc_addresses" if made.text:
                made.text = first_names(row[name])
            case "files_total":
                count = row.get(name) or 0
                made = Cell(str(count), "attach") if count else Cell()
            case "sent_at" if row.get(name) is not None:
                local = row[name].astimezone()
                made.text = f"{dates.short_date(local.date(), self.day())} {local:%H:%M}"
        return made

    def tip_text(self, name: str, field: Field, row: Row) -> str:
        """What could not be read; the long form of the date."""
        if name == "subject" and row.get("unread_parts"):
            return f"{row.get(name) or '(sin asunto)'}\nNo se pudo leer:\n{row['unread_parts']}"
        if name == "sent_at" and row.get(name) is not None:
            local = row[name].astimezone()
            return f"{dates.long_date(local.date())}, {local:%H:%M}"
        return super().tip_text(name, field, row)
