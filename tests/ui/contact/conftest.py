"""The contact form over a real database, as the program opens it; what it asks the program to open is noted."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.history import Actor
from oficrm import clock, lists, records, saving
from oficrm.drafts import LineDraft, Saved
from oficrm.jobs import Jobs
from tests.support.databases import STARTED, SqliteFiles
from tests.support.desk import WAIT
from tests.ui.widgets.keys import type_text
from ui import theme
from ui.bridge import Bridge
from ui.contact.form import ContactWindow
from ui.context import Context
from ui.memory import Memory
from ui.widgets.tags_editor import TagsEditor

NOW = dt.datetime(2026, 11, 20, 10, 33, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True, scope="session")
def _dressed(qapp: QApplication) -> None:
    theme.install_spanish(qapp)
    theme.apply(qapp, "light")


@dataclass
class Program:
    """Stands in for notices and the opener of the application."""

    notices_shown: list[tuple[str, int | None]] = field(default_factory=list)
    opened: list[tuple[str, int | None, dict[str, Any]]] = field(default_factory=list)
    blank: QWidget | None = None

    def show(self, text: str, undo_operation: int | None = None) -> None:
        self.notices_shown.append((text, undo_operation))

    def texts(self) -> list[str]:
        return [text for text, _operation in self.notices_shown]

    def _open(self, what: str, ident: Any, more: dict[str, Any]) -> QWidget:
        self.opened.append((what, ident, more))
        self.blank = self.blank or QWidget()
        return self.blank

    def open_record(self, table: str, ident: int | None = None, **more: Any) -> QWidget:
        return self._open(table, ident, more)

    def open_history(self, table: str, ident: int, parent: QWidget | None = None) -> QWidget:
        return self._open("history", ident, {})

    def open_change_date(self, ids: Any, parent: QWidget | None = None, loaded: Any = ()) -> QWidget:
        return self._open("change_date", list(ids), {})

    def open_mass_edit(self, table: str, ids: Any, parent: QWidget | None = None) -> QWidget:
        return self._open("mass_edit", list(ids), {})


@dataclass
class Office:
    """The database of one test, read and written directly, and the windows over it."""

    jobs: Jobs
    context: Context
    program: Program
    qtbot: QtBot
    client: int = 1
    other: int = 2
    person: int = 1
    stranger: int = 2
    product: int = 1
    errors: list[Any] = field(default_factory=list)
    windows: list[ContactWindow] = field(default_factory=list)

    def make(self, table: str, **values: Any) -> int:
        def job(session: Any) -> int:
            draft = records.blank(session, table).draft
            draft.values |= values
            return saving.save(session, draft).id

        return self.jobs.write(job).result().value

    def log(
        self,
        *,
        actions: tuple[str, ...] = (),
        items: tuple[str, ...] = (),
        preset: dict[str, Any] | None = None,
        **values: Any,
    ) -> Saved:
        def job(session: Any) -> Saved:
            draft = records.blank(session, "contact", {"client": self.client} | (preset or {})).draft
            draft.values |= values
            draft.lines["contact_action"] = [LineDraft(None, {"text": text}) for text in actions]
            draft.lines["contact_item"] = [LineDraft(None, {"item": item}) for item in items]
            return saving.save(session, draft)

        return self.jobs.write(job).result().value

    def values(self, ident: int) -> dict[str, Any]:
        return self.jobs.read(lambda s: records.load(s, "contact", ident)).result().draft.values

    def contacts(self) -> list[int]:
        found = self.jobs.read(lambda s: lists.load_ids(s, lists.ListFilter("contact", sort=("date",)))).result()
        return found.ids.tolist()

    def show(self, ident: int | None = None, **options: Any) -> ContactWindow:
        """Open the form without waiting for its record."""
        window = ContactWindow(self.context, ident, **options)
        self.windows.append(window)
        self.qtbot.addWidget(window)
        window.show()
        self.qtbot.waitExposed(window)
        window.activateWindow()
        return window

    def open(self, ident: int | None = None, **options: Any) -> ContactWindow:
        """Open the form and wait until one can write."""
        window = self.show(ident, **options)
        self.qtbot.waitUntil(lambda: window.sections is not None and bool(window.foot.sentence.text()), timeout=WAIT)
        if not window.form.read_only:
            self.qtbot.waitUntil(window.accept_button.isEnabled, timeout=WAIT)
        return window


def _prepare(session: Any) -> None:
    """A small company: two clients with a person each, and a product."""
    for table, values in (
        ("client", {"name": "Talleres Ruiz"}), ("client", {"name": "Hotel Azahar"}),
        ("person", {"first_name": "Marta", "last_name": "Ruiz", "client": 1}),
        ("person", {"first_name": "Luis", "last_name": "Gil", "client": 2}),
        ("product", {"name": "Sierra 200", "sku": "S-200"}),
    ):  # fmt: skip
        saving.save(session, records.blank(session, table, values).draft)


@pytest.fixture(scope="session")
def _company(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> Path:
    """The company's file, written once; each test gets a copy."""
    path = tmp_path_factory.mktemp("company") / "company.db"
    jobs = Jobs(sqlite_files.copy(STARTED, path), Actor("ana"))
    jobs.write(_prepare).result()
    jobs.close()
    return path


@pytest.fixture
def office(_company: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for part in _company.parent.glob(_company.name + "*"):  # a write-ahead log is part of the file
        shutil.copy(part, tmp_path / part.name)
    jobs = Jobs(f"sqlite:///{tmp_path / _company.name}", Actor("ana"))
    bridge = Bridge(jobs)
    program = Program()
    context = Context(bridge, Memory(tmp_path / "memory"), program, program)
    made = Office(jobs, context, program, qtbot)
    bridge.failed.connect(lambda error, details: made.errors.append(details))
    yield made
    for window in made.windows:
        window.form.discard()
    jobs.close()
    assert not made.errors, made.errors[0]


# What a person does


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def type_into(window: ContactWindow, name: str, text: str) -> None:
    window.sections.rows[name].editor.focus()  # type: ignore[union-attr]
    type_text(focused(), text)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)


def tags(window: ContactWindow, name: str) -> TagsEditor:
    assert window.sections is not None
    editor = window.sections.rows[name].editor
    assert isinstance(editor, TagsEditor)
    return editor


def accept(window: ContactWindow, office: Office) -> None:
    """Accept and wait until the window is closed."""
    with office.qtbot.waitSignal(window.form.saved, timeout=WAIT):
        window.accept_button.click()
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)


def result(office: Office, name: str) -> int:
    found = office.jobs.read(lambda s: lists.options(s, ["result"], name)).result()
    return int(found[0].id)
