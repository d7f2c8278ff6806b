"""Where a message is written: grows with what is written, Ctrl+Enter sends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from ui import icons, theme

MOST_LINES = 6


class MessageBox(QPlainTextEdit):
    """Plain text of one to six lines."""

    sent = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("field_message")
        self.setAccessibleName("Mensaje")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._grow)
        self._grow()

    def _grow(self) -> None:
        lines = min(max(self.document().size().height(), 2), MOST_LINES)
        frame = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        self.setFixedHeight(int(lines * self.fontMetrics().lineSpacing()) + frame + 2)

    def sizeHint(self) -> QSize:
        """As tall as what is written."""
        return QSize(300, self.height())

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is for the message, not for the form around it, which it would accept and close."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _sends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends."""
        if _sends(event):
            self.sent.emit()
            return
        super().keyPressEvent(event)


def _sends(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class Compose(QWidget):
    """The box and its button. ``sent(text)``; what was written stays until ``clear``."""

    sent = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compose")
        self.box = MessageBox(self)
        self.button = QPushButton(icons.icon("send"), "Anotar", self)
        self.button.setObjectName("button_send")
        self.button.setAutoDefault(False)
        theme.set_kind(self.button, "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self.box, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.box.sent.connect(self._send)
        self.button.clicked.connect(self._send)
        self.box.textChanged.connect(self._show_state)
        self._is_waiting = False
        self._show_state()

    def dress(self, *, goes_out: bool, where: str) -> None:
        """Say what writing does here: it goes to a server, or is noted."""
        self.button.setText("Enviar" if goes_out else "Anotar")
        self.button.setToolTip(f"{'Enviar' if goes_out else 'Anotar'} (Ctrl+Enter)")
        words = f"Escribir a {where}" if goes_out else "Anotar un mensaje en este registro"
        self.box.setPlaceholderText(f"{words}. Ctrl+Enter lo {'envía' if goes_out else 'anota'}.")

    def text(self) -> str:
        """What is written."""
        return self.box.toPlainText()

    def set_waiting(self, waiting: bool) -> None:
        """While a message is on its way it cannot be changed nor sent again."""
        self._is_waiting = waiting
        self.box.setReadOnly(waiting)
        self._show_state()

    def clear(self) -> None:
        """It has gone."""
        self.box.clear()

    def _show_state(self) -> None:
        self.button.setEnabled(bool(self.text().strip()) and not self._is_waiting)

    def _send(self) -> None:
        if self.button.isEnabled():
            self.sent.emit(self.text())
