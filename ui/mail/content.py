"""A message made ready to be shown: all that takes time or care is done here, beside the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QImage

from oficrm.mail import html as mail_html
from oficrm.mail.message import MAX_TEXT, Message
from ui.mail import links, paper, pictures
from ui.mail.links import Lie
from ui.mail.paper import Paper


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view needs of a message. ``page`` is harmless HTML within bounds, None for a message of text alone."""

    text: str = ""
    page: Paper | None = None
    text_html: str = ""
    pictures: dict[str, QImage] = field(default_factory=dict)
    lies: dict[str, Lie] = field(default_factory=dict)
    has_remote: bool = False
    is_cut: bool = False


def make_ready(message: Message) -> Shown:
    """Return what is shown of a message: harmless, within bounds, its pictures read. For the slow lane."""
    text = paper.bare(message.text)
    text_html = paper.text_page(message.text)
    if not message.html.strip():
        return Shown(text, None, text_html, is_cut=len(message.text) >= MAX_TEXT)
    inline = pictures.read_pictures(message.parts)
    page = paper.prepare(mail_html.safe(message.html, inline=inline), message.html)
    return Shown(
        text, page, text_html, inline, links.lies(page.html), mail_html.has_remote(message.html),
        page.is_cut or len(message.html) >= MAX_TEXT,
    )  # fmt: skip
