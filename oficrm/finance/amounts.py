"""Amounts in several currencies: an exchange rate says how many units of the company's currency one of another is."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from oficrm import settings
from oficrm.errors import Refused, ValidationError
from oficrm.rules.numbers import EXACT, round_half_up

CENTS = 2


def complete(session: Session, record: Any) -> None:
    """Give a record its currency and exchange rate where they are missing: those of the company, one to one.

    Raises ValidationError for another currency without a rate.
    """
    company = settings.read(session).currency
    record.currency = record.currency or company
    if record.currency == company:
        record.exchange_rate = Decimal(1)
    elif not record.exchange_rate:
        raise ValidationError({"exchange_rate": [f"Indique cuántos {company} vale un {record.currency}."]})


def to_company(amount: Decimal, rate: Decimal | None) -> Decimal:
    """An amount in the company's currency, to the cent."""
    return round_half_up(EXACT.multiply(amount, rate or Decimal(1)), CENTS)


def converted(amount: Decimal, rate: Decimal | None, other: Decimal | None) -> Decimal:
    """An amount at one exchange rate as an amount at another, to the cent; untouched where they are the same."""
    mine, theirs = rate or Decimal(1), other or Decimal(1)
    return amount if mine == theirs else round_half_up(EXACT.divide(EXACT.multiply(amount, mine), theirs), CENTS)


def into_account(
    session: Session, amount: Decimal, currency: str | None, rate: Decimal | None, account: Any
) -> Decimal:
    """What an amount is in the currency of a cash box or bank. Raises Refused where the rate does not say."""
    company = settings.read(session).currency
    if (currency or company) == account.currency:
        return amount
    if account.currency == company:
        return to_company(amount, rate)
    raise Refused(
        f"«{account.name}» está en {account.currency}: elija una cuenta en {currency or company} o en {company}."
    )
