"""HTML of a mail, harmless already, made bearable: what would keep Qt's layout busy for seconds is cut, flattened or
brought into bounds.

Works on what ``oficrm.mail.html.safe`` gives: every tag closed, every attribute ``name="value"``. The layout of tables
takes twice the time for each table around them; words without end, and spans and sizes without measure, take as long
as their author likes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape

MAX_HTML = 250_000
"""Characters of HTML laid out; Qt takes about half a second for them."""
MAX_TEXT_PAGE = 150_000
"""Characters of plain text shown with its quotes and links marked; longer ones are shown bare."""
MAX_WORK = 3_000
"""Cells of tables, and so many times ``CELL`` characters, counted twice for every table around them: 0.4 seconds."""
CELL = 120
MAX_DEPTH = 8
MAX_WIDTH = 1_000
"""Pixels, of pictures and of whatever names its width."""
_MAX_SPAN, _MAX_PADDING, _MAX_FONT = 40, 60, 72
_LONG_WORD = re.compile(r"[^\s<>&\u200b]{400}(?=[^\s<>&\u200b])")
_BREAK = "\u200b"
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+="[^"]*")*)\s*/?>""")
_ATTRIBUTE = re.compile(r'([a-zA-Z-]+)="([^"]*)"')
_NUMBER = re.compile(r"[0-9]{1,9}")
_MEASURE = r"(\d{1,12}(?:\.\d{1,12})?|\.\d{1,12})"
_SIZED = re.compile(rf"{_MEASURE}\s?(px|pt|em|rem|ex|ch|in|cm|mm|pc|vw|vh|%)?")
_FONT_SIZE = re.compile(rf"(font-size: ?){_MEASURE}(px|pt)")
_TABLE = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"})
_BOXES = frozenset({"table", "tr", "td", "th", "caption"})
_VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_LIMITS = {"colspan": _MAX_SPAN, "rowspan": _MAX_SPAN, "cellpadding": _MAX_PADDING, "cellspacing": _MAX_PADDING,
           "border": 4, "width": MAX_WIDTH, "height": 2 * MAX_WIDTH, "span": _MAX_SPAN}  # fmt: skip
_TO_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.34, "em": 13.0, "rem": 13.0, "ex": 7.0, "ch": 7.0, "in": 96.0, "cm": 38.0,
              "mm": 3.8, "pc": 16.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """What can be laid out: HTML, whether some of it was left out, and the colours the mail gives its page."""

    html: str
    is_cut: bool = False
    ground: str = ""
    ink: str = ""


def prepare(safe: str, raw: str = "") -> Paper:
    """Bring harmless HTML into bounds. ``raw`` is the mail as sent, which alone says the colours of the whole page."""
    depth = _deepest(safe)
    out: list[str] = []
    length = level = position = 0
    work = 0.0
    is_cut = False
    hidden = _Hidden()
    for match in _TAG.finditer(safe):
        text = _breakable(safe[position : match.start()])
        position = match.end()
        closing, tag, attributes = match[1] == "/", match[2], match[3]
        was_hidden = hidden.is_on()
        hidden.see(tag, closing, attributes)
        if was_hidden:
            continue
        if hidden.is_on():
            out.append(text)
            length += len(text)
            continue
        if tag == "table":
            level += -1 if closing else 1
        inside = level + 1 if tag == "table" and closing else level
        made = _tag(closing, tag, attributes, flat=inside > depth)
        is_cell = tag in ("td", "th") and not closing and level <= depth
        work += (is_cell + len(text) / CELL) * (1 << max(0, min(level, depth) - 1))
        length += len(text) + len(made)
        if length > MAX_HTML or work > MAX_WORK:
            out.append(text[: max(0, MAX_HTML - length + len(text))])
            is_cut = True
            break
        out += (text, made)
    else:
        rest = _breakable(safe[position:])
        is_cut = length + len(rest) > MAX_HTML
        out.append(rest[: MAX_HTML - length])
    ground, ink = _page_colours(raw)
    return Paper("".join(out), is_cut, ground, ink)


class _Hidden:
    """Whether what is read stands inside an element that the mail hides (the line meant for previews alone)."""

    def __init__(self) -> None:
        self._tag, self._depth = "", 0

    def is_on(self) -> bool:
        """Whether nothing is shown now."""
        return self._depth > 0

    def see(self, tag: str, closing: bool, attributes: str) -> None:
        """Take the next tag."""
        if self._depth and tag == self._tag:
            self._depth += -1 if closing else 1
        elif not self._depth and not closing and "display: none" in attributes and tag not in _VOID:
            self._tag, self._depth = tag, 1


