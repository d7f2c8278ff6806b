"""Editors that only filters have: a stretch of days that keeps words as typed, and a stretch of numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from oficrm import clock
from oficrm.rules import dates
from oficrm.rules.text import plain
from ui import icons, theme
from ui.widgets.date_editors import DateEditor
from ui.widgets.editor import Editor, TypedEditor

Bounds = list[tuple[str, Any]]
"""What a stretch asks for: ("from", …), ("to", …), or ("period", token)."""
_SIGNED = re.compile(r"[+-]|en |dentro de ")
_SINGLE_DAYS = ("hoy", "ayer", "mañana")


def is_relative(text: str) -> bool:
    """Whether a date was typed in words that mean another day tomorrow: those are kept as typed."""
    words = plain(text)
    return bool(_SIGNED.match(words)) or not any(char.isdigit() for char in words)


class BoundEditor(DateEditor):
    """One end of a stretch of days. "hoy" stays "hoy", with the day it is today beside it.

    The first end also takes the name of a period ("esta semana", "vencidos").
    """

    def __init__(self, periods: dict[str, str], parent: QWidget | None = None) -> None:
        self._periods = periods
        super().__init__(parent, today=clock.today)
        self.line.setMinimumWidth(84)

    def period(self) -> str:
        """The period named, "" when it is a day."""
        words = plain(self.line.text())
        for token, label in self._periods.items():
            if token not in _SINGLE_DAYS and words in (plain(label), plain(token), plain(token.replace("_", " "))):
                return token
        return ""

    def bound(self) -> str | None:
        """What a criterion takes: relative words as they are, other days in ISO form, unreadable text as typed."""
        text = self.line.text().strip()
        if not text:
            return None
        value = self.value()
        return value.isoformat() if isinstance(value, dt.date) and not is_relative(text) else text

    def set_bound(self, bound: str | None) -> None:
        """Show what ``bound`` gave, perhaps on another day."""
        try:
            self.set_value(dt.date.fromisoformat(bound or ""))
        except ValueError:
            self.set_value(bound)

    def problem(self) -> str | None:
        return None if self.period() else super().problem()

    def commit(self) -> None:
        if self.period() or (self.problem() is None and is_relative(self.line.text())):
            Editor.commit(self)
        else:
            super().commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down is left to the stretch; F4 opens the month."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _refresh_echo(self, typing: bool) -> None:
        token = self.period()
        if token:
            self.line.set_echo(_span(*dates.period(token, self._today())))
        else:
            super()._refresh_echo(typing or is_relative(self.line.text()))


def _span(first: dt.date | None, last: dt.date | None) -> str:
    def short(day: dt.date) -> str:
        return dates.short_date(day).split(" ", 1)[1]

    if first and last:
        return short(first) if first == last else f"{short(first)} – {short(last)}"
    return f"hasta {short(last)}" if last else f"desde {short(first)}" if first else ""


class DateRangeEditor(Editor):
    """From and to, and a menu of periods. Delivers ``Bounds``. Alt+Down in the first line opens the menu."""

    def __init__(self, parent: QWidget | None = None, *, overdue: bool = False) -> None:
        super().__init__(parent)
        self.periods = {token: label for token, label in dates.PERIODS.items() if overdue or token != "vencidos"}
        self.first = BoundEditor(self.periods, self)
        self.last = BoundEditor({}, self)
        self.first.line.setPlaceholderText("desde")
        self.last.line.setPlaceholderText("hasta")
        self.button = QToolButton(self)
        self.button.setIcon(icons.icon("expand"))
        self.button.setIconSize(QSize(14, 14))
        self.button.setFixedSize(30, theme.CONTROL_HEIGHT)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setToolTip("Periodos: hoy, esta semana, este mes… (Alt+↓)")
        self.button.setAccessibleName("Elegir un periodo")
        self.button.clicked.connect(self.open_periods)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        row.addWidget(self.first, 1)
        row.addWidget(self.last, 1)
        row.addWidget(self.button)
        self._adopt(self.first.line, self.last.line)
        for end in (self.first, self.last):
            end.changed.connect(self._edited)
            end.committed.connect(self.committed)

    def name(self, column: str) -> None:
        """Name the parts after the field."""
        self.first.setObjectName(f"filter_{column}_from")
        self.last.setObjectName(f"filter_{column}_to")
        self.button.setObjectName(f"filter_{column}_period")

    def set_accessible_name(self, name: str) -> None:
        """The name a screen reader says."""
        super().set_accessible_name(name)
        self.first.set_accessible_name(f"{name}, desde")
        self.last.set_accessible_name(f"{name}, hasta")

    def value(self) -> Bounds:
        if token := self.first.period():
            return [("period", token)]
        pairs = (("from", self.first.bound()), ("to", self.last.bound()))
        return [(op, bound) for op, bound in pairs if bound is not None]

    def set_value(self, value: Bounds | None) -> None:
        found = dict(value or ())
        if token := found.get("period"):
            self.first.set_bound(dates.PERIODS.get(token, token).lower())
            self.last.set_bound(None)
        else:
            self.first.set_bound(found.get("from"))
            self.last.set_bound(found.get("to"))
        self._lock_last()

    def problem(self) -> str | None:
        return self.first.problem() or (None if self.first.period() else self.last.problem()) or self._backwards()

    def _backwards(self) -> str | None:
        first, last = self.first.value(), self.last.value()
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            return "Termina antes de empezar."
        return None

    def words(self) -> str:
        """The stretch in words, for the head of a printed list."""
        if token := self.first.period():
            return self.periods.get(token, token).lower()
        first, last = self.first.line.text().strip(), self.last.line.text().strip()
        if first and last:
            return first if first == last else f"{first} a {last}"
        return f"desde {first}" if first else f"hasta {last}" if last else ""

    def _edited(self) -> None:
        self._lock_last()
        self.changed.emit()

    def _lock_last(self) -> None:
        self.last.setEnabled(not self.first.period())

    def open_periods(self) -> None:
        """Show the periods."""
        menu = QMenu(self)
        for token, label in self.periods.items():
            span = _span(*dates.period(token, clock.today()))
            menu.addAction(f"{label}\t{span}").triggered.connect(lambda _on=False, token=token: self._take(token))
        menu.addSeparator()
        menu.addAction("Cualquier fecha").triggered.connect(lambda: self._take(""))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.first.mapToGlobal(QPoint(0, self.height() + 2)))

    def _take(self, token: str) -> None:
        """A period chosen; today, yesterday and tomorrow are both ends."""
        if token in _SINGLE_DAYS:
            self.set_value([("from", token), ("to", token)])
        else:
            self.set_value([("period", token)] if token else None)
        self.first.line.setFocus()
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens the periods."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_periods()
            return
        super().keyPressEvent(event)

    def _lock(self, locked: bool) -> None:
        self.first.set_read_only(locked)
        self.last.set_read_only(locked)


class RangeEditor(Editor):
    """From and to of numbers, money, minutes or times. Delivers ``Bounds`` with the text as typed."""

    def __init__(self, make: Callable[[], TypedEditor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.last = make(), make()
        self.first.line.setPlaceholderText("desde")
        self.last.line.setPlaceholderText("hasta")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        dash = QLabel("–", self)
        theme.set_role(dash, "dim")
        row.addWidget(self.first, 1)
        row.addWidget(dash)
        row.addWidget(self.last, 1)
        for end in (self.first, self.last):
            end.line.setMinimumWidth(52)
            end.changed.connect(self.changed)
            end.committed.connect(self.committed)
        self._adopt(self.first.line, self.last.line)

    def name(self, column: str) -> None:
        """Name the parts after the field."""
        self.first.setObjectName(f"filter_{column}_from")
        self.last.setObjectName(f"filter_{column}_to")

    def set_accessible_name(self, name: str) -> None:
        """The name a screen reader says."""
        super().set_accessible_name(name)
        self.first.set_accessible_name(f"{name}, desde")
        self.last.set_accessible_name(f"{name}, hasta")

    def value(self) -> Bounds:
        pairs: Sequence[tuple[str, str]] = (("from", self.first.line.text()), ("to", self.last.line.text()))
        return [(op, text.strip()) for op, text in pairs if text.strip()]

    def set_value(self, value: Bounds | None) -> None:
        found = dict(value or ())
        self.first.set_value(found.get("from"))
        self.last.set_value(found.get("to"))

    def problem(self) -> str | None:
        return self.first.problem() or self.last.problem()

    def words(self) -> str:
        """The stretch in words."""
        first, last = self.first.line.text().strip(), self.last.line.text().strip()
        if first and last:
            return f"{first} a {last}"
        return f"desde {first}" if first else f"hasta {last}" if last else ""

    def _lock(self, locked: bool) -> None:
        self.first.set_read_only(locked)
        self.last.set_read_only(locked)
