"""Files made to fill memory or never to end. Each is read in a process of its own, whose peak of memory is measured."""

import io
import itertools
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from oficrm.files import limits
from oficrm.files.inside import text_inside
from oficrm.files.kinds import kind_of_stream
from tests.support.documents import LAUGHS, deflated, docx, pdf, replaced, sheet_body, word_body, xlsx

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")

READ = """
import json, sys, time
from pathlib import Path
from oficrm.files.inside import text_inside
from oficrm.files.kinds import kind_of_stream
from oficrm.files.pdf import page_picture
path = Path(sys.argv[1])
with path.open("rb") as stream:
    kind = kind_of_stream(path.name, stream)
began = time.monotonic()
found = text_inside(path, kind)
if kind.previewable == "pdf":
    page_picture(path)
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
print(json.dumps([len(found.text), found.problem, peak, time.monotonic() - began]))
"""
MEGABYTES = 350  # of which the interpreter and the libraries take about 60
SECONDS = 3 * limits.MAX_SECONDS

HARMLESS = {"far.xlsx", "last.xlsx", "wide.xlsx", "claims.pdf", "huge.pdf", "words.pdf"}  # read to their end
WORD, SHEET, BOOK = "word/document.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def lying(data: bytes, member: str, size: int = 100_000) -> bytes:
    """A zip file whose member says it is small, with the checksum of what a trusting reader takes from it."""
    out = bytearray(data)
    at = data.find(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(member)] != member.encode():
        at = data.index(b"PK\x01\x02", at + 4)
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(member) as stream:
        check = zlib.crc32(stream.read(size))
    struct.pack_into("<I", out, at + 16, check)
    struct.pack_into("<I", out, at + 24, size)
    return bytes(out)


def spaces() -> Iterator[bytes]:
    """450 MB of nothing."""
    yield from itertools.repeat(b" " * 1_000_000, 450)


def many_members() -> bytes:
    return replaced(docx("a"), {f"word/m{n}.xml": b"" for n in range(60_000)})


def word(inner: str, before: str = "") -> bytes:
    return replaced(docx("a"), {WORD: word_body(inner, before)})


def book(inner: str, before: str = "") -> bytes:
    return replaced(xlsx(["a"]), {SHEET: sheet_body(inner, before)})


def strings(inner: str, before: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return replaced(xlsx(["a"]), {"xl/sharedStrings.xml": f'{before}<sst xmlns="{space}">{inner}</sst>'.encode()})


BOMBS = {
    "spaces.docx": lambda: replaced(docx("a"), {WORD: spaces()}),
    "liar.docx": lambda: lying(replaced(docx("a"), {WORD: spaces()}), WORD),
    "liar.xlsx": lambda: lying(replaced(xlsx(["a"]), {BOOK: spaces()}), BOOK),
    "text.docx": lambda: word(f"<w:p><w:r><w:t>{'a' * 40_000_000}</w:t></w:r></w:p>"),
    "tags.docx": lambda: word("<w:p/>" * 5_000_000),
    "deep.docx": lambda: word("<w:p>" * 300_000 + "</w:p>" * 300_000),
    "attributes.docx": lambda: word("<w:p " + " ".join(f'a{n}=""' for n in range(2_000_000)) + "/>"),
    "laughs.docx": lambda: word("<w:p><w:r><w:t>&b9;</w:t></w:r></w:p>", LAUGHS),
    "members.docx": many_members,
    "rows.xlsx": lambda: book("<row/>" * 5_000_000),
    "far.xlsx": lambda: book('<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
    "last.xlsx": lambda: book('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "wide.xlsx": lambda: book("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 20_000))),
    "strange.xlsx": lambda: book("<x/>" * 5_000_000),
    "laughs.xlsx": lambda: book('<row r="1"><c r="A1" t="inlineStr"><is><t>&b9;</t></is></c></row>', LAUGHS),
    "strings.xlsx": lambda: strings("<si><t>a</t></si>" * 2_000_000),
    "laughs16.xlsx": lambda: replaced(
        xlsx(["a"]), {SHEET: ("\ufeff" + LAUGHS + "<worksheet>&b9;</worksheet>").encode("utf-16-le")}
    ),
    "styles.xlsx": lambda: replaced(xlsx(["a"]), {"xl/styles.xml": b"<styleSheet>" + b"<x/>" * 4_500_000}),
    "inflates.pdf": lambda: pdf("a", packed=deflated(400)),
    "twice.pdf": lambda: pdf("a", packed=zlib.compress(deflated(400), 9), filters="[/FlateDecode/FlateDecode]"),
    "pages.pdf": lambda: pdf("a", kids="6 0 R " * 100_000, count=100_000),
    "claims.pdf": lambda: pdf("a", count=2_000_000_000),
    "loop.pdf": lambda: pdf("a", kids="2 0 R " * 50, count=100_000),
    "huge.pdf": lambda: pdf("a", box="0 0 1000000000 1000000000"),
    "words.pdf": lambda: pdf("palabra " * 300_000),
    "page.html": lambda: b"<div>" * 6_000_000,
    "long.txt": lambda: b"\xe1" * 30_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_memory_and_time_have_bounds(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    length, problem, peak, seconds = json.loads(done.stdout)
    assert length <= limits.MAX_TEXT
    assert peak < MEGABYTES
    assert seconds < SECONDS
    assert problem or name in HARMLESS


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("laughs.docx", "No se puede leer"),
        ("laughs.xlsx", "No se puede leer"),
        ("laughs16.xlsx", "No se puede leer"),
        ("liar.xlsx", "No se puede leer"),
        ("spaces.docx", "No se lee por dentro: es demasiado grande"),
        ("rows.xlsx", "No se lee por dentro: es demasiado grande"),
    ],
)
def test_what_is_refused_says_why(name, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    with path.open("rb") as stream:
        found = text_inside(stream, kind_of_stream(name, stream))
    assert found.text == ""
    assert found.problem.startswith(said)
