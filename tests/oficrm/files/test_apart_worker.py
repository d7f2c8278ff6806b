"""What readers of documents may say, and when they end by themselves."""

import io
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oficrm.files import apart
from oficrm.files.apart import Page, Readers
from oficrm.files.apart_worker import READY
from oficrm.files.catalogue import PDF
from oficrm.files.inside import Inside
from tests.support import documents
from tests.support.readers import WAIT, is_alive, linux, make, never, until

__all__ = ["make"]
ROOT = Path(__file__).parents[3]
ONE = documents.pdf("Hola", "Adiós")


def text(readers: Readers) -> Inside:
    return readers.text_inside(io.BytesIO(ONE), PDF, cancel=never)


def page(readers: Readers) -> Page:
    return readers.page(ONE, 0, 200, cancel=never)


# Rubbish


@pytest.mark.logs_warnings
@pytest.mark.parametrize(
    "answer",
    [
        "say(b'')",
        "say(b'x' * 100_000)",
        "say(HEAD.pack(b'text', request['serial'] - 1), b'a', b'')",
        "say(HEAD.pack(b'page', request['serial']), b'a', b'')",
        "say(head(request), b'\\xff\\xfe', b'')",
        "say(head(request), b'\\xed\\xa0\\x80', b'')",
        "say(head(request), b'a', 'Visite example.com'.encode())",
        "say(head(request), b'a' * 500_001, b'')",
        "say(head(request)); target.write(b'\\xff\\xff\\xff\\xff' + bytes(1000)); target.flush(); time.sleep(600)",
        "say(head(request)); target.write(b'\\0\\0'); target.flush(); sys.exit()",
        "target.write(b'Traceback (most recent call last):'); target.flush(); time.sleep(600)",
    ],
)
def test_rubbish_in_place_of_a_text_is_refused(make, answer):
    readers = make(f"say(READY)\nrequest = take()\n{answer}", seconds=60)
    assert text(readers) == Inside("", apart.CRASHED)
    assert readers.pids == []


@pytest.mark.logs_warnings
@pytest.mark.parametrize(
    "parts",
    [
        "SHEET.pack(10, 10, 40, 1), b'', bytes(399)",
        "SHEET.pack(10, 10, 40, 1), b'', bytes(401)",
        "SHEET.pack(10, 10, 41, 1), b'', bytes(410)",
        "SHEET.pack(10, 10, 36, 1), b'', bytes(360)",
        "SHEET.pack(10, 10, 40, 1), b'', b''",
        "SHEET.pack(2**31, 2**31, 0, 1), b'', b''",
        "SHEET.pack(0, 10, 0, 1), b'', b''",
        "SHEET.pack(1, 4100, 4, 1), b'', bytes(16400)",
        "SHEET.pack(10, 10, 40, 1), 'Otra cosa.'.encode(), bytes(400)",
        "SHEET.pack(0, 0, 0, 1)[:8], b'', b''",
    ],
)
def test_rubbish_in_place_of_a_picture_is_refused(make, parts):
    readers = make(f"say(READY)\nrequest = take()\nsay(head(request), {parts})\ntime.sleep(600)", seconds=60)
    assert page(readers) == Page(None, problem=apart.CRASHED)
    good = make("say(READY)\nsay(head(take()), SHEET.pack(10, 10, 40, 7), b'', bytes(400))\ntime.sleep(600)")
    assert page(good).pages == 7, "the same, well said"


def test_what_it_says_of_errors_is_noted_within_bounds(make, caplog):
    caplog.set_level("INFO")
    readers = make("sys.stderr.write('aviso \\x1b[31m\\n' * 200_000)\nsys.stderr.flush()\nsay(READY)\n"
                   "say(head(take()), b'uno', b'')\ntake()")  # fmt: skip
    assert text(readers) == Inside("uno")
    readers.close()
    noted = [record.getMessage() for record in caplog.records if "aviso" in record.getMessage()]
    assert 0 < len(noted) <= 100
    assert "\x1b" not in "".join(noted)


