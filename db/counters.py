"""Numbers that never repeat: one row per series, advanced inside the transaction that uses the number."""

from sqlalchemy import Integer, String, func, select, text, update
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
    return f"{series}-{take(session, series, first):0{digits}d}"


def take(session: Session, series: str, first: int = 1) -> int:
    """Take the next value of a series, ``first`` or higher; concurrent writers wait until this one has ended."""
    value: int = session.execute(_TAKE, {"series": series, "first": first}).scalar_one()
    return value


def hold(session: Session, series: str) -> int:
    """Return the last value given out, 0 for none; nobody else takes one until this transaction has ended."""
    wanted = select(Counter.value).where(Counter.series == series).with_for_update()
    return session.scalar(wanted) or 0


def put(session: Session, series: str, value: int) -> None:
    """Set the last value given out, of a series that is held."""
    session.execute(update(Counter).where(Counter.series == series).values(value=value))


def peek_number(session: Session, series: str, digits: int = DIGITS, first: int = 1) -> str:
    """Return the number that would come next, without taking it."""
    value = session.scalar(select(func.coalesce(func.max(Counter.value), 0)).where(Counter.series == series))
    return f"{series}-{max((value or 0) + 1, first):0{digits}d}"
