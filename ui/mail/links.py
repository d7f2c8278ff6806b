"""Where the links of a mail lead, and those whose words say another place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from PySide6.QtCore import QUrl

_ANCHOR = re.compile(r'<a\s(?:[a-z-]+="[^"]*"\s+)*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_HOST = re.compile(r"(?:https?://)?(?:[^\s/@]*@)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})(?=[/:?#\s]|$)", re.IGNORECASE)
_MAX_LINKS = 5_000


@dataclass(frozen=True, slots=True)
class Lie:
    """A link whose words name ``says`` while it leads to ``leads``."""

    says: str
    leads: str

    def sentence(self) -> str:
        """What the reader is told before it is followed."""
        return f"El texto del enlace dice «{self.says}», pero lleva a «{self.leads}»."


def lies(html: str) -> dict[str, Lie]:
    """Return the links of harmless HTML that lead to another host than their words name, by their target."""
    found: dict[str, Lie] = {}
    for number, match in enumerate(_ANCHOR.finditer(html)):
        if number >= _MAX_LINKS:
            break
        target = unescape(match[1])
        lie = compare(unescape(_MARKUP.sub("", match[2])), target)
        if lie is not None:
            found.setdefault(QUrl(target).toString(), lie)
    return found


def compare(words: str, target: str) -> Lie | None:
    """Compare what a link says with where it leads; None when it is true, or says no place."""
    leads = host_of(target)
    url = QUrl(target)
    if leads and url.userInfo():
        return Lie(url.userInfo().split(":")[0], leads)
    says = _HOST.match(words.strip())
    if not leads or says is None or "@" in words:
        return None
    name = _plain(QUrl(f"http://{says[1]}").host(QUrl.ComponentFormattingOption.FullyEncoded) or says[1])
    there = _plain(leads)
    is_true = name == there or there.endswith(f".{name}") or name.endswith(f".{there}")
    return None if is_true else Lie(says[1].lower(), leads)


def host_of(target: str) -> str:
    """The host a web address leads to, letters of other alphabets spelt out (xn--): alike is not the same. "" for
    others."""  # noqa: D209
    url = QUrl(target)
    if url.scheme() not in ("http", "https"):
        return ""
    return url.host(QUrl.ComponentFormattingOption.FullyEncoded).lower()


def shown(target: str) -> str:
    """A target as it is shown to the reader: whole, spelt out, cut where it runs on."""
    url = QUrl(target)
    if url.scheme() == "mailto":
        return f"Escribir a {url.path()}"
    text = encoded(target)
    return text if len(text) <= 160 else f"{text[:159]}…"


def encoded(target: str) -> str:
    """A web address with everything spelt out."""
    return QUrl(target).toString(QUrl.ComponentFormattingOption.FullyEncoded)


def _plain(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("www.")
