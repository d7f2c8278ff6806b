"""Documents read in a process of their own: the same as within, and nothing they do there reaches the program."""

import io
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from oficrm.errors import EnvironmentProblem
from oficrm.files import apart, inside, limits, pdf
from oficrm.files.apart import Page, Readers
from oficrm.files.apart_worker import FAULT, NO_ROOM, OUT_OF_MEMORY
from oficrm.files.catalogue import DOCX, PAGE, PDF, PROTECTED, TEXT, XLSX, Kind
from oficrm.files.inside import Inside
from oficrm.files.reading import STOPPED
from tests.support import documents
from tests.support.readers import WAIT, is_alive, linux, make, never, until

__all__ = ["make"]

ONE = documents.pdf("Hola", "Adiós")
HANG = "say(READY)\ntake()\ntime.sleep(600)"


def text(readers: Readers, data: bytes, kind: Kind = PDF, cancel: Callable[[], bool] = never) -> Inside:
    return readers.text_inside(io.BytesIO(data), kind, cancel=cancel)


def page(readers: Readers, data: bytes = ONE, number: int = 0, width: int = 200) -> Page:
    return readers.page(data, number, width, cancel=never)


# The same as within


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (PDF, ONE),
        (PDF, documents.pdf("a", encrypted=True)),
        (PDF, b"%PDF-1.4\nroto"),
        (PDF, b""),
        (DOCX, documents.docx("Cañón de 5 €", table=[["uno", "dos"]], header="Cabecera")),
        (DOCX, b"PK\x03\x04roto"),
        (XLSX, documents.xlsx(["Ñandú", 12.5, True], title="Precios")),
        (XLSX, documents.xlsx(["palabra " * 4000] * 20)),
        (TEXT, b"hola"),
        (PAGE, b"<p>hola"),
        (PROTECTED, b""),
    ],
)
def test_text_is_what_is_read_within(make, kind, data, tmp_path):
    within = inside.text_inside(io.BytesIO(data), kind)
    readers = make()
    stream = io.BytesIO(data)
    assert readers.text_inside(stream, kind, cancel=never) == within
    assert not stream.closed
    assert bool(readers.pids) == (kind in (PDF, DOCX, XLSX)), "other kinds stay in the program"
    path = tmp_path / "a"
    path.write_bytes(data)
    assert readers.text_inside(path, kind, cancel=never) == within


def test_longest_text_and_largest_picture_come_whole(make):
    readers = make()
    long = documents.docx("€" * (limits.MAX_TEXT + 5))
    assert text(readers, long, DOCX) == inside.text_inside(io.BytesIO(long), DOCX)
    square = documents.pdf("a", box="0 0 1000 1000")
    shown = page(readers, square, width=100_000)
    assert shown.picture == pdf.page_picture(square, width=100_000)
    assert shown.picture is not None
    assert shown.picture.width * shown.picture.height > 0.99 * limits.MAX_PICTURE_PIXELS
    assert len(readers.pids) == 1


def test_documents_beyond_memory_go_to_disk_and_are_read(make):
    large = documents.replaced(documents.docx("Hola"), {"word/media/a.png": os.urandom(3 * limits.MEMORY_BEFORE_DISK)})
    assert text(make(), large, DOCX).text.split() == ["Hola"]


def test_pages_with_their_number(make, tmp_path):
    readers = make()
    assert page(readers) == Page(pdf.page_picture(ONE, 0, 200), 2)
    assert page(readers, number=1) == Page(pdf.page_picture(ONE, 1, 200), 2)
    missing = page(readers, number=2)
    assert (missing.picture, missing.pages) == (None, 2)
    assert missing.problem
    for data, word in ((documents.pdf("a", encrypted=True), "contraseña"), (b"%PDF-1.4", "dañado"), (b"", "dañado")):
        found = page(readers, data)
        assert (found.picture, found.pages) == (None, 0)
        assert word in found.problem
    path = tmp_path / "a.pdf"
    path.write_bytes(ONE)
    assert readers.page(path, 0, 200, cancel=never).pages == 2


def test_the_program_has_readers_of_its_own():
    assert apart.text_inside(io.BytesIO(ONE), PDF).text == "Hola\nAdiós\n"
    assert apart.page(ONE).pages == 2
    apart.close()


class Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionError("gone")


def test_an_error_of_the_stream_comes_through(make, tmp_path):
    readers = make()
    with pytest.raises(ConnectionError, match="gone"):
        readers.text_inside(Failing(ONE), PDF, cancel=never)
    assert readers.pids == [], "it waits for the rest of a document that does not come"
    assert text(readers, ONE).text
    with pytest.raises(FileNotFoundError):
        readers.text_inside(tmp_path / "none", PDF, cancel=never)


# One process for many documents


def test_a_process_is_kept_for_the_next_document(make):
    readers = make()
    assert readers.pids == [], "none before it is needed"
    text(readers, ONE)
    first = readers.pids
    page(readers)
    text(readers, b"%PDF-1.4\nroto")
    assert readers.pids == first
    assert len(first) == 1


def test_after_many_documents_it_is_replaced(make):
    readers = make(most_answers=2)
    text(readers, ONE)
    (first,) = readers.pids
    text(readers, ONE)
    assert readers.pids == []
    text(readers, ONE)
    assert first not in readers.pids


@linux
def test_it_ends_when_nothing_more_comes(make):
    readers = make(idle_seconds=0.05)
    text(readers, ONE)
    until(lambda: not readers.pids)
    readers = make(idle_seconds=600)
    text(readers, ONE)
    (pid,) = readers.pids
    readers.close()
    assert not is_alive(pid)
    assert readers.pids == []


