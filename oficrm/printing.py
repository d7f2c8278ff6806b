"""What goes on paper. A list: its head, and its rows as texts, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from db.fields import NUMBER_KINDS, Field
from db.registry import module
from oficrm import clock, display, export, lists, settings
from oficrm.export import Sheet
from oficrm.jobs import Progress
from oficrm.rules import dates, durations

_WEIGHT: dict[str, int] = {"long_text": 34, "children": 24, "link": 20, "either": 20, "email": 22, "url": 18,
                           "yes_no": 7, "clock": 7, "day": 13, "instant": 16, "minutes": 10, "percent": 8,
                           "integer": 9, "file_size": 9}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column on paper: its head, its share of the width, whether it stands to the right or may take two lines."""

    head: str
    weight: int
    is_right: bool
    is_long: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """The fixed part of a printed list."""

    title: str
    company: str
    subtitle: str
    printed: str
    foot: str
    paper: str
    columns: tuple[PaperColumn, ...]
    count: int


def paper_of(country: str) -> str:
    """Return the paper of a country: ``letter`` in America, ``A4`` elsewhere."""
    return "letter" if country in ("MX", "US", "CA", "CL", "CO", "CR", "GT", "PA", "PR", "SV", "VE") else "A4"


def list_paper(session: Session, sheet: Sheet, subtitle: str = "", total: Any = None) -> Paper:
    """Return head, foot and columns of a list; ``subtitle`` is its filter in words, ``total`` the sum of its foot."""
    facts = lists.facts(session, sheet.table)
    fields = tuple(facts.fields[name] for name in sheet.columns)
    model = module(sheet.table)
    count = len(sheet.ids)
    foot = f"{count:n} {model.module.named(count)}"
    if total and (name := model.screens.total):
        foot += f" · {total_text(model.fields[name], total, facts.currency, facts.country)}"
    return Paper(
        sheet.title or model.module.plural, settings.read(session)["company_name"] or "", subtitle,
        dates.long_date(clock.today()), foot, paper_of(facts.country),
        tuple(PaperColumn(field.header, _weight(field), field.kind in NUMBER_KINDS, _is_long(field))
              for field in fields),
        count,
    )  # fmt: skip


def total_text(field: Field, total: Any, currency: str, country: str) -> str:
    """Return the sum at the foot of a list as people read it."""
    if field.kind == "minutes":
        return durations.format_minutes(total)
    return display.show(field, total, country, currency)


def list_rows(session: Session, sheet: Sheet, progress: Progress) -> Iterator[list[str]]:
    """Yield the texts of each row. Raises Cancelled."""
    form = export.layout(session, sheet)
    today = clock.today()
    for currency, row in export.rows(session, sheet, progress):
        yield [
            display.show(field, value, form.country, currency or form.currency, today)
            for field, value in zip(form.fields, row, strict=True)
        ]


def _weight(field: Field) -> int:
    return 20 if field.name in ("title", "name") else _WEIGHT.get(field.kind, 13)


def _is_long(field: Field) -> bool:
    return field.kind in ("long_text", "children")
