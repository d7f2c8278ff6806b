"""A call is logged, closed and followed up in a week without touching the mouse, in the real program."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.history import Actor
from oficrm import clock, lists, records, saving, start
from oficrm.jobs import Jobs
from oficrm.profile import Profile
from tests.ui.widgets.keys import type_text
from ui.app import Application
from ui.contact.form import ContactWindow
from ui.widgets.feedback import NoticeStack

WAIT = 10_000
NONE, CONTROL, ALT = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier,
                      Qt.KeyboardModifier.AltModifier)  # fmt: skip


class Keyboard:
    """Types where the focus is, and counts what is pressed besides the text itself."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.strokes = 0
        self.keys = 0

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """One stroke; a key held with another counts as two keys."""
        self.strokes += 1
        self.keys += 1 if held == NONE else 2
        QTest.keyClick(self._focus(), key, held)

    def text(self, text: str) -> None:
        """The text itself."""
        type_text(self._focus(), text)

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait for what is on the screen, as a person does."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def _focus(self) -> QWidget:
        self.wait(QApplication.focusWidget)
        found = QApplication.focusWidget()
        assert found is not None
        return found


@pytest.fixture
def jobs(sqlite_url: str) -> Iterator[Jobs]:
    """A company with two clients, a person and nothing logged yet."""
    made = Jobs(sqlite_url, Actor("ana"))

    def prepare(session) -> None:
        start.begin(session, "ES", "Comercial Levante S.L.")
        for name in ("Talleres Ruiz", "Hotel Azahar"):
            saving.save(session, records.blank(session, "client", {"name": name}).draft)
        person = {"first_name": "Marta", "last_name": "Ruiz", "client": 1}
        saving.save(session, records.blank(session, "person", person).draft)

    made.write(prepare).result()
    yield made
    made.close()


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
    page = made.main_window.page("contact")
    assert page is not None
    qtbot.waitUntil(page.is_ready, timeout=WAIT)  # type: ignore[attr-defined]
    page.focus_filter()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: QApplication.focusWidget() in page.findChildren(QWidget), timeout=WAIT)
    yield made
    made.windows.close_all()
    made.main_window.hide()
    made.main_window.deleteLater()
    made.deleteLater()


def contact_form(program: Application) -> ContactWindow | None:
    """The contact form, once one can write in it."""
    for window in program.windows.open_windows():
        if isinstance(window, ContactWindow) and window.accept_button.isEnabled():
            return window
    return None


def logged(jobs: Jobs) -> list[tuple[object, ...]]:
    """All contacts by date."""
    columns = ["client", "person", "notes", "date", "result", "is_done", "next_missing"]

    def read(session):
        ids = lists.load_ids(session, lists.ListFilter("contact", sort=("date",))).ids.tolist()
        rows = lists.load_rows(session, "contact", ids, columns)
        return [rows[ident] for ident in ids]

    found: list[tuple[object, ...]] = jobs.read(read).result()
    return found


def said(stack: NoticeStack) -> list[str]:
    return [label.text() for notice in stack.notices() for label in notice.findChildren(QLabel)]


def is_over(program: Application) -> bool:
    return not any(window.isVisible() for window in program.windows.open_windows())


def check(jobs: Jobs) -> None:
    """One contact closed today, the next one in a week, linked."""
    today = clock.today()
    first, second = logged(jobs)
    in_a_week = second[3]
    assert first == ("Talleres Ruiz", "Marta Ruiz", "Quiere precio de la sierra", today, "Seguimiento", 1, 0)
    assert second[:3] == ("Talleres Ruiz", "Marta Ruiz", None)
    assert (in_a_week - today).days == 7  # type: ignore[operator]


def test_log_a_call_with_a_follow_up_by_letters(qtbot: QtBot, program: Application, jobs: Jobs) -> None:
    """7 strokes besides the text itself, 11 keys counting Ctrl and Alt: Ins, Tab, Tab, Alt+D, Alt+R, and Ctrl+Enter
    for each of the two contacts."""
    keyboard = Keyboard(qtbot)
    keyboard.press(Qt.Key.Key_Insert)
    keyboard.wait(lambda: contact_form(program))
    form = contact_form(program)
    assert form is not None
    keyboard.text("tall")
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.text("marta")
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.text("Quiere precio de la sierra")
    keyboard.press(Qt.Key.Key_D, ALT)
    keyboard.text("+1s")
    keyboard.press(Qt.Key.Key_R, ALT)
    keyboard.text("seg")
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    keyboard.wait(lambda: form.windowTitle() == "Próximo contacto de Talleres Ruiz" and contact_form(program))
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    keyboard.wait(lambda: is_over(program))
    check(jobs)
    assert keyboard.strokes == 7
    assert keyboard.keys == 11
    assert keyboard.keys <= 12


def test_log_a_call_with_a_follow_up_by_tab_alone(qtbot: QtBot, program: Application, jobs: Jobs) -> None:
    """11 strokes besides the text itself: Ins, eight times Tab in the order of the talk, and twice Ctrl+Enter."""
    keyboard = Keyboard(qtbot)
    keyboard.press(Qt.Key.Key_Insert)
    keyboard.wait(lambda: contact_form(program))
    form = contact_form(program)
    assert form is not None
    for text, tabs in (("tall", 1), ("marta", 1), ("Quiere precio de la sierra", 3), ("+1s", 3), ("seg", 0)):
        keyboard.text(text)
        for _ in range(tabs):
            keyboard.press(Qt.Key.Key_Tab)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    keyboard.wait(lambda: form.windowTitle() == "Próximo contacto de Talleres Ruiz" and contact_form(program))
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    keyboard.wait(lambda: is_over(program))
    check(jobs)
    assert program.main_window is not None
    stack = program.main_window.notices.stack()
    keyboard.wait(lambda: [notice for notice in stack.notices() if notice.undo_button.isVisible()])
    assert keyboard.strokes == 11
    assert keyboard.strokes <= 12


def test_the_next_contact_given_up_is_still_to_be_made(qtbot: QtBot, program: Application, jobs: Jobs) -> None:
    keyboard = Keyboard(qtbot)
    keyboard.press(Qt.Key.Key_Insert)
    keyboard.wait(lambda: contact_form(program))
    form = contact_form(program)
    assert form is not None
    for text, tabs in (("tall", 2), ("Quiere precio", 3), ("+1s", 0)):
        keyboard.text(text)
        for _ in range(tabs):
            keyboard.press(Qt.Key.Key_Tab)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    keyboard.wait(lambda: form.windowTitle().startswith("Próximo") and contact_form(program))
    keyboard.press(Qt.Key.Key_Escape)
    keyboard.wait(lambda: is_over(program))
    assert program.main_window is not None
    stack = program.main_window.notices.stack()
    keyboard.wait(lambda: any("queda sin crear" in text for text in said(stack)))
    [only] = logged(jobs)
    assert only[2] == "Quiere precio"
    assert only[-1], "the list marks it: próximo sin crear"
