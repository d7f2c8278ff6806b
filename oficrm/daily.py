"""What the program does by itself once a day: reminders, and what falls due.

Each job may be run any number of times: what it did it does not do again. It runs when the program starts and then
once a day, on every computer of a team; they wait for each other.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from db import counters
from oficrm import notifications, subscriptions
from oficrm.calendar import series
from oficrm.support import assets, contracts

SERIES = "@daily"
JOBS: tuple[Callable[[Session], None], ...] = (
    contracts.renew_by_themselves,
    subscriptions.daily,
    contracts.warn_of_ends,
    assets.warn_of_warranties,
    series.extend_today,
    notifications.sweep,
)


def run(session: Session) -> None:
    """Do the jobs of the day, as one transaction. Raises what saving raises; then nothing of it is kept."""
    counters.next_number(session, SERIES)  # two computers at once would tell everything twice
    for job in JOBS:
        job(session)
