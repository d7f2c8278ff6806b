"""The process in which documents are read, seen from the program: asked, watched over, ended."""

import itertools
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Self, TypeVar

from oficrm.files.apart_worker import HEAD, PIECE, READY
from oficrm.files.frames import Broken, receive, send
from oficrm.files.reading import Source

T = TypeVar("T")
COMMAND: Final = (sys.executable, "-m", "oficrm.files.apart_worker")
GRACE_SECONDS = 0.2
"""What is cancelled may end by itself for so long: a new process takes about as much."""
_POLL_SECONDS = 0.05
_LEAVING_SECONDS = 1.0
_ROOT = Path(__file__).resolve().parents[2]
_MOST_LINES, _MOST_LINE = 60, 500
if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _FLAGS = 0
_serials = itertools.count(1)
_log = logging.getLogger(__name__)


class Process:
    """A running reader. One caller at a time; `kill` may be called from any thread.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        # From the program's folder: there it finds its own modules, however the program was started
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=_ROOT, creationflags=_FLAGS)
        self.pid = self._process.pid
        self.answers = 0
        self.is_ready = False
        self.is_unwanted = False
        """Ended on purpose, whatever it was at."""
        self._listener = threading.Thread(target=self._listen, name="ofi-reader-errors", daemon=True)
        self._listener.start()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def ask(self, request: Mapping[str, str | int], document: Source, parse: Callable[[BinaryIO], T]) -> T:
        """Send a request with its document and return what `parse` makes of the answer after its head.

        Raises:
            Broken, OSError, ValueError: the process has ended or answers what it may not; `end` it.
        """
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        if not self.is_ready:
            if receive(answered, len(READY)) != READY:  # type: ignore[arg-type]
                raise Broken("not the reader of this program")
            self.is_ready = True
        serial = next(_serials) % 2**32
        send(asked, json.dumps({**request, "serial": serial}).encode())  # type: ignore[arg-type]
        document.seek(0)
        while piece := document.read(PIECE):
            send(asked, piece)  # type: ignore[arg-type]
        send(asked, b"")  # type: ignore[arg-type]
        asked.flush()
        if receive(answered, HEAD.size) != HEAD.pack(str(request["want"]).encode(), serial):  # type: ignore[arg-type]
            raise Broken("the answer to something else")
        answer = parse(answered)  # type: ignore[arg-type]
        self.answers += 1
        return answer

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self, seconds: float = 0) -> int:
        """Wait until it has ended by itself, at most so long, else kill it; returns its exit code."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._listener.join(_LEAVING_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError as error:  # what was still to be sent: nobody takes it any more
                _log.debug("pipe of a reader: %r", error)
        return code

    def leave(self) -> int:
        """It has closed its pipe: give it the time to end, so that its exit code is its own. Returns that."""
        return self.end(_LEAVING_SECONDS)

    def _listen(self) -> None:
        """Note what it says of errors, within bounds, and take the rest away, so that it never waits for us."""
        assert self._process.stderr is not None
        with self._process.stderr as errors:
            for number, line in enumerate(iter(lambda: errors.readline(_MOST_LINE), b"")):
                if number < _MOST_LINES:
                    _log.info("reader %d: %s", self.pid, ascii(line.decode("utf-8", "replace").rstrip())[1:-1])


class Watch:
    """Kills a process, in a `with` around the question, that takes too long or whose answer nobody wants any more."""

    def __init__(self, process: Process, seconds: float, cancel: Callable[[], bool]) -> None:
        self._process = process
        self._until = time.monotonic() + seconds
        self._cancel = cancel
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ofi-reader-watch", daemon=True)
        self.is_late = False
        self.is_unwanted = False
        self.error: Exception | None = None
        """Raised by asking whether it was cancelled."""

    @property
    def has_killed(self) -> bool:
        """Whether the process ended by its hand."""
        return self.is_late or self.is_unwanted or self.error is not None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        cancelled_at: float | None = None
        while not self._is_over.wait(_POLL_SECONDS):
            now = time.monotonic()
            try:
                if cancelled_at is None and self._cancel():
                    cancelled_at = now
            except Exception as error:  # goes to whoever asked, see `error`
                self.error = error
            self.is_unwanted = cancelled_at is not None and now >= cancelled_at + GRACE_SECONDS
            self.is_late = now > self._until
            if self.has_killed:
                self._process.kill()
                return
