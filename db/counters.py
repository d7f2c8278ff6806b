"""Numbers that never repeat: one row per series, advanced inside the transaction that uses the number."""

from sqlalchemy import Integer, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.record import Base

DIGITS = 6


class Counter(Base):
    """The last number given out in a series, named by its prefix."""

    __tablename__ = "counter"
    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, nullable=False, default=0)


# One statement that begins a series as well, which two writers may do at once; the same words on both engines.
_TAKE = text(
    "INSERT INTO counter (series, value) VALUES (:series, :first) ON CONFLICT (series) DO UPDATE "
    "SET value = CASE WHEN counter.value + 1 < :first THEN :first ELSE counter.value + 1 END RETURNING value"
)


def next_number(session: Session, series: str, digits: int = DIGITS, first: int = 1) -> str:
    """Take the next number of a series, ``first`` or higher, e.g. ``P-000012``; concurrent writers wait."""
    value = session.execute(_TAKE, {"series": series, "first": first}).scalar_one()
    return f"{series}-{value:0{digits}d}"


def peek_number(session: Session, series: str, digits: int = DIGITS, first: int = 1) -> str:
    """Return the number that would come next, without taking it."""
    value = session.scalar(select(func.coalesce(func.max(Counter.value), 0)).where(Counter.series == series))
    return f"{series}-{max((value or 0) + 1, first):0{digits}d}"
