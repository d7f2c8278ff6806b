"""What a cell shows: a text with perhaps an icon and a colour, made of the values of its row.

``RowStyle`` does it for any module from its declaration; a module whose rows say more has its own in ``STYLES``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.fields import Field
from db.registry import module
from db.types import Choice
from oficrm import clock, display
from oficrm.lists import ListFacts
from oficrm.rules import dates
from ui import icons, tips
from ui.commands.fitting import state_field

TONES = {"won": "won", "lost": "lost", "today": "today", "overdue": "overdue", "info": "accent", "done": "done",
         "quiet": "neutral"}  # fmt: skip
"""Tone of a declared choice to the theme's kind."""
TIP_LENGTH = 900
Row = Mapping[str, Any]


@dataclass(slots=True)
class Cell:
    """Text and dress of a cell.

    ``icon_color`` is that of the icon where it is not the text's. ``spoken`` is what a screen reader says before the
    text, ``click`` what a click on the cell asks for.
    """

    text: str = ""
    icon: str = ""
    color: str = "text"
    icon_color: str = ""
    chip: str = ""
    is_bold: bool = False
    spoken: str = ""
    click: str = ""


SKELETON = Cell("…", color="disabled")


class RowStyle:
    """How the rows of a module are shown. One is made for each loading of facts."""

    extra: tuple[str, ...] = ()
    """Fields that rows need besides the columns."""
    sorts: Mapping[str, tuple[str, ...]] = {}
    """What sorting by a column really sorts by."""
    widths: Mapping[str, int] = {}
    """Better first widths of some columns."""
    columns: tuple[str, ...] = ()
    """The columns at first, where the declared ones are better arranged."""

    def __init__(self, facts: ListFacts) -> None:
        self.facts = facts
        fields = module(facts.table).fields
        own = [name for name in ("currency", "is_active", state_field(facts.table)) if name in fields]
        self.needs = (*self.extra, *own)
        screens = module(facts.table).screens
        if screens.running:
            self.sorts = {**self.sorts, screens.running: (screens.sort[0].removeprefix("-"),)}
        self.below = "notes" if "notes" in fields else ""
        self.shown: frozenset[str] = frozenset()

    def day(self) -> dt.date:
        """Today, asked each time: lists stay open over midnight."""
        return clock.today()

    def cell(self, name: str, field: Field, row: Row) -> Cell:
        """What a column shows of a row."""
        value = row.get(name)
        if value is None or value == "":
            return Cell()
        made = self.plain_cell(name, field, value, row)
        if row.get("is_active") is False and not made.chip:
            made.color = "dim"
        return made

    def plain_cell(self, name: str, field: Field, value: Any, row: Row) -> Cell:
        """The cell of a value that is there."""
        text = self.text(field, value, row)
        match field.kind:
            case "choice":
                tone = TONES.get(getattr(value, "tone", ""), "")
                key = str(value)
                icon = key if field.name == "icon" and icons.has(key) else ""
                return Cell(text, icon, chip=tone)
            case "long_text":
                return Cell(text.strip().split("\n", 1)[0], color="dim")
            case "yes_no":
                return Cell(text, "accept" if value else "", color="text" if value else "dim")
        return Cell(text, is_bold=name in ("name", "title"))

    def text(self, field: Field, value: Any, row: Row) -> str:
        """A value as people read it."""
        currency = row.get("currency") or self.facts.currency
        return display.show(field, value, self.facts.country, str(currency), self.day())

    def paper_columns(self, names: Sequence[str]) -> tuple[str, ...]:
        """The columns for paper and export when these are on the screen."""
        return tuple(names)

    def line(self, row: Row) -> str:
        """The dim line under a row in the wide view."""
        return " · ".join(part for part in (row.get(self.below) or "").split("\n") if part.strip())

    def tip(self, name: str, field: Field, row: Row) -> str:
        """The tooltip of a cell; plain text, whatever signs it holds."""
        return tips.wrapped(self.tip_text(name, field, row))

    def tip_text(self, name: str, field: Field, row: Row) -> str:
        """The words of the tooltip."""
        value = row.get(name)
        if value is None or value == "":
            return ""
        if field.kind == "day":
            return dates.long_date(value)
        text = self.text(field, value, row)
        return text if len(text) <= TIP_LENGTH else text[:TIP_LENGTH] + "…"


def tone_of(value: Any) -> str:
    """The theme's kind for a declared choice, "" without one."""
    return TONES.get(value.tone, "") if isinstance(value, Choice) else ""


def style_for(facts: ListFacts) -> RowStyle:
    """The style of a module's rows."""
    return STYLES.get(facts.table, RowStyle)(facts)


def _contact_rows(facts: ListFacts) -> RowStyle:
    from ui.lists.contact_rows import ContactRows

    return ContactRows(facts)


def _file_rows(facts: ListFacts) -> RowStyle:
    from ui.files.rows import FileRows

    return FileRows(facts)


def _email_rows(facts: ListFacts) -> RowStyle:
    from ui.mail.rows import EmailRows

    return EmailRows(facts)


def _calendar_rows(facts: ListFacts) -> RowStyle:
    from ui.calendar.rows import CalendarRows

    return CalendarRows(facts)


def _case_rows(facts: ListFacts) -> RowStyle:
    from ui.lists.case_rows import CaseRows

    return CaseRows(facts)


STYLES: dict[str, Callable[[ListFacts], RowStyle]] = {
    "contact": _contact_rows, "document": _file_rows, "email_message": _email_rows,
    "support_case": _case_rows,
    "calendar_item": _calendar_rows,
}  # fmt: skip
"""By module; loaded with the first list of it."""
