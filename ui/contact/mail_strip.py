"""The strip of a contact of type Email: takes a mail, says which one was taken, opens it and lets it go."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from oficrm import clock
from oficrm.files.sources import Source
from oficrm.rules import dates
from ui import icons, theme
from ui.contact.mail_place import SHORTCUT
from ui.contact.mail_questions import Questions
from ui.forms.file_drops import holds_files
from ui.forms.record_head import ElidedLabel
from ui.widgets.chips import IconLabel

_HINT = "Ctrl+M, o suelte aquí un correo (.eml, .msg)"


class MailStrip(QFrame):
    """``mail_strip``: one line, and below it the questions or a remark. Decides nothing: ``ui.contact.mail_taking``."""

    file_wanted = Signal()
    paste_wanted = Signal()
    dropped = Signal(list)
    cancelled = Signal()
    open_wanted = Signal()
    delete_wanted = Signal()
    questions_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mail_strip")
        self.setAccessibleName("Información de un correo")
        self._takes = False
        self.setAcceptDrops(True)
        self.icon = IconLabel("email", "dim", parent=self)
        self.take_button = self._push("button_take_mail", "Asumir información de un correo…", "secondary",
                                      f"Tomar de un correo guardado la fecha, el cliente, la persona y el texto "
                                      f"({SHORTCUT})")  # fmt: skip
        self.paste_button = self._push("button_paste_mail", "Pegar correo", "quiet",
                                       "Asumir el correo que está en el portapapeles")  # fmt: skip
        self.hint = QLabel(_HINT, self)
        theme.set_role(self.hint, "dim")
        self.words = ElidedLabel("", self)
        self.words.setObjectName("label_mail")
        self.gauge = QProgressBar(self)
        self.gauge.setRange(0, 0)
        self.gauge.setFixedWidth(120)
        self.gauge.setTextVisible(False)
        self.cancel_button = self._push("button_cancel_mail", "Cancelar", "secondary", "Dejar de leer el correo")
        self.change_button = self._push("button_mail_answers", "Cambiar respuestas…", "link",
                                        "Si el correo se adjunta y si se asocia al cliente")  # fmt: skip
        self.open_button = self._icon("button_open_mail", "view", "Abrir el correo")
        self.delete_button = self._icon("button_delete_mail", "delete", "Quitar la información del correo")
        self.remark = QLabel(self)
        self.remark.setObjectName("mail_remark")
        self.remark.setWordWrap(True)
        self.remark.setTextFormat(Qt.TextFormat.PlainText)
        self.questions = Questions(self)
        self._lay_out()
        self._wire()
        self.show_offer()

    # --- building

    def _push(self, name: str, text: str, kind: theme.ButtonKind, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(True)
        theme.set_kind(button, kind)
        return button

    def _icon(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_S)
        for part in (self.icon, self.take_button, self.paste_button, self.hint, self.words, self.gauge,
                     self.cancel_button, self.change_button, self.open_button, self.delete_button):  # fmt: skip
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(row)
        column.addWidget(self.questions)
        column.addWidget(self.remark)

    def _wire(self) -> None:
        for button, signal in (
            (self.take_button, self.file_wanted), (self.paste_button, self.paste_wanted),
            (self.cancel_button, self.cancelled), (self.open_button, self.open_wanted),
            (self.delete_button, self.delete_wanted), (self.change_button, self.questions_wanted),
        ):  # fmt: skip
            button.clicked.connect(signal)

    # --- what it shows

    def _show(self, *parts: QWidget, icon: str = "dim") -> None:
        for part in (self.take_button, self.paste_button, self.hint, self.words, self.gauge, self.cancel_button,
                     self.change_button, self.open_button, self.delete_button):  # fmt: skip
            part.setVisible(part in parts)
        self.icon.set_icon("email", icon)

    def show_offer(self) -> None:
        """No mail yet: the ways to take one."""
        self._takes = True
        self.questions.hide()
        self._show(self.take_button, self.paste_button, self.hint)

    def show_reading(self, name: str) -> None:
        """A mail is being read."""
        self._takes = False
        self.say("")
        self.words.setText(f"Leyendo «{name}»…")
        self._show(self.words, self.gauge, self.cancel_button)

    def show_mail(self, subject: str, sender: str, sent_at: dt.datetime | None, *, may_delete: bool,
                  may_answer: bool) -> None:  # fmt: skip
        """Which mail it is, with what can be done with it."""
        self._takes = False
        self.words.setText(" · ".join(part for part in (subject, sender, moment(sent_at)) if part))
        parts: list[QWidget] = [self.words, self.open_button]
        parts += [self.delete_button] if may_delete else []
        parts += [self.change_button] if may_answer and self.questions.isHidden() else []
        self._show(*parts, icon="accent")

    def say(self, text: str, *, wrong: bool = False) -> None:
        """A remark below the line; "" takes it away."""
        theme.set_role(self.remark, "error" if wrong else "dim")
        self.remark.setText(text)
        self.remark.setVisible(bool(text))

    # --- mails dropped on it

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A mail is welcome while there is none."""
        if self._takes and holds_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over what was dropped."""
        from ui.files.intake import sources_of  # loaded with the first file

        found: list[Source] = sources_of(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(found)


def moment(sent_at: dt.datetime | None) -> str:
    """The day and hour of a mail as read here, "" when it has none."""
    if sent_at is None:
        return ""
    local = sent_at.astimezone()
    return f"{dates.short_date(local.date(), clock.today())} {dates.short_time(local.time())}"
