"""Where a comment is written: grows with the text, completes @names, holds the files that go with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from oficrm.comments import Handle
from oficrm.files.sources import Source
from oficrm.rules.text import plain
from ui import icons, theme
from ui.chat.compose import MessageBox
from ui.files.asking import ask_files
from ui.memory import Memory
from ui.widgets.suggest import Entry, Option, SuggestPopup

_BEGUN = re.compile(r"(?:^|[\s(«])@([\w ]{0,30})$")
MOST = 8
PLACEHOLDER = "Escriba un comentario. Con @ se avisa a un usuario; Ctrl+Enter lo publica."


class CommentBox(MessageBox):
    """Lists the users once an @ is typed; the arrows, Enter and Tab choose, Escape goes on writing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("field_comment")
        self.setAccessibleName("Comentario")
        self.setPlaceholderText(PLACEHOLDER)
        self.handles: tuple[Handle, ...] = ()
        self._popup: SuggestPopup | None = None
        self.textChanged.connect(self._offer)

    @property
    def popup(self) -> SuggestPopup:
        """The list of users, made when first needed."""
        if self._popup is None:
            self._popup = SuggestPopup(self)
            self._popup.taken.connect(self._take)
        return self._popup

    def is_listing(self) -> bool:
        """Whether users are offered."""
        return self._popup is not None and self._popup.isVisible()

    def _begun(self) -> str | None:
        """What is written after the @ before the cursor, None where there is none."""
        cursor = self.textCursor()
        found = _BEGUN.search(cursor.block().text()[: cursor.positionInBlock()])
        return found[1] if found else None

    def _offer(self) -> None:
        begun = self._begun()
        options: list[Option] = []
        if begun is not None and self.hasFocus():
            typed = plain(begun)
            names = [(handle, plain(handle.name)) for handle in self.handles]
            fitting = [handle for handle, name in names
                       if name != typed and (name.startswith(typed) or f" {typed}" in name)]  # fmt: skip
            options = [Option(handle.id, handle.name) for handle in fitting[:MOST]]
        if options:
            self.popup.show_entries(options, "", creatable=False)
        else:
            self._hide()

    def _hide(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def _take(self, entry: Entry) -> None:
        begun = self._begun()
        if not isinstance(entry, Option) or begun is None:
            return
        cursor = self.textCursor()
        for _letter in begun:
            cursor.deletePreviousChar()
        cursor.insertText(f"{entry.title} ")
        self.setTextCursor(cursor)
        self._hide()

    def event(self, event: QEvent) -> bool:
        """Escape closes the list, not the window."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape and self.is_listing():  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys go to the list while it is open."""
        key = event.key()
        if self.is_listing() and not event.modifiers():
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.popup.step(1 if key == Qt.Key.Key_Down else -1)
                return
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and self.popup.take():
                return
            if key == Qt.Key.Key_Escape:
                self._hide()
                return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        super().focusOutEvent(event)
        self._hide()


class CommentCompose(QWidget):
    """The box, its files and its buttons. ``published(text)``; what was written stays until ``clear``.

    ``begin_reply`` and ``begin_edit`` say above the box what is being written; ``given_up`` when that is cancelled.
    """

    published = Signal(str)
    given_up = Signal()

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compose_comment")
        self._memory = memory
        self.sources: list[Source] = []
        self._is_waiting = False
        self.about = QLabel(self)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.about, "small")
        self.cancel_button = self._tool("clear", "button_cancel_comment", "Dejarlo")
        self.box = CommentBox(self)
        self.files_label = QLabel(self)
        self.files_label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.files_label, "small")
        self.drop_files_button = self._tool("clear", "button_drop_comment_files", "Quitar los archivos")
        self.internal = QCheckBox("Interno", self)
        self.internal.setObjectName("check_internal")
        self.internal.setToolTip("El portal de clientes no lo enseña")
        self.internal.setChecked(True)
        self.attach_button = self._tool("attach", "button_attach_comment", "Adjuntar archivos")
        self.button = QPushButton(icons.icon("send", "accent_text"), "Publicar", self)
        self.button.setObjectName("button_publish")
        self.button.setToolTip("Publicar comentario (Ctrl+Enter)")
        self.button.setAutoDefault(False)
        theme.set_kind(self.button, "primary")
        self._lay_out()
        self.box.sent.connect(self._publish)
        self.button.clicked.connect(self._publish)
        self.attach_button.clicked.connect(lambda _on=False: self.attach(ask_files(self, self._memory)))
        self.drop_files_button.clicked.connect(lambda _on=False: self._set_files([]))
        self.cancel_button.clicked.connect(self._give_up)
        self.box.textChanged.connect(self._show_state)
        self._say("")
        self._set_files([])

    def _tool(self, icon: str, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        for row in (top, foot):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.SPACE_S)
        top.addWidget(self.about, 1)
        top.addWidget(self.cancel_button)
        foot.addWidget(self.attach_button)
        foot.addWidget(self.files_label)
        foot.addWidget(self.drop_files_button)
        foot.addStretch(1)
        foot.addWidget(self.internal)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(top)
        column.addWidget(self.box)
        column.addLayout(foot)

    def text(self) -> str:
        """What is written."""
        return self.box.toPlainText()

    def begin_reply(self, author: str) -> None:
        """What is written next answers a comment."""
        self._say(f"Respuesta a {author}")
        self.button.setText("Responder")
        self.box.setFocus()

    def begin_edit(self, body: str) -> None:
        """Change what was written before."""
        self._say("Cambiando un comentario: el texto de antes queda en el Histórico.")
        self.button.setText("Guardar")
        self.attach_button.setEnabled(False)
        self.internal.setEnabled(False)
        self.box.setPlainText(body)
        self.box.moveCursor(self.box.textCursor().MoveOperation.End)
        self.box.setFocus()

    def _say(self, words: str) -> None:
        self.about.setText(words)
        self.about.setVisible(bool(words))
        self.cancel_button.setVisible(bool(words))

    def _give_up(self) -> None:
        self.clear()
        self.given_up.emit()

    def clear(self) -> None:
        """It has been published, or given up."""
        self.box.clear()
        self._say("")
        self.button.setText("Publicar")
        self.attach_button.setEnabled(True)
        self.internal.setEnabled(True)
        self._set_files([])

    def set_waiting(self, waiting: bool) -> None:
        """While it is being written it cannot be changed nor published again."""
        self._is_waiting = waiting
        self.box.setReadOnly(waiting)
        self._show_state()

    def attach(self, paths: Sequence[Path]) -> None:
        """Let files go with the comment."""
        self._set_files([*self.sources, *(Source(path) for path in paths)])

    def _set_files(self, sources: list[Source]) -> None:
        self.sources = sources
        names = ", ".join(source.title() for source in sources)
        words = f"{len(sources)} archivos" if len(sources) > 2 else names
        self.files_label.setText(words)
        self.files_label.setToolTip(names)
        self.drop_files_button.setVisible(bool(sources))

    def _show_state(self) -> None:
        self.button.setEnabled(bool(self.text().strip()) and not self._is_waiting)

    def _publish(self) -> None:
        if self.button.isEnabled():
            self.published.emit(self.text())
