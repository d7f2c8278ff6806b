"""What all editors of a field have in common, and the line edit most of them are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QToolButton, QWidget

from oficrm.rules.problems import Invalid
from ui import icons, theme

_KEEPS_EDITING = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class Editor(QWidget):
    """Edits one value.

    ``value()`` gives the typed value, None when empty, or the raw text when it cannot be read; the message for that
    is ``problem()``. Setting a value never emits ``changed``.
    """

    changed = Signal()
    """The user changed something, at every key."""
    committed = Signal()
    """The user is done: Enter, or the focus went elsewhere."""
    rejected = Signal(str)
    """What the user gave was not taken (a picture too big); the text says why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error: str | None = None
        self._read_only = False
        self._parts: list[QWidget] = []
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)

    # --- what each editor gives

    def value(self) -> Any:
        """The value, None when empty, or the raw text where it cannot be read."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value (None empties; a str is shown as typed)."""
        raise NotImplementedError

    def _lock(self, locked: bool) -> None:
        """Let the parts be written into or not."""
        raise NotImplementedError

    # --- what all share

    def problem(self) -> str | None:
        """Why the text cannot be read, or None."""
        return None

    def commit(self) -> None:
        """Read what is typed and show it in its final form; for forms that save while the focus is still here."""
        self.committed.emit()

    def error(self) -> str | None:
        """The message in force."""
        return self._error

    def set_error(self, text: str | None) -> None:
        """Mark the editor as wrong (or right: None); the words are shown by the field row."""
        self._error = text or None
        for part in self._parts:
            theme.set_property(part, "error", "true" if text else "false")
            part.setAccessibleDescription(text or "")

    def is_read_only(self) -> bool:
        """Whether the value can only be looked at."""
        return self._read_only

    def set_read_only(self, read_only: bool) -> None:
        """Let the value be looked at only; it can still be selected and copied."""
        if read_only == self._read_only:
            return
        self._read_only = read_only
        self._lock(read_only)
        for part in self._parts:
            theme.set_property(part, "locked", "true" if read_only else "false")
            if isinstance(part, QLineEdit | QPlainTextEdit):
                _show_hint(part, not read_only)

    def focus(self) -> None:
        """Put the cursor here, with what is written selected."""
        target = self.focusProxy() or self
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(target, QLineEdit):
            target.selectAll()

    def set_accessible_name(self, name: str) -> None:
        """The name a screen reader says."""
        self.setAccessibleName(name)
        for part in self._parts:
            part.setAccessibleName(name)

    def _adopt(self, *parts: QWidget) -> None:
        """The parts that take the focus, the main one first; leaving them all commits."""
        self._parts.extend(parts)
        if self.focusProxy() is None:
            self.setFocusProxy(parts[0])
        for part in parts:
            part.installEventFilter(self)

    def _row(self, *parts: QWidget, spacing: int = theme.SPACE_XS) -> QHBoxLayout:
        """Lay the parts side by side, the first one stretching."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spacing)
        for index, part in enumerate(parts):
            row.addWidget(part, 1 if index == 0 else 0)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the focus left the editor as a whole."""
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            there = QApplication.focusWidget()
            inside = there is not None and (there is self or self.isAncestorOf(there))
            if event.reason() not in _KEEPS_EDITING and not inside:
                self.commit()
        return super().eventFilter(watched, event)


def _show_hint(part: QLineEdit | QPlainTextEdit, shown: bool) -> None:
    """How to write is no use to who can only read."""
    if not shown and part.placeholderText():
        part.setProperty("hint", part.placeholderText())
        part.setPlaceholderText("")
    elif shown and not part.placeholderText():
        part.setPlaceholderText(part.property("hint") or "")


