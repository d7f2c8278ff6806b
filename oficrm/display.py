"""Value to text: how every kind is shown in lists, history, exports and on paper."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from db.fields import Field
from db.types import Choice
from oficrm.rules import countries, dates, durations, identity, numbers, sizes
from oficrm.rules import money as money_rules

YES, NO = "Sí", "No"


def show(field: Field, value: Any, country: str = "ES", currency: str = "EUR", today: dt.date | None = None) -> str:
    """Return the text of a value as people read it; empty for None.

    ``today`` shortens dates (``lun 24 nov``, ``24 nov 2027``).
    """
    if value is None or value == "":
        return ""
    match field.kind:
        case "money":
            return money_rules.format_amount(value, currency, field.decimals or 2, country)
        case "quantity":
            return numbers.format_decimal(value, country)
        case "percent":
            return numbers.format_percent(value, country)
        case "file_size":
            return sizes.format_size(value, country)
        case "integer":
            return numbers.format_decimal(Decimal(value), country)
        case "phone":
            return identity.format_phone(value, country)
        case "day":
            return dates.compact_date(value, today) if today else value.strftime("%d/%m/%Y")
    shower = _SHOW.get(field.kind)
    return shower(field, value) if shower else str(value)


def _choice(field: Field, value: Any) -> str:
    if isinstance(value, Choice):
        return value.label
    for option in field.choices or ():
        if option == value:
            return option.label
    return str(value)


def _instant(_: Field, value: dt.datetime) -> str:
    return value.astimezone().strftime("%d/%m/%Y %H:%M")


_SHOW: dict[str, Callable[[Field, Any], str]] = {
    "choice": _choice,
    "yes_no": lambda _, value: YES if value else NO,
    "minutes": lambda _, value: durations.format_minutes(value),
    "clock": lambda _, value: dates.short_time(value),
    "instant": _instant,
    "country": lambda _, value: countries.country_name(value),
    "image": lambda _, value: "(imagen)",
}
