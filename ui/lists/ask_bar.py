"""A bar above the table that asks before something is done, shows how far long work is, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ui import theme
from ui.widgets.chips import IconLabel


class AskBar(QFrame):
    """One question, one piece of work or one outcome at a time. Escape closes it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ask_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._icon = IconLabel("info", "neutral", parent=self)
        self.label = QLabel(self)
        self.label.setObjectName("ask_text")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.gauge = QProgressBar(self)
        self.gauge.setFixedWidth(200)
        self.gauge.setTextVisible(False)
        self.accept_button = QPushButton(self)
        self.accept_button.setObjectName("ask_accept")
        self.cancel_button = QPushButton(self)
        self.cancel_button.setObjectName("ask_cancel")
        self._accept: Callable[[], object] | None = None
        self._cancel: Callable[[], object] | None = None
        self.accept_button.clicked.connect(self._accepted)
        self.cancel_button.clicked.connect(self._cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_XS, theme.SPACE_S, theme.SPACE_XS)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self._icon)
        row.addWidget(self.label, 1)
        for part in (self.gauge, self.accept_button, self.cancel_button):
            row.addWidget(part)
        self.hide()

    def _show(self, text: str, kind: str, icon: str, accept: str, cancel: str, *, gauge: bool = False) -> None:
        theme.set_property(self, "chip", kind)
        self._icon.set_icon(icon, kind)
        self.label.setText(text)
        self.setAccessibleName(text)
        self.accept_button.setText(accept)
        self.accept_button.setVisible(bool(accept))
        self.cancel_button.setText(cancel)
        self.cancel_button.setVisible(bool(cancel))
        self.gauge.setVisible(gauge)
        self.show()

    def ask(self, text: str, accept: str, run: Callable[[], object]) -> None:
        """Ask before deleting; Enter on the focused button goes on."""
        self._accept, self._cancel = run, None
        self._show(text, "overdue", "overdue", accept, "Cancelar   Esc")
        theme.set_kind(self.accept_button, "danger")
        self.accept_button.setFocus()

    def work(self, text: str, cancel: Callable[[], object]) -> None:
        """Say that something is being done, and let it be cancelled."""
        self._accept, self._cancel = None, cancel
        self.gauge.setRange(0, 0)
        self._show(text, "neutral", "busy", "", "Cancelar", gauge=True)

    def step(self, done: int, total: int, text: str) -> None:
        """Show how far it is."""
        self.gauge.setRange(0, max(total, 1))
        self.gauge.setValue(done)
        self.label.setText(text)

    def say(self, text: str, *, good: bool = True, more: str = "", run: Callable[[], object] | None = None) -> None:
        """Say how it ended; ``more`` is a button for what may follow."""
        self._accept, self._cancel = run, None
        self._show(text, "done" if good else "overdue", "done" if good else "error", more if run else "", "Cerrar")
        theme.set_kind(self.accept_button, "secondary")

    def close_bar(self) -> None:
        """Go away."""
        if not self.isHidden():
            had_focus = any(part.hasFocus() for part in (self.accept_button, self.cancel_button))
            self.hide()
            if had_focus:
                self.closed.emit()

    def _accepted(self) -> None:
        run, self._accept = self._accept, None
        self.close_bar()
        if run is not None:
            run()

    def _cancelled(self) -> None:
        run, self._cancel = self._cancel, None
        self.close_bar()
        if run is not None:
            run()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is no; Enter presses the focused button."""
        if event.key() == Qt.Key.Key_Escape:
            self._cancelled()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.window().focusWidget()
            if isinstance(focused, QPushButton) and self.isAncestorOf(focused):
                focused.click()
                return
        super().keyPressEvent(event)
