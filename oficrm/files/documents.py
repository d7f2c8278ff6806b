"""The text of DOCX and XLSX files."""

import datetime as dt
import io
import tempfile
import warnings
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import IO, Any

from oficrm.files import limits
from oficrm.files.packages import unpack
from oficrm.files.reading import BROKEN, CUT, TOO_BIG, Enough, Gathered, Unreadable

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_WORD = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_TEXT, _PARAGRAPH = "t", "p"
_GAPS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", _PARAGRAPH: "\n"}
_WORD_PARTS = ("document", "header", "footer", "footnotes", "endnotes", "comments")
_LEFT_OUT_OF_SHEETS = (
    "theme", "drawing", "chart", "pivot", "externallink", "calcchain", "docprops", "customxml", "printersettings",
    "comments", "media", "embeddings", "threadedcomment", "richdata", "ctrlprops", "slicer", "connections",
    "querytable",
)  # fmt: skip
_CHECK_EVERY = 500


def _copy() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(limits.MEMORY_BEFORE_DISK)


# Word


def _wanted_of_word(name: str) -> int:
    lower = name.lower()
    if not lower.endswith((".xml", ".rels")):
        return 0  # pictures and whatever else: the library insists that they are there, not on what they hold
    if lower.endswith(".xml") and lower.rpartition("/")[2].startswith(_WORD_PARTS):
        return limits.MAX_MEMBER
    return limits.MAX_SMALL_MEMBER


def read_docx(stream: io.RawIOBase, gathered: Gathered) -> None:
    """Gather the text of a DOCX: body with tables and text boxes, headers, footers, notes, comments.

    Raises:
        Unreadable, Enough: as `reading` says; and whatever the library raises on broken documents.
    """
    with _copy() as copy:
        is_whole = unpack(stream, copy, _wanted_of_word, limits.MAX_TREE_TAGS, gathered)
        if not is_whole:  # the body is what is large
            raise Unreadable(TOO_BIG)
        for root in _word_roots(copy):
            _gather_word(root, gathered)
            gathered.add("\n")


def _word_roots(file: IO[bytes]) -> Iterable[Any]:
    from docx.oxml import parse_xml
    from docx.package import Package

    package = Package.open(file)
    parts = [part for part in package.iter_parts() if _is_word_text(str(part.partname))]
    for part in sorted(parts, key=lambda part: (not str(part.partname).startswith("/word/document"), part.partname)):
        element = getattr(part, "element", None)
        yield parse_xml(part.blob) if element is None else element


def _is_word_text(name: str) -> bool:
    return name.endswith(".xml") and name.rpartition("/")[2].startswith(_WORD_PARTS)


def _gather_word(root: Any, gathered: Gathered) -> None:
    for number, node in enumerate(root.iter()):
        if number % _CHECK_EVERY == 0:
            gathered.check()
        tag = node.tag
        if not isinstance(tag, str) or not tag.startswith((_WORD, _STRICT_WORD)):
            continue
        local = tag.rpartition("}")[2]
        if local == _TEXT:
            gathered.add(node.text or "")
        elif local in _GAPS:
            gathered.add(_GAPS[local])


# Excel


def _wanted_of_sheets(name: str) -> int:
    lower = name.lower()
    if not lower.endswith((".xml", ".rels")) or any(part in lower for part in _LEFT_OUT_OF_SHEETS):
        return -1
    if lower.endswith(".xml") and ("sheet" in lower or "sharedstrings" in lower):
        return limits.MAX_MEMBER
    return limits.MAX_SMALL_MEMBER


def read_xlsx(stream: io.RawIOBase, gathered: Gathered) -> None:
    """Gather the names of the sheets and the values of the cells, cells of a row apart by tabs. Formulas count by
    the value they had when saved.

    Raises:
        Unreadable, Enough: as `reading` says; and whatever the library raises on broken documents.
    """
    import openpyxl

    # It tells of features it does not keep, which matters to whoever would write the file
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    with _copy() as copy:
        is_whole = unpack(stream, copy, _wanted_of_sheets, limits.MAX_TAGS, gathered)
        try:
            book = openpyxl.load_workbook(copy, read_only=True, data_only=True, keep_links=False)
        except KeyError as error:  # a part that is listed and not there
            raise Unreadable(BROKEN if is_whole else TOO_BIG) from error
        try:
            for sheet in book.worksheets:
                gathered.check()
                gathered.add(f"{sheet.title}\n")
                _gather_sheet(sheet, gathered)
        finally:
            book.close()
    if not is_whole:
        raise Enough(CUT)


def _gather_sheet(sheet: Any, gathered: Gathered) -> None:
    sheet.reset_dimensions()  # what the file says of its size is often wrong and sometimes meant to hurt
    for number, row in enumerate(sheet.iter_rows(max_row=limits.MAX_ROWS, values_only=True)):
        if number % _CHECK_EVERY == 0 or len(row) > _CHECK_EVERY:
            gathered.check()
        line = "\t".join(shown for value in row if value is not None and (shown := _shown(value)))
        if line:
            gathered.add(line + "\n")


def _shown(value: object) -> str:
    match value:
        case bool():
            return "sí" if value else "no"
        case dt.datetime():
            return f"{value:%d/%m/%Y}" if value.time() == dt.time() else f"{value:%d/%m/%Y %H:%M}"
        case dt.date():
            return f"{value:%d/%m/%Y}"
        case dt.time():
            return f"{value:%H:%M}"
        case float():
            return format(Decimal(repr(value)), "f").replace(".", ",") if abs(value) < 1e15 else str(value)
    return str(value).strip()


READERS: dict[str, Callable[[io.RawIOBase, Gathered], None]] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_docx,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": read_xlsx,
}
