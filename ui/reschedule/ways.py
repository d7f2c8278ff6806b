"""The three ways of changing dates, side by side: what is typed in one chooses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from oficrm.reschedule import Diary, SetDate, Shift, Spec, Spread
from oficrm.rules.reschedule import Unit
from ui import theme
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.date_editors import DateEditor
from ui.widgets.editor import Editor
from ui.widgets.text_editors import NumberEditor

SHIFT, DATE, SPREAD = "shift", "date", "spread"
UNITS = (Choice("workdays", "días laborables"), Choice("days", "días"), Choice("weeks", "semanas"))
MOST_DAYS, MOST_CAP = 3650, 999
_FIRST: Mapping[str, Any] = {"way": SHIFT, "amount": 5, "unit": "workdays", "cap": 8}


class WayCard(QFrame):
    """One way: a radio button with its fields under it, framed in the accent when chosen."""

    def __init__(self, key: str, text: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        theme.set_surface(self, "card")
        self.key = key
        self.radio = QRadioButton(text, self)
        self.radio.setObjectName(f"way_{key}")
        self.radio.setFont(theme.font(bold=True))
        self.radio.setToolTip(tip)
        self.radio.toggled.connect(lambda _on: self.update())
        self.line = QHBoxLayout()
        self.line.setSpacing(theme.SPACE_S)
        self.problem = QLabel(self)
        self.problem.setObjectName(f"error_{key}")
        self.problem.setWordWrap(True)
        self.problem.hide()
        theme.set_role(self.problem, "error")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        column.addWidget(self.radio)
        column.addLayout(self.line)
        column.addWidget(self.problem)
        column.addStretch(1)

    def add(self, editor: Editor, name: str, spoken: str, width: int) -> None:
        """Put a field on the line."""
        editor.setObjectName(f"field_{name}")
        editor.set_accessible_name(spoken)
        editor.setFixedWidth(width)
        self.line.addWidget(editor, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, words: str) -> None:
        """Put words between fields."""
        label = QLabel(words, self)
        theme.set_role(label, "dim")
        self.line.addWidget(label)

    def set_problem(self, text: str) -> None:
        """Show under the fields why they cannot be read; "" takes it away."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chosen way has a frame."""
        super().paintEvent(event)
        if self.radio.isChecked():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)


