"""What is dropped or pasted, as files: from file managers, mail programs, browsers, and pictures and texts themselves.

Nothing is read from disk here; a folder comes as a source whose path is a folder.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from oficrm import clock
from oficrm.files.names import clean_name
from oficrm.files.sources import Source
from ui.files import descriptors

MAIL = "message/rfc822"
PNG = ("image/png", 'application/x-qt-windows-mime;value="PNG"')
"""Pictures that come as PNG already are not painted and packed anew."""
QUICK = 80
"""Of 100 in Qt's scale of PNG: packs a large screenshot in a tenth of a second."""
_SUBJECT = re.compile(rb"^subject:[ \t]*((?:.|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_HEAD = 65_536


def holds_files(mime: QMimeData) -> bool:
    """Whether these data hold files, mails or a picture: told by their formats, without reading them."""
    if any(url.isLocalFile() for url in mime.urls()):
        return True
    return mime.hasFormat(MAIL) or descriptors.holds_files(mime) or mime.hasImage() or _raw_png(mime) is not None


def can_take(mime: QMimeData) -> bool:
    """Whether something can be made of these data: files, or a text that becomes one."""
    return holds_files(mime) or mime.hasText() or mime.hasHtml()


def sources_of(mime: QMimeData) -> list[Source]:
    """Make files to be taken in of dropped or pasted data; empty when there is nothing in them."""
    local = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if local:
        return [Source(path=path) for path in dict.fromkeys(local)]
    if found := descriptors.sources_of(mime):
        return found
    if mime.hasFormat(MAIL):
        data = bytes(mime.data(MAIL).data())
        return [Source(data=data, name=f"{_subject(data)}.eml")] if data.strip() else []
    if (picture := _picture(mime)) is not None:
        return [Source(data=picture, name=f"Captura {_moment()}.png", is_ours=True)]
    text = _text(mime)
    return [Source(data=text.encode(), name=f"Texto {_moment()}.txt", is_ours=True)] if text.strip() else []


def on_clipboard() -> list[Source]:
    """What is on the clipboard, as files; empty when there is nothing to be made of it."""
    found: QMimeData | None = QGuiApplication.clipboard().mimeData()  # none where nobody has copied anything yet
    return sources_of(found) if found is not None else []


def _moment() -> str:
    return f"{clock.now().astimezone():%Y-%m-%d %H.%M}"


def _raw_png(mime: QMimeData) -> str | None:
    return next((name for name in PNG if mime.hasFormat(name)), None)


def _picture(mime: QMimeData) -> bytes | None:
    name = _raw_png(mime)
    if name is not None:
        data = bytes(mime.data(name).data())
        if data.startswith(b"\x89PNG"):
            return data
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    if image.isNull():
        return None
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.setQuality(QUICK)
    return bytes(held.data()) if writer.write(image) else None


def _text(mime: QMimeData) -> str:
    """A link of a browser is its address and its name; a text with form is its words."""
    if mime.hasText() and mime.text().strip():
        return mime.text()
    if mime.hasHtml():
        from oficrm.mail.html import to_text

        return to_text(mime.html())
    return "\n".join(url.toString() for url in mime.urls())


def _subject(data: bytes) -> str:
    """The subject of a mail as the name of its file."""
    from email.header import decode_header, make_header

    found = _SUBJECT.search(data[:_HEAD].split(b"\r\n\r\n")[0].split(b"\n\n")[0])
    raw = " ".join(found.group(1).decode("utf-8", "replace").split()) if found else ""
    try:
        shown = str(make_header(decode_header(raw)))
    except (ValueError, LookupError):  # an encoding that does not exist, a word cut in half
        shown = raw
    name = clean_name(re.sub(r"[/\\:]", " ", shown))[:120] if shown.strip() else ""
    return name or f"Correo {_moment()}"
