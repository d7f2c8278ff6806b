"""Below the screens: lists, searches, mass date changes and their undo, through the lanes."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from db.migrate import known_revisions
from db.models.contact import Contact
from oficrm import finding, lists, loading, reschedule, undo
from oficrm.jobs import Jobs
from oficrm.lists import Criterion, ListFilter
from oficrm.rules.reschedule import Shift
from tests.bench.figures import Figure, clock, median, plus, side_by_side, timed, times, within
from tests.bench.floors import Raw, questions

MOVED = 1000
COLUMNS = (*Contact.screens.columns, "is_done", "next_missing", "type.icon")
OPEN = ListFilter("contact", (Criterion("is_done", "is", False),))


def first_rows(jobs: Jobs, wanted: ListFilter) -> Callable[[], float]:
    """Times what Cargar asks first: the ids of the first page, and its rows."""
    return lambda: clock(jobs.read(lambda s: loading.first(s, wanted, COLUMNS)).result)


def all_ids(jobs: Jobs, wanted: ListFilter) -> Callable[[], float]:
    """Times what Cargar asks next: all ids."""
    return lambda: clock(jobs.read(lambda s: loading.everything(s, wanted)).result)


def loads(jobs: Jobs, raw: Raw) -> Iterator[Figure]:
    """First rows and all ids of each filter, without the screen, against the same by hand."""
    for question in questions():
        ours, floor = side_by_side(first_rows(jobs, question.filter), timed(raw.first, question))
        yield plus(f"primeras filas sin pantalla: {question.name}", ours, floor, 30)
        ours, floor = side_by_side(all_ids(jobs, question.filter), timed(raw.ids, question), 3)
        yield Figure(f"todos los ids ({len(raw.ids(question))}): {question.name}", ours, floor)


def open_ids(jobs: Jobs) -> list[int]:
    return jobs.read(lambda s: lists.load_ids(s, OPEN, MOVED)).result().ids.tolist()


class CanMove(Protocol):
    """A bare connection to either engine."""

    def move(self, ids: list[int], days: int) -> None:
        """Move dates, with the history, by hand."""


class Mover:
    """Moves the same contacts to and fro, as the dialog does, and takes it back."""

    def __init__(self, jobs: Jobs, ids: Sequence[int]) -> None:
        self._jobs, self._ids = jobs, ids
        self._days = itertools.cycle((7, -7))

    def move(self) -> float:
        """Write a preview of now; milliseconds of the writing."""
        return self._move()[1]

    def undo(self) -> float:
        """Move, then take it back; milliseconds of taking it back."""
        operation, _ = self._move()
        next(self._days)
        return clock(self._jobs.write(lambda s: undo.undo(s, operation)).result)

    def _move(self) -> tuple[int, float]:
        preview = planned(self._jobs, self._ids, next(self._days))
        started = time.perf_counter()
        done = self._jobs.write(lambda s: reschedule.apply(s, preview)).result()
        taken = (time.perf_counter() - started) * 1000
        assert done.changes.operation_id is not None
        return done.changes.operation_id, taken


def planned(jobs: Jobs, ids: Sequence[int], days: int) -> reschedule.Preview:
    """What the dialog would write: all of `ids`, so many days on."""
    selection = jobs.read(lambda s: reschedule.frozen(s, ids)).result()
    return reschedule.preview(selection, reschedule.Wish(Shift(days), include_done=True))


def moves(jobs: Jobs, raw: Raw) -> Iterator[Figure]:
    """A thousand dates moved with full history, and the undo of it."""
    ids = open_ids(jobs)
    mover, floor_of = Mover(jobs, ids), raw_moves(raw, ids)
    ours, floor = side_by_side(mover.move, floor_of, 9)
    yield times(f"mover {len(ids)} fechas con su historial", ours, floor, 3)
    ours, floor = side_by_side(mover.undo, floor_of, 9)
    yield Figure(f"deshacer el cambio de {len(ids)} fechas", ours, floor)
    freeze = lambda: jobs.read(lambda s: reschedule.frozen(s, ids)).result()  # noqa: E731
    yield Figure("congelar la selección", median(freeze))
    selection, wish = freeze(), reschedule.Wish(Shift(3, "workdays"), include_done=True)
    yield within("vista previa (en el hilo de la ventana)", median(lambda: reschedule.preview(selection, wish)), 50)


def raw_moves(raw: "CanMove", ids: list[int]) -> Callable[[], float]:
    """Times the floor: to and fro, a day each time."""
    days = itertools.cycle((1, -1))
    return lambda: clock(lambda: raw.move(ids, next(days)))


def searches(jobs: Jobs) -> Iterator[Figure]:
    """What is asked while somebody types: pickers and the palette."""
    for table, text in (("client", "ta"), ("client", "talleres"), ("person", "garcia"), ("product", "6")):
        yield within(f"selector de {table}: «{text}»", median(_read(jobs, lists.options, [table], text)), 50)
    for text in ("ruiz", "zzzz"):
        yield within(f"paleta: «{text}»", median(_read(jobs, finding.find, text)), 100)
    ids = jobs.read(lambda s: lists.load_ids(s, ListFilter("contact"))).result().ids
    middle = ids[len(ids) // 2 :][:200].tolist()
    yield within("200 filas alrededor de la vista", median(_read(jobs, loading.page, "contact", middle, COLUMNS)), 50)


def _read(jobs: Jobs, job: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: jobs.read(lambda s: job(s, *arguments)).result()


def opening(path: Path) -> Iterator[Figure]:
    """What stands before the first window: the look at the file, and finding it up to date."""
    from db.examine import examine_file
    from db.migrate import upgrade

    known = known_revisions()
    size = path.stat().st_size / 1e6
    yield within(f"examinar el archivo ({size:.0f} MB)", median(lambda: examine_file(path, known), 3), 300)
    yield Figure("abrir la base de datos (con el examen)", median(lambda: upgrade(path), 3))
