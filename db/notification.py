"""What somebody is told of a record: a case given to them, a contract about to lapse.

Outside of the history, like counters: nobody undoes having been told. What was told of a record is shown only while
that record is live, so that undoing its creation takes the notice away too.
"""

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from db.record import Base
from db.types import UtcInstant

TEXT_LENGTH = 300


class Notification(Base):
    """One thing told to one user.

    ``record`` is the key of what it is about (``support_case:5``). ``occasion`` names what brought it about where the
    same must not be told twice (the 30 days before a certain date), NULL for what may be told any number of times.
    """

    __tablename__ = "notification"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), nullable=False)
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH), nullable=False)
    record: Mapped[str] = mapped_column(String(80), nullable=False)
    occasion: Mapped[str | None] = mapped_column(String(80), nullable=True)
    at: Mapped[dt.datetime] = mapped_column(UtcInstant, nullable=False)
    read_at: Mapped[dt.datetime | None] = mapped_column(UtcInstant, nullable=True)
    __table_args__ = (
        Index("ix_notification_user_id_at", "user_id", "at"),
        Index("uq_notification_once", "user_id", "record", "occasion", unique=True),
    )
