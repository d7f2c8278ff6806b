"""The pictures inside a message, read within bounds; made beside the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from oficrm.mail.message import Part
from ui.mail.paper import MAX_WIDTH

MAX_PICTURES = 60
MAX_BYTES = 15 * 1024 * 1024
"""Of one picture as it came."""
MAX_PIXELS = 60_000_000
"""Of one picture before it is made smaller."""
MAX_KEPT = 24_000_000
"""Pixels kept of all pictures of a message: 96 MB."""
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", b"png"), (b"\xff\xd8\xff", b"jpeg"), (b"GIF8", b"gif"), (b"BM", b"bmp"))
"""Kinds that cannot name anything outside themselves. A drawing (SVG) can, and Qt opens what it names as soon as it
is asked for the drawing's size: so Qt is told the kind and never guesses."""


def read_pictures(parts: Sequence[Part]) -> dict[str, QImage]:
    """Return the pictures that the HTML of a message may show, by content id in lower case."""
    found: dict[str, QImage] = {}
    kept = 0
    for part in parts:
        name = part.content_id.strip("<>").lower()
        if not name or name in found or len(found) >= MAX_PICTURES or len(part.data) > MAX_BYTES:
            continue
        image = read_picture(part.data)
        if image is not None and kept + image.width() * image.height() <= MAX_KEPT:
            kept += image.width() * image.height()
            found[name] = image
    return found


def read_picture(data: bytes) -> QImage | None:
    """Return a picture no wider than a page, None when it is none, of a kind not shown, or too large."""
    kind = _kind(data)
    if not kind:
        return None
    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MAX_PIXELS:
        return None
    if size.width() > MAX_WIDTH or size.height() > 4 * MAX_WIDTH:
        reader.setScaledSize(size.scaled(QSize(MAX_WIDTH, 4 * MAX_WIDTH), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def _kind(data: bytes) -> bytes:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return b"webp"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), b"")
