"""How something repeats, chosen instead of typed: how often, on which days, until when. Delivers an RRULE."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from oficrm.calendar import recurrence
from oficrm.calendar.recurrence import DAY_NAMES, FREQUENCIES, Rule
from oficrm.rules.problems import Invalid
from ui import theme
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.date_editors import DateEditor
from ui.widgets.editor import Editor
from ui.widgets.text_editors import NumberEditor

OWN = "own"
NEVER, COUNT, UNTIL = "never", "count", "until"
_HOW = (Choice("DAILY", "Cada día"), Choice("WEEKLY", "Cada semana"), Choice("MONTHLY", "Cada mes"),
        Choice("YEARLY", "Cada año"))  # fmt: skip
_ENDS = (Choice(NEVER, "Sin final"), Choice(COUNT, "Tras unas veces"), Choice(UNTIL, "El día"))
_LETTERS = "LMXJVSD"
_TIMES = 10


class RepeatEditor(Editor):
    """``day`` gives the day of the record, on which a weekly rule begins. A rule it cannot offer is kept as it is."""

    def __init__(self, day: Callable[[], Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = day
        self._kept: str | None = None
        self.how = ChoiceEditor(_HOW, self, empty="No se repite")
        self.interval = NumberEditor(self, integer=True)
        self.unit = QLabel(self)
        self.days = [self._day_button(number) for number in range(7)]
        self.ends = ChoiceEditor(_ENDS, self, empty=None)
        self.count = NumberEditor(self, integer=True, suffix=" veces")
        self.until = DateEditor(self, lean="future")
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.words, "small")
        self._lay_out()
        self._name()
        for part in (self.how, self.interval, self.ends, self.count, self.until):
            part.changed.connect(self._edited)
        self._adopt(self.how.combo)
        self.set_value(None)

    def _day_button(self, number: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(_LETTERS[number])
        button.setCheckable(True)
        button.setToolTip(DAY_NAMES[number])
        button.setAccessibleName(DAY_NAMES[number])
        button.setObjectName(f"repeat_day_{number}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: self._edited())
        return button

    def _name(self) -> None:
        named = {
            "repeat_how": (self.how, "Repetición"), "repeat_interval": (self.interval, "Cada cuánto"),
            "repeat_ends": (self.ends, "Final de la repetición"), "repeat_count": (self.count, "Cuántas veces"),
            "repeat_until": (self.until, "Último día"),
        }  # fmt: skip
        for name, (part, said) in named.items():
            part.setObjectName(name)
            part.set_accessible_name(said)

    def _lay_out(self) -> None:
        self.interval.setFixedWidth(56)
        self.count.setFixedWidth(96)
        self.until.setFixedWidth(150)
        self.ends.setFixedWidth(150)
        self.more = QWidget(self)
        row = QHBoxLayout(self.more)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        row.addWidget(QLabel("cada", self.more))
        row.addWidget(self.interval)
        row.addWidget(self.unit)
        row.addSpacing(theme.SPACE_S)
        for button in self.days:
            row.addWidget(button)
        row.addSpacing(theme.SPACE_S)
        for part in (self.ends, self.count, self.until):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_XS)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_S)
        self.how.setFixedWidth(170)
        top.addWidget(self.how)
        top.addWidget(self.words, 1)
        column.addLayout(top)
        column.addWidget(self.more)

    # --- the value

    def rule(self) -> Rule | None:
        """The rule chosen, None for none, or for one of another kind."""
        frequency = self.how.value()
        if frequency is None or frequency == OWN:
            return None
        interval, count, until = self.interval.value(), self.count.value(), self.until.value()
        days = tuple(number for number, button in enumerate(self.days) if button.isChecked())
        ends = self.ends.value()
        return Rule(
            frequency, interval if isinstance(interval, int) and interval > 0 else 1,
            days if frequency == "WEEKLY" else (), count if ends == COUNT and isinstance(count, int) else None,
            until if ends == UNTIL and isinstance(until, dt.date) else None,
        )  # fmt: skip

    def value(self) -> str | None:
        if self.how.value() == OWN:
            return self._kept
        rule = self.rule()
        return rule.text() if rule is not None else None

    def set_value(self, value: str | None) -> None:
        try:
            rule = recurrence.parse(value) if value else None
        except Invalid:
            rule = None
        is_own = bool(value) and rule is None
        self._kept = value if is_own else None
        self.how.set_choices([*_HOW, Choice(OWN, "Regla propia")] if is_own else _HOW)
        self.how.set_value(OWN if is_own else rule.frequency if rule else None)
        self.interval.set_value(rule.interval if rule else 1)
        for number, button in enumerate(self.days):
            button.setChecked(rule is not None and number in rule.days)
        self.ends.set_value(NEVER if rule is None else COUNT if rule.count else UNTIL if rule.until else NEVER)
        self.count.set_value(rule.count if rule and rule.count else _TIMES)
        self.until.set_value(rule.until if rule else None)
        self._show_parts()

    def problem(self) -> str | None:
        if self.ends.value() == UNTIL and self.how.value() not in (None, OWN):
            return self.until.problem() or ("Falta el último día." if self.until.value() is None else None)
        return None

    def _edited(self) -> None:
        if self.how.value() == "WEEKLY" and not any(button.isChecked() for button in self.days):
            day = self._day()
            if isinstance(day, dt.date):
                self.days[day.weekday()].setChecked(True)
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        frequency = self.how.value()
        simple = frequency in FREQUENCIES
        self.more.setVisible(simple)
        for button in self.days:
            button.setVisible(frequency == "WEEKLY")
        self.count.setVisible(self.ends.value() == COUNT)
        self.until.setVisible(self.ends.value() == UNTIL)
        if simple:
            self.unit.setText(FREQUENCIES[str(frequency)][self.interval.value() != 1])
        self.words.setText(recurrence.words(self.value()))
        self.updateGeometry()

    def _lock(self, locked: bool) -> None:
        for part in (self.how, self.interval, self.ends, self.count, self.until):
            part.set_read_only(locked)
        for button in self.days:
            button.setEnabled(not locked)
