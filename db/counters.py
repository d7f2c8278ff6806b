"""Numbers that never repeat: one row per series, advanced inside the transaction that uses the number."""

from sqlalchemy import Integer, String, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.record import Base

DIGITS = 6


class Counter(Base):
    """The last number given out in a series, named by its prefix."""

    __tablename__ = "counter"
    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, nullable=False, default=0)


def next_number(session: Session, series: str, digits: int = DIGITS) -> str:
    """Take the next number of a series, e.g. ``P-000012``; concurrent writers wait for each other."""
    value = session.execute(
        update(Counter).where(Counter.series == series).values(value=Counter.value + 1).returning(Counter.value)
    ).scalar()
    if value is None:
        session.execute(insert(Counter).values(series=series, value=1))
        value = 1
    return f"{series}-{value:0{digits}d}"


def peek_number(session: Session, series: str, digits: int = DIGITS) -> str:
    """Return the number that would come next, without taking it."""
    value = session.scalar(select(func.coalesce(func.max(Counter.value), 0)).where(Counter.series == series))
    return f"{series}-{(value or 0) + 1:0{digits}d}"
