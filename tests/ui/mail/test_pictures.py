"""Pictures inside a message: read within bounds, of kinds that name nothing outside."""

import struct
import zlib

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from oficrm.mail.message import Part
from ui.mail import paper, pictures


def png(width: int, height: int) -> bytes:
    """A picture."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0x3366CC)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def huge_png() -> bytes:
    """A few bytes that claim a picture of 60,000 by 60,000 points."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def test_pictures_come_by_content_id_in_lower_case():
    found = pictures.read_pictures([Part("a.png", "image/png", png(20, 10), "<Logo@X>"),
                                    Part("b.png", "image/png", png(5, 5), "")])  # fmt: skip
    assert {name: (image.width(), image.height()) for name, image in found.items()} == {"logo@x": (20, 10)}


def test_a_large_one_is_made_as_wide_as_a_page():
    image = pictures.read_picture(png(3000, 300))
    assert image is not None
    assert (image.width(), image.height()) == (paper.MAX_WIDTH, 100)


def test_a_bomb_a_drawing_and_rubbish_are_no_pictures():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    for data in (huge_png(), svg, b"", b"no", png(5, 5)[:30]):
        assert pictures.read_picture(data) is None


def test_their_number_is_bounded():
    parts = [Part("a.png", "image/png", png(2, 2), f"p{number}") for number in range(pictures.MAX_PICTURES + 5)]
    assert len(pictures.read_pictures(parts)) == pictures.MAX_PICTURES
