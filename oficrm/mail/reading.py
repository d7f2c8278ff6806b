"""Reading a mail from bytes or from a file, whatever its form: the way in to this package."""

import os
import re
import stat
from pathlib import Path

from oficrm.mail import eml, msg
from oficrm.mail.message import DEFAULT_LIMIT, Message, Unreadable
from oficrm.rules import sizes

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Fields that every mail has some of; nothing else is so sure a sign of one
_FIELD = re.compile(
    rb"^(?:from|to|cc|bcc|date|subject|message-id|received|return-path|mime-version|content-type|reply-to|sender|"
    rb"delivered-to|in-reply-to|references|x-[a-z0-9-]{1,60}|content-transfer-encoding|dkim-signature|"
    rb"arc-[a-z-]{1,40}|authentication-results|thread-[a-z]{1,20}|resent-[a-z-]{1,20}|importance)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_START = 8192  # bytes looked at to tell what something is
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"\x1f\x8b",
    b"{\\rtf",
)


def is_message(data: bytes) -> bool:
    """Whether the start of these bytes looks like a mail in internet form or like an Outlook message. Cheap; no promise
    that it can be read.
    """
    if data.startswith(OLE_SIGNATURE):
        return msg.looks_like_message(data)
    start = _plain(data[:_START])
    return not start.startswith(_BINARY) and _FIELD.search(start) is not None and _opens_with_header(start)


def read_message(data: bytes, *, limit: int = DEFAULT_LIMIT) -> Message:
    """Message of the bytes of an .eml or .msg, told by content; what could not be read stands in its `problems`.

    Raises Unreadable (Spanish text) when it is no message at all or larger than `limit` bytes.
    """
    if len(data) > limit:
        raise Unreadable(too_large(len(data), limit))
    if data.startswith(OLE_SIGNATURE):
        return msg.read_msg(data)
    plain = _plain(data)
    if not plain.strip(b" \t\r\n\x00"):
        raise Unreadable("El archivo está vacío: no contiene ningún mensaje.")
    start = plain[:_START]
    if start.startswith(_BINARY) or (not _FIELD.search(start) and _is_binary(start)):
        raise Unreadable("El archivo no es un mensaje de correo.")
    return eml.read_eml(plain)


def read_file(path: Path, *, limit: int = DEFAULT_LIMIT) -> Message:
    """Message of a file; never reads more than `limit` bytes of it.

    Raises Unreadable with a clear Spanish text: also for a folder, a file that is not there, may not be read, or
    changed while it was read.
    """
    return read_message(read_bytes(path, limit=limit), limit=limit)


def read_bytes(path: Path, *, limit: int = DEFAULT_LIMIT) -> bytes:
    """Bytes of a file of at most `limit` bytes, the same from beginning to end. Raises Unreadable as read_file does."""
    name = path.name
    try:
        # Not to wait for a writer when it is a pipe
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if stat.S_ISDIR(before.st_mode):
                raise Unreadable(f"«{name}» es una carpeta, no un mensaje.")
            if not stat.S_ISREG(before.st_mode):
                raise Unreadable(f"«{name}» no es un archivo corriente.")
            if before.st_size > limit:
                raise Unreadable(too_large(before.st_size, limit))
            data = file.read(limit + 1)
            after = os.fstat(descriptor)
    except FileNotFoundError:
        raise Unreadable(f"El archivo «{name}» ya no está.") from None
    except (IsADirectoryError, PermissionError) as error:
        if path.is_dir():  # Windows refuses to open a folder as if it were forbidden
            raise Unreadable(f"«{name}» es una carpeta, no un mensaje.") from error
        raise Unreadable(f"No tiene permiso para leer el archivo «{name}».") from error
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        raise Unreadable(f"El archivo «{name}» no se pudo leer: {error}.") from error
    if len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unreadable(f"El archivo «{name}» cambió mientras se leía. Inténtelo de nuevo.")
    return data


def too_large(size: int, limit: int) -> str:
    """Why a message of `size` bytes is not read."""
    return f"El mensaje ocupa {sizes.format_size(size)} y el límite es {sizes.format_size(limit)}."


def _plain(data: bytes) -> bytes:
    """The bytes without a byte order mark and with line feeds; text of two bytes a character made UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and not data.startswith(b"\xff\xfe\x00\x00"):
        data = data[: len(data) & ~1].decode("utf-16", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data[:1] in (b"\r", b"\n"):
        data = data.lstrip(b"\r\n")
    first = data.find(b"\r", 0, _START)  # the line break of old Macs, when the first line ends with it
    if first != -1 and data[first + 1 : first + 2] != b"\n" and data.find(b"\n", 0, first) == -1:
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _opens_with_header(start: bytes) -> bool:
    """Whether the first line is a header field or the line between the messages of an mbox."""
    line = start.split(b"\n", 1)[0]
    return line.startswith((b"From ", b">From ")) or re.match(rb"[!-9;-~]{1,100}[ \t]*:", line) is not None


def _is_binary(start: bytes) -> bool:
    """Whether these are no letters: NUL and control characters, more than a text with a slip has."""
    control = len(start) - len(start.translate(None, bytes({*range(0x20)} - {9, 10, 12, 13, 27})))
    return control * 50 > len(start)
