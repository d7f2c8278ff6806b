"""Numbers as people write them in Spain ("1.240,50") and in Mexico ("1,240.50")."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from oficrm.rules.problems import Invalid

# Enough for any product of two stored numbers; the default context (28 digits) is not.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

MAX_INTEGER_DIGITS = 15
MAX_DECIMALS = 8

# Countries of the program's public that write a decimal point; all others are taken to write a decimal comma.
_POINT_COUNTRIES = frozenset({"MX", "US", "GB", "GT", "SV", "HN", "NI", "PA", "DO", "PR", "PE"})
_SHAPE = re.compile(r"([+-]?)([0-9]*(?:[.,][0-9]*)*)", re.ASCII)
_MINUS_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-"})


def decimal_mark(country: str) -> str:
    """The decimal separator that a country writes: "," or "."."""
    return "." if country.upper() in _POINT_COUNTRIES else ","


def parse_decimal(text: str, country: str = "ES", *, max_decimals: int = MAX_DECIMALS) -> Decimal:
    """A number typed with either separator; what is ambiguous is read as `country` writes it.

    "1.240,50", "1,240.50", "1240,5" and "1240.5" are clear in both countries. "1.240" is 1240 in Spain and 1.24 in
    Mexico; "1,240" the reverse. Raises Invalid for anything else, for more than 15 whole digits and for more than
    `max_decimals` decimals that are not zeros.
    """
    compact = "".join(text.split()).translate(_MINUS_SIGNS)
    match = _SHAPE.fullmatch(compact)
    if match is None or not any(char.isdigit() for char in compact):
        raise Invalid(f"No es un número: «{_shortened(text)}».")
    sign, digits = match.groups()
    whole, decimals = _split(digits, decimal_mark(country), text)
    decimals = decimals.rstrip("0") if len(decimals) > max_decimals else decimals
    if len(decimals) > max_decimals:
        raise Invalid("No admite decimales." if max_decimals == 0 else f"Admite {max_decimals} decimales como máximo.")
    if len(whole.lstrip("0")) > MAX_INTEGER_DIGITS:
        raise Invalid(f"Es demasiado grande: admite {MAX_INTEGER_DIGITS} cifras enteras.")
    value = Decimal(f"{whole or '0'}.{decimals or '0'}" if decimals else whole or "0")
    return EXACT.minus(value) if sign == "-" and value else value


def parse_integer(text: str, country: str = "ES", *, minimum: int | None = None, maximum: int | None = None) -> int:
    """A whole number, thousands separators allowed. Raises Invalid outside `minimum`..`maximum`."""
    value = int(parse_decimal(text, country, max_decimals=0))
    if minimum is not None and value < minimum:
        raise Invalid(f"Debe ser {minimum} o más.")
    if maximum is not None and value > maximum:
        raise Invalid(f"Debe ser {maximum} o menos.")
    return value


def parse_percent(text: str, country: str = "ES", *, max_decimals: int = 4) -> Decimal:
    """A percentage from 0 to 100, with or without its sign. Raises Invalid outside that range."""
    value = parse_decimal(text.strip().removesuffix("%"), country, max_decimals=max_decimals)
    if not 0 <= value <= 100:
        raise Invalid("Debe estar entre 0 y 100.")
    return value


def format_decimal(value: Decimal | int, country: str = "ES", decimals: int | None = None) -> str:
    """`value` with thousands separators; with `decimals` exactly that many (half-up), else as many as it has."""
    number = Decimal(value)
    if decimals is not None:
        number = round_half_up(number, decimals)
    text = f"{number:,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not number:
        text = text.removeprefix("-")
    return text if decimal_mark(country) == "." else text.translate(str.maketrans(",.", ".,"))


def format_percent(value: Decimal, country: str = "ES") -> str:
    """ "21 %" for 21; decimals only as needed."""
    return f"{format_decimal(value, country)} %"


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Rounded to `decimals` places, halves away from zero, never to minus zero."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), context=EXACT)
    return rounded if rounded else abs(rounded)


def _split(digits: str, mark: str, typed: str) -> tuple[str, str]:
    """Whole and decimal digits of a bare run of digits and separators. Raises Invalid for impossible grouping."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits, ""
    separator, head, tail = digits[last], digits[:last], digits[last + 1 :]
    if separator in head:
        return _ungrouped(digits, separator, typed), ""
    other = "," if separator == "." else "."
    if other in head:
        return _ungrouped(head, other, typed), tail
    if separator != mark and len(tail) == 3 and re.fullmatch("[1-9][0-9]{0,2}", head):
        return head + tail, ""
    return head, tail


def _ungrouped(digits: str, separator: str, typed: str) -> str:
    if not re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+", digits):
        raise Invalid(f"No es un número: «{_shortened(typed)}». Revise los puntos y las comas.")
    return digits.replace(separator, "")


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
