"""Who changed what while the preview was on the screen, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from oficrm.reschedule import Meanwhile, Overtaken
from oficrm.rules import dates
from ui import icons, theme
from ui.widgets.chips import IconLabel

_ROWS = 4


class OvertakenPanel(QFrame):
    """Names the contacts that are no longer as previewed. ``again`` asks for a new preview."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overtaken")
        theme.set_surface(self, "card")
        self.sentence = QLabel(self)
        self.sentence.setObjectName("error_overtaken")
        self.sentence.setFont(theme.font(bold=True))
        self.list = QListWidget(self)
        self.list.setObjectName("overtaken_list")
        self.list.setAccessibleName("Contactos que cambiaron mientras tanto")
        theme.set_kind(self.list, "plain")
        self.button = QPushButton("&Volver a calcular", self)
        self.button.setObjectName("button_again")
        self.button.setIcon(icons.icon("load", "accent_text"))
        theme.set_kind(self.button, "primary")
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.again)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_S)
        head.addWidget(IconLabel("overdue", "overdue", parent=self))
        head.addWidget(self.sentence, 1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(head)
        column.addWidget(self.list)
        self.hide()

    def show_error(self, error: Overtaken) -> None:
        """Show what happened and offer a new preview."""
        self.sentence.setText(str(error))
        self.list.clear()
        self.list.addItems([_line(contact) for contact in error.contacts])
        if error.count > len(error.contacts):
            self.list.addItem(f"y {error.count - len(error.contacts)} más")
        rows = min(self.list.count(), _ROWS)
        self.list.setFixedHeight(rows * (self.list.sizeHintForRow(0) or theme.CONTROL_HEIGHT) + theme.SPACE_XS)
        self.show()
        self.button.setFocus()


def _line(contact: Meanwhile) -> str:
    when = contact.at.astimezone()
    day = dates.short_date(when.date())
    was = f" (aquí se veía el {dates.short_date(contact.before)})" if contact.now not in (None, contact.before) else ""
    return f"{contact.client}: {contact.who} {contact.what}{was} · {day} {dates.short_time(when.time())}"
