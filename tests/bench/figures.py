"""Measuring and telling: medians, floors, budgets, and the table they end in."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table, in milliseconds. ``limit`` is what the budget allows, None when there is none.

    ``best`` is the shortest of the rounds: what it takes when nothing else happens on the machine.
    """

    name: str
    measured: float
    floor: float | None = None
    limit: float | None = None
    budget: str = ""
    best: float | None = None

    @property
    def keeps(self) -> bool | None:
        """Whether the budget is kept; None without a budget."""
        return None if self.limit is None else self.measured <= self.limit


def plus(name: str, measured: float, floor: float, allowed: float, best: float | None = None) -> Figure:
    """A figure that may take ``allowed`` milliseconds more than its floor."""
    return Figure(name, measured, floor, floor + allowed, f"suelo + {allowed:g} ms", best)


def times(name: str, measured: float, floor: float, factor: float) -> Figure:
    """A figure that may take ``factor`` times its floor."""
    return Figure(name, measured, floor, floor * factor, f"{factor:g} x suelo")


def within(name: str, measured: float, allowed: float, best: float | None = None) -> Figure:
    """A figure that may take ``allowed`` milliseconds, whatever the machine."""
    return Figure(name, measured, None, allowed, f"{allowed:g} ms", best)


def clock(job: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    started = time.perf_counter()
    job()
    return (time.perf_counter() - started) * 1000


def timed(job: Callable[..., object], *arguments: object) -> Callable[[], float]:
    """A job with its arguments, to be timed."""
    return lambda: clock(lambda: job(*arguments))


def median(job: Callable[[], object], times: int = 7) -> float:
    """Median milliseconds of several runs, after one that warms up."""
    job()
    gc.collect()
    return statistics.median(clock(job) for _ in range(times))


def side_by_side(job: Callable[[], float], floor: Callable[[], float], times: int = 7) -> tuple[float, float]:
    """Medians of two measures taken in turn, so that whatever else the machine does hits both alike."""
    job(), floor()
    gc.collect()
    pairs = [(job(), floor()) for _ in range(times)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


HEADS = ("medida", "ms", "mejor", "suelo", "razón", "presupuesto", "")


def table(figures: list[Figure]) -> str:
    """The figures as a table of text."""
    rows = [HEADS]
    for figure in figures:
        verdict = {True: "ok", False: "SE PASA", None: ""}[figure.keeps]
        floor = "" if figure.floor is None else f"{figure.floor:.1f}"
        ratio = "" if not figure.floor else f"{figure.measured / figure.floor:.2f}"
        best = "" if figure.best is None else f"{figure.best:.1f}"
        rows.append((figure.name, f"{figure.measured:.1f}", best, floor, ratio, figure.budget, verdict))
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = []
    for row in rows:
        cells = [text.rjust(width) if 0 < place < 5 else text.ljust(width)
                 for place, (text, width) in enumerate(zip(row, widths, strict=True))]  # fmt: skip
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def share_of_processor(seconds: float = 0.5) -> float:
    """How much of a processor this process gets when it wants all of it; below 1, others work too and figures grow."""
    wall, own = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        sum(range(1000))
    return (time.process_time() - own) / (time.perf_counter() - wall)
