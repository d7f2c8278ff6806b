"""Messages on top of a form, with the buttons that settle them: no box ever covers what one is writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.chips import IconLabel

_ICONS = {"overdue": "error", "today": "overdue", "accent": "info", "done": "done"}
_STRIPE = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A button of a message: its words, what it does, its objectName, and whether it is the expected one."""

    text: str
    run: Callable[[], object]
    name: str
    primary: bool = False


class MessageBar(QFrame):
    """One message: icon, sentence, answers. Escape gives the last answer, the one that changes nothing."""

    def __init__(self, code: str, text: str, kind: str, answers: Sequence[Answer], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"bar_{code}")
        self.setAccessibleName(text)
        self._kind = kind
        self.buttons: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_L, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_XS)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(IconLabel(_ICONS[kind], kind, parent=self))
        self.label = QLabel(text, self)
        self.label.setObjectName(f"error_{code}")
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.label, 1)
        for answer in answers:
            row.addWidget(self._button(answer))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(theme.CONTROL_HEIGHT + theme.SPACE_S)

    def _button(self, answer: Answer) -> QPushButton:
        button = QPushButton(answer.text, self)
        button.setObjectName(answer.name)
        button.setAutoDefault(True)
        theme.set_kind(button, "primary" if answer.primary else "secondary")
        button.clicked.connect(lambda _on=False: answer.run())
        self.buttons.append(button)
        return button

    def focus(self) -> None:
        """Go to the expected answer."""
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape changes nothing."""
        if event.key() == Qt.Key.Key_Escape and self.buttons:
            self.buttons[-1].click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground, and a stripe of the full colour at its left edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.soft(self._kind))
        painter.fillRect(QRectF(0, 0, _STRIPE, self.height()), theme.color(self._kind))


class MessageBars(QWidget):
    """The messages in force, one for each code, the latest on top."""

    shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bars")
        self._bars: dict[str, MessageBar] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_message(self, code: str, text: str, kind: str = "accent", answers: Sequence[Answer] = ()) -> MessageBar:
        """Show a message in place of the one with the same code. Kinds: overdue (wrong), today (take care), accent."""
        self.hide_message(code)
        bar = MessageBar(code, text, kind, answers, self)
        self._bars[code] = bar
        self._column.insertWidget(0, bar)
        bar.show()
        self.shown.emit(code)
        return bar

    def hide_message(self, code: str) -> None:
        """Take a message away, if it is there."""
        bar = self._bars.pop(code, None)
        if bar is not None:
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()

    def has(self, code: str) -> bool:
        """Whether a message with this code is shown."""
        return code in self._bars

    def bar(self, code: str) -> MessageBar:
        """The message with this code. Raises KeyError when it is not shown."""
        return self._bars[code]

    def clear(self) -> None:
        """Take all messages away."""
        for code in list(self._bars):
            self.hide_message(code)
