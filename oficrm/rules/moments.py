"""Instants as people name them: a day and an hour on the wall of this computer."""

import datetime as dt


def on_the_wall(day: dt.date, hour: dt.time) -> dt.datetime:
    """Return the instant at which the clocks here show this day and hour.

    An hour that the clocks skip in spring is the one an hour later; of one that comes twice in autumn, the first.
    """
    return dt.datetime.combine(day, hour).astimezone()
