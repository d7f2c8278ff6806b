"""The few marks of a comment: ``**negrita**``, ``*cursiva*``, lists with ``- `` and web addresses. Never HTML."""

import html
import re
from collections.abc import Iterable

from oficrm.rules.text import plain

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![*\w])")
_ADDRESS = re.compile(r"https?://[^\s<>\"'|]+")
_TAIL = ".,;:!?)]}*"
_ITEM = re.compile(r"\s*[-•]\s+(.*)")


def to_html(body: str, names: Iterable[str] = ()) -> str:
    """Return a comment as HTML of our own: everything that was typed is escaped; @names of users stand out.

    Only addresses of http and https become links.
    """
    made: list[str] = []
    items: list[str] = []
    known = sorted({plain(name) for name in names if name}, key=len, reverse=True)

    def close() -> None:
        if items:
            made.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
            items.clear()

    lines: list[str] = []
    for line in body.strip().split("\n"):
        item = _ITEM.fullmatch(line)
        if item is not None:
            if lines:
                made.append("<br>".join(lines))
                lines = []
            items.append(_inline(item[1], known))
        else:
            close()
            lines.append(_inline(line, known))
    close()
    if lines:
        made.append("<br>".join(lines))
    return "".join(made)


def _inline(line: str, names: list[str]) -> str:
    """One line: web addresses are taken out first, so that no mark is read inside them."""
    parts: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(line):
        address = match[0].rstrip(_TAIL)
        parts.append(_marked(line[at : match.start()], names))
        parts.append(f'<a href="{html.escape(address)}">{html.escape(address)}</a>')
        at = match.start() + len(address)
    parts.append(_marked(line[at:], names))
    return "".join(parts)


def _marked(text: str, names: list[str]) -> str:
    safe = html.escape(text, quote=False)
    safe = _BOLD.sub(r"<b>\1</b>", safe)
    safe = _ITALIC.sub(r"<i>\1</i>", safe)
    return _named(safe, names)


def _named(safe: str, names: list[str]) -> str:
    """Make @names bold: what follows the sign begins with the name of a user."""
    made, at = "", 0
    for match in re.finditer(r"(?<![\w@.])@(?=\w)", safe):
        rest = plain(safe[match.end() : match.end() + 120])
        name = next((name for name in names if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()),
                    "")  # fmt: skip
        if name and match.start() >= at:
            end = match.end() + len(name)
            made += f"{safe[at : match.start()]}<b>{safe[match.start() : end]}</b>"
            at = end
    return made + safe[at:]
