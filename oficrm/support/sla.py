"""By when a case is answered and solved: the times of Parámetros, counted in working hours.

Reference: the cases of the list of modules (first response and solution by priority, in business hours); the level of
a contract says in which part of them.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from db.models.service_contract import ServiceLevel
from db.models.support_case import CasePriority
from oficrm.rules.business_hours import BusinessHours
from oficrm.rules.numbers import round_half_up
from oficrm.settings import Settings


@dataclass(frozen=True, slots=True)
class Targets:
    """Working time until the first response and until the solution."""

    response: dt.timedelta
    solution: dt.timedelta


def hours(values: Settings) -> BusinessHours:
    """Return the working hours of the firm."""
    return BusinessHours(values.calendar, values["sla_day_start"], values["sla_day_end"])


def targets(values: Settings, priority: CasePriority, level: ServiceLevel | None = None) -> Targets:
    """Return the times of a priority, in the part of them that a contract's level promises; to the minute."""
    part = values[f"sla_percent_{level.value}"] if level is not None else Decimal(100)
    return Targets(*(_minutes(values[f"sla_{priority.value}_{what}"] * part) for what in ("response", "solution")))


def _minutes(hours_percent: Decimal) -> dt.timedelta:
    """Hours times per cent as a length."""
    return dt.timedelta(minutes=int(round_half_up(hours_percent * 60 / 100, 0)))