class Line(QLineEdit):
    """A line edit with small buttons at its end and a dim echo of what was understood."""

    stepped = Signal(int)
    """Up (1) or down (-1) was pressed, PageUp and PageDown ten of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._echo = ""
        self._echo_role = "dim"
        self._buttons: list[QToolButton] = []
        self._steps = False
        self.setMaxLength(10_000_000)  # an overlong paste is refused in words, not cut in silence

    def set_steps(self) -> None:
        """Turn the arrow keys into ``stepped``."""
        self._steps = True

    def echo(self) -> str:
        """What stands at the end of the line."""
        return self._echo

    def set_echo(self, text: str, role: str = "dim") -> None:
        """Show at the end of the line what was understood, in a theme colour."""
        if (text, role) != (self._echo, self._echo_role):
            self._echo, self._echo_role = text, role
            self._arrange()
            self.update()

    def add_button(self, icon: str, tip: str, run: Callable[[], object]) -> QToolButton:
        """A small button inside the line; not in the tab order: the keyboard has its own way to the same thing."""
        button = QToolButton(self)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(run)
        self._buttons.append(button)
        self._arrange()
        return button

    def show_button(self, button: QToolButton, visible: bool) -> None:
        """Show or hide one of the small buttons and give its room back."""
        if button.isHidden() == visible:
            button.setVisible(visible)
            self._arrange()

    def _room(self) -> int:
        """Pixels the visible buttons take."""
        return sum(theme.ICON_SIZE + 6 for button in self._buttons if not button.isHidden())

    def _echo_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._echo) + theme.SPACE_S if self._echo else 0

    def _echo_fits(self) -> bool:
        return (
            self.fontMetrics().horizontalAdvance(self.text()) + self._echo_width() + self._room()
            < self.width() - theme.SPACE_L
        )

    def _arrange(self) -> None:
        size = theme.ICON_SIZE + 6
        left = self.width() - 3
        for button in reversed(self._buttons):
            if not button.isHidden():
                left -= size
                button.setGeometry(left, (self.height() - size) // 2, size, size)
        self.setTextMargins(0, 0, self._room() + (self._echo_width() if self._echo_fits() else 0), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons at the end."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the echo over the empty end of the line."""
        super().paintEvent(event)
        if self._echo and self._echo_fits():
            painter = QPainter(self)
            painter.setPen(theme.color("disabled" if not self.isEnabled() else self._echo_role))
            painter.setFont(self.font())
            room = QRect(0, 0, self.width() - self._room() - theme.SPACE_S, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._echo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys step where the editor wants it."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        step = steps.get(Qt.Key(event.key()))
        if (
            self._steps
            and step
            and not self.isReadOnly()
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ):
            self.stepped.emit(step)
            event.accept()
            return
        super().keyPressEvent(event)


class TypedEditor(Editor):
    """A line in which a value is typed in some short form, read at every key and rewritten when left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Line(self)
        self._value: Any = None
        self._shown = ""
        self._adopt(self.line)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self.commit)

    # --- what each editor gives

    def _parse(self, text: str) -> Any:
        """The value of a text that is not blank. Raises Invalid."""
        raise NotImplementedError

    def _format(self, value: Any) -> str:
        """The text of a value, as shown when nobody is typing."""
        raise NotImplementedError

    def _echo_of(self, value: Any, typing: bool) -> tuple[str, str]:
        """What to show at the end of the line, and its theme colour."""
        return "", "dim"

    # --- what they share

    def value(self) -> Any:
        text = self.line.text()
        if not text.strip():
            return None
        if text == self._shown:
            return self._value
        try:
            return self._parse(text)
        except Invalid:
            return text

    def problem(self) -> str | None:
        text = self.line.text()
        if not text.strip() or text == self._shown:
            return None
        try:
            self._parse(text)
        except Invalid as problem:
            return str(problem)
        return None

    def set_value(self, value: Any) -> None:
        if value is None or isinstance(value, str):
            self._value, self._shown = None, ""
            self.line.setText(value or "")
            self._refresh_echo(typing=bool(value))
            return
        self._value, self._shown = value, self._format(value)
        self.line.setText(self._shown)
        self._refresh_echo(typing=False)

    def put(self, value: Any) -> None:
        """Set a value as the user would: ``changed`` is emitted."""
        self.set_value(value)
        self.changed.emit()

    def commit(self) -> None:
        value = self.value()
        if value is not None and not isinstance(value, str) and self.line.text() != self._shown:
            self.set_value(value)
        super().commit()

    def _typed(self) -> None:
        self._refresh_echo(typing=True)
        self.changed.emit()

    def _refresh_echo(self, typing: bool) -> None:
        value = self.value()
        if value is None or isinstance(value, str):
            self.line.set_echo(*self._echo_of(None, typing))
        else:
            self.line.set_echo(*self._echo_of(value, typing))

    def _lock(self, locked: bool) -> None:
        self.line.setReadOnly(locked)
