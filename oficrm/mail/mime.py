"""A message taken apart (RFC 5322, 2045, 2046) without copying it: entities are spans of the bytes that were given.

The parser of the standard library goes line by line and recursively: 5,000 multiparts inside each other end it, and
50 MB of base64 cost many times their size. Here every level is one search, levels are counted and nothing is copied, so
that an attached message keeps its very bytes (a signature over them stays good).
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from oficrm.mail.decoding import clean_line, decode_header_bytes, decode_parameter, decode_words, from_base64

MAX_DEPTH = 40  # multiparts inside each other
MAX_ENTITIES = 5000  # pieces looked at in one message
MAX_FALSE = 100_000  # lines that begin like a delimiter and are none
MAX_HEADERS = 2000  # lines of one header
MAX_HEADER_BYTES = 2 * 1024 * 1024  # a header beyond this is no header

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_HEADER_NAME = re.compile(r"([!-9;-~]{1,200})[ \t]*:[ \t]?")
_PARAMETER = re.compile(r""";\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;"]*))""", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


class Headers:
    """Header fields of an entity, in their order; the values as they came, unfolded, not yet decoded."""

    __slots__ = ("_first", "fields", "was_cut")

    def __init__(self, fields: list[tuple[str, str]], was_cut: bool = False) -> None:
        self.fields = fields
        self.was_cut = was_cut
        self._first: dict[str, str] = {}
        for name, value in fields:
            self._first.setdefault(name.lower(), value)

    def get(self, name: str) -> str:
        """The first value of a field (name in lower case), "" when there is none."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        """Every value of a field (name in lower case)."""
        return [value for field, value in self.fields if field.lower() == name]

    def line(self, name: str) -> str:
        """The first value, decoded, on one line."""
        return clean_line(decode_words(self.get(name)))


@dataclass(slots=True)
class Entity:
    """A leaf of the tree: headers, and where its body lies in the bytes of the message."""

    headers: Headers
    start: int
    end: int
    mime: str
    parameters: dict[str, str]
    group: int  # the multipart/alternative it is one version of, 0 for none


@dataclass(slots=True)
class Walk:
    """What was left out while a message was taken apart, for the reader to say so."""

    too_deep: bool = False
    left_out: int = 0  # entities beyond MAX_ENTITIES
    no_boundary: bool = False
    entities: int = 0
    false_delimiters: int = 0
    groups: int = 0


def split_header(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header that begins at `start` ends, and where the body begins."""
    if data.startswith((b"\n", b"\r\n"), start, end):
        return start, min(end, start + (1 if data[start : start + 1] == b"\n" else 2))
    found = _HEADER_END.search(data, start, end)
    return (found.start(), found.end()) if found else (end, end)


