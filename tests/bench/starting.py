"""A process that starts as main.py does and says how many milliseconds passed until the first list could be used."""

import os
import sys
import time
from pathlib import Path

from oficrm.arguments import parse
from oficrm.opening import open_jobs
from tests.bench.data import ACTOR


def start(database: str, profile: str) -> None:
    """Open the database and the main window; print the milliseconds since OFICRM_BENCH_STARTED."""
    parse([])
    jobs = open_jobs(database, ACTOR)
    from tests.bench.stage import Paints, Stage
    from ui.lists.page import ListPage

    stage = Stage(jobs, Path(profile), rest=0)
    page = stage.window.open_place("contact")
    assert isinstance(page, ListPage)
    stage.until(page.is_ready)
    paints = Paints(stage.window)
    stage.window.update()
    stage.until(lambda: paints.count)
    print((time.time() - float(os.environ["OFICRM_BENCH_STARTED"])) * 1000, flush=True)
    os._exit(0)  # how fast it ends is another matter


if __name__ == "__main__":
    start(sys.argv[1], sys.argv[2])
