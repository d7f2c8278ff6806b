"""The two questions about a mail whose information was taken over, in one small panel inside the form."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QWidget

from ui import theme
from ui.memory import Memory

KEY = "mail_answers"


@dataclass(frozen=True, slots=True)
class Answers:
    """Whether the mail becomes a file of the contact, and whether it is filed under the client too."""

    attach: bool = True
    associate: bool = True


def remembered(memory: Memory) -> Answers | None:
    """The answers the user wants to be taken silently, None while there are none."""
    found = memory.get(KEY)
    return Answers(bool(found.get("attach")), bool(found.get("associate"))) if isinstance(found, dict) else None


def remember(memory: Memory, answers: Answers | None) -> None:
    """Take these answers from now on; None asks again."""
    memory.put(KEY, asdict(answers) if answers is not None else None)


class Questions(QFrame):
    """``mail_questions``. What is ticked holds at once; Enter and Listo fold the panel."""

    answered = Signal(object, bool)
    """The Answers as they are ticked now, and whether they are to be remembered."""
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mail_questions")
        self.attach = self._box("check_mail_attach", "¿Adjuntar el correo a este contacto?",
                                "El correo y sus adjuntos quedan también en Archivos")  # fmt: skip
        self.associate = self._box("check_mail_associate", "¿Asociarlo también al cliente?",
                                   "El correo se ve también en los Emails y Archivos del cliente")  # fmt: skip
        self.remember = self._box("check_mail_remember", "Recordar mis respuestas",
                                  "No preguntar más; podrá cambiarlas desde aquí")  # fmt: skip
        self.done_button = QPushButton("Listo", self)
        self.done_button.setObjectName("button_mail_answered")
        self.done_button.setAutoDefault(True)
        self.done_button.clicked.connect(self.finished)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_M)
        for box in (self.attach, self.associate):
            row.addWidget(box)
        row.addStretch(1)
        row.addWidget(self.remember)
        row.addWidget(self.done_button)

    def _box(self, name: str, text: str, tip: str) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setObjectName(name)
        box.setToolTip(tip)
        box.toggled.connect(lambda _on: self.answered.emit(self.answers(), self.remember.isChecked()))
        return box

    def answers(self) -> Answers:
        """What is ticked."""
        return Answers(self.attach.isChecked(), self.associate.isChecked())

    def show_answers(self, answers: Answers, *, is_remembered: bool) -> None:
        """Tick without telling."""
        for box, on in ((self.attach, answers.attach), (self.associate, answers.associate),
                        (self.remember, is_remembered)):  # fmt: skip
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is Listo; Ctrl+Enter is left to the form."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.finished.emit()
            return
        super().keyPressEvent(event)
