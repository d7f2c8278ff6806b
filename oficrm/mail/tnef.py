"""winmail.dat of Outlook (TNEF, MS-OXTNEF) taken apart: the text and the attachments in it.

The library tnefparse runs for ever, or until the memory ends, on a counter somebody made too large (the rows of the
table of recipients, the values of a property), so the few attributes that matter here are read by hand: every step
moves forward in bytes that are there.
"""

import struct
from dataclasses import dataclass, field

from oficrm.mail import mapi
from oficrm.mail.decoding import clean_line, clean_text, decode
from oficrm.mail.mapi import Properties, codec_of_page
from oficrm.mail.message import MAX_PARTS, Part

SIGNATURE = 0x223E9F78
_BODY, _ATTACH_DATA, _ATTACH_TITLE = 0x800C, 0x800F, 0x8010
_RENDER_DATA, _PROPERTIES, _ATTACHMENT, _CODE_PAGE = 0x9002, 0x9003, 0x9005, 0x9007
_MAX_ATTRIBUTES = 50_000
_MAX_PROPERTIES = 5000
_FIXED = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2, 0x0014: 8, 0x0040: 8,
          0x0048: 16}  # fmt: skip
_VARIABLE = {0x0000, 0x000D, 0x001E, 0x001F, 0x0102}
_EMBEDDED_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage


@dataclass(slots=True)
class Found:
    """What a winmail.dat held: texts as (type, text), attachments, and whether it ended too early."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    was_cut: bool = False


@dataclass(slots=True)
class _Attachment:
    title: bytes = b""
    data: bytes = b""
    properties: Properties = field(default_factory=Properties)


def read(data: bytes) -> Found | None:
    """What is inside, None when it is no TNEF or holds nothing that can be read. Never raises."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    found, page, body = Found(), 0, b""
    message = Properties()
    attachments: list[_Attachment] = []
    position = 6
    for _ in range(_MAX_ATTRIBUTES):
        if position + 9 > len(data):
            found.was_cut |= position < len(data)
            break
        _, name, length = struct.unpack_from("<BHxxI", data, position)
        end = position + 9 + length
        if end > len(data):
            found.was_cut = True
            end = len(data)
        value = data[position + 9 : end]
        position = end + 2  # a checksum follows, which Outlook itself does not always get right
        if name == _CODE_PAGE and len(value) >= 4:
            page = struct.unpack_from("<I", value)[0]
        elif name == _BODY:
            body = value
        elif name == _PROPERTIES:
            message, whole = _properties(value, page)
            found.was_cut |= not whole
        elif name == _RENDER_DATA:
            attachments.append(_Attachment())
        elif attachments and name == _ATTACH_TITLE:
            attachments[-1].title = value
        elif attachments and name == _ATTACH_DATA:
            attachments[-1].data = value
        elif attachments and name == _ATTACHMENT:
            attachments[-1].properties, whole = _properties(value, page)
            found.was_cut |= not whole
    found.texts, problems = message.texts()
    found.was_cut |= bool(problems)
    if body and not any(mime == "text/plain" for mime, _ in found.texts):
        text = clean_text(decode(body.rstrip(b"\0"), codec_of_page(page))[0])
        found.texts.insert(0, ("text/plain", text))
    found.parts = [_part(one, page, number) for number, one in enumerate(attachments[:MAX_PARTS], 1)]
    found.was_cut |= len(attachments) > MAX_PARTS
    return found if found.texts or found.parts else None


def _part(attachment: _Attachment, page: int, number: int) -> Part:
    part = attachment.properties.attachment()
    title = clean_line(decode(attachment.title.rstrip(b"\0"), codec_of_page(page))[0])
    part.name = part.name or title or f"adjunto {number}.bin"
    part.data = part.data or attachment.data
    if part.data.startswith(_EMBEDDED_MESSAGE):  # a message in a message is a TNEF of its own
        part.data, part.mime = part.data[len(_EMBEDDED_MESSAGE) :], "application/ms-tnef"
        part.name = f"{part.name}.winmail.dat" if not part.name.lower().endswith(".dat") else part.name
    return part


def _properties(data: bytes, page: int) -> tuple[Properties, bool]:
    """Values of a MAPI property list (MS-OXTNEF 2.1.3.4), and whether it could be read to its end."""
    properties = Properties(page)
    try:
        count = struct.unpack_from("<I", data)[0]
        position = 4
        for _ in range(min(count, _MAX_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, position)
            position = _after_name(data, position + 4) if number >= 0x8000 else position + 4
            values = 1
            if several := kind & 0x1000 or kind in _VARIABLE:
                values = struct.unpack_from("<I", data, position)[0]
                position += 4
            plain = kind & ~0x1000
            for index in range(values):
                position, value = _value(data, position, plain, padded=not several)
                if index == 0 and not kind & 0x1000 and number < 0x8000:
                    properties.add(number, mapi.BINARY if plain == mapi.OBJECT else plain, value)
            if several and plain in _FIXED:
                position += -position % 4
    except (struct.error, ValueError):
        return properties, False
    return properties, True


def _after_name(data: bytes, position: int) -> int:
    """Past the GUID and number or text that name a property of 0x8000 and above."""
    kind, length = struct.unpack_from("<II", data, position + 16)
    return position + 24 + (length + -length % 4 if kind else 0)


def _value(data: bytes, position: int, kind: int, padded: bool) -> tuple[int, bytes]:
    """Where the value ends (on a multiple of four) and its bytes. Raises ValueError when it runs past the end, so
    that a counter too large ends with the bytes.
    """
    if kind in _FIXED:
        length = _FIXED[kind]
        padding = -length % 4 if padded else 0  # several short ones stand side by side
    elif kind in _VARIABLE:
        length = struct.unpack_from("<I", data, position)[0]
        position += 4
        padding = -length % 4
    else:
        raise ValueError(f"unknown type of property {kind:#06x}")
    if position + length > len(data):
        raise ValueError("a value runs past the end")
    return position + length + padding, data[position : position + length]
