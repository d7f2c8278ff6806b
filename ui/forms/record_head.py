"""The head of a record window: what it is, its code and state, the few values that matter, and the actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from db.fields import Field
from db.types import Choice
from oficrm import clock, display
from oficrm.drafts import Loaded
from oficrm.rules import dates
from ui import icons, theme, tips
from ui.forms.text_fields import format_number
from ui.widgets.chips import IconLabel, StateChip

TONES = {"won": theme.Kind.WON, "lost": theme.Kind.LOST, "today": theme.Kind.TODAY, "overdue": theme.Kind.OVERDUE,
         "info": theme.Kind.ACCENT, "done": theme.Kind.DONE}  # fmt: skip
NUMBER_FIELDS = ("code", "number", "sku")


class ElidedLabel(QLabel):
    """One line of text that gives way and ends in an ellipsis; the tooltip has all of it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show a text, whole in the tooltip."""
        super().setText(text)
        self.setToolTip(tips.plain(text))
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(40, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """The whole text, where there is room."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class RecordHead(QFrame):
    """Shows a ``Loaded``; the menu button is ``menu_actions``."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_surface(self, "panel")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_L, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        row.setSpacing(theme.SPACE_M)
        row.addWidget(IconLabel(icons.known(icon), "accent", 28, self))
        names = QVBoxLayout()
        names.setSpacing(2)
        self.title = ElidedLabel("", self)
        self.title.setObjectName("label_title")
        theme.set_role(self.title, "title")
        second = QHBoxLayout()
        second.setSpacing(theme.SPACE_S)
        self.code = QLabel(self)
        self.code.setObjectName("label_code")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(self.code, "dim")
        self.chip = StateChip("", theme.Kind.NEUTRAL, self)
        self.chip.setObjectName("label_state")
        self.chip.hide()
        second.addWidget(self.code)
        second.addWidget(self.chip)
        second.addStretch(1)
        names.addWidget(self.title)
        names.addLayout(second)
        row.addLayout(names, 1)
        self._boxes: list[QWidget] = []
        self._empty: list[QWidget] = []
        self._shown: tuple[tuple[Field, Any], ...] = ()
        self._facts = QHBoxLayout()
        self._facts.setSpacing(theme.SPACE_XL)
        row.addLayout(self._facts)
        self.menu_button = QToolButton(self)
        self.menu_button.setObjectName("menu_actions")
        self.menu_button.setText("Acciones")
        self.menu_button.setAccessibleName("Acciones")
        self.menu_button.setIcon(icons.icon("actions"))
        self.menu_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setShortcut("Alt+A")
        self.menu_button.setToolTip("Acciones (Alt+A)")
        row.addSpacing(theme.SPACE_S)
        row.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)

    def show_record(self, loaded: Loaded, title: str, code: str) -> None:
        """Show name, code and the values of the declaration's ``head``."""
        self.title.setText(title)
        self.code.setText(code)
        self.code.setVisible(bool(code))
        self._build_facts(loaded)

    def show_facts(self, loaded: Loaded) -> None:
        """Show the values of the head again if they have become others."""
        if self._shown != loaded.head:
            self._build_facts(loaded)

    def _build_facts(self, loaded: Loaded) -> None:
        self._shown = loaded.head
        for box in self._boxes:
            self._facts.removeWidget(box)
            box.deleteLater()
        self._boxes = []
        self._empty = []
        for field, value in loaded.head:
            if field.name not in NUMBER_FIELDS:
                self._boxes.append(self._fact(field, value, loaded))
                self._facts.addWidget(self._boxes[-1])
                if value in (None, ""):
                    self._empty.append(self._boxes[-1])
        self._make_room()

    def _make_room(self) -> None:
        """The name is worth more than facts that say nothing."""
        for box in self._empty:
            box.show()
        if self._row.sizeHint().width() > self.width():
            for box in self._empty:
                box.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for the facts."""
        super().resizeEvent(event)
        self._make_room()

    def set_state(self, value: Any) -> None:
        """Show the state chip: a choice, or nothing."""
        label = getattr(value, "label", "")
        self.chip.setVisible(bool(label))
        if isinstance(value, Choice):
            self.chip.set_state(label, TONES.get(value.tone, theme.Kind.NEUTRAL))

    def _fact(self, field: Field, value: Any, loaded: Loaded) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        label = QLabel(field.header, box)
        theme.set_role(label, "small")
        column.addWidget(label)
        column.addWidget(self._chip_of(field, value) if isinstance(value, Choice) and value.tone else
                         self._line_of(field, value, loaded))  # fmt: skip
        column.addStretch(1)
        return box

    def _chip_of(self, field: Field, value: Choice) -> QWidget:
        """A choice that says how things stand, in its colour as anywhere else."""
        chip = StateChip(value.label, TONES.get(value.tone, theme.Kind.NEUTRAL), self)
        chip.setObjectName(f"head_{field.name}")
        return chip

    def _line_of(self, field: Field, value: Any, loaded: Loaded) -> QWidget:
        text = QLabel(_words(field, value, loaded), self)
        text.setObjectName(f"head_{field.name}")
        text.setTextFormat(Qt.TextFormat.PlainText)
        if isinstance(value, dt.date):
            text.setToolTip(dates.long_date(value))
        return text


def _words(field: Field, value: Any, loaded: Loaded) -> str:
    if value is None or value == "":
        return "—"
    if field.kind in ("link", "either"):
        return str(value)
    if field.kind == "quantity":
        return format_number(value, loaded.country)
    return display.show(
        field, value, loaded.country, loaded.draft.values.get("currency") or loaded.currency, clock.today()
    )
