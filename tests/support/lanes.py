"""Waiting for what runs beside the main lane."""

import threading

from oficrm.jobs import SLOW_THREADS, Jobs

WAIT_S = 20


def wait_for_slow(jobs: Jobs) -> None:
    """Return once every slow read asked for before is over: all its threads meet, which they can only when free."""
    together = threading.Barrier(SLOW_THREADS)
    met = [jobs.read_slowly(lambda _session: together.wait(WAIT_S)) for _ in range(SLOW_THREADS)]
    for each in met:
        each.result(WAIT_S)
