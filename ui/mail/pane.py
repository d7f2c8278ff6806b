"""The view of a message with what belongs to it: what was left out, text or HTML, finding words, where links lead."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.context import Context
from ui.forms.message_bar import Answer, MessageBars
from ui.keys import key_in
from ui.mail import writing
from ui.mail.content import Shown
from ui.mail.view import MailView
from ui.widgets.bars import SearchField
from ui.widgets.chips import IconLabel

MEMORY = "mail_view"
LINK_BAR = "link"
REMOTE = "Imágenes remotas bloqueadas: pedirlas diría al remitente que usted ha abierto el mensaje."
CUT = "Mensaje muy largo: se muestra el comienzo."


class MessagePane(QWidget):
    """Shows a ``Shown``. Whether as text and how large is remembered for all messages."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._shown = context, Shown()
        kept = context.memory.get(MEMORY, {})
        self._prefers_text = bool(kept.get("text"))
        self.view = MailView(self)
        self.view.set_zoom(int(kept.get("zoom", 0)))
        self.bars = MessageBars(self)
        self.notes = _Notes(self)
        self.find_bar = FindBar(self.view, self)
        self._hover = QLabel(self.view)
        self._hover.setObjectName("link_target")
        self._hover.setTextFormat(Qt.TextFormat.PlainText)
        self._hover.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hover.hide()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.find_button = self._tool("button_find", "Buscar", "search", "Buscar en el mensaje (Ctrl+F)")
        self.text_button = self._tool("button_text", "Ver texto", "menu", "")
        self.tools = QWidget(self)
        """The buttons of the view; whoever holds the pane puts them where there is room."""
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.find_button)
        row.addWidget(self.text_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addWidget(self.notes)
        column.addWidget(self.bars)
        column.addWidget(self.view, 1)
        column.addWidget(self.find_bar)

    def _tool(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _connect(self) -> None:
        view = self.view
        view.link_asked.connect(self.follow)
        view.hovered.connect(self._show_target)
        view.text_asked.connect(self.toggle_text)
        view.zoomed.connect(lambda _zoom: self._remember())
        self.text_button.clicked.connect(self.toggle_text)
        self.find_button.clicked.connect(self.find_bar.open)
        self.notes.text_asked.connect(self.toggle_text)
        for keys, run in (
            ("Ctrl+F", self.find_bar.open), ("Ctrl+U", self.toggle_text),
            ("Ctrl++", lambda: view.set_zoom(view.zoom() + 1)), ("Ctrl+=", lambda: view.set_zoom(view.zoom() + 1)),
            ("Ctrl+-", lambda: view.set_zoom(view.zoom() - 1)), ("Ctrl+0", lambda: view.set_zoom(0)),
        ):  # fmt: skip
            owner = self.parentWidget() or self
            key_in(keys, owner, run)

    # --- what is shown

    def show_message(self, shown: Shown) -> None:
        """Show a message as text where that was chosen before, else as it was written."""
        self._shown = shown
        self.bars.clear()
        self.view.show_message(shown, as_text=self._prefers_text)
        self._show_state()

    def toggle_text(self) -> None:
        """Text instead of HTML, or the other way round; remembered."""
        if self.view.has_both():
            self._prefers_text = not self.view.is_text()
            self.view.set_as_text(self._prefers_text)
            self._remember()
            self._show_state()

    def _remember(self) -> None:
        self._context.memory.put(MEMORY, {"text": self._prefers_text, "zoom": self.view.zoom()})

    def _show_state(self) -> None:
        is_text, both = self.view.is_text(), self.view.has_both()
        words = "Ver HTML" if is_text and both else "Ver texto"
        self.text_button.setText(words)
        self.text_button.setAccessibleName(words)
        self.text_button.setVisible(both)
        self.text_button.setToolTip(f"{'El mensaje con su forma' if is_text else 'Solo el texto'} (T o Ctrl+U)")
        self.notes.show_state(remote=self._shown.has_remote and not is_text, cut=self._shown.is_cut and not is_text)

    # --- links

    def follow(self, target: str) -> None:
        """Follow a link: a mail address with its consent, a page in the system's browser, asked where it lies."""
        url = QUrl(target)
        if url.scheme() == "mailto":
            writing.write_to(self._context, url.path(), self, self.bars)
            return
        if url.scheme() not in ("http", "https"):
            return
        lie = self.view.lie(target)
        if lie is None:
            QDesktopServices.openUrl(url)
            return

        def go() -> None:
            self.bars.hide_message(LINK_BAR)
            QDesktopServices.openUrl(url)

        answers = [Answer("Abrir de todos modos", go, "button_link_open"),
                   Answer("No abrir", lambda: self.bars.hide_message(LINK_BAR), "button_link_close")]  # fmt: skip
        self.bars.show_message(LINK_BAR, lie.sentence(), "today", answers).buttons[-1].setFocus()

    def _show_target(self, words: str) -> None:
        self._hover.setText(words)
        self._hover.setVisible(bool(words))
        self._place_target()

    def _place_target(self) -> None:
        tokens = theme.tokens()
        self._hover.setStyleSheet(
            f"QLabel#link_target {{ background: {tokens.raised}; color: {tokens.text}; padding: 2px 8px; "
            f"border: 1px solid {tokens.border_input}; border-radius: 4px; }}"
        )
        self._hover.setMaximumWidth(self.view.width() - 2 * theme.SPACE_S)
        self._hover.adjustSize()
        self._hover.move(theme.SPACE_XS, self.view.height() - self._hover.height() - theme.SPACE_XS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the target of a link at the foot."""
        super().resizeEvent(event)
        self._place_target()


class _Notes(QWidget):
    """One dim line: what of the message is not shown, and why."""

    text_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = IconLabel("info", "dim", parent=self)
        self._label = QLabel(self)
        self._label.setObjectName("note_left_out")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.set_role(self._label, "small")
        self.all_button = QPushButton("Ver todo como texto", self)
        self.all_button.setObjectName("button_all_text")
        theme.set_kind(self.all_button, "link")
        self.all_button.clicked.connect(self.text_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_S)
        for part in (self._icon, self._label, self.all_button):
            row.addWidget(part, 1 if part is self._label else 0)
        self.show_state(remote=False, cut=False)

    def show_state(self, *, remote: bool, cut: bool) -> None:
        """Say what was left out; nothing where all is shown."""
        words = " ".join(text for text, is_so in ((CUT, cut), (REMOTE, remote)) if is_so)
        self._label.setText(words)
        self.all_button.setVisible(cut)
        self.setVisible(bool(words))

    def text(self) -> str:
        """What is said."""
        return self._label.text()


class FindBar(QWidget):
    """Finds words in the message: Enter the next, Shift+Enter the one before, Escape closes."""

    def __init__(self, view: MailView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find_bar")
        self._view = view
        self.field = SearchField(self, placeholder="Buscar en el mensaje")
        self.field.setMaximumWidth(320)
        self.field.searched.connect(self._typed)
        self.field.returnPressed.connect(lambda: self.step(1))
        self.found = QLabel(self)
        self.found.setObjectName("find_result")
        theme.set_role(self.found, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, theme.SPACE_XS)
        row.addWidget(self.field, 1)
        row.addWidget(self.found, 1)
        row.addStretch(1)
        for keys, by in (("F3", 1), ("Shift+F3", -1), ("Shift+Return", -1)):
            key_in(keys, self, partial(self.step, by))
        self.field.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape is for the field and the bar, not for the window, which it would close."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape in an empty field closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
            return
        super().keyPressEvent(event)

    def open(self) -> None:
        """Show the bar and write into it."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        """Back to the message."""
        self.hide()
        self._view.setFocus()

    def _typed(self, text: str) -> None:
        cursor = self._view.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._view.setTextCursor(cursor)
        if text:
            self.step(1)
        else:
            self.found.clear()

    def step(self, by: int) -> None:
        """Go to the next place (1) or the one before (-1), around the ends."""
        text = self.field.text().strip()
        if not text:
            return
        flags = QTextDocument.FindFlag(0) if by > 0 else QTextDocument.FindFlag.FindBackward
        if self._view.find(text, flags):
            self.found.clear()
            return
        cursor = self._view.textCursor()
        cursor.movePosition(cursor.MoveOperation.Start if by > 0 else cursor.MoveOperation.End)
        self._view.setTextCursor(cursor)
        where = "Desde el principio." if by > 0 else "Desde el final."
        self.found.setText(where if self._view.find(text, flags) else "No está en el mensaje.")