def test_two_threads_have_two_processes_and_a_third_waits(make):
    readers = make()
    wanted = {kind: inside.text_inside(io.BytesIO(data), kind) for kind, data in (
        (PDF, ONE), (DOCX, documents.docx("Hola")), (XLSX, documents.xlsx(["a"]))
    )}  # fmt: skip
    sources = {PDF: ONE, DOCX: documents.docx("Hola"), XLSX: documents.xlsx(["a"])}
    wrong: list[object] = []
    counts: set[int] = set()

    def work(kind: Kind) -> None:
        for _ in range(15):
            found = text(readers, sources[kind], kind)
            counts.add(len(readers.pids))
            if found != wanted[kind]:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=[kind]) for kind in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert wrong == []
    assert max(counts) == 2


# Crashes, hangs, bombs


@linux
@pytest.mark.logs_warnings
def test_a_crash_costs_the_document_and_the_next_has_a_new_process(make, tmp_path):
    script = f"""
flag = {str(tmp_path / "crashed")!r}
if os.path.exists(flag):
    from oficrm.files import apart_worker
    apart_worker.main()
say(READY)
take()
open(flag, "w").close()
os.abort()
"""
    readers = make(script)
    assert text(readers, ONE) == Inside("", apart.CRASHED)
    assert readers.pids == []
    assert text(readers, ONE).text == "Hola\nAdiós\n"


@linux
@pytest.mark.logs_warnings
def test_killed_while_it_reads_it_is_started_again_once(make):
    readers = make("say(READY)\nsay(head(take()), b'uno', b'')\ntake()\nos.kill(os.getpid(), 11)")
    assert text(readers, ONE) == Inside("uno")
    (pid,) = readers.pids
    assert text(readers, ONE) == Inside("uno"), "it had read others before: read again in a fresh one"
    assert pid not in readers.pids


@linux
def test_killed_while_it_waits_nobody_notices(make):
    readers = make()
    text(readers, ONE)
    (pid,) = readers.pids
    os.kill(pid, signal.SIGKILL)
    assert text(readers, ONE).text == "Hola\nAdiós\n"
    assert pid not in readers.pids


@linux
@pytest.mark.parametrize("script", [HANG, "say(READY)\ntime.sleep(600)"])
def test_what_hangs_is_ended(make, script):
    readers = make(script, seconds=0.5)
    large = ONE + bytes(5_000_000)  # more than a pipe holds: we hang too, writing
    began = time.monotonic()
    assert text(readers, large) == Inside("", apart.SLOW)
    assert page(readers, large) == Page(None, problem=apart.SLOW)
    assert time.monotonic() - began < WAIT
    assert readers.pids == []


@linux
@pytest.mark.parametrize("script", [HANG, "time.sleep(600)"])
def test_cancelled_it_ends_at_once(make, script):
    readers = make(script, seconds=600)
    asked = threading.Event()

    def cancel() -> bool:
        was_asked = asked.is_set()
        asked.set()
        return was_asked

    began = time.monotonic()
    assert text(readers, ONE, cancel=cancel) == Inside("", STOPPED)
    assert time.monotonic() - began < WAIT
    assert readers.pids == []


def test_cancelled_before_it_began_nothing_is_started(make):
    readers = make()
    assert text(readers, ONE, cancel=lambda: True) == Inside("", STOPPED)
    assert readers.page(ONE, 0, 100, cancel=lambda: True) == Page(None, problem=STOPPED)
    assert readers.pids == []


@linux
def test_who_waits_for_a_turn_may_cancel_and_closing_frees_all(make):
    readers = make(HANG, most=1, seconds=600)
    results: list[Inside] = []
    thread = threading.Thread(target=lambda: results.append(text(readers, ONE)))
    thread.start()
    until(lambda: bool(readers.pids))
    answers = iter([False, False, True])
    assert text(readers, ONE, cancel=lambda: next(answers)) == Inside("", STOPPED)
    readers.close()
    thread.join(WAIT)
    assert results == [Inside("", STOPPED)]
    assert readers.pids == []


@linux
def test_an_error_in_asking_whether_to_cancel_comes_through(make):
    readers = make(HANG, seconds=600)
    answers = iter([False])
    with pytest.raises(RuntimeError):  # what StopIteration must not become is silence
        readers.text_inside(io.BytesIO(ONE), PDF, cancel=lambda: next(answers, None) or broken())
    assert readers.pids == []


def broken() -> bool:
    if threading.current_thread().name.startswith("ofi-reader"):
        raise RuntimeError("ours")
    return False


@pytest.mark.parametrize(("code", "expected"), [(OUT_OF_MEMORY, apart.MEMORY), (FAULT, apart.CRASHED)])
@pytest.mark.logs_warnings
def test_its_exit_code_says_why(make, code, expected):
    readers = make(f"say(READY)\ntake()\nos._exit({code})")
    assert text(readers, ONE) == Inside("", expected)
    assert page(readers) == Page(None, problem=expected)


def test_a_full_disk_is_no_fault_of_the_document(make):
    with pytest.raises(EnvironmentProblem, match="disco"):
        text(make(f"say(READY)\ntake()\nos._exit({NO_ROOM})"), ONE)


@pytest.mark.logs_warnings
@pytest.mark.parametrize("script", ["sys.exit(1)", "say(b'somebody else')", "print('Traceback')", "raise ImportError"])
def test_what_does_not_start_is_no_fault_of_the_document(make, script):
    with pytest.raises(EnvironmentProblem, match="iniciar"):
        text(make(script), ONE)


def test_a_program_that_is_not_there(make):
    readers = Readers(("/nowhere/python",))
    with pytest.raises(EnvironmentProblem, match="iniciar"):
        text(readers, ONE)