class Ways(QWidget):
    """The three ways; ``changed`` follows each key that may mean another plan."""

    changed = Signal()

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.amount = NumberEditor(integer=True)
        self.unit = ChoiceEditor(UNITS, empty=None)
        self.date = DateEditor(lean="future", today=lambda: today)
        self.start = DateEditor(lean="future", today=lambda: today)
        self.cap = NumberEditor(integer=True)
        self.cards = {
            SHIFT: WayCard(SHIFT, "&Mover", "Todos la misma distancia; con un número negativo, hacia atrás", self),
            DATE: WayCard(DATE, "A una &fecha", "Todos al mismo día; cada uno conserva su hora", self),
            SPREAD: WayCard(
                SPREAD, "&Repartir", "Por igual entre los próximos días laborables, sin pasar del máximo", self
            ),
        }
        self._fill()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_M)
        for card, stretch in zip(self.cards.values(), (4, 3, 5), strict=True):
            self._group.addButton(card.radio)
            card.radio.clicked.connect(lambda _on=False, card=card: self._chosen(card))
            # Qt lets a mnemonic press the button for a moment first: what is typed at once would go elsewhere.
            key = card.radio.shortcut()
            card.radio.setShortcut(QKeySequence())
            QShortcut(key, self, lambda card=card: self._chosen(card))
            row.addWidget(card, stretch)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _fill(self) -> None:
        shift, date, spread = self.cards.values()
        shift.add(self.amount, "amount", "Cuánto mover; negativo hacia atrás", 72)
        shift.add(self.unit, "unit", "Unidad", 150)
        date.add(self.date, "date", "A qué fecha", 176)
        spread.say("desde")
        spread.add(self.start, "start", "Repartir desde", 150)
        spread.say("máx.")
        spread.add(self.cap, "cap", "Máximo al día de cada vendedor", 56)
        spread.say("al día")
        for card in self.cards.values():
            card.line.addStretch(1)
        for way, editors in ((SHIFT, (self.amount, self.unit)), (DATE, (self.date,)), (SPREAD, (self.start, self.cap))):
            for editor in editors:
                editor.changed.connect(lambda way=way: self._edited(way))

    # --- state

    def way(self) -> str:
        """The way chosen."""
        return next((key for key, card in self.cards.items() if card.radio.isChecked()), SHIFT)

    def counts_workdays(self) -> bool:
        """Whether the way chosen counts working days, so that weekends never come into question."""
        return self.way() == SPREAD or (self.way() == SHIFT and self.unit.value() == "workdays")

    def restore(self, kept: Mapping[str, Any], diary: Diary, today: dt.date) -> None:
        """Show what was used last; the days begin with the next working day."""
        values = dict(_FIRST) | {name: value for name, value in kept.items() if name in _FIRST}
        following = diary.company.next_workday(today + dt.timedelta(days=1))
        for editor in (self.date, self.start):
            editor.set_calendar(diary.company)
            if editor.value() is None:
                editor.set_value(following)
        self.amount.set_value(values["amount"])
        self.unit.set_value(values["unit"])
        self.cap.set_value(values["cap"])
        self.cards.get(values["way"], self.cards[SHIFT]).radio.setChecked(True)

    def state(self) -> dict[str, Any]:
        """What to remember; what cannot be read is left out."""
        found = {"way": self.way(), "amount": self.amount.value(), "unit": self.unit.value(), "cap": self.cap.value()}
        return {name: value for name, value in found.items() if name in ("way", "unit") or isinstance(value, int)}

    def focus(self) -> None:
        """Go to the first field of the way chosen."""
        {SHIFT: self.amount, DATE: self.date, SPREAD: self.start}[self.way()].focus()

    def _chosen(self, card: WayCard) -> None:
        card.radio.setChecked(True)
        self.focus()
        self.changed.emit()

    def _edited(self, way: str) -> None:
        self.cards[way].radio.setChecked(True)
        self.changed.emit()

    # --- what it means

    def spec(self, *, avoid: bool) -> Spec | None:
        """What is asked for, or None with the reason shown under the fields.

        ``avoid``: landing on a free day is avoided.
        """
        for card in self.cards.values():
            card.set_problem("")
        match self.way():
            case "date":
                day = self._read(DATE, self.date, "Escriba la fecha: lun, +3d, 15/3…")
                return SetDate(day, avoid) if isinstance(day, dt.date) else None
            case "spread":
                start = self._read(SPREAD, self.start, "Escriba desde qué día.")
                cap = self._read(SPREAD, self.cap, "Escriba cuántos caben en un día.")
                if not isinstance(start, dt.date) or not isinstance(cap, int):
                    return None
                if not 1 <= cap <= MOST_CAP:
                    self.refuse(f"El máximo al día va de 1 a {MOST_CAP}.")
                    return None
                return Spread(start, cap)
        amount = self._read(SHIFT, self.amount, "Escriba cuánto.")
        if not isinstance(amount, int):
            return None
        if abs(amount) > MOST_DAYS:
            self.refuse("Como mucho, diez años.")
            return None
        return Shift(amount, cast(Unit, self.unit.value()), avoid)

    def _read(self, way: str, editor: Editor, missing: str) -> Any:
        value = editor.value()
        if value is None or isinstance(value, str):
            self.cards[way].set_problem(editor.problem() or missing)
            return None
        return value

    def refuse(self, text: str) -> None:
        """Say under the fields of the way chosen why it cannot be done."""
        self.cards[self.way()].set_problem(text)
