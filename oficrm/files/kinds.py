"""What a file is: told by its content first, by its name only where the content leaves it open.

A name decides alone in one case: when the system would run the file because of it. What is dangerous by either
counts as dangerous.
"""

import io
from dataclasses import replace
from typing import BinaryIO

from oficrm.files import catalogue, containers, endings, signatures, texts
from oficrm.files.catalogue import Danger, Kind, kind_of_mime
from oficrm.files.limits import HEAD_BYTES, TAIL_BYTES

__all__ = ["Danger", "Kind", "kind_of", "kind_of_mime", "kind_of_stream", "open_warning"]


def kind_of(name: str, head: bytes, tail: bytes = b"") -> Kind:
    """What a file is.

    Args:
        head: its first bytes; no more than `limits.HEAD_BYTES` are looked at.
        tail: more of its bytes that help: the end of a zip file, the directory of an OLE file (`kind_of_stream` reads
            them). Without it the ending of the name tells some documents apart.
    """
    ending = endings.ending_of(name)
    return _with_name(_by_content(ending, head[:HEAD_BYTES], tail), ending)


def kind_of_stream(name: str, stream: BinaryIO) -> Kind:
    """What the file behind a seekable stream is. Reads little of it and leaves it at its beginning."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    tail = b""
    if head.startswith(b"PK\x03\x04"):
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - TAIL_BYTES))
        tail = stream.read(TAIL_BYTES)
    elif offset := containers.ole_directory_offset(head):
        stream.seek(offset)
        tail = stream.read(containers.DIRECTORY_BYTES)
    stream.seek(0)
    return kind_of(name, head, tail)


def _by_content(ending: str, head: bytes, tail: bytes) -> Kind:
    if not head:
        return catalogue.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _container(*containers.zip_mime(ending, head, tail))
    if head.startswith(containers.OLE_SIGNATURE):
        return _container(*containers.ole_mime(ending, head, tail))
    text = texts.as_text(head)
    mime = (
        signatures.signed_mime(head, text is not None)
        or texts.mail_mime(ending, head, text is not None)
        # Readers of PDF accept some bytes before its mark
        or ("application/pdf" if ending == "pdf" and b"%PDF-" in head[:1024] else "")
        or (texts.text_mime(ending, text) if text is not None else signatures.library_mime(ending, head))
    )
    return kind_of_mime(mime or catalogue.OTHER.mime)


def _container(mime: str, macros: bool) -> Kind:
    kind = kind_of_mime(mime)
    return replace(kind, label=f"{kind.label} con macros", is_active=True) if macros else kind


def _with_name(kind: Kind, ending: str) -> Kind:
    """The kind once it is known by what name the system will open it."""
    if kind.is_executable:
        return kind
    is_text = kind.previewable in ("text", "mail") or kind is catalogue.EMPTY
    if ending in endings.SCRIPTS:
        return catalogue.SCRIPT if is_text else catalogue.PROGRAM
    if ending in endings.SHORTCUTS:
        return catalogue.SHORTCUT
    if ending in endings.PROGRAMS:
        return catalogue.PROGRAM
    if kind.is_active:
        return kind
    if ending in endings.DISC_IMAGES:
        return catalogue.DISC
    if ending in endings.PAGES:
        page = catalogue.DRAWING if ending.startswith("svg") else catalogue.PAGE
        return page if kind.previewable == "text" else replace(kind, is_active=True)
    if ending in endings.MACROS:
        return replace(kind, is_active=True) if kind.icon != "document" else catalogue.MACROS
    return kind


def open_warning(name: str, kind: Kind) -> str | None:
    """What a person must read before such a file is opened, None when it is harmless.

    Says so when the name makes it look like something else.
    """
    if kind.danger is Danger.NONE:
        return None
    what = catalogue.spoken(kind)
    ending = endings.ending_of(name)
    if kind.danger is Danger.EXECUTABLE and ending not in endings.RUNNABLE and ending:
        first = f"Se llama «{name}», pero es {what}."
    elif endings.has_double_ending(name):
        inner = endings.inner_ending(name)
        first = f"«{name}» parece un archivo .{inner}, pero acaba en .{ending} y es {what}."
    else:
        first = f"«{name}» es {what}."
    if kind.danger is Danger.EXECUTABLE:
        return f"{first} Al abrirlo se ejecuta en su equipo y puede dañarlo o llevarse sus datos. " + _TRUST
    return f"{first} {_TRUST}"


_TRUST = "Ábralo solo si lo esperaba y se fía de quien se lo envió."
