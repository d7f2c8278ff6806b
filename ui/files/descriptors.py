"""Files that exist only inside the program they are dragged from: how Outlook and others hand them over on Windows.

FILEGROUPDESCRIPTOR (shlobj_core.h) lists names; FileContents holds the bytes of each by its index.
"""

from __future__ import annotations

import struct

from PySide6.QtCore import QMimeData

from oficrm.files.names import clean_name
from oficrm.files.sources import Source

_FORMAT = 'application/x-qt-windows-mime;value="{}"'
WIDE, NARROW, CONTENTS = (
    _FORMAT.format(name) for name in ("FileGroupDescriptorW", "FileGroupDescriptor", "FileContents")
)
_BEFORE_NAME = 72
"""Flags, class, size, point, attributes, three times and the size stand before the name of a FILEDESCRIPTOR."""
_NAME = 260
_ATTRIBUTES_AT = 36
_HAS_ATTRIBUTES = 0x04
_FOLDER = 0x10
MOST = 1000


def holds_files(mime: QMimeData) -> bool:
    """Whether the data name files of another program."""
    return mime.hasFormat(WIDE) or mime.hasFormat(NARROW)


def names_in(data: bytes, *, wide: bool) -> list[str | None]:
    """The names of a FILEGROUPDESCRIPTORW (or ...A); None where a folder stands. What is cut off is left out."""
    if len(data) < 4:
        return []
    size = _BEFORE_NAME + _NAME * (2 if wide else 1)
    count = min(struct.unpack_from("<I", data)[0], MOST)
    names: list[str | None] = []
    for at in range(4, 4 + count * size, size):
        entry = data[at : at + size]
        if len(entry) <= _BEFORE_NAME:
            break
        flags, attributes = struct.unpack_from("<I", entry)[0], struct.unpack_from("<I", entry, _ATTRIBUTES_AT)[0]
        raw = entry[_BEFORE_NAME:]
        text = raw[: len(raw) & ~1].decode("utf-16-le", "replace") if wide else raw.decode("cp1252", "replace")
        is_folder = bool(flags & _HAS_ATTRIBUTES and attributes & _FOLDER)
        names.append(None if is_folder else clean_name(text.split("\0", 1)[0]))
    return names


def sources_of(mime: QMimeData) -> list[Source]:
    """The files named, with their bytes; those without bytes are left out."""
    wide = mime.hasFormat(WIDE)
    if not wide and not mime.hasFormat(NARROW):
        return []
    names = names_in(bytes(mime.data(WIDE if wide else NARROW).data()), wide=wide)
    found: list[Source] = []
    for index, name in enumerate(names):
        if name is None:
            continue
        data = bytes(mime.data(f"{CONTENTS};index={index}").data())
        if not data and len(names) == 1:
            data = bytes(mime.data(CONTENTS).data())
        if data:
            found.append(Source(data=data, name=name))
    return found
