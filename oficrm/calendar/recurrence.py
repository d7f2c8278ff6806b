"""Repetition: a rule of iCalendar (RFC 5545, RRULE) read, checked, said in words, and turned into days."""

import datetime as dt
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from oficrm.rules.problems import Invalid

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
FREQUENCIES = {"DAILY": ("día", "días"), "WEEKLY": ("semana", "semanas"), "MONTHLY": ("mes", "meses"),
               "YEARLY": ("año", "años")}  # fmt: skip
MOST = 400
"""Repetitions of one rule: more of them are no plan but a mistake."""
_PART = re.compile(r"[A-Z]+=[A-Z0-9,+-]+")
_FOLLOWS = frozenset({"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the kind that the form offers: every so many days, weeks (on these days), months or years.

    ``days`` count from Monday (0). It ends after ``count`` times (the first included), on the day ``until``, or never.
    """

    frequency: str
    interval: int = 1
    days: tuple[int, ...] = ()
    count: int | None = None
    until: dt.date | None = None

    def text(self) -> str:
        """Write it as RRULE."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(DAYS[day] for day in sorted(self.days)))
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        elif self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def words(self) -> str:
        """Say it in Spanish."""
        one, many = FREQUENCIES[self.frequency]
        words = f"Cada {one}" if self.interval == 1 else f"Cada {self.interval} {many}"
        if self.days:
            words += ", " + _joined([DAY_NAMES[day] for day in sorted(self.days)])
        if self.count is not None:
            words += ", una vez" if self.count == 1 else f", {self.count} veces"
        elif self.until is not None:
            words += f", hasta el {self.until:%d/%m/%Y}"
        return words


def _joined(names: list[str]) -> str:
    return ", ".join(names[:-1]) + (" y " if len(names) > 1 else "") + names[-1]


def clean(text: str) -> str:
    """Return a rule as it is kept. Raises Invalid for what is none, or repeats within a day."""
    rule = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    parts = rule.split(";")
    if not all(_PART.fullmatch(part) for part in parts):
        raise Invalid("No es una regla de repetición. Elija una de la lista.")
    names = [part.partition("=")[0] for part in parts]
    frequency = next((part.partition("=")[2] for part in parts if part.startswith("FREQ=")), "")
    if frequency not in FREQUENCIES or len(set(names)) != len(names):
        raise Invalid("La repetición es diaria, semanal, mensual o anual.")
    if any(name in ("BYHOUR", "BYMINUTE", "BYSECOND") for name in names):
        raise Invalid("La repetición no baja de un día.")
    if any(re.fullmatch(r"(INTERVAL|COUNT)=0*", part) for part in parts):
        raise Invalid("Se repite al menos una vez, cada uno o más días, semanas, meses o años.")
    if "COUNT" in names and "UNTIL" in names:
        raise Invalid("Acaba tras unas veces o en un día, no las dos cosas.")
    try:
        _compiled(rule, dt.date(2026, 1, 1))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise Invalid("No es una regla de repetición. Elija una de la lista.") from error
    return rule


def parse(text: str) -> Rule | None:
    """Return a rule of the kind that the form offers, None for one that says more. Raises Invalid."""
    rule = clean(text)
    values = dict(part.split("=", 1) for part in rule.split(";"))
    if not values.keys() <= _FOLLOWS:
        return None
    days = values.get("BYDAY", "")
    named = [name for name in days.split(",") if name]
    if any(name not in DAYS for name in named) or (named and values["FREQ"] != "WEEKLY"):
        return None
    until = dt.date.fromisoformat(values["UNTIL"][:8]) if "UNTIL" in values else None
    count = int(values["COUNT"]) if "COUNT" in values else None
    return Rule(values["FREQ"], int(values.get("INTERVAL", 1)), tuple(sorted({DAYS.index(name) for name in named})),
                count, until)  # fmt: skip


def words(text: str | None) -> str:
    """Return what a rule says, "" for none."""
    if not text:
        return ""
    try:
        rule = parse(text)
    except Invalid:
        return text
    return rule.words() if rule is not None else f"Regla propia: {text}"


def is_endless(text: str) -> bool:
    """True for a rule that says neither how often nor until when."""
    return "COUNT=" not in text and "UNTIL=" not in text


def ending(text: str, last: dt.date) -> str:
    """Return the rule with another end: the day ``last``."""
    kept = [part for part in text.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    return ";".join([*kept, f"UNTIL={last:%Y%m%d}"])


def with_day(text: str, first: dt.date) -> str:
    """Return a rule that names the day it repeats on, so that moving one of its days does not move the rule."""
    rule = parse(text)
    if rule is not None and rule.frequency == "WEEKLY" and not rule.days:
        return replace(rule, days=(first.weekday(),)).text()
    return clean(text)


def following(text: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days after ``first``, on which the rule begins, up to ``last``; an end of its own holds first.

    ``first`` counts as the first time even where the rule would not name it. Raises Invalid when there are too many.
    """
    rule = clean(text)
    found: list[dt.date] = []
    moments = iter(_compiled(rule, first))
    wanted = int(match[1]) - 1 if (match := re.search(r"COUNT=(\d+)", rule)) else None
    for moment in itertools.islice(moments, MOST * 2):
        day = moment.date()
        if day > last or (wanted is not None and len(found) >= wanted):
            break
        if day > first:
            found.append(day)
        if len(found) > MOST:
            raise Invalid(f"Se repetiría más de {MOST} veces: ponga un final más cercano.")
    return found


def _compiled(rule: str, first: dt.date) -> Iterable[dt.datetime]:
    from dateutil.rrule import rrulestr  # loaded when something repeats

    return rrulestr(rule, dtstart=dt.datetime.combine(first, dt.time()), ignoretz=True)


__all__ = ["Rule", "clean", "ending", "following", "is_endless", "parse", "with_day", "words"]
