"""Editors whose text is read by the cleaning rules themselves, and the one that only shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from db.fields import Field
from oficrm import cleaning, display
from oficrm.rules import money, numbers
from oficrm.rules.problems import Invalid
from ui import icons, theme
from ui.context import Context
from ui.mail import writing
from ui.widgets.editor import Editor, Line, TypedEditor
from ui.widgets.text_editors import MoneyEditor, NumberEditor

_LINKS = {"url": ("web", "Abrir la página", ""), "phone": ("call", "Llamar", "tel:")}


class CleanedEditor(TypedEditor):
    """One line of text, cleaned as saving will clean it: what cannot be taken is said when the field is left.

    Phones are shown grouped and delivered in international form; a phone and a web address can be followed.
    """

    def __init__(self, field: Field, country: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field, self._country = replace(field, required=False), country
        self._place()
        self._follow: QToolButton | None = None
        if field.kind in _LINKS:
            icon, tip, self._scheme = _LINKS[field.kind]
            self._add_follow(icon, tip)

    def _place(self) -> None:
        """Put the line where it belongs."""
        self._row(self.line)

    def _add_follow(self, icon: str, tip: str) -> QToolButton:
        self._follow = self.line.add_button(icon, tip, self._open)
        self.line.show_button(self._follow, False)
        self.line.textChanged.connect(lambda _text: self._show_follow())
        return self._follow

    def _context(self) -> cleaning.Context:
        return cleaning.Context(self._country())

    def _parse(self, text: str) -> Any:
        return cleaning.clean(self._field, text, self._context())

    def _format(self, value: Any) -> str:
        return display.show(self._field, value, self._country())

    def set_value(self, value: Any) -> None:
        """A text that can be read is shown in its final form; what is delivered stays as it came."""
        readable = isinstance(value, str) and self._is_readable(value)
        if not readable:
            super().set_value(value)
            return
        self._value, self._shown = value, self._format(value)
        self.line.setText(self._shown)
        self.line.setCursorPosition(0)

    def _is_readable(self, text: str) -> bool:
        try:
            return self._parse(text) is not None
        except Invalid:
            return False

    def commit(self) -> None:
        """Show what was understood."""
        text = self.line.text()
        if text.strip() and text != self._shown and self._is_readable(text):
            self.set_value(self._parse(text))
        Editor.commit(self)

    def _show_follow(self) -> None:
        assert self._follow is not None
        text = self.line.text()
        self.line.show_button(self._follow, bool(text.strip()) and self._is_readable(text))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(f"{self._scheme}{self.value()}"))


class EmailEditor(CleanedEditor):
    """An e-mail address, with the button that writes to it; who asked for no mail is said below."""

    def __init__(
        self, field: Field, country: Callable[[], str], context: Context, parent: QWidget | None = None
    ) -> None:
        super().__init__(field, country, parent)
        self._screen = context
        self.consent = writing.Consent(context, self)
        self.write_button = self._add_follow(writing.ICON, writing.TIP)
        self.consent.changed.connect(self._show_consent)

    def _place(self) -> None:
        self.note = QLabel(self)
        self.note.setObjectName("note_no_mail")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        theme.set_role(self.note, "small")
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.line)
        column.addWidget(self.note)

    def _show_follow(self) -> None:
        super()._show_follow()
        readable = not self.write_button.isHidden()
        self.consent.set_address(str(self.value()) if readable else "", soon=self.line.isModified())

    def _show_consent(self) -> None:
        self.write_button.setIcon(icons.icon(self.consent.icon(), self.consent.role()))
        self.write_button.setToolTip(self.consent.tip())
        self.write_button.setAccessibleName(self.consent.tip())
        self.note.setText(f"{self.consent.tip()}." if self.consent.name else "")
        self.note.setVisible(self.consent.name is not None)

    def _open(self) -> None:
        writing.write_to(self._screen, str(self.value()), self)


class AmountEditor(MoneyEditor):
    """Money that shows two decimals, and up to four where it has them (unit prices)."""

    def __init__(self, parent: QWidget | None = None, *, currency: str = "EUR", country: str = "ES") -> None:
        super().__init__(parent, currency=currency, decimals=4, country=country)

    def _format(self, value: Any) -> str:
        return format_price(value, self._country)

    def _parse(self, text: str) -> Decimal:
        return money.parse_amount(text, self._country, max_decimals=4)


def format_price(value: Decimal | int, country: str) -> str:
    """At least two decimals, at most four, as many as the price has."""
    exact = numbers.round_half_up(Decimal(value), 4)
    short = numbers.round_half_up(exact, 2)
    if exact == short:
        return numbers.format_decimal(short, country, 2)
    return numbers.format_decimal(exact.normalize(), country)


class PlainNumberEditor(NumberEditor):
    """A number with as many decimals as it has and no more."""

    def __init__(self, parent: QWidget | None = None, *, decimals: int, suffix: str = "", country: str = "ES") -> None:
        super().__init__(parent, decimals=decimals, suffix=suffix, country=country)

    def _format(self, value: Any) -> str:
        return format_number(value, self._country)


def format_number(value: Decimal | int, country: str) -> str:
    """A number without idle zeros behind the mark."""
    number = Decimal(value)
    whole = number.to_integral_value()
    return numbers.format_decimal(whole if number == whole else number.normalize(), country)


class ShownEditor(Editor):
    """A value that the program keeps: shown, selectable, never typed."""

    def __init__(self, show: Callable[[Any], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._show, self._value = show, None
        self.line = Line(self)
        self._row(self.line)
        self._adopt(self.line)
        self.set_read_only(True)

    def value(self) -> Any:
        """What was set."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self._value = value
        self.line.setText(self._show(value))

    def set_read_only(self, read_only: bool) -> None:
        """It always is."""
        super().set_read_only(True)

    def _lock(self, locked: bool) -> None:
        self.line.setReadOnly(True)