def _deepest(safe: str) -> int:
    """How many tables within each other stay tables: as many as the layout bears, at least one."""
    level = position = 0
    held: Counter[int] = Counter()
    for match in re.finditer(r"<(/?)(table|td|th)\b", safe):
        held[level] += (match.start() - position) // CELL
        position = match.end()
        if match[2] == "table":
            level = max(0, level - 1) if match[1] else level + 1
        elif not match[1]:
            held[level] += 1
    most = max(held, default=0)
    for depth in range(min(most, MAX_DEPTH), 1, -1):
        if sum(count << max(0, min(at, depth) - 1) for at, count in held.items()) <= MAX_WORK:
            return depth
    return 1


def _tag(closing: bool, tag: str, attributes: str, *, flat: bool) -> str:
    if flat and tag in _TABLE:
        if tag not in _BOXES:
            return ""
        tag = "div"
        attributes = "".join(f' style="{each[2]}"' for each in _ATTRIBUTE.finditer(attributes) if each[1] == "style")
    if closing:
        return f"</{tag}>"
    return f"<{tag}{_ATTRIBUTE.sub(_bounded, attributes)}>" if attributes else f"<{tag}>"


def _bounded(match: re.Match[str]) -> str:
    name, value = match[1], match[2]
    if name == "style":
        return f'style="{"; ".join(_declaration(each) for each in value.split(";"))}"'
    limit = _LIMITS.get(name)
    if limit is None or value.endswith("%"):
        return match[0]
    number = _NUMBER.match(value.strip())
    return f'{name}="{min(int(number[0]), limit)}"' if number else ""


def _declaration(text: str) -> str:
    name, _, value = text.strip().partition(":")
    most = _MAX_FONT if name == "font-size" else _MAX_PADDING if name.startswith(("padding", "margin")) else MAX_WIDTH
    if name.startswith(("color", "background", "font-family")) or "#" in value:
        return text.strip()

    def limited(match: re.Match[str]) -> str:
        unit, number = match[2] or "", float(match[1])
        too_large = number > 400 if unit not in _TO_PIXELS else number * _TO_PIXELS[unit] > most
        return f"{most}px" if too_large else match[0]

    return f"{name}:{_SIZED.sub(limited, value)}"


def _breakable(text: str) -> str:
    """Let a word without end be broken somewhere."""
    return _LONG_WORD.sub(lambda match: match[0] + _BREAK, text) if len(text) > 400 else text


_BODY = re.compile(r"<body\b([^<>]{0,2000})>", re.IGNORECASE)
_COLOUR = r"(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|[a-zA-Z]{3,20})"
_GROUND = re.compile(rf"""bgcolor\s*=\s*["']?\s*{_COLOUR}(?![\w#])|background(?:-color)?\s*:\s*{_COLOUR}(?![\w(-])""")
_INK = re.compile(rf"""(?<![\w-])text\s*=\s*["']?\s*{_COLOUR}(?![\w#])|(?<![\w-])color\s*:\s*{_COLOUR}(?![\w(-])""")


def _page_colours(raw: str) -> tuple[str, str]:
    """Ground and ink of the body element, "" where it names none: a white text is written for a dark page."""
    body = _BODY.search(raw[:100_000])
    if body is None:
        return "", ""
    found = [each.search(body[1]) for each in (_GROUND, _INK)]
    ground, ink = ((match[1] or match[2]) if match else "" for match in found)
    return ground, ink


def zoomed(html: str, factor: float) -> str:
    """The same HTML with its own sizes of letters made larger or smaller; what names no size follows the font."""
    if factor == 1:
        return html

    def larger(match: re.Match[str]) -> str:
        return _FONT_SIZE.sub(lambda size: f"{size[1]}{float(size[2]) * factor:.1f}{size[3]}", match[0])

    return _TAG.sub(larger, html)


_LINK = re.compile(
    r"https?://[^\s<>\"'«»]{1,2000}[^\s<>\"'«».,;:!?)\]]|[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}"
)


def text_page(text: str) -> str:
    """Plain text as HTML: its lines kept, addresses to be followed, quoted lines (``>``) of class ``quote``.

    "" for a text too long for that, to be shown bare.
    """
    if len(text) > MAX_TEXT_PAGE:
        return ""
    return "".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    kind = ' class="quote"' if line.startswith(">") else ""
    pieces, position = [], 0
    for match in _LINK.finditer(line):
        target = match[0] if match[0].startswith("http") else f"mailto:{match[0]}"
        pieces += [escape(line[position : match.start()]), f'<a href="{escape(target)}">{escape(match[0])}</a>']
        position = match.end()
    pieces.append(escape(line[position:]))
    made = _breakable("".join(pieces))
    return f"<p{kind}>{made}</p>" if made.strip() else '<p style="-qt-paragraph-type: empty"><br></p>'


def bare(text: str) -> str:
    """A long plain text with words that can be broken."""
    return _breakable(text)
