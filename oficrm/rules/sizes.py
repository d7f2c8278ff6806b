"""Sizes of files: bytes in, words out, and back. Powers of 1,000, as file managers and disks count today."""

import re
from decimal import Decimal

from oficrm.rules import numbers
from oficrm.rules.problems import Invalid

UNITS = ("B", "kB", "MB", "GB", "TB")
MEGABYTE = 1_000_000
_TYPED = re.compile(r"\s*([\d.,]+)\s*([kmgt]?)i?b?\s*", re.IGNORECASE)


def format_size(count: int, country: str = "ES") -> str:
    """Return bytes as people read them: ``640 B``, ``12,4 kB``, ``3 MB``."""
    value, unit = Decimal(count), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    shown = value.quantize(Decimal("0.1")) if value < 100 and unit else value.quantize(Decimal(1))
    if shown == 1000 and unit < len(UNITS) - 1:
        shown, unit = Decimal(1), unit + 1
    return f"{numbers.format_decimal(shown.normalize() if shown else shown, country)} {UNITS[unit]}"


def parse_size(text: str, country: str = "ES") -> int:
    """Read ``500``, ``12 kB``, ``1,5 MB``; a number alone is bytes. Raises Invalid."""
    found = _TYPED.fullmatch(text)
    if found is None:
        raise Invalid("Escriba un tamaño, como 500 kB o 10 MB.")
    number, letter = found.groups()
    power = " kmgt".index(letter.lower() or " ")
    return int(numbers.parse_decimal(number, country) * Decimal(1000) ** power)
