"""Tooltips of texts that came from outside: Qt takes what looks like HTML for HTML, and would fetch its pictures."""

import html

from PySide6.QtGui import Qt


def wrapped(text: str) -> str:
    """A text as a tooltip that is never taken for HTML, in lines of bearable length."""
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>' if text else ""


def plain(text: str) -> str:
    """The text itself, unless Qt would take it for HTML."""
    return wrapped(text) if Qt.mightBeRichText(text) else text
