"""Dates and times as people type and read them: "hoy", "lun", "+3d", "15/3", "lun 24 nov 10:30".

Every function takes the day that counts as today, so that nothing here depends on the clock (only `short_date` looks
at it when told nothing).
"""

import calendar as months
import datetime as dt
import re
from collections.abc import Callable
from typing import Literal

from oficrm import clock
from oficrm.rules.problems import Invalid
from oficrm.rules.text import plain
from oficrm.rules.workdays import FIRST_YEAR, LAST_YEAR, WorkCalendar, check_year, out_of_range

Lean = Literal["year", "future", "past"]
"""Which year a date without one falls in: this one, the next such day (today included), or the last such day."""

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_WEEKDAY_NUMBER = {plain(name)[:size]: number for number, name in enumerate(WEEKDAYS) for size in (3, 20)}
_MONTH_NUMBER = {name[:size]: number for number, name in enumerate(MONTHS, 1) for size in (3, 20)} | {
    "sept": 9,
    "setiembre": 9,
}
_WORD_DAYS = {
    "hoy": 0,
    "manana": 1,
    "man": 1,
    "pasado": 2,
    "pasado manana": 2,
    "ayer": -1,
    "anteayer": -2,
    "antier": -2,
}
_UNITS = {
    "d": "d",
    "dia": "d",
    "dias": "d",
    "s": "s",
    "sem": "s",
    "semana": "s",
    "semanas": "s",
    "m": "m",
    "mes": "m",
    "meses": "m",
    "a": "a",
    "ano": "a",
    "anos": "a",
    "l": "l",
    "lab": "l",
    "laborable": "l",
    "laborables": "l",
}

_RELATIVE = re.compile(r"([+-]|en |dentro de )? ?([0-9]{1,6}) ?([a-z]*)", re.ASCII)
_NUMERIC = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})(?:[/.\- ]([0-9]{1,4}))?", re.ASCII)
_ISO = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})", re.ASCII)
_WORDED = re.compile(
    r"([0-9]{1,2})(?: de | ?[/.\-] ?| ?)([a-z]+)\.?(?: del? | ?[/.\-] ?| )?([0-9]{2,4})?",
    re.ASCII,
)
_NAMED_DAY = re.compile(r"([a-z]+)[.,]? (?=[0-9])", re.ASCII)
_COMPACT = re.compile(r"[0-9]{6}|[0-9]{8}", re.ASCII)
_CLOCK = r"[0-9]{1,2}(?:(?:[:.h][0-9]{2}){1,2}|h)?(?:\.[0-9]+)? ?(?:[ap]\.? ?m\.?)?"
_DATE_AND_TIME = re.compile(rf"(.+?)(?:(?<=[0-9])t| )(?:a las? )?({_CLOCK})", re.ASCII)
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:\.[0-9]+)?)?|h)?"
    r" ?(?:(?P<half>[ap])\.? ?m\.?)?|(?P<compact>[0-9]{3,4})",
    re.ASCII,
)

PERIODS: dict[str, str] = {
    "hoy": "Hoy",
    "ayer": "Ayer",
    "mañana": "Mañana",
    "semana": "Esta semana",
    "semana_pasada": "Semana pasada",
    "semana_proxima": "Semana próxima",
    "mes": "Este mes",
    "mes_pasado": "Mes pasado",
    "vencidos": "Vencidos",
}

_HELP = "Pruebe con hoy, mañana, lun, +3d, 15/3 o 15/3/2026."


def parse_date(text: str, today: dt.date, calendar: WorkCalendar | None = None, *, lean: Lean = "year") -> dt.date:
    """The day that `text` names, seen from `today`.

    Understands hoy, mañana, pasado, ayer, weekdays (the next such day, today excluded), +3d, +2s, +1m, +1a, -3d, +5l
    (working days, which need `calendar`), 15, 15/3, 15/3/26, 15-3-2026, 2026-03-15, 150326, 15 mar, 15 de marzo de
    2026, fin de mes and what short_date and long_date write, with or without accents. Two figures for a year mean the
    one from 70 years ago to 29 ahead. Raises Invalid for impossible days and for years outside 1900..2200.
    """
    words = plain(text).rstrip(".,")
    if not words:
        raise Invalid(f"Falta la fecha. {_HELP}")
    for reader in (_read_words, _read_relative, _read_iso, _read_numeric, _read_worded):
        found = reader(words, today, calendar, lean)
        if found is not None:
            return check_year(found)
    raise Invalid(f"No es una fecha. {_HELP}")


