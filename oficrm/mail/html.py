"""HTML of a mail: made plain text, and made harmless to be shown (nothing fetched, nothing run)."""

import re
from collections.abc import Collection
from html import escape, unescape

import nh3

from oficrm.mail.decoding import clean_line, clean_text
from oficrm.mail.message import MAX_TEXT


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


REMOTE_IMAGE = "[imagen remota]"
MISSING_IMAGE = "[imagen]"
# Bounds beyond which HTML is a bomb: every later paragraph repeats the formatting elements left open, and the library
# takes time by the square of the depth
_MAX_OPEN = 100
_MAX_REPEATED = 500_000
_MAX_NESTED = 400  # tables for layout come to some thirty
_MAX_LOOSE = 3000
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_LOOSE = _names("li dt dd")  # often left open, one after the other
# Without an end, or whose end the next of them implies
_NEVER_NESTED = _names("p td th tr tbody thead tfoot br hr img meta link input col area base wbr option source")
_LONE_AMPERSAND = re.compile(r"&(?!#?[a-zA-Z0-9]{1,31};)")
_OVERLOADED = re.compile(r"<[a-zA-Z](?:[^<>\s]*+\s++){500}")  # a tag of 500 attributes
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,60})(?=[\s/>])")

# A tag, a comment or a declaration. No part runs past the next "<", so that the whole is read once whatever it holds
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,60})((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>|<(!--|[!?/a-zA-Z])""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s{0,20}=\s{0,20}(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_BLANKS = re.compile(r"[ \t\n\r\f\v\xa0]+")

_SKIPPED = _names("script style title template xml object applet noembed noframes select textarea")
_BLOCKS = _names(
    "address article aside body center dd details div dl dt fieldset figcaption figure footer form header html "
    "main nav section summary table tbody tfoot thead tr ul ol li blockquote pre hr"
)
_SPACED = _names("p h1 h2 h3 h4 h5 h6 ul ol blockquote table pre")
_CELL = "\x1f"  # between the cells of a row; cannot come from the mail, where control characters are dropped


def _attribute(text: str, wanted: str) -> str:
    for match in _ATTRIBUTE.finditer(text):
        if match[1].lower() == wanted:
            return clean_line(unescape(match[2] or match[3] or match[4] or ""))
    return ""


class _Plain:
    """The text being made: lines done, the line being written and what surrounds it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.lists: list[int] = []  # number of the last point, -1 for points without number
        self.preformatted = 0
        self.link: tuple[str, int] | None = None  # where it leads, and how much of the line stood before it

    def text(self, text: str) -> None:
        """Add text between tags."""
        text = unescape(text) if "&" in text else text
        if self.preformatted:
            *whole, last = text.split("\n")
            for line in whole:
                self.line.append(line)
                self.end_line()
            self.line.append(last)
        else:
            self.line.append(_BLANKS.sub(" ", text))

    def end_line(self, keep_empty: bool = True) -> None:
        """End the line; an empty one counts only when told so."""
        joined = "".join(self.line)
        if _CELL in joined:
            joined = " | ".join(cell for part in joined.split(_CELL) if (cell := part.strip()))
        if not self.preformatted:
            joined = _BLANKS.sub(" ", joined).strip()
        self.line = []
        if joined.strip() or keep_empty:
            self.lines.append("> " * min(self.quotes, 8) + joined)

    def space(self) -> None:
        """Leave an empty line, never two."""
        self.end_line(keep_empty=False)
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("")

    def open(self, tag: str, attributes: str) -> None:
        """Begin an element."""
        if tag in _SPACED and not self.lists:
            self.space()
        elif tag in _BLOCKS or tag == "p":
            self.end_line(keep_empty=False)
        if tag == "br":
            self.end_line()
        elif tag == "hr":
            self.lines.append("-" * 20)
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._point()
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "a":
            self.link = _attribute(attributes, "href"), len(self.line)
        elif tag == "img" and (alt := _attribute(attributes, "alt")):
            self.line.append(f"[{alt}]")

    def _point(self) -> None:
        indent = "  " * min(max(len(self.lists) - 1, 0), 8)
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.line.append(f"{indent}{self.lists[-1]}. ")
        else:
            self.line.append(f"{indent}- ")

    def close(self, tag: str) -> None:
        """End an element."""
        if tag == "a" and self.link:
            self._end_link(*self.link)
            self.link = None
        elif tag in ("td", "th"):
            self.line.append(_CELL)
        elif tag in _BLOCKS or tag in _SPACED:
            self.end_line(keep_empty=False)
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        if tag in _SPACED and not self.lists:
            self.space()

    def _end_link(self, target: str, start: int) -> None:
        if not target.lower().startswith(("http://", "https://", "mailto:")):
            return
        shown = target[7:] if target[:7].lower() == "mailto:" else target
        text = "".join(self.line[start:]).strip()
        if text.rstrip("/") not in (shown.rstrip("/"), target, shown.partition("://")[2].rstrip("/")):
            self.line.append(f" <{shown}>" if text else f"<{shown}>")


def to_text(html: str) -> str:
    """Readable plain text of HTML: paragraphs, lists, quotes, tables row by row, links as "text <address>". Scripts and
    styles are dropped. Reads at most 2 x MAX_TEXT characters, each once.
    """
    html = clean_text(html[: 2 * MAX_TEXT])
    plain, position, comments_end = _Plain(), 0, True
    while match := _TAG.search(html, position):
        if match.start() > position:
            plain.text(html[position : match.start()])
        position = match.end()
        if match[4] is not None:  # a comment, a declaration, or a tag too broken to be read
            end = html.find("-->", match.end()) if match[4] == "!--" and comments_end else -1
            if match[4] == "!--" and end == -1:
                comments_end = False  # looked for once, not again from every later comment
            position = end + 3 if end != -1 else _after_broken(html, match.end())
            continue
        tag = match[2].lower()
        if match[1]:
            plain.close(tag)
        elif tag in _SKIPPED and not match[3].endswith("/"):
            end_tag = re.compile(f"</{re.escape(tag)}[^a-z]", re.IGNORECASE).search(html, position)
            position = end_tag.start() if end_tag else len(html)
        else:
            plain.open(tag, match[3])
    if position < len(html):
        plain.text(html[position:])
    plain.end_line(keep_empty=False)
    text = re.sub(r"\n(?:[> ]*\n){2,}", "\n\n", clean_text("\n".join(line.rstrip() for line in plain.lines)))
    return text.strip("\n")


def _after_broken(html: str, position: int) -> int:
    """Past the ">" of a tag that is none, or at the next "<" when that comes first."""
    match = re.compile("[<>]").search(html, position)
    return len(html) if match is None else match.end() if match[0] == ">" else match.start()


# What a mail may show

_TAGS = _names(
    "a abbr address article aside b big blockquote br caption center cite code col colgroup dd del dfn div dl dt "
    "em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nobr ol p pre q s "
    "samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr"
)
_SIZES = _names("align valign width height bgcolor style dir")
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "style", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "table": {*_SIZES, "border", "cellpadding", "cellspacing"},
    "tr": set(_SIZES),
    "td": {*_SIZES, "colspan", "rowspan", "nowrap"},
    "th": {*_SIZES, "colspan", "rowspan", "nowrap"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
}
_DROPPED_WHOLE = _names("script style title template noscript xml object applet iframe svg math head select")
_PROPERTIES = re.compile(
    r"(?:color|background-color|font(?:-(?:family|size|style|weight))?|text-(?:align|decoration|indent)|line-height|"
    r"vertical-align|white-space|width|height|(?:padding|margin|border)(?:-(?:top|right|bottom|left))?|"
    r"border-(?:collapse|color|style|width|spacing)|list-style-type)"
)
# No backslash (it hides letters), no parenthesis but a colour's, hence no url(), no expression()
_VALUE = re.compile(r"(?:[\w\s#.,%+!'\"-]|rgba?\([\d\s.,%]*\)){1,200}", re.ASCII)
# The short form of a ground, of which the colour is kept; white letters would stand on white without it
_GROUND = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([\d\s.,%]{1,40}\)|^[a-z]{3,20}(?=$|\s)", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_IMAGE = re.compile(r"<img((?:[^<>\"]|\"[^\"]*+\")*+)>")
_REMOTE = re.compile(
    r"""<(?:img|input|table|td|th|tr|body|div|video|audio|source|iframe|embed|frame|image|object)\b[^<>]{0,2000}?"""
    r"""\s(?:src|srcset|background|poster|data|href)\s{0,20}=\s{0,20}["']?\s{0,20}(?:https?:)?//"""
    r"""|url\(\s{0,20}["']?\s{0,20}(?:https?:)?//|@import\s|<link\b[^<>]{0,2000}?\shref\s{0,20}=""",
    re.IGNORECASE,
)


def _kept_style(style: str) -> str | None:
    kept = []
    for declaration in style[:4000].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "background" and (ground := _GROUND.search(value)):
            name, value = "background-color", ground[0]
        if name == "display" and value.lower().startswith("none"):  # the line that only previews are meant to show
            kept.append("display: none")
        if _PROPERTIES.fullmatch(name) and _VALUE.fullmatch(value):
            kept.append(f"{name}: {value}")
    return "; ".join(kept) or None


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _kept_style(value)
    if name == "src":
        return value.strip() if value.strip().lower().startswith("cid:") else None
    if name == "href":
        return value.strip() if _LINK.match(value.strip()) else None
    return value


def _is_bomb(html: str) -> bool:
    """Whether so many elements stay open that the rules of HTML would take time or memory by the square of them."""
    formatting = nested = loose = repeated = 0
    if _OVERLOADED.search(html):
        return True
    for match in _ANY_TAG.finditer(html):
        tag, step = match[2].lower(), -1 if match[1] else 1
        if tag in _FORMATTING:
            formatting = max(0, formatting + step)
        elif tag in _LOOSE:
            loose = max(0, loose + step)
        elif tag not in _NEVER_NESTED:
            nested = max(0, nested + step)
        repeated += formatting
        if formatting > _MAX_OPEN or nested > _MAX_NESTED or loose > _MAX_LOOSE or repeated > _MAX_REPEATED:
            return True
    return False


def safe(html: str, inline: Collection[str] | None = None) -> str:
    """HTML that may be shown: no script, no form, no event, nothing that is fetched from anywhere. Remote pictures
    become a text; pictures inside the message stay as cid: for the viewer to resolve (all of them, or those that
    `inline`, the content ids there are, names); links stay only when they lead to the web or to a mail address.

    Reads at most MAX_TEXT characters. HTML built to exhaust the memory comes back as its plain text.
    """
    html = clean_text(html[:MAX_TEXT])
    if _is_bomb(html):
        return f"<pre>{escape(to_text(html))}</pre>"
    cleaned = nh3.clean(
        _LONE_AMPERSAND.sub("&amp;", html),  # which cost the library time by the square of them
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags=set(_DROPPED_WHOLE),
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    known = None if inline is None else {one.strip("<>").lower() for one in inline}

    def picture(match: re.Match[str]) -> str:
        source, alt = _attribute(match[1], "src"), _attribute(match[1], "alt")
        if source and (known is None or source[4:].lower() in known):
            return match[0]
        label = MISSING_IMAGE if source else REMOTE_IMAGE
        return f"<span>{escape(f'{label[:-1]}: {alt}]' if alt else label)}</span>"

    return _IMAGE.sub(picture, cleaned)


def has_remote(html: str) -> bool:
    """Whether the HTML would fetch something from elsewhere (pictures, styles): to tell the reader that it was left
    out.
    """
    return _REMOTE.search(html[:MAX_TEXT]) is not None
