"""Documents built for tests: small valid ones, and such as want to do harm."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping

HEADER = '<?xml version="1.0" encoding="UTF-8"?>'


def pdf(
    *texts: str,
    box: str = "0 0 595 842",
    count: int | None = None,
    kids: str | None = None,
    packed: bytes | None = None,
    filters: str = "/FlateDecode",
    encrypted: bool = False,
) -> bytes:
    """A PDF with a page for each text. `packed` is the content of every page as it stands, for `filters` to unpack."""
    pages = [6 + 2 * number for number in range(len(texts))]
    objects: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids or ' '.join(f'{n} 0 R' for n in pages)}]/Count {count or len(pages)}>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>",
    }
    for number, text in zip(pages, texts, strict=True):
        shown = b"BT /F1 12 Tf 50 700 Td (" + text.encode("cp1252") + b") Tj ET 0.5 g 0 0 100 100 re f"
        body = shown if packed is None else packed
        extra = "" if packed is None else f"/Filter {filters}"
        objects[number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents {number + 1} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        ).encode()
        objects[number + 1] = f"<</Length {len(body)}{extra}>>stream\n".encode() + body + b"\nendstream"
    out = bytearray(b"%PDF-1.4\n")
    table = {}
    for number, content in objects.items():
        table[number] = len(out)
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % table[number] if number in table else b"0000000000 65535 f \n"
    secret = "/Encrypt 4 0 R/ID[<00><00>]" if encrypted else ""
    return bytes(out) + f"trailer<</Size {size}/Root 1 0 R{secret}>>\nstartxref\n{start}\n%%EOF".encode()


def deflated(megabytes: int, byte: bytes = b" ") -> bytes:
    """Zlib data that inflates to so much of the same byte."""
    pack = zlib.compressobj(9)
    block = byte * (1024 * 1024)
    return b"".join(pack.compress(block) for _ in range(megabytes)) + pack.flush()


def docx(*paragraphs: str, table: Iterable[Iterable[str]] = (), header: str = "") -> bytes:
    """A Word document."""
    import docx as library

    document = library.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    rows = [list(row) for row in table]
    if rows:
        grid = document.add_table(len(rows), len(rows[0]))
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                grid.cell(y, x).text = value
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(*rows: Iterable[object], title: str = "Hoja") -> bytes:
    """An Excel workbook of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def replaced(package: bytes, changes: Mapping[str, bytes | Iterable[bytes]]) -> bytes:
    """A zipped document with some members exchanged or added. Members may come in pieces."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            with new.open(name, "w") as member:
                for piece in [data] if isinstance(data, bytes) else data:
                    member.write(piece)
    return out.getvalue()


def word_body(inner: str, before: str = "") -> bytes:
    """The main part of a Word document around raw XML."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'{HEADER}{before}<w:document xmlns:w="{space}"><w:body>{inner}</w:body></w:document>'.encode()


def sheet_body(inner: str, before: str = "", size: str = "") -> bytes:
    """A sheet of a workbook around raw XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{HEADER}{before}<worksheet xmlns="{space}">{size}<sheetData>{inner}</sheetData></worksheet>'.encode()


LAUGHS = (
    "<!DOCTYPE a [<!ENTITY b0 'ja'>" + "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
