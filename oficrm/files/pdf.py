"""PDF: how many pages, their text, and a picture of one, through PDFium.

PDFium may be in one call at a time only, so that every call takes one lock; between the pages of a long document others
have their turn. It is loaded at the first use.
"""

import io
import itertools
import logging
import re
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

from oficrm.files import limits
from oficrm.files.reading import BROKEN, PROTECTED, TOO_BIG, Source, Unreadable

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
# PDF 32000-1 7.3.8: where the bytes of a stream begin
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_MARK = len(b"stream\r\n")
_ZLIB = b"\x78"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels row by row from the top: blue, green, red and one unused byte each (QImage.Format_RGB32 takes them)."""

    width: int  # pixels
    height: int  # pixels
    stride: int  # bytes from one row to the next
    data: bytes
    format: str = "BGRx"


class Document:
    """An open PDF. Use it in a `with`: PDFium must not be left to the collector, which knows nothing of the lock.

    Raises:
        Unreadable: a password is needed, the file is broken, or it unpacks to far more than a document has.
    """

    def __init__(self, stream: BinaryIO | Source) -> None:
        self._source = stream if isinstance(stream, Source) else Source(stream)
        if unpacks_too_far(self._source):
            raise Unreadable(TOO_BIG)
        self._source.seek(0)
        with _lock:
            import pypdfium2

            try:
                self._pdf: Any = pypdfium2.PdfDocument(self._source)
            except pypdfium2.PdfiumError as error:
                self._fail()
                raise Unreadable(PROTECTED if error.err_code == _WRONG_PASSWORD else BROKEN) from error
            self.pages = len(self._pdf)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with _lock:
            self._pdf.close()

    def _fail(self) -> None:
        """An error of the caller's stream goes to the caller: it says nothing about the document."""
        if self._source.error:
            raise self._source.error

    def text(self, page: int) -> str | None:
        """Text of one page (from 0), as much as anybody keeps; None when the page is broken."""
        from pypdfium2 import PdfiumError

        with _lock:
            try:
                sheet = self._pdf[page]
                letters = sheet.get_textpage()
                try:
                    text = str(letters.get_text_range(0, min(letters.count_chars(), limits.MAX_TEXT)))
                finally:
                    letters.close()
                    sheet.close()
            except (PdfiumError, AssertionError, ValueError, IndexError) as error:
                self._fail()
                logger.info("page %d of a PDF: %s", page, error)
                return None
        # Words broken at the end of a line come with a mark that is no character, or with a soft hyphen
        return re.sub("[\ufffe\x02\xad]\r?\n?", "", text)

    def picture(self, page: int, width: int) -> Picture | None:
        """One page (from 0) in about `width` pixels, less when it is very long; None when the page is broken."""
        from pypdfium2 import PdfiumError

        with _lock:
            try:
                sheet = self._pdf[page]
                try:
                    return _paint(sheet, width)
                finally:
                    sheet.close()
            except (PdfiumError, ValueError, IndexError, OverflowError) as error:
                self._fail()
                logger.info("picture of page %d of a PDF: %s", page, error)
                return None


def _paint(sheet: Any, width: int) -> Picture | None:
    wide, high = sheet.get_size()  # points
    if not (wide > 0 and high > 0):
        return None
    scale = min(width, limits.MAX_PICTURE_SIDE) / wide
    scale = min(scale, limits.MAX_PICTURE_SIDE / high, (limits.MAX_PICTURE_PIXELS / wide / high) ** 0.5)
    # PDFium takes whole pixels upwards: what multiplying adds in the last place must not make one
    bitmap = sheet.render(scale=scale * (1 - 1e-9), prefer_bgrx=True, rev_byteorder=False)
    try:
        return Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()


def _opened(source: bytes | Path | BinaryIO) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return source.open("rb") if isinstance(source, Path) else source


def page_picture(source: bytes | Path | BinaryIO, page: int = 0, width: int = 800) -> Picture | None:
    """A page of a PDF as pixels; None when there is none to show (broken, protected, no such page).

    Raises:
        OSError: the file of a path cannot be read. What a stream raises comes through too.
    """
    stream = _opened(source)
    try:
        with Document(stream) as document:
            return document.picture(page, width) if 0 <= page < document.pages else None
    except Unreadable as problem:
        logger.info("no picture of a PDF: %s", problem)
        return None
    finally:
        if stream is not source:
            stream.close()


def page_count(source: bytes | Path | BinaryIO) -> int:
    """How many pages a PDF says it has; 0 when it cannot be read. Raises as `page_picture` does."""
    stream = _opened(source)
    try:
        with Document(stream) as document:
            return document.pages
    except Unreadable as problem:
        logger.info("no pages of a PDF: %s", problem)
        return 0
    finally:
        if stream is not source:
            stream.close()


class _TooFar(Exception):
    """A stream inflates beyond its bound."""


def unpacks_too_far(stream: io.RawIOBase) -> bool:
    """Whether a stream inside the PDF inflates beyond `limits.MAX_PDF_STREAM`, which PDFium would do in memory.

    Looks at Flate, once and twice over, where it stands open. What is encrypted or packed by LZW passes unseen.
    """
    until = time.monotonic() + limits.MAX_SCAN_SECONDS
    try:
        for offset in _stream_offsets(stream):
            _measure(stream, offset)
            if time.monotonic() > until:
                return True
    except _TooFar:
        return True
    return False


def _stream_offsets(stream: io.RawIOBase) -> Iterator[int]:
    at, kept = 0, b""
    while True:
        stream.seek(at)
        chunk = stream.read(_CHUNK)
        if not chunk:
            return
        block = kept + chunk
        start = at - len(kept)
        at += len(chunk)
        # The last bytes are looked at again together with what follows: a mark may be cut in two
        ends = len(block) - _MARK if len(chunk) == _CHUNK else len(block)
        for found in _STREAM.finditer(block):
            if found.start() < ends and (found.start() >= 3 or start == 0):
                yield start + found.end()
        kept = block[max(0, ends - 3) :]


def _measure(stream: io.RawIOBase, offset: int) -> None:
    total = 0

    def measured(pieces: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal total
        for piece in pieces:
            total += len(piece)
            if total > limits.MAX_PDF_STREAM:
                raise _TooFar
            yield piece

    once = measured(_inflated(_chunks(stream, offset)))
    first = next(once, b"")
    if first.startswith(_ZLIB):
        for _ in measured(_inflated(itertools.chain([first], once))):
            pass
    for _ in once:
        pass


def _chunks(stream: io.RawIOBase, offset: int) -> Iterator[bytes]:
    while True:
        stream.seek(offset)
        chunk = stream.read(64 * 1024)
        if not chunk:
            return
        offset += len(chunk)
        yield chunk


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj()
    for chunk in chunks:
        rest = chunk
        while rest and not unpack.eof:
            try:
                piece = unpack.decompress(rest, _CHUNK)
            except zlib.error:  # no Flate, or broken: PDFium stops there too
                return
            rest = unpack.unconsumed_tail
            if piece:
                yield piece
        if unpack.eof:
            return
