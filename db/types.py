"""Column types: how values that need care are kept in both engines."""

import datetime as dt
import enum
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

MONEY_DECIMALS = 4
"""Minor units are ten-thousandths: prices and calculation precision (Parámetros) go down to four decimals."""


class Choice(enum.StrEnum):
    """A closed list of values: ``KEY = "stored", "Etiqueta", "tone"``.

    The tone (``won``, ``lost``, ``today``, ``overdue``, ``info``, ``done``, ``quiet``) colours chips; empty means none.
    """

    label: str
    tone: str

    def __new__(cls, value: str, label: str = "", tone: str = "") -> "Choice":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        member.tone = tone
        return member


class ChoiceType(TypeDecorator[str]):
    """Stores the stable key of a Choice; unknown keys of newer files survive as plain text."""

    impl = String(40)
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return self.choices(value)
        except ValueError:
            return str(value)


class Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as a whole number of ``10 ** -decimals``; refuses floats, which would smuggle in error."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self.decimals = decimals

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("a scaled number takes Decimal or int, never float")
        return int(Decimal(value).scaleb(self.decimals).to_integral_value("ROUND_HALF_UP"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.decimals)


class Money(Scaled):
    """An amount of money; its currency stands beside it in the record or in Parámetros."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(MONEY_DECIMALS)


class UtcInstant(TypeDecorator[dt.datetime]):
    """An instant: aware in Python, always UTC in the database. Naive values are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc: dt.datetime = value.astimezone(dt.UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        aware: dt.datetime = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
        return aware


def ordered_text(length: int | None = None) -> Any:
    """Text ordered by bytes on both engines (PostgreSQL would use the database's language otherwise)."""
    plain = String(length) if length else Text()
    bytewise = String(length, collation="C") if length else Text(collation="C")
    return plain.with_variant(bytewise, "postgresql")
