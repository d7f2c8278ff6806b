"""Bytes of a mail made text: charsets as declared or as they really are, encoded words (RFC 2047), parameters
(RFC 2231) and dates (RFC 5322), each read as far as it can be read.
"""

import binascii
import codecs
import datetime as dt
import re
from collections.abc import Iterable
from email.utils import parsedate_tz
from functools import lru_cache
from urllib.parse import unquote_to_bytes

# What senders write, and what they mean. Latin-1 is read as windows-1252 everywhere, as every mail program does.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "x-cp1252": "cp1252",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "windows-874": "cp874",
    "tis-620": "cp874",
}
# Not declared at all, or declared as nothing in particular
_UNKNOWN = {"", "unknown-8bit", "x-unknown", "unknown", "default", "8bit", "7bit", "binary", "us-ascii", "ascii"}
# Codecs of Python that are no charset of a mail: they work in quadratic time, run escapes or refuse everything
_NEVER = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "rot13"}
# Charsets in which bytes below 0x80 are not ASCII
_SHIFTED = (
    "utf-7",
    "utf-16",
    "utf-32",
    "iso2022",
    "hz",
    "cp037",
    "cp273",
    "cp424",
    "cp500",
    "cp875",
    "cp1026",
    "cp1140",
)

_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 and C1 controls other than tab and line feed, the BOM, and what turns the direction of writing
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_LINE_RUBBISH = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_BIDI}]")
_BLANKS = re.compile("[ \t\n\x0b\x0c\r\x85\u2028\u2029]+")

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.*?)(?:\?=|$)", re.DOTALL)
_HIGH = bytes(range(0x80, 0x100))

FIRST_YEAR, LAST_YEAR = 1980, 2100  # outside of them a date of a mail is rubbish
MAX_ZONE = 14 * 3600  # seconds; no place on Earth is further from UTC


def clean_text(text: str) -> str:
    """Text of several lines: line feeds only, no control characters, no lone surrogates: what a database takes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def clean_line(text: str) -> str:
    """Text of one line: as clean_text, and nothing that breaks a line or turns the direction of writing."""
    if text.isascii() and text.isprintable():
        return _BLANKS.sub(" ", text).strip() if "  " in text else text.strip()
    return _SURROGATE.sub("\ufffd", _LINE_RUBBISH.sub("", _BLANKS.sub(" ", text))).strip()


@lru_cache(maxsize=256)
def codec_of(charset: str) -> str:
    """Python's name of a charset as a mail declares it, "" when it is unknown or says nothing."""
    name = charset.strip().strip("'\"").lower().split("*")[0]
    if name in _UNKNOWN or len(name) > 40 or not name.isascii() or "\0" in name:
        return ""
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
        b"a".decode(found)  # refuses zlib, base64 and the like, which are no charsets
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if found in _NEVER else found


