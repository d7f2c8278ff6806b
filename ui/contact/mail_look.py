"""A look at a mail that is not saved yet: what it says, without remote content, and nothing to change."""

from __future__ import annotations

import traceback
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files.sources import Source, SourceProblem
from oficrm.mail import assuming
from oficrm.mail.message import Message
from ui import theme
from ui.contact.mail_strip import moment
from ui.context import Context
from ui.mail.content import Shown, make_ready
from ui.mail.pane import MessagePane
from ui.widgets.bars import StickyFoot

_SIZE = QSize(760, 560)


class MailLook(QDialog):
    """``dialog_mail_look``: reads the mail once more, from where it waits."""

    def __init__(self, context: Context, source: Source, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_mail_look")
        self.setWindowTitle("Correo sin guardar")
        self.resize(_SIZE)
        self._context = context
        self.is_ready = False
        self.subject = self._label("title")
        self.head = self._label("dim")
        self.head.setText("Leyendo…")
        self.pane = MessagePane(context, self)
        foot = StickyFoot(self)
        foot.set_sentence("Se archivará con el contacto al aceptarlo.")
        foot.add_button("Cerrar", name="button_cancel").clicked.connect(self.reject)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_XS)
        body.addWidget(self.subject)
        body.addWidget(self.head)
        body.addWidget(self.pane, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(foot)
        self.finished.connect(self.deleteLater)
        context.bridge.read(lambda s: _read(s, source), self._show, self, failed=self._failed, slow=True)

    def _label(self, role: theme.Role) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(label, role)
        return label

    def _show(self, found: tuple[Message, Shown]) -> None:
        message, shown = found
        self.subject.setText(message.subject or "(sin asunto)")
        lines = [f"De: {message.sender or 'sin remitente'}"]
        if message.to:
            lines.append(f"Para: {', '.join(map(str, message.to))}")
        if message.sent_at is not None:
            lines.append(f"Fecha: {moment(message.sent_at)}")
        parts = [part.name for part in message.parts if not part.is_inline]
        if parts:
            lines.append(f"Adjuntos: {', '.join(parts)}")
        self.head.setText("\n".join(lines))
        self.pane.show_message(shown)
        self.is_ready = True

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem | SourceProblem):
            self.head.setText(str(error))
            theme.set_role(self.head, "error")
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))


def _read(session: Any, source: Source) -> tuple[Message, Shown]:
    message = assuming.read_source(session, source)[1]
    return message, make_ready(message)
