"""Editors that choose from a few fixed entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QCheckBox, QComboBox, QListView, QRadioButton, QWidget

from oficrm.rules.text import plain
from ui import icons, theme
from ui.widgets.editor import Editor


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: what is stored, what is read, and its icon (a name of ``ui.icons``)."""

    key: str
    label: str
    icon: str = ""
    color: str = "icon"


class _Combo(QComboBox):
    """Searches by typing without accents, and leaves the wheel to the page unless it has the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._typed = ""
        self._pause = QElapsedTimer()
        self.setView(QListView(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(14)
        self.locked = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that scrolls must not change values."""
        if self.hasFocus() and not self.locked:
            super().wheelEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A locked value does not drop down."""
        if not self.locked:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters search, Delete empties, Enter is left to the form."""
        if self.locked:
            event.ignore()
            return
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.itemData(0) is None:
            self._choose(0)
        elif event.text().strip() and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            self._search(event.text())
        else:
            super().keyPressEvent(event)

    def _choose(self, index: int) -> None:
        if index != self.currentIndex():
            self.setCurrentIndex(index)
            self.activated.emit(index)

    def _search(self, letter: str) -> None:
        paused = not self._pause.isValid() or self._pause.elapsed() > QApplication.keyboardInputInterval() * 2
        self._pause.start()
        self._typed = letter if paused else self._typed + letter
        index = find_label([self.itemText(row) for row in range(self.count())], self._typed, self.currentIndex())
        if index is not None:
            self._choose(index)


def find_label(labels: Sequence[str], typed: str, current: int) -> int | None:
    """The row whose label begins with what was typed, else has it inside; a repeated letter goes round."""
    wanted = plain(typed)
    folded = [plain(label) for label in labels]
    if len(set(wanted)) == 1:
        order = [(current + 1 + step) % len(folded) for step in range(len(folded))]
        for row in order:
            if folded[row].startswith(wanted[0]):
                return row
    for row, label in enumerate(folded):
        if label.startswith(wanted):
            return row
    return next((row for row, label in enumerate(folded) if wanted in label), None)


class ChoiceEditor(Editor):
    """One of a few entries; typing selects, the wheel does nothing unless the field has the focus.

    ``empty`` is the text of the entry for no value; None leaves that entry out.
    """

    def __init__(
        self, choices: Sequence[Choice] = (), parent: QWidget | None = None, *, empty: str | None = ""
    ) -> None:
        super().__init__(parent)
        self._empty = empty
        self.combo = _Combo(self)
        self._row(self.combo)
        self._adopt(self.combo)
        self.set_choices(choices)
        self.combo.activated.connect(lambda _index: self.changed.emit())

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other entries; the value stays, also when it is not among them."""
        before = self.value() if self.combo.count() else None
        self.combo.clear()
        if self._empty is not None:
            self.combo.addItem(self._empty, None)
        for choice in choices:
            if choice.icon:
                self.combo.addItem(icons.icon(choice.icon, choice.color), choice.label, choice.key)
            else:
                self.combo.addItem(choice.label, choice.key)
        if before is not None:
            self.set_value(before)

    def value(self) -> str | None:
        key = self.combo.currentData()
        return key if isinstance(key, str) else None

    def set_value(self, value: str | None) -> None:
        index = self.combo.findData(value) if value is not None else (0 if self._empty is not None else -1)
        if index < 0 and value is not None:
            # An entry no longer offered: the record keeps it and shows it.
            self.combo.addItem(str(value), value)
            index = self.combo.count() - 1
        self.combo.setCurrentIndex(index)

    def _lock(self, locked: bool) -> None:
        self.combo.locked = locked


class _Check(QCheckBox):
    """A box that a read-only form leaves as it is."""

    locked = False

    def nextCheckState(self) -> None:
        """Turn over, unless locked."""
        if not self.locked:
            super().nextCheckState()


class YesNoEditor(Editor):
    """A box to tick, with its answer in words; always a bool."""

    def __init__(self, parent: QWidget | None = None, *, text: str = "") -> None:
        super().__init__(parent)
        self._text = text
        self.box = _Check(self)
        self._row(self.box)
        self._adopt(self.box)
        self.box.toggled.connect(lambda _on: self._describe())
        self.box.clicked.connect(lambda _on: self.changed.emit() if not self.is_read_only() else None)
        self._describe()

    def value(self) -> bool:
        return self.box.isChecked()

    def set_value(self, value: bool | None) -> None:
        self.box.setChecked(bool(value))

    def _describe(self) -> None:
        self.box.setText(self._text or ("Sí" if self.box.isChecked() else "No"))

    def _lock(self, locked: bool) -> None:
        self.box.locked = locked


class TwoWayEditor(Editor):
    """Two entries side by side, one of them taken; the arrow keys change over."""

    def __init__(self, first: Choice, second: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        for choice in (first, second):
            button = QRadioButton(choice.label, self)
            self._group.addButton(button)
            self.buttons[choice.key] = button
            button.clicked.connect(lambda _on: self.changed.emit())
        row = self._row(*self.buttons.values(), spacing=theme.SPACE_S)
        row.setStretch(0, 0)
        row.addStretch(1)
        self._adopt(*self.buttons.values())

    def value(self) -> str | None:
        return next((key for key, button in self.buttons.items() if button.isChecked()), None)

    def set_value(self, value: str | None) -> None:
        self._group.setExclusive(False)
        for key, button in self.buttons.items():
            button.setChecked(key == value)
        self._group.setExclusive(True)

    def focus(self) -> None:
        """Go to the one taken."""
        self.buttons.get(self.value() or "", next(iter(self.buttons.values()))).setFocus()

    def _lock(self, locked: bool) -> None:
        for button in self.buttons.values():
            button.setEnabled(not locked or button.isChecked())
