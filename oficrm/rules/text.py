"""Cleaning of typed or pasted text.

Three kinds of trouble come with pasted text, and each is treated in its own way:

* white space of any sort (tabs, line ends, no-break spaces) is folded into plain spaces: it is how copying works;
* invisible formatting characters (Unicode category Cf: bidirectional overrides, zero-width spaces, byte order marks,
  soft hyphens) are removed: they let two different names look the same, or a name be shown reversed;
* real control characters (NUL, escape, ...), lone surrogates and noncharacters are refused: they mean that the text
  was damaged on its way, and neither PostgreSQL nor XML could hold them.
"""

import re
import unicodedata

from oficrm.rules.problems import Invalid

_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_MANY_BLANK_LINES = re.compile(r"\n{4,}")
# Joiners shape emoji and some scripts inside running text; in a name they only hide.
_JOINERS = "\u200c\u200d"


def clean_line(text: str, max_length: int | None = None) -> str:
    """One clean line: composed (NFC), without invisible characters, white space runs folded to one space, stripped.

    `max_length` counts characters of the cleaned text. Raises Invalid for control characters and for overlong text.
    """
    if not (text.isascii() and text.isprintable()):
        text = _without_hidden(_LINE_ENDS.sub(" ", text.replace("\t", " ")), keep="")
    return _limited(" ".join(text.split()), max_length)


def clean_block(text: str, max_length: int | None = None) -> str:
    r"""Clean text of several lines: line ends become "\n", trailing blanks go, at most two blank lines in a row stay.

    Indentation is kept. Raises Invalid for control characters and for overlong text.
    """
    if not (text.isascii() and text.isprintable()):
        text = _without_hidden(_LINE_ENDS.sub("\n", text.replace("\t", "    ")), keep=_JOINERS)
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    return _limited(_MANY_BLANK_LINES.sub("\n\n\n", "\n".join(lines).rstrip()), max_length)


def plain(text: str) -> str:
    """Lower case without accents and with single spaces, to compare typed words ("Miércoles " -> "miercoles")."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def _without_hidden(text: str, keep: str) -> str:
    """Compose `text`, drop invisible formatting characters (but `keep`), refuse what must not be stored."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category == "Cf" and char not in keep:
            continue
        if category == "Cs" or (category == "Cc" and char != "\n") or (ord(char) & 0xFFFE) == 0xFFFE:
            raise Invalid(f"Contiene un carácter no admitido (U+{ord(char):04X}). Bórrelo y escríbalo de nuevo.")
        kept.append(char)
    # Dropping a character can bring a letter and its accent together, so compose once more.
    return unicodedata.normalize("NFC", "".join(kept))


def _limited(text: str, max_length: int | None) -> str:
    if max_length is not None and len(text) > max_length:
        raise Invalid(f"Admite {max_length} caracteres como máximo y tiene {len(text)}.")
    return text
