"""Kinds of text: what somebody wrote, a mail, a page, a script."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters that no text has; tab, line feed, form feed, carriage return, DOS end of file and escape may stand
_BINARY = re.compile(r"[\x00-\x07\x0b\x0e-\x19\x1c-\x1f]")
_SHEBANG = re.compile(r"#!\s*/\S")
_COMMANDS = re.compile(r"(?i)@echo\s+off\b|Windows Registry Editor Version|REGEDIT4\s")
_SHORTCUT = re.compile(r"(?im)^\[(InternetShortcut|Desktop Entry|Shell)\]\s*$")
_SVG = re.compile(r"(?i)<(?:\w+:)?svg[\s>]")
_PAGE = re.compile(
    r"(?i)<(?:!doctype\s+html|html|head|body|script|iframe|meta|title|style|link|base|frameset|object|embed)[\s>/]"
    r"|http://www\.w3\.org/1999/xhtml|http://www\.w3\.org/1999/XSL"
)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,70})[ \t]*:")
_MAIL_HEADERS = frozenset(
    b"from to cc subject date received message-id mime-version return-path delivered-to content-type reply-to sender "
    b"dkim-signature x-mailer user-agent thread-topic references in-reply-to content-transfer-encoding".split()
)
# What mail programs add and people do not write
_MACHINE_HEADERS = frozenset(b"received message-id mime-version return-path delivered-to dkim-signature".split())
_BY_ENDING = {
    "csv": "text/csv", "tsv": "text/csv", "json": "application/json", "md": "text/markdown", "xml": "text/xml",
}  # fmt: skip


def byte_order(head: bytes) -> tuple[str, int]:
    """Encoding that a byte order mark at the very beginning names, and the mark's length; ("", 0) without one."""
    return next(((name, len(mark)) for mark, name in _BOMS if head.startswith(mark)), ("", 0))


def as_text(head: bytes) -> str | None:
    """The beginning of a file as text, None when it is none. Old 8-bit text reads as Western European."""
    encoding, skip = byte_order(head)
    data = head[skip:]
    if encoding:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
        if text.count("\ufffd") * 10 > len(text):
            return None
    else:
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(data)
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return None if _BINARY.search(text) else text


def _headers(head: bytes) -> tuple[bool, set[bytes]]:
    """Whether the first line is one that opens a mailbox, and the names of the headers up to the first blank line."""
    lines = head[3:].splitlines() if head.startswith(codecs.BOM_UTF8) else head.splitlines()
    is_box = bool(lines) and lines[0].startswith(b"From ")
    names: set[bytes] = set()
    for line in lines[1 if is_box else 0 :]:
        if not line.strip():
            break
        if line[:1] in b" \t":  # RFC 5322 2.2.3: a folded header goes on
            continue
        found = _HEADER.match(line)
        if not found:
            break
        names.add(found[1].lower())
    return is_box, names


def mail_mime(ending: str, head: bytes, is_text: bool) -> str:
    """MIME type of a message, a mailbox or an archived page; "" when the bytes are none of them.

    What ends in .eml and reads as text is a message even without one header (RFC 5322 asks for two of them).
    """
    is_box, names = _headers(head)
    known = names & _MAIL_HEADERS
    if ending in ("mht", "mhtml") or b"snapshot-content-location" in names:
        return "multipart/related" if known else ""
    if is_box and known and ending != "eml":
        return "application/mbox"
    if ending == "eml":
        return "message/rfc822" if known or is_text else ""
    return "message/rfc822" if known & _MACHINE_HEADERS and len(known) >= 3 else ""


def text_mime(ending: str, text: str) -> str:
    """MIME type of what reads as text, told by how it begins."""
    start = text.lstrip()
    if _SHEBANG.match(start) or _COMMANDS.match(start) or start[:5].lower() == "<?php":
        return "text/x-script"
    if _SHORTCUT.match(start):
        return "application/x-shortcut"
    if start.startswith("<"):
        if _SVG.search(start):
            return "image/svg+xml"
        if "<?mso-application" in start:
            return "application/x-office-xml"
        if _PAGE.search(start):
            return "text/html"
        if start.startswith("<?xml"):
            return "text/xml"
    if start.startswith("BEGIN:VCARD"):
        return "text/vcard"
    if start.startswith("BEGIN:VCALENDAR"):
        return "text/calendar"
    return _BY_ENDING.get(ending, "text/plain")