def _as_western(data: bytes) -> str:
    """windows-1252, with its five holes read as Latin-1 does: never fails."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _guess(data: bytes) -> str:
    """Codec of text that declares none and is not UTF-8: Western, unless it is mostly letters beyond ASCII."""
    sample = data[:4096]
    high = len(sample) - len(sample.translate(None, _HIGH))
    if high * 4 < len(sample) or len(sample) < 32:
        return "cp1252"  # accents among letters; statistics on few bytes would only guess worse
    from charset_normalizer import from_bytes  # costs time to load, and hardly any mail needs it

    best = from_bytes(sample).best()
    return codec_of(best.encoding) or "cp1252" if best else "cp1252"


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken places, or None when it is no UTF-8 at all."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(1 for char in text[:20000] if char > "\x7f") - broken
    return text if sound > broken else None


def decode(data: bytes, charset: str) -> tuple[str, str]:
    """Text of `data`, and a Spanish sentence about its charset ("" when all was as declared). Never raises."""
    codec = codec_of(charset)
    if data.isascii() and not codec.startswith(_SHIFTED):
        return data.decode("ascii"), ""
    shown = clean_line(charset)[:40]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if codec in ("utf-8", "utf_8"):
            return text, ""
        if not codec and not data.isascii():
            return text, _undeclared(shown, "utf-8")
        if codec in ("cp1252", "iso8859-15"):  # what is sound UTF-8 with accents is no Latin-1 text by any chance
            return text, f"El juego de caracteres declarado ({shown}) no era el real (utf-8)."
    if codec and codec != "utf-8":
        try:
            return data.decode(codec), ""
        except (UnicodeError, ValueError):
            if codec == "cp1252":
                return _as_western(data), ""
            return data.decode(codec, "replace"), f"Parte del texto no se pudo leer como {shown}."
    if (damaged := _damaged_utf8(data)) is not None:
        return damaged, "Parte del texto no se pudo leer como utf-8."
    guessed = _guess(data)
    text = _as_western(data) if guessed == "cp1252" else data.decode(guessed, "replace")
    if codec:
        return text, f"El juego de caracteres declarado ({shown}) no era el real; se leyó como {guessed}."
    return text, _undeclared(shown, guessed)


def _undeclared(shown: str, used: str) -> str:
    if shown.lower() in _UNKNOWN:
        return f"Faltaba el juego de caracteres; se leyó como {used}."
    return f"El juego de caracteres {shown} no se conoce; se leyó como {used}."


def from_base64(data: bytes | memoryview) -> tuple[bytes, bool]:
    """Bytes of a base64 text, and whether it was whole: signs that do not belong are skipped, a cut end is dropped."""
    try:
        return binascii.a2b_base64(data), True
    except binascii.Error:
        sound = re.sub(rb"[^A-Za-z0-9+/]", b"", bytes(data))
        rest = len(sound) % 4
        sound = sound[:-1] if rest == 1 else sound
        return binascii.a2b_base64(sound + b"=" * (-len(sound) % 4)), False


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("ascii", "ignore") if encoding in "bB" else text.encode("utf-8", "surrogateescape")
    return from_base64(raw)[0] if encoding in "bB" else binascii.a2b_qp(raw, header=True)


def decode_words(text: str) -> str:
    """Encoded words made text (RFC 2047), in whatever state they are: cut off, holding blanks, or one character split
    between two words. What is no encoded word stays as it is.
    """
    if "=?" not in text:
        return text
    pieces: list[tuple[str, bytearray | str]] = []  # charset and bytes, or "" and plain text
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        if between and (end == 0 or not between.isspace()):
            pieces.append(("", between))
        charset, encoding, body = match.groups()
        data = _word_bytes(encoding, body)
        if pieces and pieces[-1][0].lower() == charset.lower() and isinstance(pieces[-1][1], bytearray):
            pieces[-1][1].extend(data)
        else:
            pieces.append((charset, bytearray(data)))
        end = match.end()
    pieces.append(("", text[end:]))
    return "".join(data if isinstance(data, str) else decode(bytes(data), charset)[0] for charset, data in pieces)


def decode_header_bytes(raw: bytes, charset: str) -> str:
    """Header value with bytes beyond ASCII that nobody encoded: UTF-8, else the charset of the body, else Western."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        codec = codec_of(charset)
        if codec in ("", "utf-8") or codec.startswith(_SHIFTED):
            return _as_western(raw)
        return raw.decode(codec, "replace")


def decode_parameter(value: str) -> str:
    """Extended parameter value (RFC 2231): charset'language'percent-encoded."""
    charset, quote, rest = value.partition("'")
    if not quote:
        return decode(unquote_to_bytes(value), "utf-8")[0]
    _, quote, encoded = rest.partition("'")
    return decode(unquote_to_bytes(encoded if quote else rest), charset)[0]


def parse_date(value: str) -> tuple[dt.datetime | None, str]:
    """Instant (UTC) of a Date header (RFC 5322 3.3, and what stands in its place), with a Spanish sentence about what
    was wrong. None when it cannot be read or lies outside FIRST_YEAR-LAST_YEAR.
    """
    try:
        fields = parsedate_tz(value[:200])
        if fields is None:
            return None, "La fecha no se pudo leer."
        moment = dt.datetime(*fields[:6], tzinfo=dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, "La fecha no se pudo leer."
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None, f"La fecha no es creíble ({clean_line(value)[:60]})."
    offset = fields[9] or 0
    if abs(offset) > MAX_ZONE:
        return moment, "La zona horaria de la fecha no es creíble; se tomó la hora como universal."
    return moment - dt.timedelta(seconds=offset), ""


def first_date(values: Iterable[str]) -> tuple[dt.datetime | None, str]:
    """The first date that can be read, with what was wrong with it or with those before it."""
    problem = ""
    for value in values:
        moment, said = parse_date(value)
        problem = problem or said
        if moment is not None:
            return moment, problem
    return None, problem
