"""What day it is for the person at the screen. One place, so that tests can set the calendar."""

import datetime as dt


def now() -> dt.datetime:
    """Return the present instant, aware, in the zone of this computer."""
    return dt.datetime.now().astimezone()


def today() -> dt.date:
    """Return the civil date of this computer."""
    return now().date()