# The process itself, without the program


class Started:
    """A reader that runs by itself, or a script in its place."""

    def __init__(self, script: str) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT)

    def ask(self) -> None:
        """Send a document of no bytes."""
        assert self.process.stdin is not None
        request = json.dumps({"want": "text", "mime": PDF.mime, "serial": 1}).encode()
        self.process.stdin.write(len(request).to_bytes(4, "big") + request + bytes(4))
        self.process.stdin.flush()

    def read(self, size: int) -> bytes:
        """What it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.read(size)

    def close(self) -> None:
        """Close its input."""
        assert self.process.stdin is not None
        self.process.stdin.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Started]]:
    """Starts one; what a test leaves running is killed."""
    made: list[Started] = []

    def begin(reading: str, own_seconds: float) -> Started:
        change = f"worker.text_inside = lambda *_: {reading}\nworker.OWN_SECONDS = {own_seconds}"
        script = f"import time\nfrom oficrm.files import apart_worker as worker\n{change}\nworker.main()"
        made.append(Started(script))
        return made[-1]

    yield begin
    for each in made:
        each.process.kill()
        with each.process:
            each.close()


def test_it_ends_when_its_input_does(start):
    worker = start("None", 600)
    assert worker.read(4 + len(READY)).endswith(READY)
    worker.close()
    assert worker.process.wait(WAIT) == 0


def test_it_ends_when_its_input_does_though_a_library_is_at_work(start):
    worker = start("(worker.os.write(2, b'begun'), time.sleep(600))", 600)
    assert worker.read(4 + len(READY)).endswith(READY)
    worker.ask()
    assert worker.process.stderr is not None
    assert worker.process.stderr.read(5) == b"begun"
    worker.close()
    assert worker.process.wait(WAIT) == 0


def test_it_ends_by_itself_when_a_library_hangs_for_ever(start):
    worker = start("time.sleep(600)", 0.2)
    worker.ask()
    assert worker.process.wait(WAIT) == 1


@linux
@pytest.mark.parametrize("end", ["", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_the_end_of_the_program_leaves_no_process(end):
    program = f"""
import io, os
from oficrm.files import apart
from oficrm.files.catalogue import PDF
apart.text_inside(io.BytesIO(b"%PDF"), PDF)
print(*apart._readers.pids, flush=True)
{end}
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False, timeout=60)
    (pid,) = map(int, done.stdout.split())
    until(lambda: not is_alive(pid))
    assert done.stderr == b""


def test_it_loads_neither_the_database_nor_qt():
    script = "import sys, oficrm.files.apart_worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"sqlalchemy", "sqlite3", "alembic", "psycopg", "PySide6", "ui", "multiprocessing"})


MEASURE = """
import io, json, resource, sys
from pathlib import Path
from oficrm.files import apart
from oficrm.files.catalogue import PDF
data = Path(sys.argv[1]).read_bytes()
found = apart.text_inside(io.BytesIO(data), PDF)
page = apart.page(data)
apart.close()
own = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([found.problem, page.problem, own // 1024, child // 1024]))
"""


@linux
@pytest.mark.parametrize("what", ["unseen", "drawn"])
def test_what_asks_for_gigabytes_gets_none(what, tmp_path):
    if what == "unseen":  # the bound on what streams inflate to does not look into these
        hexed = documents.deflated(1000).hex().encode() + b">"
        data = documents.pdf("a", packed=hexed, filters="[/ASCIIHexDecode/FlateDecode]")
    else:
        data = documents.pdf("a", packed=zlib.compress(b"0 0 1 1 re f " * 9_000_000, 9))
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=ROOT, capture_output=True, check=False, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    text_problem, page_problem, own, child = json.loads(done.stdout)
    assert text_problem in (apart.CRASHED, apart.MEMORY)
    assert page_problem in (apart.CRASHED, apart.MEMORY)
    assert child < 900
    assert own < 100
