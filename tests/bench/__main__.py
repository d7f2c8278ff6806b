"""`python -m tests.bench`: builds the demo database if need be, measures, prints the table.

Budgets come from the list of what the program promises; one that is not kept is marked, and never fails the run: how
fast a shared machine is today is no fact about the program.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tests.bench import data, documents, figures, files, mail, modules, screens, server, storage
from tests.bench.floors import Raw
from tests.bench.stage import Stage

BUSY = 0.9
PARTS = ("storage", "screens", "start", "files", "mail", "modules", "documents", "server")

OWN = {"files": files.figures, "mail": mail.figures, "modules": modules.figures, "documents": documents.figures}
"""Measured on databases of their own."""


def own(folder: Path, parts: list[str]) -> Iterator[figures.Figure]:
    """The wanted ones of those parts that need no other data."""
    for name, measured in OWN.items():
        if name in parts:
            yield from measured(folder)


def measure(folder: Path, contacts: int, parts: list[str], fresh: bool) -> Iterator[figures.Figure]:
    """All figures of the wanted parts, as they come."""
    if set(parts) <= OWN.keys():
        yield from own(folder, parts)
        return
    path, seconds = data.database(folder, contacts, fresh)
    yield figures.within(f"crear {contacts} contactos de ejemplo", seconds * 1000, 60_000 * contacts / 100_000)
    jobs, raw = data.lanes(path), Raw(path)
    try:
        if "storage" in parts:
            yield from storage.loads(jobs, raw)
            yield from storage.moves(jobs, raw)
            yield from storage.searches(jobs)
        if "screens" in parts:
            stage = Stage(jobs, folder / "profile")
            yield from screens.list_loads(stage, raw)
            yield from screens.forms(stage)
            yield from screens.date_changes(stage)
            stage.close()
    finally:
        raw.close()
        jobs.close()
    if "start" in parts:
        yield from storage.opening(path)
        yield from screens.start_up(path)
    yield from own(folder, parts)
    if "server" in parts:
        try:
            yield from server.figures(contacts)
        except server.NoPostgres as reason:
            print(f"PostgreSQL: no se mide: {reason}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser("tests.bench", description="Mide la velocidad del programa.")
    parser.add_argument("--contacts", type=int, default=100_000, help="contactos de la base de datos medida")
    parser.add_argument("--only", choices=PARTS, action="append", help="mide solo esta parte (se puede repetir)")
    parser.add_argument("--fresh", action="store_true", help="crea de nuevo los datos de ejemplo")
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="oficrm-bench-") as folder:
        for figure in measure(Path(folder), options.contacts, options.only or list(PARTS), options.fresh):
            found.append(figure)
            print(f"  {figure.name}: {figure.measured:.1f} ms", file=sys.stderr, flush=True)
    print(figures.table(found))
    kept = [figure.keeps for figure in found if figure.keeps is not None]
    if (share := figures.share_of_processor()) < BUSY:
        print(f"\nLa máquina está ocupada (este programa obtiene el {share:.0%} de un procesador): las cifras crecen.")
    print(f"\npresupuestos: {sum(kept)} de {len(kept)} se cumplen")


if __name__ == "__main__":
    main()
