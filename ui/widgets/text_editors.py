"""Editors of text and of numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oficrm.rules import money, numbers
from ui import theme
from ui.widgets.editor import Editor, Line, TypedEditor


class LineEditor(Editor):
    """One line of text."""

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self.line = Line(self)
        self.line.setPlaceholderText(placeholder)
        self._row(self.line)
        self._adopt(self.line)
        self.line.textEdited.connect(self.changed)
        self.line.returnPressed.connect(self.commit)

    def value(self) -> str | None:
        return self.line.text() if self.line.text().strip() else None

    def set_value(self, value: str | None) -> None:
        self.line.setText(value or "")
        self.line.setCursorPosition(0)

    def _lock(self, locked: bool) -> None:
        self.line.setReadOnly(locked)


class _Block(QPlainTextEdit):
    """Leaves Ctrl+Enter to the form."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter accepts the form; it is no new line."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class BlockEditor(Editor):
    """Several lines of text; Tab goes on to the next field. Grows from ``rows`` to ``max_rows`` lines as one types."""

    def __init__(
        self, parent: QWidget | None = None, *, rows: int = 3, max_rows: int = 8, placeholder: str = ""
    ) -> None:
        super().__init__(parent)
        self._rows, self._max_rows = rows, max(rows, max_rows)
        self.block = _Block(self)
        self.block.setTabChangesFocus(True)
        self.block.setPlaceholderText(placeholder)
        self.block.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._row(self.block)
        self._adopt(self.block)
        self._setting = False
        self.block.textChanged.connect(self._edited)
        self.block.document().documentLayout().documentSizeChanged.connect(lambda _size: self._grow())
        self._grow()

    def set_rows(self, rows: int, max_rows: int) -> None:
        """Another height to begin with, and another one to end with, in lines."""
        self._rows, self._max_rows = rows, max(rows, max_rows)
        self._grow()

    def value(self) -> str | None:
        text = self.block.toPlainText()
        return text if text.strip() else None

    def set_value(self, value: str | None) -> None:
        self._setting = True
        self.block.setPlainText(value or "")
        self._setting = False

    def _edited(self) -> None:
        if not self._setting:
            self.changed.emit()

    def _grow(self) -> None:
        # The layout of a plain text counts its height in lines.
        lines = int(self.block.document().documentLayout().documentSize().height())
        wanted = min(max(lines, self._rows), self._max_rows)
        height = QFontMetricsF(self.block.font()).lineSpacing() * wanted
        margins = self.block.document().documentMargin() * 2 + theme.SPACE_S
        self.block.setFixedHeight(round(height + margins))

    def _lock(self, locked: bool) -> None:
        self.block.setReadOnly(locked)


class NumberEditor(TypedEditor):
    """A number, to the right. Delivers int when ``integer``, else Decimal. Arrow keys step."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        integer: bool = False,
        decimals: int | None = None,
        suffix: str = "",
        country: str = "ES",
    ) -> None:
        super().__init__(parent)
        self._integer, self._decimals, self._suffix, self._country = integer, decimals, suffix, country
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setFont(theme.tabular(self.line.font()))
        self.line.set_steps()
        self.line.stepped.connect(self._step)
        self._row(self.line)
        self._refresh_echo(typing=False)

    def _parse(self, text: str) -> int | Decimal:
        bare = text.replace(self._suffix, "") if self._suffix else text
        if self._integer:
            return numbers.parse_integer(bare, self._country)
        return numbers.parse_decimal(bare, self._country, max_decimals=self._most_decimals())

    def _most_decimals(self) -> int:
        return numbers.MAX_DECIMALS if self._decimals is None else self._decimals

    def _format(self, value: Any) -> str:
        return numbers.format_decimal(value, self._country, 0 if self._integer else self._decimals)

    def _echo_of(self, value: Any, typing: bool) -> tuple[str, str]:
        return self._suffix, "dim"

    def _step(self, step: int) -> None:
        value = self.value()
        if not isinstance(value, str):
            self.put((value or 0) + step)
            self.line.selectAll()


class MoneyEditor(NumberEditor):
    """An amount with the sign of its currency at the end; Decimal in and out."""

    def __init__(
        self, parent: QWidget | None = None, *, currency: str = "EUR", decimals: int = 2, country: str = "ES"
    ) -> None:
        super().__init__(parent, decimals=decimals, country=country)
        self.set_currency(currency)

    def set_currency(self, currency: str) -> None:
        """Change the sign shown; the amount stays."""
        self._suffix = {"EUR": "€", "MXN": "$", "USD": "US$"}.get(currency, currency)
        self._refresh_echo(typing=False)

    def _parse(self, text: str) -> Decimal:
        return money.parse_amount(text, self._country, max_decimals=self._most_decimals())
