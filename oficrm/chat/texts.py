"""Texts from outside made fit to be kept: plain, without what no database holds, not longer than a field."""

import unicodedata

CUT = "… (recortado)"


def block(value: object, most: int) -> str:
    r"""Return a text of several lines; line ends become "\n", control characters go, what is too long is cut."""
    text = value if isinstance(value, str) else ""
    if len(text) > most * 4:
        text = text[: most * 4]
    if not (text.isascii() and text.isprintable()):
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        text = "".join(char for char in unicodedata.normalize("NFC", text) if char == "\n" or _is_fit(char))
    text = text.strip("\n").rstrip()
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def line(value: object, most: int) -> str:
    """Return one clean line without invisible characters, which would make two names look alike."""
    text = value if isinstance(value, str) else ""
    text = unicodedata.normalize("NFC", text[: most * 8])
    kept = (char if not char.isspace() else " " for char in text)
    words = " ".join("".join(char for char in kept if _is_fit(char) and unicodedata.category(char) != "Cf").split())
    return words if len(words) <= most else words[: most - 1] + "…"


def _is_fit(char: str) -> bool:
    """False for control characters, halves of surrogate pairs and noncharacters."""
    return unicodedata.category(char) not in ("Cc", "Cs") and (ord(char) & 0xFFFE) != 0xFFFE
