"""Working days: Monday to Friday, less the public holidays of a country and region, less somebody's days off."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from oficrm.rules.problems import Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2200

_DAY = dt.timedelta(days=1)
_SATURDAY = 5
# No result further than this can lie within the years above.
_MOST_STEPS = (LAST_YEAR - FIRST_YEAR + 1) * 262

_REGIONS: Mapping[str, Mapping[str, str]] = {
    "ES": {
        "AN": "Andalucía",
        "AR": "Aragón",
        "AS": "Asturias",
        "CN": "Canarias",
        "CB": "Cantabria",
        "CM": "Castilla-La Mancha",
        "CL": "Castilla y León",
        "CT": "Cataluña",
        "CE": "Ceuta",
        "VC": "Comunitat Valenciana",
        "EX": "Extremadura",
        "GA": "Galicia",
        "IB": "Illes Balears",
        "RI": "La Rioja",
        "MD": "Madrid",
        "ML": "Melilla",
        "MC": "Murcia",
        "NC": "Navarra",
        "PV": "País Vasco",
    }
}


def regions(country: str) -> Mapping[str, str]:
    """Code and Spanish name of the regions of a country that have holidays of their own; empty where none have."""
    return _REGIONS.get(country.upper(), {})


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one place, or of one person there.

    `country` is an ISO code, `subdivision` a key of `regions(country)` or "". A country whose holidays are not known
    has weekends only. Raises Invalid for an unknown subdivision.
    """

    country: str
    subdivision: str = ""
    days_off: frozenset[dt.date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if self.subdivision and self.subdivision not in regions(self.country):
            raise Invalid(f"La región «{self.subdivision}» no tiene calendario de festivos.")

    def holiday(self, day: dt.date) -> str | None:
        """The Spanish name of the public holiday on `day`, if it is one. A day off is not a holiday."""
        return _holidays(self.country.upper(), self.subdivision, day.year).get(day)

    def is_workday(self, day: dt.date) -> bool:
        """Neither weekend nor holiday nor day off."""
        return day.weekday() < _SATURDAY and day not in self.days_off and self.holiday(day) is None

    def next_workday(self, day: dt.date) -> dt.date:
        """`day` itself when it is a working day, else the first one after it."""
        return next(self._walk(day, _DAY))

    def previous_workday(self, day: dt.date) -> dt.date:
        """`day` itself when it is a working day, else the last one before it."""
        return next(self._walk(day, -_DAY))

    def workdays_from(self, day: dt.date) -> Iterator[dt.date]:
        """Working days in order, `day` itself first when it is one. Raises Invalid past the last year."""
        return self._walk(day, _DAY)

    def add(self, day: dt.date, count: int) -> dt.date:
        """The working day `count` working days after `day` (before it when negative); `day` itself for 0.

        From a day that is not a working day, 1 is the first working day after it and -1 the last one before it.
        Raises Invalid when the result lies outside 1900..2200.
        """
        if not count:
            return day
        if abs(count) > _MOST_STEPS:
            raise out_of_range()
        step = _DAY if count > 0 else -_DAY
        days = self._walk(day + step, step)
        for _ in range(abs(count) - 1):
            next(days)
        return next(days)

    def _walk(self, day: dt.date, step: dt.timedelta) -> Iterator[dt.date]:
        while FIRST_YEAR <= day.year <= LAST_YEAR:
            if self.is_workday(day):
                yield day
            day += step
        raise out_of_range()


def check_year(day: dt.date) -> dt.date:
    """`day`, when the program can hold it. Raises Invalid outside 1900..2200."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise out_of_range()
    return day


def out_of_range() -> Invalid:
    """The error for a date that the program cannot hold."""
    return Invalid(f"El año debe estar entre {FIRST_YEAR} y {LAST_YEAR}.")


@lru_cache(maxsize=4096)
def _holidays(country: str, subdivision: str, year: int) -> Mapping[dt.date, str]:
    # Imported here: the library is large, and starting the program must not wait for it.
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=False):
        return {}
    languages = holidays.list_localized_countries(include_aliases=False).get(country, [])
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, expand=False, language="es" if "es" in languages else None
    )
    return dict(found)
