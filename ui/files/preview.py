"""The preview beside a list of files: what is selected, as a picture, a text or a mail. Loads only while it is seen."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Changes
from ui import icons, theme
from ui.context import Context
from ui.files.looking import View, Wanted, look
from ui.widgets.chips import IconLabel
from ui.widgets.feedback import BusyBar

WAIT_MS = 120
"""A key held down runs through the rows; only where it rests is a file read."""
_ICON = 48


class Picture(QLabel):
    """A picture as wide as its room at most; a click opens the file."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview_picture")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Abrir")

    def paintEvent(self, event: QPaintEvent) -> None:
        """With an edge: a page is as white as what is behind it."""
        super().paintEvent(event)
        if not self.pixmap().isNull():
            size = self.pixmap().deviceIndependentSize().toSize()
            edge = QRect((self.width() - size.width()) // 2, 0, size.width() - 1, size.height() - 1)
            painter = QPainter(self)
            painter.setPen(theme.color("border"))
            painter.drawRect(edge)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the file."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class Preview(QFrame):
    """Name and facts of a file, and below what can be seen of it. ``open_asked(id)`` when it is to be opened."""

    open_asked = Signal(int)
    shown = Signal()
    """A file, or why it cannot be seen, is on the screen."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setAccessibleName("Vista previa")
        theme.set_surface(self, "panel")
        self._context = context
        self._wanted = Wanted()
        self._ident: int | None = None
        self._count = 0
        self.view: View | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._ask)
        self._build()
        context.bridge.changed.connect(self._changed)

    def _build(self) -> None:
        self.busy = BusyBar(self)
        self.name = QLabel(self)
        self.name.setObjectName("preview_name")
        self.name.setFont(theme.font(bold=True))
        self.facts = QLabel(self)
        self.facts.setObjectName("preview_facts")
        theme.set_role(self.facts, "small")
        self.head = QLabel(self)
        self.head.setObjectName("preview_head")
        for label in (self.name, self.facts, self.head):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.picture = Picture()
        self.picture.clicked.connect(self._open)
        self.sheet = QScrollArea(self)
        self.sheet.setWidget(self.picture)
        self.sheet.setWidgetResizable(True)
        self.sheet.viewport().setAutoFillBackground(False)
        self.picture.setAutoFillBackground(False)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("preview_text")
        self.text.setAccessibleName("Contenido")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.stack = QStackedWidget(self)
        for page in (self.sheet, self.text, self._make_plain()):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        for part in (self.busy, self.name, self.facts, self.head):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        self._show_nothing()

    def _make_plain(self) -> QWidget:
        """What stands where nothing can be seen: an icon, a sentence, and the way to open it."""
        plain = QWidget(self)
        self._icon = IconLabel("document", "disabled", _ICON, plain)
        self.sentence = QLabel(plain)
        self.sentence.setObjectName("preview_sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self.sentence, "dim")
        self.open_button = QPushButton("Abrir", plain)
        self.open_button.setObjectName("preview_open")
        self.open_button.clicked.connect(self._open)
        column = QVBoxLayout(plain)
        column.setSpacing(theme.SPACE_M)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return plain

    # --- what is asked for

    def show_file(self, ident: int | None, count: int) -> None:
        """Show a file; with several selected, how many they are."""
        if (ident, count) == (self._ident, self._count):
            return
        self._ident, self._count = ident, count
        self._begin()

    def _begin(self) -> None:
        self._wanted.next()
        if self._ident is None or self._count != 1:
            self._timer.stop()
            self._show_nothing()
        elif self.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Load what was chosen while nobody looked."""
        super().showEvent(event)
        if self.view is None or self.view.id != self._ident:
            self._begin()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if self._ident in changes.tables.get("document", frozenset()):
            self.view = None
            self._begin()

    def _ask(self) -> None:
        ident = self._ident
        if ident is None or not self.isVisible():
            return
        serial, wanted = self._wanted.next(), self._wanted
        room = self._room()
        self.busy.start()
        self._context.bridge.read(
            lambda session: look(session, ident, room, wanted, serial), lambda view: self._arrived(serial, view), self,
            failed=lambda error: self._failed(serial, error), slow=True,
        )  # fmt: skip

    def _room(self) -> QSize:
        """In pixels of the screen, less what a scroll bar takes."""
        ratio = self.devicePixelRatioF()
        return QSize(round((self.stack.width() - theme.SPACE_L) * ratio), round(self.stack.height() * ratio))

    # --- what is shown

    def _arrived(self, serial: int, view: View | None) -> None:
        self.busy.stop()
        if view is None or serial != self._wanted.serial:
            return
        self.view = view
        self.name.setText(view.name)
        self.facts.setText(view.facts)
        self.head.setText("\n".join(f"{name}: {value}" for name, value in view.head))
        self.head.setVisible(bool(view.head))
        if view.picture is not None:
            pixmap = QPixmap.fromImage(view.picture)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(pixmap)
            self.picture.setAccessibleName(f"Imagen de {view.name}")
            self.stack.setCurrentIndex(0)
        elif view.text is not None:
            more = "\n\n… (hay más: ábralo para verlo entero)" if view.is_cut else ""
            self.text.setPlainText(view.text + more)
            self.stack.setCurrentIndex(1)
        else:
            icon = icons.known(view.kind.icon)
            self._show_plain(icon, view.problem or "Este tipo de archivo no se puede ver aquí.", opens=True)
        self.shown.emit()

    def _failed(self, serial: int, error: Exception) -> None:
        self.busy.stop()
        if not isinstance(error, Refused | EnvironmentProblem):
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
        elif serial == self._wanted.serial:
            self._show_plain("error", str(error), opens=False)
            self.shown.emit()

    def _show_plain(self, icon: str, sentence: str, *, opens: bool) -> None:
        self._icon.set_icon(icon, "disabled")
        self.sentence.setText(sentence)
        self.open_button.setVisible(opens)
        self.stack.setCurrentIndex(2)

    def _show_nothing(self) -> None:
        self.view = None
        for label in (self.name, self.facts, self.head):
            label.clear()
        self.head.hide()
        words = f"{self._count} archivos seleccionados" if self._count > 1 else "Elija un archivo para verlo aquí."
        self._show_plain("files" if self._count > 1 else "preview", words, opens=False)

    def _open(self) -> None:
        if self._ident is not None:
            self.open_asked.emit(self._ident)
