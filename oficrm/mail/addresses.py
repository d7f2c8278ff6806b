"""Addresses of a header (RFC 5322 3.4) as people and programs write them: commas in names, groups, comments, semicolons
of Outlook, names with encoded words. One pass, in time that grows with the length of the header.
"""

import re

from oficrm.mail.decoding import clean_line, decode_words
from oficrm.mail.message import Address

MAX_ADDRESSES = 2000  # of one header

_TOKEN = re.compile(
    r"""
      (?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=)     # an encoded word, with commas inside it or not
    | "(?P<quoted>(?:[^"\\]|\\.)*)(?:"|\\?$)
    | \((?P<comment>[^()]*)\)?
    | <(?P<angle>[^<>]*)>?
    | (?P<mark>[,;:])
    | (?P<blank>\s+)
    | (?P<atom>[^\s,;:"(<=]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_EMAIL = re.compile(
    r"""(?:"[^"\x00-\x1f\x7f]{1,64}"|[^\s@"<>(),;:\\\x00-\x1f\x7f]{1,250})@[^\s@"<>(),;:\\\x00-\x1f\x7f]{1,250}"""
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def as_email(text: str) -> str:
    """The address in `text` in lower case, "" when it is none (an Exchange path, a bare name)."""
    bare = clean_line(text).strip("<>' ").lower().removeprefix("mailto:").rstrip(".")
    if bare[:1] == bare[-1:] == '"':
        bare = bare.strip('"')
    return bare if len(bare) <= 320 and _EMAIL.fullmatch(bare) else ""


def make_address(name: str, email: str) -> Address:
    """Address of a decoded name and whatever stands for an address; a name that only repeats the address is dropped."""
    found = as_email(email)
    shown = clean_line(name).strip("'\" ")
    if not found:
        found = as_email(shown)
        shown = shown or clean_line(email)
    return Address("" if shown.lower() == found else shown[:250], found)


class _One:
    """The address being read: its words so far and what stood in angle brackets or in a comment."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.angle: str | None = None
        self.comment = ""
        self.has_at = False

    def finish(self) -> Address | None:
        text = decode_words("".join(self.words)).strip()
        comment = decode_words(self.comment)
        if self.angle is not None:
            return make_address(text or comment, decode_words(self.angle)) if text or self.angle.strip() else None
        if not text:
            return None
        if email := as_email(text):
            return make_address(comment, email)
        candidates = [word for word in text.split() if "@" in word and as_email(word)]
        if not candidates:
            return Address(clean_line(text)[:250], "")
        return make_address(" ".join(w for w in text.split() if w != candidates[-1]) or comment, candidates[-1])


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Addresses of a header value, encoded words not yet decoded. Empty groups (undisclosed-recipients:;) give none; a
    name nobody could send to gives an address without email.
    """
    found: list[Address] = []
    one = _One()
    loose = ""  # "Pérez" of an unquoted "Pérez, Ana <ana@x.es>": a name cut by its own comma

    def close(mark: str) -> None:
        nonlocal one, loose
        address = one.finish()
        if address and loose and one.angle is not None:
            address = Address(f"{loose}, {address.name}" if address.name else loose, address.email)
        elif loose:
            found.append(Address(loose, ""))
        loose = ""
        if address and not address.email and one.angle is None and mark == ",":
            loose = address.name
        elif address:
            found.append(address)
        one = _One()

    for match in _TOKEN.finditer(value):
        kind, text = match.lastgroup, match[0]
        if kind == "mark" and text == ":" and one.angle is None and not one.has_at:
            one = _One()  # the name of a group
        elif kind == "mark" and text in ",;":
            close(text)
            if len(found) >= MAX_ADDRESSES:
                return tuple(found)
        elif kind == "angle":
            one.angle = one.angle or match["angle"]
        elif kind == "comment":
            one.comment = one.comment or match["comment"]
        elif kind == "quoted":
            inner = _ESCAPE.sub(r"\1", match["quoted"])
            followed = value[match.end() : match.end() + 1] == "@"
            one.words.append(f'"{inner}"' if followed else inner)
        else:
            one.words.append(text)
            one.has_at = one.has_at or "@" in text
    close("")
    return tuple(found)
