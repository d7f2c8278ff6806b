"""Icons by meaning, from the Phosphor set that qtawesome carries.

``icon("email")`` draws itself in the colours in force at the moment of painting, so that a change of theme needs no
new icons.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont

from ui import theme

GLYPHS: dict[str, str] = {
    # contact types
    "email": "envelope",
    "visit": "map-pin",
    "other": "chat-circle-dots",
    "fax": "printer",
    "demo": "presentation-chart",
    "fair": "storefront",
    "web": "globe",
    "post": "envelope-open",
    "phone": "phone",
    # modules
    "contact": "chats-circle",
    "client": "buildings",
    "person": "user",
    "people": "users",
    "product": "package",
    "service": "wrench",
    "opportunity": "target",
    "quote": "file-text",
    "interest": "heart",
    "origin": "compass",
    "branch": "tree-structure",
    "custom_field": "sliders-horizontal",
    "document_template": "layout",
    "chat": "chat-text",
    "send": "paper-plane-right",
    "meeting": "handshake",
    "sector": "factory",
    "action": "check-square",
    "action_type": "check-square",
    "contact_type": "tag",
    "result": "flag",
    "salesperson": "identification-badge",
    "today_view": "sun",
    "activity": "activity",
    "invoice": "receipt",
    "price_list": "currency-circle-dollar",
    "sale": "shopping-cart",
    "payment": "money",
    "credit_note": "note",
    "purchase": "handbag",
    "vendor": "storefront",
    "warehouse": "factory",
    "category": "folders",
    "user": "user-circle",
    "lot": "barcode",
    "stock_movement": "swap",
    "truck": "truck",
    "cash_flow": "chart-line-up",
    "bank": "bank",
    "bank_transaction": "arrows-left-right",
    "commission": "percent",
    "subscription": "repeat",
    "contract": "shield-check",
    "task": "check-square-offset",
    "assignment": "key",
    "address": "map-trifold",
    "comment": "chat-teardrop-text",
    "log": "notebook",
    "prospect": "user-plus",
    "case": "lifebuoy",
    "asset": "laptop",
    "project": "columns",
    "campaign": "megaphone",
    "document": "file",
    "catalog": "books",
    "settings": "gear",
    "report": "chart-bar",
    # kinds of file
    "files": "files",
    "folder": "folder",
    "document_folder": "folder",
    "email_message": "envelope",
    "file_pdf": "file-pdf",
    "file_image": "image",
    "file_text": "file-text",
    "file_word": "article",
    "file_excel": "table",
    "file_slides": "presentation",
    "file_mail": "envelope-simple",
    "file_archive": "archive",
    "file_audio": "music-note",
    "file_video": "film-strip",
    "file_program": "terminal-window",
    # actions
    "add": "plus",
    "edit": "pencil-simple",
    "view": "eye",
    "delete": "trash",
    "history": "clock-counter-clockwise",
    "change_date": "calendar-plus",
    "print": "printer",
    "export": "export",
    "import": "download-simple",
    "load": "arrows-clockwise",
    "search": "magnifying-glass",
    "undo": "arrow-u-up-left",
    "redo": "arrow-u-up-right",
    "save": "floppy-disk",
    "clear": "x",
    "close": "x",
    "accept": "check",
    "open": "arrow-square-out",
    "copy": "copy",
    "add_file": "file-plus",
    "add_mail": "envelope-simple",
    "rename": "text-aa",
    "save_as": "file-arrow-down",
    "new_version": "file-arrow-up",
    "versions": "stack",
    "validate": "check-circle",
    "reject": "x-circle",
    "reopen": "circle",
    "take_off": "file-minus",
    "properties": "info",
    "preview": "layout",
    "drop": "tray",
    "more": "dots-three-vertical",
    "actions": "dots-three",
    "filter": "funnel",
    "columns": "columns",
    "star": "star",
    "star_on": "star-fill",
    "link": "link",
    "attach": "paperclip",
    "no_mail": "prohibit",
    "mailbox": "archive-box",
    "next": "calendar-check",
    "new_linked": "plus-circle",
    "restore": "arrow-counter-clockwise",
    "image": "image",
    "paste": "clipboard",
    "timer": "timer",
    "play": "play-circle",
    "escalate": "arrow-fat-line-up",
    "renew": "arrows-clockwise",
    "stop": "stop-circle",
    "calendar": "calendar-blank",
    "clock": "clock",
    "palette": "command",
    "theme": "moon",
    "help": "question",
    "backup": "database",
    "pin": "push-pin",
    "lock": "lock-simple",
    "sort": "sort-ascending",
    "table": "table",
    "pdf": "file-pdf",
    "call": "phone-call",
    "quit": "sign-out",
    "spread": "arrows-out-line-horizontal",
    # states and marks
    "overdue": "warning",
    "today": "sun",
    "done": "check-circle",
    "pending": "circle",
    "won": "trophy",
    "lost": "x-circle",
    "error": "warning-circle",
    "info": "info",
    "bell": "bell",
    "busy": "hourglass",
    "empty": "tray",
    "expand": "caret-down",
    "collapse": "caret-up",
    "right": "caret-right",
    "left": "caret-left",
    "arrow_right": "arrow-right",
    "menu": "list",
}


@cache
def _charmap() -> dict[str, str]:
    """Glyph name to hexadecimal code point."""
    names: dict[str, str] = json.loads(next(_folder().glob("phosphor-charmap-*.json")).read_text(encoding="utf-8"))
    return names


@cache
def _raw_font() -> QRawFont:
    """The icon font, 256 units high."""
    return QRawFont(str(next(_folder().glob("phosphor-[0-9]*.ttf"))), 256)


@cache
def _folder() -> Path:
    """Where qtawesome keeps its fonts. Importing it would load QtPy and eleven fonts for the one we draw from."""
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("qtawesome")
    return Path(spec.origin).parent / "fonts"


@cache
def _outline(glyph: str) -> QPainterPath:
    """The drawing of one glyph, 256 units high, centred on the origin. Unknown glyph: KeyError."""
    raw = _raw_font()
    indexes = raw.glyphIndexesForString(chr(int(_charmap()[glyph], 16)))
    path = raw.pathForGlyph(indexes[0])
    path.setFillRule(Qt.FillRule.WindingFill)
    # Centred by the em box, not by the ink: icons of a column then share one base.
    advance = raw.advancesForGlyphIndexes(indexes, QRawFont.LayoutFlag.SeparateAdvances)[0].x()
    return path.translated(-advance / 2, (raw.ascent() - raw.descent()) / 2)


class _Engine(QIconEngine):
    """Paints one glyph in a colour looked up while painting."""

    def __init__(self, glyph: str, role: str) -> None:
        super().__init__()
        self._glyph = glyph
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = self._role
        if mode == QIcon.Mode.Disabled:
            role = "disabled"
        elif mode == QIcon.Mode.Selected and role == "icon":
            role = "selection_text"
        draw(painter, QRectF(rect), self._glyph, role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        if made.isNull():  # Qt asks for icons of no size where it measures
            return made
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._glyph, self._role)


def draw(painter: QPainter, rect: QRectF, glyph: str, role: str) -> None:
    """Paint a Phosphor glyph centred in ``rect`` in the theme colour called ``role``."""
    size = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    centre: QPointF = rect.center()
    painter.translate(centre)
    painter.scale(size / 256, size / 256)
    painter.fillPath(_outline(glyph), theme.color(role))
    painter.restore()


def paint(painter: QPainter, rect: QRectF, name: str, role: str = "icon") -> None:
    """Paint the icon called ``name``; for delegates and widgets that draw themselves. Unknown: KeyError."""
    draw(painter, rect, GLYPHS[name], role)


@cache
def icon(name: str, role: str = "icon") -> QIcon:
    """The icon for a meaning (a key of ``GLYPHS``), tinted with a theme colour. Unknown name: KeyError."""
    return QIcon(_Engine(GLYPHS[name], role))


def has(name: str) -> bool:
    """Whether there is an icon of this name."""
    return name in GLYPHS


def known(name: str) -> str:
    """The name, or that of a plain document where there is no such icon: a newer file may name one."""
    return name if has(name) else "document"
