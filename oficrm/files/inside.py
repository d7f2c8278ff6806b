"""The text inside files, for the lists that look through it. Hostile and broken files cost bounded time and memory."""

import codecs
import html
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from db.text import search_fold
from oficrm.files import limits, texts
from oficrm.files.catalogue import DRAWING, PAGE, PDF, PROTECTED, Kind
from oficrm.files.documents import READERS
from oficrm.files.reading import BROKEN, CUT, DAMAGED, TOO_BIG, Enough, Gathered, Source, Unreadable
from oficrm.files.reading import PROTECTED as PROTECTED_TEXT

logger = logging.getLogger(__name__)

# What no column can hold: NUL and other controls, halves of characters, non-characters
_UNFIT = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
# Nothing to see, yet it splits a word from what somebody types: soft hyphens and blanks of no width
_INVISIBLE = re.compile("[\xad\u200b\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Inside:
    """What could be read of a file, and why it is not all of it (Spanish, empty when it is)."""

    text: str
    problem: str = ""


Reader = Callable[[BinaryIO], Inside]


def _never() -> bool:
    return False


def text_inside(
    source: Path | BinaryIO, kind: Kind, *, cancel: Callable[[], bool] = _never, mail: Reader | None = None
) -> Inside:
    """The text inside a file, at most `limits.MAX_TEXT` characters; empty for kinds that have none.

    Args:
        source: a path, or a seekable stream, which stays open.
        cancel: asked often; once it is true reading ends.
        mail: reads what is previewable as "mail". Without it mails have no text.

    Raises:
        OSError: the file of a path cannot be opened. What a stream raises while it is read comes through too: that is
            no problem of the document.
        MemoryError: the document needs more than there is.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return text_inside(stream, kind, cancel=cancel, mail=mail)
    if kind.mime == PROTECTED.mime:
        return Inside("", PROTECTED_TEXT)
    source.seek(0)
    guarded = Source(source)
    gathered = Gathered(cancel)
    problem = ""
    try:
        if kind.previewable == "mail":
            found = mail(source) if mail else Inside("")
            problem = found.problem
            gathered.add(found.text)
        elif reader := _reader(kind):
            gathered.check()
            reader(guarded, gathered)
    except (Unreadable, Enough) as reason:
        problem = str(reason)
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise anything at all on broken documents
        if kind.previewable == "mail":
            raise
        logger.info("no text inside a file of type %s: %r", kind.mime, error)
        problem = DAMAGED if gathered.text.strip() else BROKEN
    if guarded.error:
        raise guarded.error
    text = _fit(gathered.text)
    if problem == CUT and not text.strip():
        problem = TOO_BIG
    return Inside(text if text.strip() else "", problem)


def _fit(text: str) -> str:
    return _UNFIT.sub(" ", _INVISIBLE.sub("", text))


def _reader(kind: Kind) -> Callable[[Source, Gathered], None] | None:
    if kind.mime == PDF.mime:
        return _read_pdf
    if kind.mime in READERS:
        return READERS[kind.mime]
    if kind.mime in (PAGE.mime, DRAWING.mime):
        return _read_html
    return _read_text if kind.previewable == "text" else None


# Plain text


def _read_text(stream: Source, gathered: Gathered) -> None:
    data = stream.read(4 * limits.MAX_TEXT) or b""
    is_cut = bool(stream.read(1))
    gathered.add(decoded(data))
    if is_cut:
        raise Enough(CUT)


def decoded(data: bytes) -> str:
    """Text of bytes in an unknown encoding: by its mark, as UTF-8, as Western European, or by the likeliest guess."""
    encoding, mark = texts.byte_order(data)
    data = data[mark:]
    if not encoding:
        try:
            # Not final: the last character may have been cut in two
            return codecs.getincrementaldecoder("utf-8")().decode(data)
        except UnicodeDecodeError:
            encoding = _guessed(data)
    return data.decode(encoding, "replace")


# Signs beyond ASCII that Spanish texts and those of its neighbours have
_WESTERN = frozenset("áéíóúàèìòùâêîôûäëïöüãõñçÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÑÇ¿¡ºª«»“”‘’–—…·°€£§®©™±²³½¼¾×\xa0\xad")


def _guessed(data: bytes) -> str:
    sample = data[: limits.GUESS_BYTES]
    beyond = {char for char in sample.decode("cp1252", "replace") if ord(char) > 127}
    if beyond <= _WESTERN:
        return "cp1252"
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample).best()
    return best.encoding if best else "cp1252"


# HTML


_TAG = re.compile(r"<!--|</?([A-Za-z][\w:-]*)[^<>]*>|<[!?][^<>]*>")
_HIDDEN = {"script", "style", "noscript", "template"}
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "o:p",
        "q", "s", "samp", "small", "span", "strong", "sub", "sup", "tspan", "tt", "u",
    )
)  # fmt: skip


def _read_html(stream: Source, gathered: Gathered) -> None:
    data = stream.read(4 * limits.MAX_TEXT) or b""
    gathered.add(html_text(decoded(data)))
    if stream.read(1):
        raise Enough(CUT)


def html_text(markup: str) -> str:
    """The words of a page, for searching in them: no tags, no scripts. In time that grows with its length only."""
    parts: list[str] = []
    lower = markup.lower()
    at = 0
    while found := _TAG.search(markup, at):
        parts.append(markup[at : found.start()])
        at = found.end()
        name = (found[1] or "").lower()
        closing = "-->" if found[0] == "<!--" else f"</{name}" if name in _HIDDEN and found[0][1] != "/" else ""
        if closing:
            end = lower.find(closing, at)
            if end < 0:
                at = len(markup)
                break
            at = end + (len(closing) if closing == "-->" else 0)
        if name not in _INLINE:
            parts.append("\n")
    parts.append(markup[at:])
    return html.unescape("".join(parts))


# PDF


def _read_pdf(stream: Source, gathered: Gathered) -> None:
    from oficrm.files.pdf import Document

    bad, row = 0, 0  # broken pages in all, and the last ones in a row
    with Document(stream) as document:
        for page in range(document.pages):
            gathered.check()
            if page >= limits.MAX_PAGES:
                raise Enough(CUT)
            text = document.text(page)
            bad, row = (bad + 1, row + 1) if text is None else (bad, 0)
            if row >= limits.MAX_BAD_PAGES:
                break
            gathered.add((text or "") + "\n")
    if bad:
        raise Enough(DAMAGED if gathered.text.strip() else BROKEN)


# Words


def words_of(text: str) -> str:
    """The distinct words of a text as searching folds them, one a line, in the order they first appear.

    A filter looks for each typed word anywhere in it. Longer words than `limits.MAX_WORD` are cut into pieces. The
    whole ends at `limits.MAX_WORDS` characters, after a whole word.
    """
    room = limits.MAX_WORDS
    seen: dict[str, None] = {}
    for word in dict.fromkeys(_UNFIT.sub(" ", text).split()):
        for start in range(0, min(len(word), _MAX_PIECES * limits.MAX_WORD), limits.MAX_WORD):
            folded = search_fold(word[start : start + limits.MAX_WORD])
            if not folded or folded in seen:
                continue
            room -= len(folded) + 1
            if room < 0:
                return "\n".join(seen)
            seen[folded] = None
    return "\n".join(seen)


_MAX_PIECES = 5  # an address of the web; what is longer was written by a machine
