"""What a preview shows of a file, made beside the GUI thread: a picture that fits, the beginning of a text, a mail.

Nothing here runs what a file holds: drawings (SVG) and web pages are shown as text, pictures are decoded by the format
their content told, within bounds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

from db.query import fetch_rows
from db.types import Choice
from oficrm.errors import Refused
from oficrm.files import apart, inside, keeping
from oficrm.files.kinds import Kind, kind_of_mime
from oficrm.rules import sizes

MOST_PICTURE = 20_000_000
MOST_PDF = 64_000_000
MOST_MAIL = 32_000_000
MOST_TEXT = 200_000
"""Bytes looked at of each kind."""
MOST_PIXELS = 60_000_000
"""Of a picture, unpacked: 240 MB."""
_FORMATS = {
    "image/png": b"png", "image/jpeg": b"jpeg", "image/gif": b"gif", "image/bmp": b"bmp", "image/webp": b"webp",
    "image/tiff": b"tiff", "image/vnd.microsoft.icon": b"ico",
}  # fmt: skip


class File(NamedTuple):
    """What is known of a file, by the names of its fields."""

    file_name: str
    file_type: str
    mime_type: str
    size: int
    revision: int
    status: Choice
    sha256: str
    rejection_reason: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A file as the preview shows it: one of picture and text, or neither, with the reason in ``problem``."""

    id: int
    name: str
    kind: Kind
    facts: str
    picture: QImage | None = None
    text: str | None = None
    head: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    is_cut: bool = False


@dataclass
class Wanted:
    """Which request is the newest: older ones that wait in the lane are not worth their time."""

    serial: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> int:
        """A new request."""
        with self._lock:
            self.serial += 1
            return self.serial


def look(session: Any, ident: int, room: QSize, wanted: Wanted, serial: int) -> View | None:
    """Make the view of a file in a room of pixels; None when another was asked for meanwhile. Raises Refused."""
    if wanted.serial != serial:
        return None
    row = fetch_rows(session, "document", [ident], File._fields).get(ident)
    if row is None:
        raise Refused("El archivo ya no está aquí.")
    record = File(*row)
    kind = kind_of_mime(record.mime_type)
    version = f" · versión {record.revision}" if record.revision > 1 else ""
    state = getattr(record.status, "label", record.status)  # a key of a newer program is plain text
    if record.rejection_reason:
        state = f"{state}: {record.rejection_reason}"
    facts = f"{record.file_type} · {sizes.format_size(record.size)}{version} · {state}"
    base = View(ident, record.file_name, kind, facts)
    match "text" if kind.is_active and kind.previewable == "image" else kind.previewable:
        case "image":
            return _picture(session, record, base, room)
        case "pdf":
            return _pdf(session, record, base, room, lambda: wanted.serial != serial)
        case "mail":
            return _mail(session, record, base)
        case "text":
            return _text(session, record, base)
    return base


def _too_big(base: View, size: int, most: int) -> View | None:
    if size > most:
        return replace(base, problem=f"Pesa más de {sizes.format_size(most)}: ábralo para verlo.")
    return None


def _picture(session: Any, record: File, base: View, room: QSize) -> View:
    if (refused := _too_big(base, record.size, MOST_PICTURE)) is not None:
        return refused
    form = _FORMATS.get(record.mime_type)
    if form is None:
        return base
    held = QByteArray(keeping.read(session, record.sha256))
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, form)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() * size.height() > MOST_PIXELS:
        return replace(base, problem=f"Mide {size.width()} × {size.height()}: demasiado para verla aquí.")
    if size.isValid():
        fitting = _fit(size, room, is_turned=bool(reader.transformation().value & 4))
        if fitting.width() < size.width():
            reader.setScaledSize(fitting)
    image = reader.read()
    if image.isNull():
        return replace(base, problem="La imagen está dañada o incompleta.")
    measure = f" · {size.width()} × {size.height()}" if size.isValid() else ""
    return replace(base, picture=image, facts=base.facts + measure)


def _fit(size: QSize, room: QSize, *, is_turned: bool) -> QSize:
    """As wide as the room; by its EXIF mark a picture may lie on its side."""
    wide = size.height() if is_turned else size.width()
    scale = min(1.0, max(room.width(), 64) / max(wide, 1))
    return QSize(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)))


def _pdf(session: Any, record: File, base: View, room: QSize, cancel: Callable[[], bool]) -> View:
    if (refused := _too_big(base, record.size, MOST_PDF)) is not None:
        return refused
    shown = apart.page(keeping.read(session, record.sha256), 0, max(room.width(), 64), cancel=cancel)
    if (page := shown.picture) is None:
        return replace(base, problem=shown.problem)
    image = QImage(page.data, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()
    pages = "1 página" if shown.pages == 1 else f"{shown.pages} páginas"
    return replace(base, picture=image, facts=f"{base.facts} · {pages}")


def _text(session: Any, record: File, base: View) -> View:
    data = keeping.read(session, record.sha256, MOST_TEXT)
    return replace(base, text=inside.decoded(data).replace("\0", "\ufffd"), is_cut=record.size > MOST_TEXT)


def _mail(session: Any, record: File, base: View) -> View:
    from oficrm.mail import reading
    from oficrm.mail.message import Unreadable

    if (refused := _too_big(base, record.size, MOST_MAIL)) is not None:
        return refused
    try:
        message = reading.read_message(keeping.read(session, record.sha256))
    except Unreadable as error:
        return replace(base, problem=str(error))
    sent = f"{message.sent_at.astimezone():%d/%m/%Y %H:%M}" if message.sent_at else ""
    parts = [part.name for part in message.parts if not part.is_inline]
    shown = (
        ("De", str(message.sender or "")), ("Para", ", ".join(map(str, message.to))),
        ("Copia", ", ".join(map(str, message.cc))), ("Fecha", sent), ("Asunto", message.subject),
        ("Adjuntos", ", ".join(parts[:10]) + (f" y {len(parts) - 10} más" if len(parts) > 10 else "")),
    )  # fmt: skip
    return replace(base, head=tuple((name, value) for name, value in shown if value), text=message.text[:MOST_TEXT])
