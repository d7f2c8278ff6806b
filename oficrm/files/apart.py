"""PDF and Office documents read in a process of their own, which may crash, hang or ask for all the memory there is.

The libraries that read them are large and partly written in C++, and the files come from anywhere. What goes wrong
there costs that one document: "No se pudo leer por dentro: …". A process is started when the first document comes, kept
for the next ones, and ended when none has come for a while, with the program, or with the trouble it made.
"""

import atexit
import contextlib
import io
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from oficrm.errors import EnvironmentProblem
from oficrm.files import apart_process, inside, limits
from oficrm.files.apart_process import Process, Watch
from oficrm.files.apart_worker import NO_ROOM, OUT_OF_MEMORY, PAGE, SHEET, TEXT
from oficrm.files.catalogue import PDF, Kind
from oficrm.files.documents import READERS
from oficrm.files.frames import Broken, receive
from oficrm.files.inside import Inside, Reader
from oficrm.files.pdf import Picture
from oficrm.files.reading import BROKEN, CUT, DAMAGED, LATE, PROTECTED, STOPPED, TOO_BIG, Source

T = TypeVar("T")
SLOW = "No se pudo leer por dentro: tardaba demasiado."
MEMORY = "No se pudo leer por dentro: necesita demasiada memoria."
CRASHED = "No se pudo leer por dentro: está dañado o necesita demasiada memoria."
_NOT_STARTED = "No se puede iniciar el programa que lee los documentos por dentro. Reinicie OfiCRM."
_NO_ROOM = "No queda sitio en el disco para leer los documentos por dentro. Libere espacio y vuelva a intentarlo."
_PROBLEMS = {"", PROTECTED, BROKEN, TOO_BIG, CUT, DAMAGED, LATE, STOPPED}
_MOST_PROBLEM = 4 * max(map(len, _PROBLEMS))
_MOST_PIXELS = 4 * (limits.MAX_PICTURE_PIXELS + 3 * limits.MAX_PICTURE_SIDE)
_APART = {PDF.mime, *READERS}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF as pixels, how many pages it has, and why there is nothing to see (Spanish, "" when there is)."""

    picture: Picture | None
    pages: int = 0
    problem: str = ""


class _Failed(Exception):
    """The document brought its process down; the text says how, in Spanish, and `detail` what the log should know."""

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.detail = detail


class _TooSlow(_Failed):
    """It took too long, whichever process it was given to."""


class _Unwanted(Exception):
    """Cancelled, or the program ends."""


class Readers:
    """At most `most` processes, each for one document at a time; who comes when all are busy waits. Thread-safe.

    Args:
        seconds: for one document. The reader itself stops after `limits.MAX_SECONDS` and keeps what it has; this is
            for what does not come to its senses.
        idle_seconds: a process that has nothing to do is kept for so long.
        most_answers: a process that has read so many documents is replaced: libraries leak.
    """

    def __init__(
        self,
        command: Sequence[str] = apart_process.COMMAND,
        *,
        most: int = 2,
        seconds: float = limits.MAX_SECONDS + 10,
        idle_seconds: float = 60,
        most_answers: int = 100,
    ) -> None:
        self._command = command
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._most_answers = most_answers
        self._turns = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._busy: set[Process] = set()
        self._idle: dict[Process, threading.Timer] = {}

    def text_inside(
        self, source: Path | BinaryIO, kind: Kind, *, cancel: Callable[[], bool], mail: Reader | None = None
    ) -> Inside:
        """See `text_inside` below."""
        if kind.mime not in _APART:
            return inside.text_inside(source, kind, cancel=cancel, mail=mail)
        try:
            with _opened(source) as stream:
                return self._read({"want": TEXT, "mime": kind.mime}, stream, _text, cancel)
        except _Failed as problem:
            return Inside("", _told(problem))
        except _Unwanted:
            return Inside("", STOPPED)

    def page(self, source: bytes | Path | BinaryIO, number: int, width: int, *, cancel: Callable[[], bool]) -> Page:
        """See `page` below."""
        try:
            with _opened(source) as stream:
                return self._read({"want": PAGE, "page": number, "width": width}, stream, _page, cancel)
        except _Failed as problem:
            return Page(None, problem=_told(problem))
        except _Unwanted:
            return Page(None, problem=STOPPED)

    def close(self) -> None:
        """End all processes; who waits for one is told that reading was interrupted."""
        with self._lock:
            for process in self._busy:
                process.is_unwanted = True
                process.kill()
            idle, self._idle = self._idle, {}
        for process, timer in idle.items():
            timer.cancel()
            process.end()

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        with self._lock:
            return [process.pid for process in (*self._busy, *self._idle)]

    def _read(
        self, request: Mapping[str, str | int], stream: BinaryIO, parse: Callable[[BinaryIO], T],
        cancel: Callable[[], bool],
    ) -> T:  # fmt: skip
        with self._turn(cancel):
            process = self._take()
            was_used = process.answers > 0
            try:
                return self._once(process, request, stream, parse, cancel)
            except _TooSlow:
                raise
            except _Failed as problem:
                if not was_used:
                    raise
                # What an earlier document left behind, or who ends processes, is none of this one's fault
                _log.info("read again in a new process: %s", problem.detail or problem)
            return self._once(self._started(), request, stream, parse, cancel)

    @contextlib.contextmanager
    def _turn(self, cancel: Callable[[], bool]) -> Iterator[None]:
        if cancel():
            raise _Unwanted
        while not self._turns.acquire(timeout=apart_process.GRACE_SECONDS):
            if cancel():
                raise _Unwanted
        try:
            yield
        finally:
            self._turns.release()

    def _take(self) -> Process:
        while True:
            with self._lock:
                if not self._idle:
                    break
                process, timer = self._idle.popitem()
                timer.cancel()
                if process.is_running:
                    self._busy.add(process)
                    return process
            process.end()
        return self._started()

    def _started(self) -> Process:
        try:
            process = Process(self._command)
        except OSError as error:
            raise EnvironmentProblem(_NOT_STARTED) from error
        with self._lock:
            self._busy.add(process)
        return process

    def _once(
        self, process: Process, request: Mapping[str, str | int], stream: BinaryIO, parse: Callable[[BinaryIO], T],
        cancel: Callable[[], bool],
    ) -> T:  # fmt: skip
        document = Source(stream)
        watch = Watch(process, self._seconds, cancel)
        try:
            with watch:
                answer = process.ask(request, document, parse)
        except (Broken, OSError, ValueError) as error:
            code = process.leave() if isinstance(error, Broken | OSError) and not document.error else process.end()
            raise _reason(process, watch, document, code, error) from error
        else:
            self._keep(process, watch)
            return answer
        finally:
            with self._lock:
                is_ours = process in self._busy
                self._busy.discard(process)
            if is_ours:
                process.end()

    def _keep(self, process: Process, watch: Watch) -> None:
        """For the next document, unless it has been killed meanwhile or has read enough of them."""
        timer = threading.Timer(self._idle_seconds, self._rest, [process])
        timer.daemon = True
        with self._lock:
            if watch.has_killed or process.is_unwanted or process.answers >= self._most_answers:
                return
            self._busy.discard(process)
            self._idle[process] = timer
            timer.start()

    def _rest(self, process: Process) -> None:
        with self._lock:
            was_idle = self._idle.pop(process, None) is not None
        if was_idle:
            process.end()


def _reason(process: Process, watch: Watch, document: Source, code: int, error: Exception) -> Exception:
    """What to tell whoever asked, of a process that did not answer and has ended now."""
    if document.error or watch.error:
        return document.error or watch.error or error
    if watch.is_unwanted or process.is_unwanted:
        return _Unwanted()
    if not process.is_ready:
        _log.warning("a reader of documents did not start: exit code %d, %r", code, error)
        return EnvironmentProblem(_NOT_STARTED)
    if watch.is_late:
        return _TooSlow(SLOW)
    if code == NO_ROOM:
        return EnvironmentProblem(_NO_ROOM)
    if code == OUT_OF_MEMORY:
        return _Failed(MEMORY)
    return _Failed(CRASHED, f"exit code {code}, {error!r}")


def _told(problem: _Failed) -> str:
    if problem.detail:
        _log.warning("a reader of documents failed: %s", problem.detail)
    return str(problem)


# What a process answers: data that is believed only within its bounds


def _problem(pipe: BinaryIO) -> str:
    problem = receive(pipe, _MOST_PROBLEM).decode()
    if problem not in _PROBLEMS:
        raise Broken("a problem nobody knows")
    return problem


def _text(pipe: BinaryIO) -> Inside:
    text = receive(pipe, 4 * limits.MAX_TEXT).decode()
    if len(text) > limits.MAX_TEXT:
        raise Broken("more text than may come")
    return Inside(text, _problem(pipe))


def _page(pipe: BinaryIO) -> Page:
    sheet = receive(pipe, SHEET.size)
    if len(sheet) != SHEET.size:
        raise Broken("half a description of a picture")
    width, height, stride, pages = SHEET.unpack(sheet)
    problem = _problem(pipe)
    data = receive(pipe, _MOST_PIXELS)
    if not width and not height and not data:
        return Page(None, pages, problem or BROKEN)
    sides = range(1, limits.MAX_PICTURE_SIDE + 2)
    if width not in sides or height not in sides or stride != 4 * width or len(data) != stride * height or problem:
        raise Broken("a picture that is none")
    return Page(Picture(width, height, stride, data), pages)


@contextlib.contextmanager
def _opened(source: bytes | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


# The readers of the program

_readers = Readers()
atexit.register(_readers.close)


def _never() -> bool:
    return False


def text_inside(
    source: Path | BinaryIO, kind: Kind, *, cancel: Callable[[], bool] = _never, mail: Reader | None = None
) -> Inside:
    """As `inside.text_inside`, with PDF and Office documents read apart: of those, what is cancelled gives no text.

    Args:
        cancel: asked often, also by another thread.

    Raises:
        OSError: the file of a path cannot be opened. What a stream raises while it is read comes through too.
        EnvironmentProblem: no process could be started, or the disk is full.
    """
    return _readers.text_inside(source, kind, cancel=cancel, mail=mail)


def page(
    source: bytes | Path | BinaryIO, number: int = 0, width: int = 800, *, cancel: Callable[[], bool] = _never
) -> Page:
    """A page (from 0) of a PDF in about `width` pixels, as `pdf.Document.picture` makes it, and the number of pages.

    Raises as `text_inside` does.
    """
    return _readers.page(source, number, width, cancel=cancel)


def close() -> None:
    """End the processes there are: the program ends. What is being read is interrupted."""
    _readers.close()
