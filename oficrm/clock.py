"""What day it is for the person at the screen. One place, so that tests can set the calendar."""

import datetime as dt

from db import moments
from db.moments import standing

__all__ = ["now", "standing", "today"]


def now() -> dt.datetime:
    """Return the present instant, aware, in the zone of this computer."""
    return moments.present().astimezone()


def today() -> dt.date:
    """Return the civil date of this computer."""
    return now().date()
