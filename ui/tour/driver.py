"""Driving real windows by the names of their widgets: wait, type, press, take a picture, write down what happened."""

import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import (
    QEvent,
    QEventLoop,
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QAction, QKeyEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

W = TypeVar("W", bound=QObject)
TIMEOUT_MS = 20_000
PULSE_MS = 10
STILL_TRIES = 60
SIZE = (1366, 768)
FORM_SIZE = (1240, 720)


class StepFailed(Exception):
    """A step of the tour did not reach what it expects."""


def innermost(widget: QWidget) -> QWidget:
    """Return the part of an editor that takes the keys."""
    while (proxy := widget.focusProxy()) is not None:
        widget = proxy
    part = widget.findChild(QLineEdit) or widget.findChild(QPlainTextEdit)
    return part or widget


def wait_for(condition: Callable[[], object], milliseconds: int) -> bool:
    """Let events run until a condition holds; False when the time is up first."""
    deadline = time.monotonic() + milliseconds / 1000
    while not condition():
        if time.monotonic() > deadline:
            return False
        pulse()
    return True


def pulse() -> None:
    """Let the program run for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(PULSE_MS, loop.quit)
    loop.exec()


def still_picture(window: QWidget) -> QPixmap:
    """Return a picture of a window that has come to rest: two in a row are the same."""
    seen = window.grab()
    for _ in range(STILL_TRIES):
        pulse()
        again = window.grab()
        if again.toImage() == seen.toImage():
            break
        seen = again
    return seen


def quiet_offscreen_platform() -> None:
    """The offscreen platform says at every window what it cannot do; nobody wants to read that."""

    def handler(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if not text.startswith("This plugin does not support"):
            print(f"{kind.name}: {text}", flush=True)  # noqa: T201

    qInstallMessageHandler(handler)


class Driver:
    """Takes the steps one after the other; a failed one is noted and the tour goes on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[dict[str, Any]] = []
        self.pictures = 0

    def step(self, name: str, action: Callable[[], object]) -> bool:
        """Run one step and note its outcome, time and pictures."""
        before, started = self.pictures, time.perf_counter()
        entry: dict[str, Any] = {"step": name, "outcome": "ok"}
        try:
            action()
        except Exception as error:  # the tour reports every failure and goes on
            entry |= {"outcome": "failed", "error": str(error), "details": traceback.format_exc()}
            self._picture_of_failure(name)
        entry["milliseconds"] = round((time.perf_counter() - started) * 1000)
        entry["pictures"] = self.pictures - before
        self.steps.append(entry)
        self._write()
        print(f"{'ok   ' if entry['outcome'] == 'ok' else 'FALLO'} {name} ({entry['milliseconds']} ms)", flush=True)  # noqa: T201
        return bool(entry["outcome"] == "ok")

    def _write(self) -> None:
        ok = all(entry["outcome"] == "ok" for entry in self.steps)
        text = json.dumps({"ok": ok, "steps": self.steps}, ensure_ascii=False, indent=2)
        (self.folder / "tour.json").write_text(text, "utf-8")

    def _picture_of_failure(self, name: str) -> None:
        shown = [window for window in QApplication.topLevelWidgets() if window.isVisible() and window.isWindow()]
        if shown:
            self.picture(QApplication.activeWindow() or shown[-1], f"fallo-{name}")

    @property
    def failed(self) -> int:
        """Number of steps that did not work."""
        return sum(entry["outcome"] != "ok" for entry in self.steps)

    def picture(self, window: QWidget, name: str) -> Path:
        """Write a numbered picture of a window once it has painted; record windows in the size of a laptop's."""
        if window.objectName().startswith(("form_", "dialog_change_date", "dialog_history")):
            window.resize(*FORM_SIZE)
        self.pictures += 1
        safe = "".join(char if char.isalnum() or char in "-_" else "-" for char in name)
        path = self.folder / f"{self.pictures:02d}-{safe}.png"
        if not still_picture(window).save(str(path)):
            raise StepFailed(f"{path.name} could not be written")
        return path

    def wait(self, condition: Callable[[], object], what: str, milliseconds: int = TIMEOUT_MS) -> None:
        """Let the program run until a condition holds. Raises StepFailed when it does not in that time."""
        if not wait_for(condition, milliseconds):
            raise StepFailed(f"waited in vain: {what}")

    def find(self, kind: type[W], name: str, parent: QObject) -> W:
        """Return the named widget or action below a parent. Raises StepFailed when there is none."""
        found = parent.findChild(kind, name)
        if found is None:
            raise StepFailed(f"{parent.objectName()} has no {kind.__name__} {name!r}")
        return found

    def window(self, name: str) -> QWidget:
        """Wait for a visible window by its name."""
        found: list[QWidget] = []

        def visible() -> bool:
            found[:] = [w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible()]
            return bool(found)

        self.wait(visible, f"window {name}")
        return found[-1]

    def trigger(self, name: str, parent: QObject) -> None:
        """Trigger a named action, which has to be enabled."""
        action = self.find(QAction, name, parent)
        if not action.isEnabled():
            raise StepFailed(f"{name} is disabled")
        action.trigger()

    def click(self, name: str, parent: QWidget) -> None:
        """Click a named button, which has to be enabled."""
        button = self.find(QAbstractButton, name, parent)
        self.wait(button.isEnabled, f"{name} enabled")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_into(self, widget: QWidget, text: str) -> None:
        """Type a text into an editor, wherever inside it the keys go."""
        target = innermost(widget)
        widget.window().activateWindow()
        target.setFocus()
        self.wait(target.hasFocus, f"focus in {widget.objectName()}")
        for letter in text:  # QTest.keyClicks knows ASCII only
            for event in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = ord(letter.upper()) if letter.isascii() else 0
                QApplication.sendEvent(target, QKeyEvent(event, key, Qt.KeyboardModifier.NoModifier, letter))