def parse_date_time(
    text: str, today: dt.date, calendar: WorkCalendar | None = None, *, lean: Lean = "year"
) -> tuple[dt.date, dt.time | None]:
    """Day and, when one is given, time: "mañana 10", "lun 10:30", "+1s a las 9h", "15/3 16:15", "2026-03-15T10:30".

    A time alone ("10:30") is today. Raises Invalid as parse_date and parse_time do.
    """
    words = plain(text)
    match = _DATE_AND_TIME.fullmatch(words)
    if match is not None and not _is_only_a_date(match[1], match[2]):
        return parse_date(match[1], today, calendar, lean=lean), parse_time(match[2])
    if re.fullmatch(_CLOCK, words) and not _NUMERIC.fullmatch(words) and not words.isdigit():
        return today, parse_time(words)
    return parse_date(text, today, calendar, lean=lean), None


def parse_time(text: str) -> dt.time:
    """A time of day to the minute: "10", "10:30", "10.30", "10h30", "1030", "4 pm". Seconds are cut off.

    Raises Invalid for anything else.
    """
    match = _TIME.fullmatch(plain(text))
    if match is None:
        raise Invalid("No es una hora. Escriba, por ejemplo, 10:30.")
    compact = match["compact"]
    hour = int(compact[:-2] if compact else match["hour"])
    minute = int(compact[-2:] if compact else match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise Invalid("Con a. m. o p. m. la hora va de 1 a 12.")
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    if hour > 23 or minute > 59 or int(match["second"] or 0) > 59:
        raise Invalid("La hora va de 0:00 a 23:59.")
    return dt.time(hour, minute)


def short_date(day: dt.date, today: dt.date | None = None) -> str:
    """ "lun 24 nov"; the year is added when it is not that of `today` (the real today when not given)."""
    year = (today or clock.today()).year
    text = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return text if day.year == year else f"{text} {day.year}"


def compact_date(day: dt.date, today: dt.date) -> str:
    """As short as `short_date` of the present year: with a year there is no room for the weekday ("24 nov 2027")."""
    return short_date(day, today) if day.year == today.year else f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def long_date(day: dt.date) -> str:
    """ "lunes 24 de noviembre de 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]} de {day.year}"


def short_time(time: dt.time) -> str:
    """ "10:30"."""
    return f"{time.hour}:{time.minute:02}"


def period(token: str, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the period named by a key of PERIODS; None is open. Weeks begin on Monday.

    Raises Invalid for an unknown token.
    """
    monday = today - dt.timedelta(days=today.weekday())
    if token in ("hoy", "ayer", "mañana"):
        day = today + dt.timedelta(days={"hoy": 0, "ayer": -1, "mañana": 1}[token])
        return day, day
    if token in ("semana", "semana_pasada", "semana_proxima"):
        first = monday + dt.timedelta(weeks={"semana": 0, "semana_pasada": -1, "semana_proxima": 1}[token])
        return first, first + dt.timedelta(days=6)
    if token in ("mes", "mes_pasado"):
        first = add_months(today.replace(day=1), 0 if token == "mes" else -1)
        return first, _end_of_month(first)
    if token == "vencidos":
        return None, today - dt.timedelta(days=1)
    raise Invalid(f"No se conoce el periodo «{token}».")


def add_months(day: dt.date, count: int) -> dt.date:
    """`day` moved by whole months; the 31st becomes the last day of a shorter month. Raises Invalid out of range."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise out_of_range()
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _is_only_a_date(words: str, clock: str) -> bool:
    """Whether the last number belongs to the day: "15 3" and "15 mar 26" have no time, "15 mar 10" has one."""
    return clock.isdigit() and (words.isdigit() or int(clock) > 23)


def _end_of_month(day: dt.date) -> dt.date:
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def _read_words(words: str, today: dt.date, _calendar: WorkCalendar | None, _lean: Lean) -> dt.date | None:
    if words in _WORD_DAYS:
        return today + dt.timedelta(days=_WORD_DAYS[words])
    if words in ("fin de mes", "fin mes"):
        return _end_of_month(today)
    if words in ("fin de ano", "fin ano"):
        return dt.date(today.year, 12, 31)
    name = words.removeprefix("el ").removeprefix("proximo ").removesuffix(" que viene").removesuffix(" proximo")
    if name in _WEEKDAY_NUMBER:
        return today + dt.timedelta(days=(_WEEKDAY_NUMBER[name] - today.weekday() - 1) % 7 + 1)
    return None


def _read_relative(words: str, today: dt.date, calendar: WorkCalendar | None, lean: Lean) -> dt.date | None:
    match = _RELATIVE.fullmatch(words)
    if match is None or (match[3] and match[3] not in _UNITS):
        return None
    if not match[1] and not match[3]:
        return _read_bare_number(match[2], today, lean)
    count = -int(match[2]) if match[1] == "-" else int(match[2])
    unit = _UNITS[match[3] or "d"]
    if unit == "l":
        if calendar is None:
            raise Invalid("Aquí no se pueden contar días laborables. Use +3d o +1s.")
        return calendar.add(today, count)
    if unit in ("m", "a"):
        return add_months(today, count * (12 if unit == "a" else 1))
    try:
        return today + dt.timedelta(days=count * (7 if unit == "s" else 1))
    except OverflowError as error:
        raise out_of_range() from error


def _read_bare_number(digits: str, today: dt.date, lean: Lean) -> dt.date | None:
    """A day of the month ("15") or a date without separators ("150326", "15032026", "20260315")."""
    if len(digits) <= 2:
        return _in_month(int(digits), today, lean)
    if len(digits) == 6:
        return _date(_full_year(digits[4:], today), int(digits[2:4]), int(digits[:2]))
    return None


def _read_iso(words: str, _today: dt.date, _calendar: WorkCalendar | None, _lean: Lean) -> dt.date | None:
    if _COMPACT.fullmatch(words):
        if int(words[2:4]) > 12:
            return _date(int(words[:4]), int(words[4:6]), int(words[6:]))
        return _date(int(words[4:]), int(words[2:4]), int(words[:2]))
    match = _ISO.fullmatch(words)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _read_numeric(words: str, today: dt.date, _calendar: WorkCalendar | None, lean: Lean) -> dt.date | None:
    match = _NUMERIC.fullmatch(_without_weekday(words))
    if match is None:
        return None
    if match[3] is None:
        return _in_year(int(match[1]), int(match[2]), today, lean)
    return _date(_full_year(match[3], today), int(match[2]), int(match[1]))


def _read_worded(words: str, today: dt.date, _calendar: WorkCalendar | None, lean: Lean) -> dt.date | None:
    rest = _without_weekday(words)
    if rest != words and rest.isdigit() and len(rest) <= 2:
        return _in_month(int(rest), today, lean)
    match = _WORDED.fullmatch(rest)
    if match is None or match[2] not in _MONTH_NUMBER:
        return None
    month = _MONTH_NUMBER[match[2]]
    if match[3] is None:
        return _in_year(int(match[1]), month, today, lean)
    return _date(_full_year(match[3], today), month, int(match[1]))


def _without_weekday(words: str) -> str:
    """A leading weekday is decoration: correcting only the number of a shown date must not be an error."""
    match = _NAMED_DAY.match(words)
    return words[match.end() :] if match and match[1] in _WEEKDAY_NUMBER else words


def _full_year(digits: str, today: dt.date) -> int:
    year = int(digits)
    if len(digits) != 2:
        return year
    first = today.year - 70
    return first + (year - first) % 100


def _in_year(day: int, month: int, today: dt.date, lean: Lean) -> dt.date:
    """The date without year that `lean` asks for; the 29th of February may need another year."""
    if lean == "year":
        return _date(today.year, month, day)
    years = range(today.year, today.year + 9) if lean == "future" else range(today.year, today.year - 9, -1)
    candidates = (dt.date(year, month, day) for year in years if _exists(year, month, day))
    fitting: Callable[[dt.date], bool] = today.__le__ if lean == "future" else today.__ge__
    found = next(filter(fitting, candidates), None)
    return found if found is not None else _date(today.year, month, day)


def _in_month(day: int, today: dt.date, lean: Lean) -> dt.date:
    """That day of this month; leaning, of the nearest month that has it on the right side of today."""
    if lean == "year" or not 1 <= day <= 31:
        return _date(today.year, today.month, day)
    step = 1 if lean == "future" else -1
    first = today.replace(day=1)
    while not (_exists(first.year, first.month, day) and (first.replace(day=day) - today).days * step >= 0):
        first = add_months(first, step)
    return first.replace(day=day)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR and 1 <= day <= months.monthrange(year, month)[1]


def _date(year: int, month: int, day: int) -> dt.date:
    """The date, or Invalid with the reason why there is none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise out_of_range()
    if not 1 <= month <= 12:
        raise Invalid(f"No hay mes {month}: va de 1 a 12.")
    if not _exists(year, month, day):
        last = months.monthrange(year, month)[1]
        raise Invalid(f"{MONTHS[month - 1].capitalize()} de {year} no tiene día {day}: va de 1 a {last}.")
    return dt.date(year, month, day)
