"""Lists to files: exactly the rows of a loaded list, in its order, as CSV or XLSX, page by page.

What a spreadsheet of the user's country opens right:

* CSV is UTF-8 with a byte order mark. Where the decimal mark is a comma fields are parted by semicolons, elsewhere by
  commas, as the spreadsheets of those countries expect. Dates are ``21/11/2026``, times and durations ``10:30``,
  numbers and money bare (``1240,50``).
* XLSX has typed cells: dates, times, durations that can be summed, numbers, money with its currency.

No text becomes a formula: in CSV what begins like one gets an apostrophe in front, XLSX cells are written as text.
"""

import csv
import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.bulk import chunks
from db.fields import NUMBER_KINDS, Field
from db.registry import module
from oficrm import display, lists, loading
from oficrm.errors import EnvironmentProblem
from oficrm.jobs import Progress
from oficrm.rules import numbers

PAGE = 500
XLSX_ROWS = 1_048_575
"""Rows of data an XLSX sheet holds below its header; further ones go to a second sheet."""
XLSX_TEXT = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PHONE = re.compile(r"\+[\d ()-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What to export: records in their order, and the columns by field path."""

    table: str
    ids: Sequence[int]
    columns: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of the columns and how the company writes numbers."""

    fields: tuple[Field, ...]
    country: str
    currency: str


def layout(session: Session, sheet: Sheet) -> Layout:
    """Return the fields behind the columns of a sheet, without those that no longer exist."""
    facts = lists.facts(session, sheet.table)
    return Layout(tuple(facts.fields[name] for name in sheet.columns), facts.country, facts.currency)


def rows(session: Session, sheet: Sheet, progress: Progress) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield currency and values of each record that still exists, a page at a time. Raises Cancelled."""
    own_currency = "currency" in module(sheet.table).fields
    running = module(sheet.table).screens.running
    shown = [name for name in sheet.columns if name != running]
    place = sheet.columns.index(running) if running in sheet.columns else None
    sums = loading.running(session, sheet.table, sheet.ids) if place is not None else {}
    columns = (*shown, *(["currency"] if own_currency else []))
    done = 0
    for part in chunks(sheet.ids, PAGE):
        progress.step(done, len(sheet.ids))
        found = loading.page(session, sheet.table, part, columns)
        if place is not None:
            found = {ident: (*row[:place], sums.get(ident), *row[place:]) for ident, row in found.items()}
        for ident in part:
            if (row := found.get(ident)) is not None:
                yield (str(row[-1] or ""), row[:-1]) if own_currency else ("", row)
        done += len(part)
    progress.step(done, len(sheet.ids))


def to_csv(session: Session, sheet: Sheet, path: Path, progress: Progress) -> int:
    """Write a CSV file and return the number of rows. Raises Cancelled, EnvironmentProblem; then no file is left."""
    form = layout(session, sheet)
    mark = numbers.decimal_mark(form.country)
    count = 0
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if mark == "," else ",")
        writer.writerow([field.label for field in form.fields])
        for _currency, row in rows(session, sheet, progress):
            writer.writerow([_csv_text(field, value, mark) for field, value in zip(form.fields, row, strict=True)])
            count += 1
    return count


def _csv_text(field: Field, value: Any, mark: str) -> str:
    if value is None:
        return ""
    match field.kind:
        case "day":
            return str(value.strftime("%d/%m/%Y"))
        case "instant":
            return str(value.astimezone().strftime("%d/%m/%Y %H:%M"))
        case "clock":
            return str(value.strftime("%H:%M"))
        case "minutes":
            return f"{value // 60}:{value % 60:02}"
        case kind if kind in NUMBER_KINDS:
            return _plain_number(value).replace(".", mark)
    return guarded(display.show(field, value))


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; a phone number with its + is none."""
    return f"'{text}" if text.startswith(_FORMULA) and not _PHONE.fullmatch(text) else text


def _plain_number(value: Any) -> str:
    number = Decimal(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside ``path`` that takes its place when all went well and vanishes otherwise."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.touch()  # what cannot be written is known before any work is done
        yield part
        os.replace(part, path)
    except OSError as error:
        raise EnvironmentProblem(
            f"No se puede guardar «{path}»: {error.strerror or error}. Si está abierto en otro programa, ciérrelo."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def to_xlsx(session: Session, sheet: Sheet, path: Path, progress: Progress) -> int:
    """Write an XLSX workbook and return the number of rows. Raises as ``to_csv`` does."""
    import xlsxwriter

    form = layout(session, sheet)
    with replacing(path) as part:
        book = xlsxwriter.Workbook(
            part, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        try:
            return _Book(book, form, sheet.title or module(sheet.table).module.plural).write(
                rows(session, sheet, progress)
            )
        finally:
            _close(book)


def _close(book: Any) -> None:
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


class _Book:
    """A workbook being written row by row; nothing of it is kept in memory."""

    def __init__(self, book: Any, form: Layout, title: str) -> None:
        self._book, self._form, self._title = book, form, re.sub(r"[\[\]:*?/\\']", " ", title)[:28].strip()
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._formats: dict[str, Any] = {}
        self._sheets = 0

    def write(self, found: Iterator[tuple[str, tuple[Any, ...]]]) -> int:
        """Write all rows; return how many."""
        page = self._new_sheet()
        count = 0
        for currency, row in found:
            line = count % XLSX_ROWS + 1
            if count and line == 1:
                page = self._new_sheet()
            for column, (field, value) in enumerate(zip(self._form.fields, row, strict=True)):
                self._cell(page, line, column, field, value, currency)
            count += 1
        return count

    def _new_sheet(self) -> Any:
        self._sheets += 1
        page = self._book.add_worksheet(self._title if self._sheets == 1 else f"{self._title} {self._sheets}")
        for column, field in enumerate(self._form.fields):
            page.set_column(column, column, _width(field))
        for column, field in enumerate(self._form.fields):
            page.write_string(0, column, field.label, self._head)
        page.freeze_panes(1, 0)
        return page

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]

    def _cell(self, page: Any, line: int, column: int, field: Field, value: Any, currency: str) -> None:
        if value is None or value == "":
            return
        match field.kind:
            case "day":
                page.write_datetime(line, column, value, self._format("dd/mm/yyyy"))
            case "instant":
                local = value.astimezone().replace(tzinfo=None)
                page.write_datetime(line, column, local, self._format("dd/mm/yyyy hh:mm"))
            case "clock":
                page.write_datetime(line, column, value, self._format("hh:mm"))
            case "minutes":
                page.write_datetime(line, column, dt.timedelta(minutes=value), self._format("[h]:mm"))
            case "money":
                page.write_number(line, column, Decimal(value), self._format(_money(currency or self._form.currency)))
            case "percent":
                page.write_number(line, column, Decimal(value) / 100, self._format("0.00%"))
            case "integer" | "quantity":
                page.write_number(line, column, Decimal(value), self._format("#,##0.####" if value % 1 else "#,##0"))
            case _:
                page.write_string(line, column, display.show(field, value, self._form.country)[:XLSX_TEXT])


def _money(currency: str) -> str:
    if currency == "EUR":
        return "#,##0.00 [$€-x-euro2]"
    return '"$"#,##0.00' if currency == "MXN" else f'#,##0.00 "{currency}"'


def _width(field: Field) -> int:
    """Column width in characters of a spreadsheet."""
    if field.kind == "long_text":
        return 60
    if field.kind in ("link", "either", "email", "children") or field.name in ("title", "name"):
        return 28
    return max(12, min(24, len(field.label) + 2))
