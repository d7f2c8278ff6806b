"""Parts are tested as they are shown: dressed, in a window that has the focus."""

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui import theme

TODAY = dt.date(2026, 11, 21)  # a Saturday


@pytest.fixture(autouse=True, scope="session")
def _dressed(qapp: QApplication) -> None:
    theme.install_spanish(qapp)
    theme.apply(qapp, "light")


class Stage:
    """A shown window with a field before and behind the part under test, to come from and go to."""

    def __init__(self, part: QWidget) -> None:
        self.window = QWidget()
        self.before, self.after = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self.window)
        for each in (self.before, part, self.after):
            column.addWidget(each)
        self.window.resize(640, 400)


@pytest.fixture
def stage(qtbot: QtBot) -> Callable[[QWidget], Stage]:
    """Show a part; the focus begins in front of it."""
    kept: list[Stage] = []

    def show(part: QWidget) -> Stage:
        made = Stage(part)
        kept.append(made)
        qtbot.addWidget(made.window)
        made.window.show()
        qtbot.waitExposed(made.window)
        made.window.activateWindow()
        made.before.setFocus()
        qtbot.waitUntil(made.before.hasFocus)
        return made

    return show
