"""What the user waits for: lists, forms and date changes in the real windows, and how long these stand still.

A standstill is the longest time that the window did not answer during one round; of several rounds, the median counts.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from oficrm import lists, reschedule, undo
from oficrm.lists import ListFilter
from tests.bench.figures import Figure, clock, plus, within
from tests.bench.floors import Raw, questions
from tests.bench.stage import Paints, Stage
from tests.bench.storage import OPEN, open_ids, planned
from ui.lists.order import Which
from ui.lists.page import ListPage

LOAD_MS = 30
STALL_MS = 50
FORM_MS = 100
JUMP_MS = 100
ROUNDS = 9
FORMS = (("contact", "contacto"), ("client", "cliente"), ("person", "persona"), ("quote", "presupuesto"))
QUICK: tuple[tuple[Which, str], ...] = (("open", "No realizados"), ("done", "Realizados"), ("all", "Todos"))
Round = tuple[float, float]
"""Milliseconds until it was on the screen, and of the longest standstill."""


def both(name: str, rounds: list[Round], allowed: float | None, floor: float | None = None) -> Iterator[Figure]:
    """The two figures of some rounds: until it was there, and how long the window stood still."""
    taken, stalls = [each[0] for each in rounds], [each[1] for each in rounds]
    middle, best = statistics.median(taken), min(taken)
    if allowed is None:
        yield Figure(name, middle, best=best)
    elif floor is None:
        yield within(name, middle, allowed, best)
    else:
        yield plus(name, middle, floor, allowed, best)
    yield within("  ventana parada", statistics.median(stalls), STALL_MS, min(stalls))


def _list(stage: Stage, table: str) -> ListPage:
    page = stage.window.open_place(table)
    assert isinstance(page, ListPage)
    stage.until(page.is_ready)
    return page


class Loads:
    """Presses Cargar and waits for the first rows on the screen."""

    def __init__(self, stage: Stage, table: str = "contact") -> None:
        self._stage, self.page = stage, _list(stage, table)
        self._paints = Paints(stage.window)

    def ask(self, wanted: ListFilter) -> None:
        """Put a filter into the panel."""
        self.page.set_filter(ListFilter.from_json(wanted.table, wanted.to_json()))

    def once(self) -> Round:
        """Cargar to rows painted; the standstill until all ids are here."""
        stage, page, paints = self._stage, self.page, self._paints
        page.loader.forget()
        stage.rest(40)
        shown: list[int] = []
        link = page.loader.shown.connect(lambda: shown.append(paints.count))
        stage.pulse.start()
        started = time.perf_counter()
        page.load()
        stage.until(lambda: shown and paints.count > shown[0])
        taken = (time.perf_counter() - started) * 1000
        stage.until(lambda: not page.is_loading())
        stage.rest(40)
        page.loader.shown.disconnect(link)
        return taken, stage.pulse.stop()

    def jump(self, share: float) -> Round:
        """Scroll to a place far off, until its rows are painted."""
        stage, page, paints = self._stage, self.page, self._paints
        row = int(page.model.rowCount() * share)
        seen = paints.count
        stage.pulse.start()
        started = time.perf_counter()
        page.table.scrollTo(page.model.index(row, 0), page.table.ScrollHint.PositionAtTop)
        stage.until(lambda: page.model.row(page.model.order.ids[row]) is not None and paints.count > seen)
        taken = (time.perf_counter() - started) * 1000
        stage.rest(20)
        return taken, stage.pulse.stop()


def list_loads(stage: Stage, raw: Raw) -> Iterator[Figure]:
    """Cargar to first painted rows for each filter, and moving about in what was loaded."""
    loads = Loads(stage)
    for question in questions():
        loads.ask(question.filter)
        loads.once()
        rounds, floor = [], []
        for _ in range(ROUNDS):
            rounds.append(loads.once())
            floor.append(clock(lambda wanted=question: raw.first(wanted)))  # type: ignore[misc]
        yield from both(f"Cargar, filas pintadas: {question.name}", rounds, LOAD_MS, statistics.median(floor))
    loads.ask(ListFilter("contact"))
    loads.once()
    page = loads.page
    count = page.model.rowCount()
    jumps = [loads.jump(share) for share in (0.5, 0.2, 0.9, 0.1, 0.7, 0.4, 0.99)]
    yield from both(f"saltar dentro de {count} filas", jumps, JUMP_MS)
    for which, name in QUICK:
        yield within(f"filtro rápido {name} sobre {count}", _narrow(page, which), STALL_MS)
    yield within(f"seleccionar {count} filas", clock(page.table.selectAll), STALL_MS)
    page.table.clearSelection()


def _narrow(page: ListPage, which: Which) -> float:
    return clock(lambda: page.quick(which))


def forms(stage: Stage) -> Iterator[Figure]:
    """From asking for a form to the record painted in it, existing and new; the first time and later."""
    jobs = stage.application.jobs
    for table, name in FORMS:
        ids = jobs.read(_some(table)).result().ids.tolist()
        yield Figure(f"abrir {name}, la primera vez", open_form(stage, table, ids[0])[0])
        yield from both(f"abrir {name}", [open_form(stage, table, ident) for ident in ids[1:]], FORM_MS)
        yield from both(f"abrir {name} nuevo", [open_form(stage, table, None) for _ in range(ROUNDS)], FORM_MS)


def _some(table: str) -> Callable[[Any], Any]:
    return lambda session: lists.load_ids(session, ListFilter(table), ROUNDS + 1)


def open_form(stage: Stage, table: str, ident: int | None) -> Round:
    """Until the form is painted with its record; it is closed again."""
    stage.pulse.start()
    started = time.perf_counter()
    window: QWidget = stage.window.windows.open_record(table, ident)
    paints = Paints(window)
    loaded: list[int] = []
    window.form.loaded.connect(lambda: loaded.append(paints.count))  # type: ignore[attr-defined]
    stage.until(lambda: loaded and paints.count > loaded[0])
    taken = (time.perf_counter() - started) * 1000
    stage.rest(60)
    stall = stage.pulse.stop()
    window.close()
    stage.rest(60)
    return taken, stall


def date_changes(stage: Stage) -> Iterator[Figure]:
    """A thousand dates moved, and moved back by Deshacer, while their list is on the screen."""
    loads = Loads(stage)
    loads.ask(OPEN)
    loads.once()
    jobs = stage.application.jobs
    ids = open_ids(jobs)
    moved, undone = [], []
    for days in (7, -7, 7, -7, 7):
        preview = planned(jobs, ids, days)
        moved.append(_write(stage, lambda s, wanted=preview: reschedule.apply(s, wanted)))  # type: ignore[misc]
        undone.append(_write(stage, undo.undo_last))
    yield from both(f"mover {len(ids)} fechas desde la ventana", moved, None)
    yield from both(f"deshacer {len(ids)} fechas desde la ventana", undone, None)


def _write(stage: Stage, job: Callable[[Any], object]) -> Round:
    done: list[object] = []
    stage.pulse.start()
    started = time.perf_counter()
    stage.application.bridge.write(job, done.append, stage.window)
    stage.until(lambda: done)
    taken = (time.perf_counter() - started) * 1000
    stage.rest(150)
    return taken, stage.pulse.stop()


def start_up(path: Path) -> Iterator[Figure]:
    """From the command to the main window with its list ready, in a process of its own."""
    _start(path)
    yield Figure("arranque hasta la ventana con su lista", statistics.median(_start(path) for _ in range(3)))


def _start(path: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {**os.environ, "OFICRM_BENCH_STARTED": str(time.time())}
        command = [sys.executable, "-m", "tests.bench.starting", str(path), folder]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
        return float(done.stdout.split()[-1])
