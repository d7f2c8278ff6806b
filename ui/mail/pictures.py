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
KINDS = frozenset({b"png", b"jpeg", b"jpg", b"gif", b"bmp", b"webp"})
"""Those that cannot name anything outside themselves, as drawings (SVG) can."""


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
    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if bytes(reader.format().data()) not in KINDS or not size.isValid() or size.width() * size.height() > MAX_PIXELS:
        return None
    if size.width() > MAX_WIDTH or size.height() > 4 * MAX_WIDTH:
        reader.setScaledSize(size.scaled(QSize(MAX_WIDTH, 4 * MAX_WIDTH), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image
