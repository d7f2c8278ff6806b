"""What the documents of a sale share: numbers in words, others named, rows that nobody else may touch."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.record import Record
from oficrm import settings
from oficrm.rules import money
from oficrm.rules.numbers import format_decimal

NAMED = 3


def amount(session: Session, value: Decimal, currency: str | None) -> str:
    """An amount as a message says it."""
    known = settings.read(session)
    return money.format_amount(value, currency or known.currency, country=known.country)


def quantity(session: Session, value: Decimal) -> str:
    """A quantity as a message says it: without idle zeros."""
    return format_decimal(value.normalize() if value else Decimal(0), settings.read(session).country)


def named(titles: Sequence[str]) -> str:
    """The first few of some records in words: "F-000001, F-000002 y 4 más"."""
    more = len(titles) - NAMED
    last = f"{more} más" if more > 0 else titles[-1]
    first = titles[:NAMED] if more > 0 else titles[:-1]
    return f"{', '.join(first)} y {last}" if first else last


def lock(session: Session, model: type[Record], ids: Iterable[int]) -> None:
    """Let nobody else change these records until this transaction ends; always in the order of their ids."""
    wanted = sorted(set(ids))
    if wanted:
        rows: Any = select(model.id).where(model.id.in_(wanted)).order_by(model.id)
        session.execute(rows.with_for_update(key_share=True))
