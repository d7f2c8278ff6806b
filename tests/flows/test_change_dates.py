"""The week changes: twenty contacts are moved from the list with the keyboard, and come back with Ctrl+Z."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from oficrm import clock, lists, records, saving
from oficrm.jobs import Jobs
from oficrm.profile import Profile
from tests.support.office import TODAY, fill, open_jobs
from ui.app import Application
from ui.reschedule.dialog import ChangeDateDialog

WAIT = 10_000
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def jobs(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """A small office with sixty contacts."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(sqlite_url) as made:
        made.write(fill).result()
        yield made


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, jobs: Jobs, tmp_path: Path) -> Iterator[Application]:
    """The program, open on the list of contacts."""
    profile = Profile(tmp_path / "profile")
    profile.make()
    made = Application(qapp, jobs, profile)
    made.start()
    qtbot.waitUntil(lambda: made.main_window is not None and made.main_window.isVisible(), timeout=WAIT)
    assert made.main_window is not None
    made.main_window.activateWindow()
    yield made
    made.windows.close_all()
    made.main_window.hide()
    made.main_window.deleteLater()
    made.deleteLater()


def dates(jobs: Jobs, ids: list[int]) -> dict[int, dt.date]:
    rows = jobs.read(lambda s: lists.load_rows(s, "contact", ids, ["date"])).result()
    return {ident: row[0] for ident, row in rows.items()}


def load(qtbot: QtBot, program: Application, wanted: int) -> tuple[Any, list[int]]:
    """Cargar, only the open ones, and the first rows selected."""
    assert program.main_window is not None
    page: Any = program.main_window.page("contact")
    qtbot.waitUntil(page.is_ready, timeout=WAIT)
    QTest.keyClick(page, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: len(page.loaded_ids()) == 60, timeout=WAIT)
    button = page.findChild(QWidget, "quick_open")
    button.click()
    model = page.table.model()
    qtbot.waitUntil(lambda: wanted <= model.rowCount() < 60, timeout=WAIT)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    page.table.selectionModel().clearSelection()
    for row in range(wanted):
        page.table.selectionModel().select(model.index(row, 0), flags)
    return page, sorted(page.selected_ids())


def open_dialog(qtbot: QtBot, program: Application, page: Any) -> ChangeDateDialog:
    """Ctrl+D on the list."""
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_D, CONTROL)
    found: list[ChangeDateDialog] = []

    def shown() -> bool:
        found[:] = [each for each in program.windows.open_windows() if isinstance(each, ChangeDateDialog)]
        return bool(found) and found[0].is_ready()

    qtbot.waitUntil(shown, timeout=WAIT)
    return found[0]


def test_twenty_dates_move_and_come_back(qtbot: QtBot, program: Application, jobs: Jobs) -> None:
    page, ids = load(qtbot, program, 20)
    assert len(ids) == 20
    before = dates(jobs, ids)
    dialog = open_dialog(qtbot, program, page)
    assert dialog.scope.isVisible()
    assert dialog.accept_button.text().startswith("Cambiar ")
    promised = dict(dialog.preview().after)  # type: ignore[union-attr]
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: dates(jobs, ids) == before | promised, timeout=WAIT)
    qtbot.waitUntil(lambda: ChangeDateDialog not in map(type, program.windows.open_windows()), timeout=WAIT)
    # Nothing is loaded anew: the rows stay in sight and selected, to see what happened.
    assert sorted(page.selected_ids()) == ids
    assert set(ids) <= set(page.loaded_ids())

    window = program.main_window
    assert window is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: dates(jobs, ids) == before, timeout=WAIT)
    assert sorted(page.selected_ids()) == ids


def test_a_row_that_somebody_changed_in_between_is_named(qtbot: QtBot, program: Application, jobs: Jobs) -> None:
    page, ids = load(qtbot, program, 20)
    dialog = open_dialog(qtbot, program, page)
    moved = dialog.preview().rows[0].id  # type: ignore[union-attr]

    def edit(session: Any) -> None:
        draft = records.load(session, "contact", moved).draft
        draft.values |= {"date": dt.date(2026, 12, 16), "closed_on": None, "next_at": None}
        saving.save(session, draft)

    jobs.write(edit).result()
    before = dates(jobs, ids)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(dialog.overtaken.isVisible, timeout=WAIT)
    assert "lo pasó al mié 16 dic" in dialog.overtaken.list.item(0).text()
    assert dates(jobs, ids) == before
    QTest.keyClick(dialog, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: dialog.overtaken.isHidden() and dialog.is_ready(), timeout=WAIT)
    promised = dict(dialog.preview().after)  # type: ignore[union-attr]
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: dates(jobs, ids) == before | promised, timeout=WAIT)
