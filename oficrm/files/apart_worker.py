"""The process in which documents are read: python -m oficrm.files.apart_worker, started by `oficrm.files.apart`.

It takes one document after the other from its standard input and answers on its standard output, in pieces as `frames`
writes them. It ends when its input does, whatever it is at: nobody is there any more to read what it finds.

    It says READY.
    A question: the request as JSON, the document in pieces, an empty piece.
    The answer: HEAD, then the text and the problem, or SHEET with the problem and the pixels.
"""

import faulthandler
import json
import os
import signal
import struct
import sys
import tempfile
import threading
import traceback
from queue import SimpleQueue
from typing import Any, BinaryIO, Final

from oficrm.files import apart_memory, limits
from oficrm.files.catalogue import kind_of_mime
from oficrm.files.frames import Broken, receive, send
from oficrm.files.inside import text_inside
from oficrm.files.reading import BROKEN, Unreadable

READY: Final = b"oficrm reader 1"
TEXT: Final = "text"
PAGE: Final = "page"
HEAD = struct.Struct("!4sI")
"""What was asked for, and the serial number of the request."""
SHEET = struct.Struct("!IIII")
"""Width, height and stride of the picture, all 0 when there is none; pages of the document."""
PIECE = 256 * 1024
MOST_REQUEST = 10_000
OUT_OF_MEMORY: Final = 70
NO_ROOM: Final = 71
FAULT: Final = 72
"""Exit codes."""
MEMORY = 800 * 1024 * 1024
OWN_SECONDS = 90.0
"""Whoever asked ends this process sooner. This is for the case that he is gone and a library hangs for ever."""

Question = tuple[dict[str, Any], BinaryIO]


def main() -> None:
    """Answer until the input ends."""
    source, target = _pipes()
    faulthandler.enable(all_threads=False)
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal goes to all; the program decides
    questions: SimpleQueue[Question] = SimpleQueue()
    # A thread, because it has to notice the end of the input while the other is deep in a library
    threading.Thread(target=_listen, args=(source, questions), daemon=True).start()
    if problem := apart_memory.bound(MEMORY):
        print(problem, file=sys.stderr, flush=True)  # noqa: T201
    send(target, READY)
    target.flush()
    while True:
        request, document = questions.get()
        faulthandler.dump_traceback_later(OWN_SECONDS, exit=True)
        try:
            with document:
                _answer(target, request, document)
            target.flush()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except BrokenPipeError:
            os._exit(0)
        except Exception:
            traceback.print_exc()
            os._exit(FAULT)  # without the interpreter's farewell, which waits for the other thread
        faulthandler.cancel_dump_traceback_later()


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to whoever asks. What libraries print goes to the errors and what they read is empty."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, target


def _listen(source: BinaryIO, questions: SimpleQueue[Question]) -> None:
    try:
        while True:
            request = json.loads(receive(source, MOST_REQUEST))
            document = _empty()
            while piece := receive(source, PIECE):
                document.write(piece)
            questions.put((request, document))
    except Broken:
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except OSError as error:
        print(repr(error), file=sys.stderr, flush=True)  # noqa: T201
        os._exit(NO_ROOM)


def _empty() -> BinaryIO:
    return tempfile.SpooledTemporaryFile(limits.MEMORY_BEFORE_DISK)  # type: ignore[return-value]


def _answer(target: BinaryIO, request: dict[str, Any], document: BinaryIO) -> None:
    head = HEAD.pack(request["want"].encode(), request["serial"])
    if request["want"] == PAGE:
        sheet, problem, pixels = _page(document, request["page"], request["width"])
        parts = [sheet, problem.encode(), pixels]
    else:
        found = text_inside(document, kind_of_mime(request["mime"]))
        parts = [found.text.encode(), found.problem.encode()]
    for part in (head, *parts):
        send(target, part)


def _page(document: BinaryIO, page: int, width: int) -> tuple[bytes, str, bytes]:
    from oficrm.files.pdf import Document

    try:
        with Document(document) as opened:
            picture = opened.picture(page, width) if 0 <= page < opened.pages else None
            pages = opened.pages
    except Unreadable as problem:
        return SHEET.pack(0, 0, 0, 0), str(problem), b""
    if picture is None:
        return SHEET.pack(0, 0, 0, pages), BROKEN, b""
    return SHEET.pack(picture.width, picture.height, picture.stride, pages), "", picture.data


if __name__ == "__main__":
    main()
