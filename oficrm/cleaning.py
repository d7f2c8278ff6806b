"""Raw input to value: the one place where forms, imports and mass edits turn what was typed into what is stored."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.fields import Field
from oficrm import clock
from oficrm.rules import countries, dates, durations, identity, moments, numbers, postal, sizes, workdays
from oficrm.rules import money as money_rules
from oficrm.rules import text as text_rules
from oficrm.rules.problems import Invalid

MAX_IMAGE_BYTES = 5 * 1024 * 1024
MAX_ID = 2**31 - 1
"""The largest id a column of both engines holds."""


@dataclass(frozen=True, slots=True)
class Context:
    """What cleaning depends on besides the value: the country of the record, and today."""

    country: str = "ES"
    today: dt.date | None = None

    def day(self) -> dt.date:
        """Return today, as given or by the clock."""
        return self.today or clock.today()


Cleaner = Callable[[Field, Any, Context], Any]


def clean(field: Field, raw: Any, context: Context) -> Any:
    """Return the value of ``raw`` for ``field``, None when empty.

    Raises Invalid with the text to show beside the field.
    """
    value = _CLEANERS[field.kind](field, raw, context) if not _is_blank(raw) else None
    if value is None:
        if field.kind == "yes_no":
            return False
        if field.required:
            raise Invalid("Falta este dato.")
        return None
    _check_bounds(field, value)
    return value


def _is_blank(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _check_bounds(field: Field, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return
    if field.minimum is not None and value < field.minimum:
        least = numbers.format_decimal(Decimal(field.minimum))
        raise Invalid("No puede ser negativo." if field.minimum == 0 else f"Debe ser {least} como mínimo.")
    if field.maximum is not None and value > field.maximum:
        most = durations.format_minutes(field.maximum) if field.kind == "minutes" else None
        raise Invalid(f"Debe ser {most or numbers.format_decimal(Decimal(field.maximum))} como máximo.")


def _line(field: Field, raw: Any, _: Context) -> str | None:
    return text_rules.clean_line(str(raw), field.max_length) or None


def _block(field: Field, raw: Any, _: Context) -> str | None:
    return text_rules.clean_block(str(raw), field.max_length) or None


def _email(field: Field, raw: Any, _: Context) -> str:
    return identity.clean_email(str(raw))


def _phone(field: Field, raw: Any, context: Context) -> str:
    return identity.clean_phone(str(raw), context.country)


def _url(field: Field, raw: Any, _: Context) -> str:
    return identity.clean_url(str(raw))


def _tax_id(field: Field, raw: Any, context: Context) -> str:
    return identity.clean_tax_id(str(raw), context.country)


def _postal(field: Field, raw: Any, context: Context) -> str:
    return postal.clean_postal_code(str(raw), context.country)


def _country(field: Field, raw: Any, _: Context) -> str:
    return countries.parse_country(str(raw))


def _currency(field: Field, raw: Any, _: Context) -> str:
    code = str(raw).strip().upper()
    if code not in countries.CURRENCIES:
        raise Invalid("Elija una moneda de la lista.")
    return code


def _choice(field: Field, raw: Any, _: Context) -> str:
    assert field.choices is not None
    for option in field.choices:
        if str(raw) in (option.value, option.label):
            return option
    raise Invalid("Elija un valor de la lista.")


def _option(field: Field, raw: Any, _: Context) -> str:
    text = str(raw).strip()
    if field.options and text not in field.options:
        raise Invalid("Elija un valor de la lista.")
    return text


def _link(field: Field, raw: Any, _: Context) -> int:
    if _is_int(raw) and 0 < raw <= MAX_ID:
        return int(raw)
    raise Invalid("Elija un registro de la lista, o créelo con «Nuevo».")


def _either(field: Field, raw: Any, _: Context) -> str:
    target, _sep, ident = str(raw).partition(":")
    if target not in field.targets or not (ident.isascii() and ident.isdigit() and 0 < int(ident[:20]) <= MAX_ID):
        raise Invalid("Elija un registro de la lista, o créelo con «Nuevo».")
    return str(raw)


def _day(field: Field, raw: Any, context: Context) -> dt.date:
    value = raw if isinstance(raw, dt.date) else dates.parse_date(str(raw), context.day())
    if not workdays.FIRST_YEAR <= value.year <= workdays.LAST_YEAR:
        raise Invalid(f"El año debe estar entre {workdays.FIRST_YEAR} y {workdays.LAST_YEAR}.")
    return value


def _clock(field: Field, raw: Any, _: Context) -> dt.time:
    return raw if isinstance(raw, dt.time) else dates.parse_time(str(raw))


def _instant(field: Field, raw: Any, context: Context) -> dt.datetime:
    if isinstance(raw, dt.datetime) and raw.tzinfo is not None:
        return raw
    if not isinstance(raw, str):
        raise Invalid("No es una fecha y hora válida.")
    day, hour = dates.parse_date_time(raw, context.day())
    return moments.on_the_wall(_day(field, day, context), hour or dt.time())


def _minutes(field: Field, raw: Any, _: Context) -> int:
    return raw if _is_int(raw) else durations.parse_minutes(str(raw))


def _integer(field: Field, raw: Any, context: Context) -> int:
    value: int = raw if _is_int(raw) else numbers.parse_integer(str(raw), context.country)
    if abs(value) > 2_000_000_000:
        raise Invalid("El número es demasiado grande.")
    return value


def _quantity(field: Field, raw: Any, context: Context) -> Decimal:
    return _scaled(raw, context, field.decimals or 4, numbers.parse_decimal)


def _percent(field: Field, raw: Any, context: Context) -> Decimal:
    return _scaled(raw, context, 2, numbers.parse_percent)


def _money(field: Field, raw: Any, context: Context) -> Decimal:
    return _scaled(raw, context, 4, money_rules.parse_amount)


def _scaled(raw: Any, context: Context, decimals: int, parse: Callable[..., Decimal]) -> Decimal:
    value = Decimal(raw) if isinstance(raw, Decimal) or _is_int(raw) else parse(str(raw), context.country)
    if not value.is_finite():
        raise Invalid("No es un número.")
    if abs(value) >= Decimal(10) ** 13:
        raise Invalid("El número es demasiado grande.")
    return numbers.round_half_up(value, decimals)


def _is_int(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool)


def _yes_no(field: Field, raw: Any, _: Context) -> bool:
    if isinstance(raw, bool):
        return raw
    word = text_rules.plain(str(raw))
    if word in ("si", "s", "1", "true", "verdadero", "x"):
        return True
    if word in ("no", "n", "0", "false", "falso"):
        return False
    raise Invalid("Escriba sí o no.")


def _file_size(_: Field, raw: Any, context: Context) -> int:
    return raw if _is_int(raw) else sizes.parse_size(str(raw), context.country)


def _image(field: Field, raw: Any, _: Context) -> bytes:
    if not isinstance(raw, bytes) or not (raw.startswith(b"\x89PNG") or raw.startswith(b"\xff\xd8")):
        raise Invalid("La imagen debe ser PNG o JPG.")
    if len(raw) > MAX_IMAGE_BYTES:
        raise Invalid("La imagen no puede pasar de 5 MB.")
    return raw


_CLEANERS: dict[str, Cleaner] = {
    "text": _line,
    "long_text": _block,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "tax_id": _tax_id,
    "postal_code": _postal,
    "country": _country,
    "currency": _currency,
    "choice": _choice,
    "options": _option,
    "link": _link,
    "either": _either,
    "day": _day,
    "clock": _clock,
    "instant": _instant,
    "minutes": _minutes,
    "integer": _integer,
    "file_size": _file_size,
    "quantity": _quantity,
    "percent": _percent,
    "money": _money,
    "yes_no": _yes_no,
    "image": _image,
}
