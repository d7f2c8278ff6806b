"""Durations: whole minutes inside, hours and minutes outside."""

import re
from decimal import Decimal

from oficrm.rules.numbers import round_half_up
from oficrm.rules.problems import Invalid

MAX_MINUTES = 24 * 60

_HINT = "Escriba minutos (90) u horas y minutos (1:30, 1h30, 1,5h)."
_FORMS = (
    re.compile(r"(?P<minutes>[0-9]{1,6})(?:m|min|mins|minutos?|')?", re.ASCII),
    re.compile(r"(?P<hours>[0-9]{1,4}):(?P<minutes>[0-5][0-9])(?:h|horas?)?", re.ASCII),
    re.compile(r"(?P<hours>[0-9]{1,4})(?:h|horas?)(?:y?(?P<minutes>[0-9]{1,2})(?:m|min|minutos?|')?)?", re.ASCII),
    re.compile(r"(?P<hours>[0-9]{1,4}[.,][0-9]{1,2})(?:h|horas?)", re.ASCII),
)


def parse_minutes(text: str) -> int:
    """Minutes of "90", "1:30", "1h30", "1h", "45m", "1,5h" or "1 h 30 min".

    A fraction of an hour is rounded to the nearest minute. Raises Invalid for negative durations, for more than 24
    hours and for any other text.
    """
    compact = "".join(text.casefold().split())
    if compact.startswith(("-", "\u2212")):
        raise Invalid("La duración no puede ser negativa.")
    for form in _FORMS:
        match = form.fullmatch(compact)
        if match is not None:
            return _checked(match)
    raise Invalid(f"No es una duración. {_HINT}")


def format_minutes(minutes: int) -> str:
    """ "1 h 30 min" for 90, "45 min" for 45, "2 h" for 120. Sums may be longer than a day ("31 h 5 min")."""
    if minutes < 0:
        raise Invalid("La duración no puede ser negativa.")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _checked(match: re.Match[str]) -> int:
    found = match.groupdict()
    rest = int(found.get("minutes") or 0)
    if "hours" in found and rest > 59:
        raise Invalid(f"Los minutos van de 0 a 59. {_HINT}")
    hours = Decimal((found.get("hours") or "0").replace(",", "."))
    minutes = int(round_half_up(hours * 60, 0)) + rest
    if minutes > MAX_MINUTES:
        raise Invalid("La duración no puede pasar de 24 horas.")
    return minutes