def parse_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Fields of the header at `start`, and where the body begins. A line that is no field ends the header, as if the
    empty line before the body had been forgotten.
    """
    stop, body = split_header(data, start, end)
    block = data[start : min(stop, start + MAX_HEADER_BYTES)]
    try:
        text, charset = block.decode("utf-8"), None
    except UnicodeDecodeError:
        text, charset = block.decode("ascii", "surrogateescape"), _declared(block)
    fields: list[tuple[str, list[str]]] = []
    position = 0
    for full in text.split("\n"):
        line = full.rstrip("\r")
        if line[:1] in (" ", "\t") and fields:
            fields[-1][1].append(line)
        elif match := _HEADER_NAME.match(line):
            if len(fields) == MAX_HEADERS:
                return Headers(_unfolded(fields, charset), was_cut=True), body
            fields.append((match[1], [line[match.end() :]]))
        elif not (position == 0 and line.startswith(("From ", ">From "))):  # the line between messages of an mbox
            if not line.strip():
                break
            used = text[:position]
            return Headers(_unfolded(fields, charset)), start + len(used.encode("utf-8", "surrogateescape"))
        position += len(full) + 1
    return Headers(_unfolded(fields, charset)), body


def _declared(block: bytes) -> str:
    found = re.search(rb'charset="?([A-Za-z0-9_.:-]{1,40})', block)
    return found[1].decode("ascii") if found else ""


def _unfolded(found: list[tuple[str, list[str]]], charset: str | None) -> list[tuple[str, str]]:
    fields = [(name, "".join(lines)) for name, lines in found]
    if charset is None:
        return fields
    return [
        (name, value if value.isascii() else decode_header_bytes(value.encode("ascii", "surrogateescape"), charset))
        for name, value in fields
    ]


def parameters_of(value: str) -> tuple[str, dict[str, str]]:
    """Value of a structured header (Content-Type, Content-Disposition) in lower case, and its parameters, decoded:
    continued and encoded as RFC 2231 says, or with encoded words as many write them.
    """
    main, _, _ = value.partition(";")
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value, len(main)):
        name = match[1].lower()
        text = _ESCAPE.sub(r"\1", match[2]) if match[2] is not None else match[3].strip()
        if "*" in name and (part := _SECTION.fullmatch(name)):
            sections.setdefault(part[1], {})[int(part[2] or 0)] = (text, part[3] is not None)
        else:
            plain.setdefault(name, text)
    for name, found in sections.items():
        plain[name] = _joined([found[number] for number in sorted(found)])
    return main.strip().lower(), plain


def _joined(pieces: list[tuple[str, bool]]) -> str:
    """Pieces of a continued parameter; the first encoded one names the charset of all."""
    if not any(encoded for _, encoded in pieces):
        return "".join(text for text, _ in pieces)
    return decode_parameter("".join(text if encoded else text.replace("%", "%25") for text, encoded in pieces))


def entities(data: bytes, headers: Headers, start: int, walk: Walk) -> Iterator[Entity]:
    """Leaves of the message in their order. An attached message is a leaf: who wants to, reads it in its turn."""
    pending = [(headers, start, len(data), 0, 0, "text/plain")]
    while pending:
        headers, begin, end, depth, group, default = pending.pop()
        mime, parameters = parameters_of(headers.get("content-type"))
        if "/" not in mime:
            mime = default
        boundary = parameters.get("boundary", "").rstrip()
        if not mime.startswith("multipart/"):
            yield Entity(headers, begin, end, mime, parameters, group)
            continue
        if depth >= MAX_DEPTH:
            walk.too_deep = True
            continue
        spans = list(_split(data, begin, end, boundary, walk)) if boundary else []
        if not spans:
            walk.no_boundary = True
            yield Entity(headers, begin, end, "text/plain", parameters, group)
            continue
        if mime == "multipart/alternative" and not group:
            walk.groups += 1
            group = walk.groups
        inner = "message/rfc822" if mime == "multipart/digest" else "text/plain"
        children = []
        for child_start, child_end in spans:
            child, body = parse_headers(data, child_start, child_end)
            children.append((child, body, child_end, depth + 1, group, inner))
        pending.extend(reversed(children))


def _split(data: bytes, start: int, end: int, boundary: str, walk: Walk) -> Iterator[tuple[int, int]]:
    """Spans between the delimiter lines of a multipart (RFC 2046 5.1.1); the last may lack its closing one."""
    delimiter = b"\n--" + boundary.encode("utf-8", "surrogateescape")
    opened = -1
    # The first may stand at the very beginning, without a line break before it
    position = start - 1 if data.startswith(delimiter[1:], start, end) else data.find(delimiter, start, end)
    while position != -1:
        after = position + len(delimiter)
        line_end = data.find(b"\n", after, end)
        line_end = end if line_end == -1 else line_end
        rest = data[after : min(line_end, after + 80)].strip()
        if rest in (b"", b"--"):
            if opened != -1:
                yield opened, _before_break(data, opened, position + 1)
            opened = -1 if rest else min(line_end + 1, end)
            if rest:
                return
            walk.entities += 1
            if walk.entities > MAX_ENTITIES:
                walk.left_out += 1 + data.count(delimiter, line_end, end)
                return
        else:
            walk.false_delimiters += 1
            if walk.false_delimiters > MAX_FALSE:
                break
        position = data.find(delimiter, line_end, end)
    if opened != -1 and opened < end:
        yield opened, end


def _before_break(data: bytes, start: int, position: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if data[position - 1 : position] == b"\n":
        position -= 1
    if data[position - 1 : position] == b"\r":
        position -= 1
    return max(start, position)


def content(data: bytes, entity: Entity) -> tuple[bytes, bool]:
    """Body of a leaf without its transfer encoding (RFC 2045 6), and whether it could be read whole."""
    encoding = entity.headers.get("content-transfer-encoding").strip().lower()
    if encoding == "base64":
        return from_base64(memoryview(data)[entity.start : entity.end])
    if encoding == "quoted-printable":
        return binascii.a2b_qp(memoryview(data)[entity.start : entity.end]), True
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uu(data[entity.start : entity.end])
    return data[entity.start : entity.end], True


def _from_uu(data: bytes) -> tuple[bytes, bool]:
    """Lines between "begin" and "end"; a broken one gives what its length byte promises, as far as it goes."""
    found: list[bytes] = []
    begun = whole = False
    for line in data.splitlines():
        if not begun:
            begun = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`"):
            whole = True
            if line.strip() == b"end":
                break
        elif line.strip():
            try:
                found.append(binascii.a2b_uu(line))
            except binascii.Error:
                sound = (((line[0] - 32) & 63) * 4 + 5) // 3
                try:
                    found.append(binascii.a2b_uu(line[:sound]))
                except binascii.Error:
                    return b"".join(found), False
    return (b"".join(found), whole) if begun else (data, False)
