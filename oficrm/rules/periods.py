"""Periods that come again and again: where each begins, which are due, what an amount of one is worth a month.

Every period is counted from the first day of all, never from the one before it, so that the 31st comes back after a
short month and nothing drifts.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from oficrm.rules.dates import add_months
from oficrm.rules.numbers import EXACT, round_half_up
from oficrm.rules.workdays import check_year

WEEKLY = "weekly"
MONTHS: dict[str, int] = {"monthly": 1, "bimonthly": 2, "quarterly": 3, "half_yearly": 6, "yearly": 12}
"""Months in each period that is counted in months."""
_WEEKS_A_YEAR, _MONTHS_A_YEAR = 52, 12
_DAY = dt.timedelta(days=1)


def begin(start: dt.date, period: str, number: int) -> dt.date:
    """First day of period ``number``, the first being 0. Raises Invalid beyond the years a date may have."""
    if period == WEEKLY:
        return check_year(start + dt.timedelta(weeks=number))
    return add_months(start, MONTHS[period] * number)


def end(start: dt.date, period: str, number: int) -> dt.date:
    """Last day of period ``number``."""
    return begin(start, period, number + 1) - _DAY


def first_from(start: dt.date, period: str, day: dt.date) -> int:
    """Number of the first period that begins on ``day`` or later."""
    if day <= start:
        return 0
    if period == WEEKLY:
        return -(-(day - start).days // 7)
    months = (day.year - start.year) * 12 + day.month - start.month
    number = months // MONTHS[period]
    return number if begin(start, period, number) >= day else number + 1


def count(start: dt.date, period: str, last: dt.date) -> int:
    """How many periods a term has whose last day is ``last``; at least one.

    What begins on the last day itself is no period of its own: "from 1 January to 1 January" are twelve months.
    """
    return max(1, first_from(start, period, last))


def renewed(start: dt.date, period: str, last: dt.date, more: int) -> dt.date:
    """The last day of a term that goes on for ``more`` periods. One that ended within a period ends with it now."""
    number = count(start, period, last)
    further = begin(start, period, number + more)
    return further if begin(start, period, number) == last else further - _DAY


def due(start: dt.date, period: str, number: int, today: dt.date) -> Iterator[tuple[int, dt.date]]:
    """Yield number and first day of the periods from ``number`` on that have begun by ``today``."""
    while (day := begin(start, period, number)) <= today:
        yield number, day
        number += 1


def monthly(amount: Decimal, period: str) -> Decimal:
    """What an amount per period comes to a month, to four decimals; a week is 12/52 of a month."""
    if period == WEEKLY:
        return round_half_up(EXACT.divide(EXACT.multiply(amount, Decimal(_WEEKS_A_YEAR)), Decimal(_MONTHS_A_YEAR)), 4)
    return round_half_up(EXACT.divide(amount, Decimal(MONTHS[period])), 4)
