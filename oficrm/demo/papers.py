"""The files of the example company: small, real ones of several types, made here from the words of the plan."""

import io
import struct
import zlib
from collections.abc import Sequence
from random import Random

PAGE = (595, 842)
"""A4 in points."""
_LINE = 18
_PDF_SIGNS = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one page: a title and lines of text in Helvetica (ISO 32000-1, without compression)."""
    text = ["BT", "/F1 20 Tf", "56 770 Td", f"({title.translate(_PDF_SIGNS)}) Tj", "/F1 11 Tf", "0 -40 Td"]
    for line in lines:
        text += [f"({line.translate(_PDF_SIGNS)}) Tj", f"0 -{_LINE} Td"]
    stream = "\n".join([*text, "ET", "0.6 w 56 748 m 539 748 l S"]).encode("cp1252", "replace")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def picture(rng: Random, width: int = 480, height: int = 320) -> bytes:
    """Return a PNG that could be a plan of a shop floor: walls, and a few machines in colour (RFC 2083)."""
    rows = [bytearray(b"\xf4\xf4\xf0" * width) for _ in range(height)]

    def fill(left: int, top: int, wide: int, high: int, colour: bytes) -> None:
        for row in rows[top : top + high]:
            row[left * 3 : (left + wide) * 3] = colour * wide

    wall = b"\x44\x4a\x54"
    for box in ((0, 0, width, 6), (0, height - 6, width, 6), (0, 0, 6, height), (width - 6, 0, 6, height),
                (width // 3, 0, 5, height * 2 // 3)):  # fmt: skip
        fill(*box, wall)
    for _ in range(9):
        colour = bytes(rng.choice(((70, 130, 180), (200, 120, 60), (110, 160, 110), (150, 110, 160))))
        fill(rng.randrange(20, width - 90), rng.randrange(20, height - 70), rng.randrange(30, 70),
             rng.randrange(20, 50), colour)  # fmt: skip
    raw = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", raw) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def sheet(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return an Excel book of one page."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(title[:31])
        page.set_column(0, 0, 42)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return out.getvalue()


def letter(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a Word document."""
    import docx

    document = docx.Document()
    document.add_heading(title, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
