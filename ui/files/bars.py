"""What a place of files says and asks above its rows: a line to be written, and a report of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui import icons, theme
from ui.widgets.chips import IconLabel
from ui.widgets.editor import Line


class LineBar(QFrame):
    """Asks for one line: a name, a reason. Enter accepts, Escape leaves; an error stands under the line."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("line_bar")
        theme.set_surface(self, "card")
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.line = Line(self)
        self.line.setObjectName("line_text")
        self.label.setBuddy(self.line)
        self.error = QLabel(self)
        self.error.setObjectName("error_line")
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.error, "error")
        self.accept_button = QPushButton(self)
        self.accept_button.setObjectName("line_accept")
        theme.set_kind(self.accept_button, "primary")
        self.cancel_button = QPushButton("Cancelar   Esc", self)
        self.cancel_button.setObjectName("line_cancel")
        self._run: Callable[[str], object] | None = None
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self.label)
        row.addWidget(self.line, 1)
        row.addWidget(self.accept_button)
        row.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_XS, theme.SPACE_S, theme.SPACE_XS)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.error)
        self.accept_button.clicked.connect(self._accept)
        self.cancel_button.clicked.connect(self.close_bar)
        self.line.textEdited.connect(lambda _text: self.show_error(""))
        self.hide()

    def ask(self, label: str, accept: str, run: Callable[[str], object], text: str = "", chosen: int = -1,
            hint: str = "") -> None:  # fmt: skip
        """Ask for a line; ``text`` is there already, its first ``chosen`` letters selected. ``run`` gets what is
        written; the bar stays until ``close_bar`` or ``show_error``."""  # noqa: D209
        self.label.setText(label)
        self.setAccessibleName(label)
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(hint)
        self.accept_button.setText(f"{accept}   ↵")
        self.accept_button.setAccessibleName(accept)
        self.line.setText(text)
        self.line.setSelection(0, chosen if chosen >= 0 else len(text))
        self._run = run
        self.show_error("")
        self.show()
        self.line.setFocus()

    def show_error(self, text: str) -> None:
        """Say under the line what is wrong with it."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        theme.set_property(self.line, "error", "true" if text else "false")
        if text:
            self.line.setFocus()

    def close_bar(self) -> None:
        """Go away."""
        if not self.isHidden():
            self._run = None
            self.hide()
            self.closed.emit()

    def _accept(self) -> None:
        if self._run is not None:
            self._run(self.line.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter accepts wherever the focus is, but on Cancelar; Escape leaves."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                (self.close_bar if self.cancel_button.hasFocus() else self._accept)()
            case _:
                super().keyPressEvent(event)


class Report(QFrame):
    """Which files were left out, and why; stays until it is closed."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("files_report")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setProperty("chip", "today")
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("report_text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Archivos que no se añadieron")
        cross = QToolButton(self)
        cross.setObjectName("report_close")
        cross.setIcon(icons.icon("close", "today"))
        cross.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        cross.setToolTip("Cerrar")
        cross.setAccessibleName("Cerrar")
        cross.clicked.connect(self.close_report)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_S)
        head.addWidget(IconLabel("overdue", "today", parent=self))
        head.addWidget(self.title, 1)
        head.addWidget(cross)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_XS, theme.SPACE_S, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(head)
        column.addWidget(self.text)
        self.hide()

    def show_left_out(self, left_out: Sequence[tuple[str, str]], taken: int) -> None:
        """Name the files with their reasons; a single one in the title itself."""
        first = {0: "No se añadió nada", 1: "Se añadió 1 archivo"}.get(taken, f"Se añadieron {taken} archivos")
        if len(left_out) == 1:
            name, reason = left_out[0]
            self.title.setText(f"{first}. «{name}» no se añadió: {reason}")
        else:
            self.title.setText(f"{first}. {len(left_out)} no se añadieron:")
        self.setAccessibleName(self.title.text())
        self.text.setPlainText("\n".join(f"{name}: {reason}" for name, reason in left_out))
        lines = min(len(left_out), 6)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * lines + theme.SPACE_XL)
        self.text.setVisible(len(left_out) > 1)
        self.show()
        self.text.verticalScrollBar().setValue(0)

    def close_report(self) -> None:
        """Go away."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_report()
        else:
            super().keyPressEvent(event)
