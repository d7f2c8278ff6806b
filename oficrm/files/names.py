"""Names of files: as they are kept and shown, and as they may stand on a disk of any system."""

import re
import unicodedata
from pathlib import Path

from oficrm.files import endings
from oficrm.files.catalogue import Kind
from oficrm.files.endings import has_double_ending
from oficrm.files.limits import MAX_NAME, MAX_SAFE_NAME

__all__ = ["clean_name", "free_name", "has_double_ending", "renamed", "safe_name"]

NAMELESS = "archivo"
NEUTRAL = ".bin"  # added to a program that hides behind another ending: no system runs what ends like this
# Marks that join letters and signs into one; every other invisible one can only deceive
_JOINERS = "\u200c\u200d"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Windows takes these for devices, whatever ending follows
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]|clock\$)\s*(\..*)?$")
_MAX_ENDING = 25  # with its dot
# An ending that somebody typed: no part of a number ("tarifa 1.2") nor of an abbreviation ("para el Sr. Gil")
_TYPED_ENDING = re.compile(r"\.(?=\d*[A-Za-z])[A-Za-z0-9]{1,4}\s*$")


def _is_shown(char: str) -> bool:
    category = unicodedata.category(char)
    return category not in ("Cc", "Cf", "Cs", "Cn") or char in _JOINERS or char.isspace()


def _split(name: str) -> tuple[str, str]:
    """Stem and ending with its dot; an ending too long to be one belongs to the stem."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not ending or len(ending) >= _MAX_ENDING or " " in ending:
        return name, ""
    return stem, dot + ending


def clean_name(name: str) -> str:
    """The name to keep and show: no folders, nothing invisible, no more than `limits.MAX_NAME` characters, never empty.

    Marks that turn the direction of writing go (U+202E makes "factura\u202efdp.exe" read as "facturaexe.pdf").
    """
    last = re.split(r"[/\\]", name.rstrip("/\\ "))[-1]
    shown = unicodedata.normalize("NFC", "".join(filter(_is_shown, last)))
    text = " ".join(shown.split()).strip(_JOINERS + " ")
    if not text.strip(". "):
        return NAMELESS
    if len(text) > MAX_NAME:
        stem, ending = _split(text)
        text = stem[: MAX_NAME - len(ending)].rstrip() + ending
    return text


def renamed(old: str, typed: str) -> str:
    """The name to keep of a file called `old` for which `typed` was given; an ending left out stays as it was."""
    ending = Path(old).suffix
    keeps = typed.strip().lower().endswith(ending.lower()) or _TYPED_ENDING.search(typed)
    return clean_name(typed if keeps else f"{typed.strip()}{ending}")


def safe_name(name: str, kind: Kind) -> str:
    """What a copy may be called on a disk of Windows, macOS and Linux, in at most `limits.MAX_SAFE_NAME` bytes.

    A program that is called like something else ("factura.pdf") gets the ending .bin: a runnable one would arm it. The
    inner ending of "factura.pdf.exe" loses its dot, because systems that hide the last ending would show a PDF.
    """
    text = _FORBIDDEN.sub("_", clean_name(name)).rstrip(". ")
    if has_double_ending(text):
        stem, ending = _split(text)
        text = stem.rstrip(". ").replace(".", "_") + ending
    if text.startswith((".", "-", "~", " ")):
        text = "_" + text.lstrip(".-~ ")
    if _DEVICE.match(text):
        text = "_" + text
    if kind.is_executable and endings.ending_of(text) not in endings.RUNNABLE | {NEUTRAL[1:]}:
        text += NEUTRAL
    return _cut(text)


def _cut(text: str) -> str:
    if len(text.encode()) <= MAX_SAFE_NAME:
        return text
    stem, ending = _split(text)
    room = MAX_SAFE_NAME - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + ending


def free_name(folder: Path, name: str) -> Path:
    """Where `name` (a safe one) may stand in `folder` without covering another file: "informe (2).pdf" when taken.

    Another program can take it before it is used: open it for exclusive creation.
    """
    path = folder / name
    stem, ending = _split(name)
    number = 2
    while path.exists() or path.is_symlink():
        mark = f" ({number})"
        room = MAX_SAFE_NAME - len((mark + ending).encode())
        path = folder / (stem.encode()[:room].decode(errors="ignore").rstrip() + mark + ending)
        number += 1
    return path
