"""How a long document keeps up: a keystroke in a cell, opening and saving a quote of a thousand lines."""

import gc
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import records, saving, start
from oficrm.drafts import LineDraft
from oficrm.jobs import Jobs
from oficrm.opening import open_jobs
from tests.bench.figures import Figure, within
from tests.bench.stage import Paints, Stage

LINES = 1000
KEYS = range(Qt.Key.Key_1, Qt.Key.Key_8)
KEY_MS = 16
PRODUCTS = 50


def figures(folder: Path) -> Iterator[Figure]:
    """On a database of its own, through the real application offscreen."""
    jobs = open_jobs(folder / "documents.sqlite", Actor("ana"))
    try:
        ident = jobs.write(_long_quote).result().value
        stage = Stage(jobs, folder / "profile-documents")
        yield from _measured(stage, jobs, ident)
        stage.close()
    finally:
        jobs.close()


def _long_quote(session: Session) -> int:
    start.begin(session, "ES", "Comercial Levante, S. L.")
    client = saving.save(session, records.blank(session, "client", {"name": "Hotel Azahar"}).draft).id
    items = []
    for at in range(PRODUCTS):
        preset = {"name": f"Producto {at}", "sku": f"P-{at}", "sale_price": Decimal("10.55"), "tax_rate": Decimal(21)}
        items.append(f"product:{saving.save(session, records.blank(session, 'product', preset).draft).id}")
    draft = records.blank(session, "quote", {"subject": "Mil líneas", "client": client}).draft
    draft.values["discount_percent"] = Decimal("7.5")
    draft.lines["quote_line"] = [
        LineDraft(None, {"item": items[at % PRODUCTS], "description": f"Partida {at}", "quantity": Decimal(1 + at % 9),
                         "unit_price": Decimal(1000 + at) / 100, "discount_percent": Decimal(at % 3),
                         "tax_rate": (Decimal(21), Decimal(10), None)[at % 3]})
        for at in range(LINES)
    ]  # fmt: skip
    return saving.save(session, draft).id


def _measured(stage: Stage, jobs: Jobs, ident: int) -> Iterator[Figure]:
    started = time.perf_counter()
    window: Any = stage.window.windows.open_record("quote", ident)
    paints, loaded = Paints(window), []
    window.form.loaded.connect(lambda: loaded.append(paints.count))
    stage.until(lambda: loaded and paints.count > loaded[0])
    yield Figure(f"abrir un presupuesto de {LINES} líneas", (time.perf_counter() - started) * 1000)
    grid = window.form.parts()["quote_line"]
    stage.until(lambda: grid._settings is not None)
    stage.rest(300)
    times = _keys(stage, grid)
    yield within(f"una tecla en una celda de {LINES} líneas", median(times), KEY_MS, min(times))
    saved: list[Any] = []
    started = time.perf_counter()
    window.form.saved.connect(saved.append)
    window.form.save()
    stage.until(lambda: saved)
    yield Figure(f"guardar un presupuesto de {LINES} líneas", (time.perf_counter() - started) * 1000)
    stage.rest(200)


def _keys(stage: Stage, grid: Any) -> list[float]:
    """From the key to the totals, painting included, for each digit typed into prices all over the grid."""
    column = next(at for at, of in enumerate(grid.model.columns) if of.name == "unit_price")
    times = []
    for row in (0, LINES // 2, LINES - 1):
        grid.view.edit_cell(row, column)
        stage.rest(60)
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit), line
        line.selectAll()
        gc.collect()
        for key in KEYS:
            begun = time.perf_counter()
            QTest.keyClick(line, key)
            QApplication.processEvents()
            times.append((time.perf_counter() - begun) * 1000)
        QTest.keyClick(line, Qt.Key.Key_Return)
        stage.rest(30)
    return times
