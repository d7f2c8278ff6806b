"""Spanish folding of text, the one place that decides what is equal and what comes first.

Two folds exist because people look things up without accents ("munoz") yet expect lists in
dictionary order, where ñ is a letter of its own after n.
"""

import unicodedata
from functools import lru_cache

LIKE_ESCAPE = "\\"
# Sorts after every ASCII letter, so "n~" comes after "nz" and before "o" in byte order.
_ENYE = "n~"


def _strip_marks(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")


@lru_cache(maxsize=4096)
def _search(text: str) -> str:
    return _strip_marks(text.lower())


def search_fold(text: str | None) -> str:
    """Fold for searching: lower case, no accents, ñ as n."""
    return _search(text) if text else ""


def sort_fold(text: str | None) -> str:
    """Fold for ordering by bytes: lower case, no accents, ñ after n.

    The PostgreSQL function ``ofi_sort`` of the first migration computes the same.
    """
    if not text:
        return ""
    lowered = unicodedata.normalize("NFC", text).lower().replace("ñ", _ENYE)
    return _strip_marks(lowered)


def like_pattern(text: str) -> str:
    """Turn typed text into a LIKE pattern that matches it anywhere, with its wildcards taken literally.

    Signs that no text in the database can hold (NUL, halves of characters) count as blanks.
    """
    folded = search_fold("".join(char if char.isprintable() else " " for char in text).strip())
    for special in (LIKE_ESCAPE, "%", "_"):
        folded = folded.replace(special, LIKE_ESCAPE + special)
    return f"%{folded}%"


def digits(text: str) -> str:
    """Return the digits of a phone number or tax id, for look-ups by any way of writing it."""
    return "".join(char for char in text if char.isdigit())
