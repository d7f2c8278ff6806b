"""RTF bodies of Outlook: decompressed (MS-OXRTFCP) and made text, or the HTML they wrap (MS-OXRTFEX)."""

import re
import struct

from oficrm.mail.decoding import codec_of
from oficrm.mail.message import MAX_TEXT

MAX_RTF = 4 * MAX_TEXT  # bytes of one RTF body after decompression

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompress(data: bytes) -> bytes:
    """RTF of a compressed body ("LZFu" or stored, "MELA"); as much as there is when it ends early. Raises ValueError
    when it is neither.
    """
    if len(data) < 16:
        raise ValueError("too short for a compressed RTF body")
    _, size, kind = struct.unpack_from("<III", data)
    if kind == 0x414C454D:
        return data[16 : 16 + size]
    if kind != 0x75465A4C:
        raise ValueError("unknown kind of compressed RTF")
    size = min(size, MAX_RTF)
    window = bytearray(_DICTIONARY.ljust(4096, b" "))
    at, found, position = len(_DICTIONARY), bytearray(), 16
    while position < len(data) and len(found) < size:
        flags = data[position]
        position += 1
        for bit in range(8):
            if flags >> bit & 1:
                if position + 2 > len(data):
                    return bytes(found)
                reference = data[position] << 8 | data[position + 1]
                position += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == at:  # how the end is written
                    return bytes(found)
                copied = bytearray()
                for step in range(length):
                    byte = window[(offset + step) & 4095]
                    copied.append(byte)
                    window[at] = byte
                    at = at + 1 & 4095
                found += copied
            else:
                if position >= len(data):
                    return bytes(found)
                byte = data[position]
                position += 1
                found.append(byte)
                window[at] = byte
                at = at + 1 & 4095
    return bytes(found[:size])


_TOKEN = re.compile(
    rb"\\(?:([a-z]{1,32})(-?\d{1,10})?[ ]?|'([0-9a-fA-F]{2})|([^a-z]))|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_HIDDEN = frozenset(
    b"mhtmltag fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable "
    b"rsidtbl generator xmlnstbl latentstyles header footer headerl headerr footerl footerr pntext fldinst "
    b"bkmkstart bkmkend".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"endash": "–", b"emdash": "—",
}  # fmt: skip


class _Reader:
    """The state of a walk over RTF: groups, what is hidden, and the text so far."""

    def __init__(self, is_html: bool) -> None:
        self.is_html = is_html
        self.codec = "cp1252"
        self.out: list[str] = []
        self.pending = bytearray()  # bytes of the code page, until no more follow: a sign may take two
        self.stack: list[tuple[bool, bool, int]] = []
        self.hidden = False  # a destination that is no text, or \htmlrtf: RTF twin of HTML already there
        self.in_tag = False
        self.fallback = 1  # \uc: signs after \u that stand for it
        self.to_skip = 0
        self.at_start = False  # just after "{" or "{\*", where a destination is named

    def flush(self) -> None:
        """Turn the bytes gathered into text."""
        if self.pending:
            self.out.append(bytes(self.pending).decode(self.codec, "replace"))
            self.pending.clear()

    def add(self, text: str) -> None:
        """Add text that needs no code page."""
        if not self.hidden:
            self.flush()
            self.out.append(text)

    def group(self, brace: bytes) -> None:
        """Enter or leave a group."""
        self.to_skip = 0
        if brace == b"{":
            if len(self.stack) < 10_000:
                self.stack.append((self.hidden, self.in_tag, self.fallback))
            self.at_start = True
        elif self.stack:
            self.flush()
            self.hidden, self.in_tag, self.fallback = self.stack.pop()
            self.at_start = False

    def word(self, name: bytes, number: int | None) -> None:
        """Obey a control word."""
        starts, self.at_start = self.at_start, False
        if name == b"htmltag" and self.is_html:
            self.hidden, self.in_tag = False, True
        elif name in _HIDDEN and starts:
            self.hidden = True
        elif name == b"htmlrtf" and self.is_html:
            self.flush()
            self.hidden = number != 0
        elif name == b"ansicpg":
            self.codec = codec_of(f"cp{number}") or "cp1252"
        elif name == b"uc":
            self.fallback = min(max(number or 0, 0), 10)
        elif name == b"u" and number is not None:
            self.add(chr(number & 0xFFFF))
            self.to_skip = self.fallback
        elif name in _SIGNS:
            self.add(_SIGNS[name])

    def symbol(self, sign: bytes) -> None:
        """Obey a control symbol."""
        if sign == b"*":
            self.hidden = True  # unless it is one we know: htmltag says so next
            self.at_start = True
            return
        self.at_start = False
        known = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n", b"{": "{", b"}": "}", b"\\": "\\"}.get(sign)
        if known:
            self.add(known)

    def plain(self, text: bytes) -> None:
        """Add bytes of the code page, less those that only repeat a \\u."""
        self.at_start = False
        if self.to_skip:
            text, self.to_skip = text[self.to_skip :], max(0, self.to_skip - len(text))
        if not self.hidden:
            self.pending += text


def read(rtf: bytes) -> tuple[str, bool]:
    """Text of an RTF body, or the HTML wrapped in it, and whether it is HTML. Reads at most MAX_RTF bytes."""
    rtf = rtf[:MAX_RTF]
    reader = _Reader(b"\\fromhtml" in rtf[:4096])
    for match in _TOKEN.finditer(rtf):
        word, number, code, symbol, brace, text = match.groups()
        if brace:
            reader.group(brace)
        elif word:
            reader.word(word, int(number) if number else None)
        elif code:
            reader.plain(bytes([int(code, 16)]))
        elif symbol:
            reader.symbol(symbol)
        elif text:
            reader.plain(text)
    reader.flush()
    joined = "".join(reader.out)
    # \u gives UTF-16 units: pairs of them are one sign
    joined = joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.strip("\x00"), reader.is_html
