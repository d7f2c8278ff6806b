"""What tells the user how things stand: notices with Deshacer, a thin bar while working, and empty lists."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.widgets.chips import IconLabel

NOTICE_MS = 8000
BUSY_AFTER_MS = 300
_NOTICE_WIDTH = 420


class Notice(QFrame):
    """One notice: icon, sentence, perhaps Deshacer, and a cross. Goes by itself, but not under the pointer."""

    undone = Signal()
    closed = Signal()

    def __init__(
        self, text: str, parent: QWidget, *, icon: str = "done", undo: bool = False, milliseconds: int = NOTICE_MS
    ) -> None:
        super().__init__(parent)
        theme.set_surface(self, "notice")
        self.setObjectName("notice")
        self.setAccessibleName(text)
        self.label = QLabel(text, self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.undo_button = QPushButton("Deshacer", self)
        self.undo_button.setObjectName("button_undo")
        self.undo_button.setToolTip("Deshacer (Ctrl+Z)")
        self.undo_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.undo_button.setVisible(undo)
        self.undo_button.clicked.connect(self._undo)
        cross = QToolButton(self)
        cross.setIcon(icons.icon("close", "tooltip_text"))
        cross.setToolTip("Cerrar")
        cross.setAccessibleName("Cerrar aviso")
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_S, theme.SPACE_S)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(IconLabel(icon, "tooltip_text", parent=self))
        row.addWidget(self.label, 1)
        row.addWidget(self.undo_button)
        row.addWidget(cross)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self.dismiss)
        self._timer.start()

    def is_counting(self) -> bool:
        """Whether the time runs; it stands still under the pointer."""
        return self._timer.isActive()

    def _undo(self) -> None:
        self.undone.emit()
        self.dismiss()

    def dismiss(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while being read."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Count anew."""
        self._timer.start()


class NoticeStack(QObject):
    """Puts notices at the lower right of a window, above each other, the newest lowest."""

    def __init__(self, window: QWidget, *, bottom: int = theme.SPACE_XL + theme.SPACE_M) -> None:
        super().__init__(window)
        self._window, self._bottom = window, bottom
        self._notices: list[Notice] = []
        window.installEventFilter(self)

    def show(
        self, text: str, *, undo: Callable[[], object] | None = None, icon: str = "done", milliseconds: int = NOTICE_MS
    ) -> Notice:
        """Show a sentence; with ``undo`` also the button that calls it. At most four stay."""
        notice = Notice(text, self._window, icon=icon, undo=undo is not None, milliseconds=milliseconds)
        if undo is not None:
            notice.undone.connect(undo)
        notice.closed.connect(lambda: self._forget(notice))
        self._notices.append(notice)
        for old in self._notices[:-4]:
            old.dismiss()
        notice.ensurePolished()
        self._place()
        notice.show()  # in its place at once: shown under the pointer elsewhere it would wait for ever
        return notice

    def notices(self) -> list[Notice]:
        """Those on the screen, oldest first."""
        return list(self._notices)

    def dismiss_all(self) -> None:
        """Take all away."""
        for notice in list(self._notices):
            notice.dismiss()

    def _forget(self, notice: Notice) -> None:
        self._notices.remove(notice)
        self._place()

    def _place(self) -> None:
        right = self._window.width() - theme.SPACE_L
        y = self._window.height() - self._bottom
        for notice in reversed(self._notices):
            width = min(notice.sizeHint().width(), _NOTICE_WIDTH, self._window.width() - 2 * theme.SPACE_L)
            width = max(width, min(300, self._window.width() - 2 * theme.SPACE_L))
            height = max(notice.heightForWidth(width), notice.minimumSizeHint().height())
            y -= height
            notice.setGeometry(right - width, y, width, height)
            notice.raise_()
            y -= theme.SPACE_S

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize and self._notices:
            self._place()
        return False


class BusyBar(QWidget):
    """A thin line that moves while something takes longer than 300 ms; takes no room from the page otherwise."""

    shown = Signal()

    def __init__(self, parent: QWidget | None = None, *, delay: int = BUSY_AFTER_MS) -> None:
        super().__init__(parent)
        self.setFixedHeight(3)
        self.setAccessibleName("Trabajando")
        self._jobs = 0
        self._at = 0.0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(delay)
        self._wait.timeout.connect(self._appear)
        self._move = QTimer(self)
        self._move.setInterval(40)
        self._move.timeout.connect(self._step)

    def start(self) -> None:
        """One more job runs."""
        self._jobs += 1
        if self._jobs == 1:
            self._wait.start()

    def stop(self) -> None:
        """One job less; with the last the line goes."""
        self._jobs = max(0, self._jobs - 1)
        if not self._jobs:
            self._wait.stop()
            self._move.stop()
            self.update()

    def is_moving(self) -> bool:
        """Whether the line is to be seen."""
        return self._move.isActive()

    def _appear(self) -> None:
        self._at = 0.0
        self._move.start()
        self.update()
        self.shown.emit()

    def _step(self) -> None:
        self._at = (self._at + 0.025) % 1.3
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A piece of the line, on its way from left to right."""
        if self.is_moving():
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.color("accent_soft"))
            width = self.width() * 0.3
            painter.fillRect(QRectF(self._at * self.width() - width, 0, width, self.height()), theme.color("accent"))


class EmptyState(QWidget):
    """Where a list would be: an icon, one sentence, and the button that ends the emptiness."""

    clicked = Signal()

    def __init__(
        self, icon: str = "empty", sentence: str = "", button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, "disabled", 40, self)
        self.sentence = QLabel(self)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumWidth(280)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme.set_role(self.sentence, "dim")
        self.button = QPushButton(self)
        self.button.clicked.connect(self.clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL)
        column.setSpacing(theme.SPACE_M)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.set(icon, sentence, button)

    def set(self, icon: str, sentence: str, button: str = "") -> None:
        """Say something else; without a button's words there is none."""
        self._icon.set_icon(icon, "disabled")
        self.sentence.setText(sentence)
        self.button.setText(button)
        self.button.setVisible(bool(button))
