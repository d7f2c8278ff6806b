"""Rows of contacts: what is overdue, for today or done shows at a glance, by sign, word and colour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import Enum

from db.fields import Field
from oficrm.rules import dates
from ui import icons
from ui.lists.cells import Cell, Row, RowStyle, tone_of

CREATE_NEXT = "create_next"


class State(Enum):
    """How a contact stands today: its word, icon and colour."""

    DONE = ("Realizado", "done", "done")
    OVERDUE = ("Vencido", "overdue", "overdue")
    TODAY = ("Para hoy", "today", "today")
    PENDING = ("Pendiente", "pending", "dim")


def state_of(is_done: bool, date: dt.date | None, today: dt.date) -> State:
    """Done, overdue, for today, or still to come."""
    if is_done:
        return State.DONE
    if date is None or date > today:
        return State.PENDING
    return State.TODAY if date == today else State.OVERDUE


def without_weekday(text: str) -> str:
    """ "21 nov" for "sáb 21 nov": where the room is short the day of the week is in the tooltip."""
    return text.split(" ", 1)[-1]


class ContactRows(RowStyle):
    """How contacts are shown."""

    extra = ("is_done", "date", "time", "closed_on", "type.icon", "result.tone", "next_missing", "notes")
    columns = ("type", "date", "client", "person", "duration", "notes", "result", "next_date", "salesperson")
    sorts: Mapping[str, tuple[str, ...]] = {"date": ("date", "time")}
    widths: Mapping[str, int] = {
        "type": 98, "date": 152, "time": 56, "client": 160, "person": 108, "duration": 84, "result": 110,
        "closed_on": 68, "next_date": 146, "salesperson": 84, "made_by": 84,
    }  # fmt: skip

    def state(self, row: Row) -> State:
        """How the contact of a row stands."""
        return state_of(bool(row.get("is_done")), row.get("date"), self.day())

    def cell(self, name: str, field: Field, row: Row) -> Cell:
        """The generic cell, with what a contact has to say in some columns."""
        made = super().cell(name, field, row)
        match name:
            case "date":
                made.spoken, made.icon, made.icon_color = self.state(row).value
                # What is done steps back; what waits stands out
                made.color = "text" if self.state(row) in (State.DONE, State.PENDING) else made.icon_color
                if row.get("time") is not None and "time" not in self.shown:
                    made.text = f"{made.text} {dates.short_time(row['time'])}"
            case "type":
                icon = str(row.get("type.icon") or "other")
                made.icon = icon if icons.has(icon) else "other"
            case "client":
                made.is_bold = True
            case "result":
                made.chip = tone_of(row.get("result.tone")) or "neutral" if made.text else ""
            case "closed_on":
                made.text = without_weekday(made.text)
            case "next_date" if row.get("next_missing"):
                text = f"{without_weekday(made.text)}, sin crear"
                return Cell(text, "new_linked", "accent", click=CREATE_NEXT)
        return made

    def paper_columns(self, names: Sequence[str]) -> tuple[str, ...]:
        """The hour, which stands beside the day on the screen, has a column of its own."""
        if "time" in names or "date" not in names:
            return tuple(names)
        place = list(names).index("date") + 1
        return (*names[:place], "time", *names[place:])

    def tip_text(self, name: str, field: Field, row: Row) -> str:
        """The generic words, with the state's before the date."""
        text = super().tip_text(name, field, row)
        if name == "date" and text:
            return f"{self._state_words(row)}\n{text}"
        if name == "next_date" and row.get("next_missing"):
            return f"Próximo contacto sin crear: {text}.\nPulse aquí para crearlo."
        return text

    def _state_words(self, row: Row) -> str:
        state, date = self.state(row), row["date"]
        days = abs((self.day() - date).days)
        count = "1 día" if days == 1 else f"{days} días"
        match state:
            case State.OVERDUE:
                return f"Vencido desde hace {count}"
            case State.PENDING:
                return f"Pendiente: dentro de {count}"
            case State.DONE if row.get("closed_on"):
                return f"Realizado: cerrado el {dates.long_date(row['closed_on'])}"
        return str(state.value[0])
