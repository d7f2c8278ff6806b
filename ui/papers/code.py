"""Where the text of a template is written: line numbers, colours of what is filled in, Tab as in any editor of code."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from ui import theme
from ui.widgets.editor import Editor

INDENT = "  "
_PARTS = (
    ("dim", re.compile(r"\{#.*?(?:#\}|$)")),
    ("accent", re.compile(r"\{\{.*?(?:\}\}|$)")),
    ("won", re.compile(r"\{%.*?(?:%\}|$)")),
)
_TAGS = re.compile(r"</?[a-zA-Z][^<>{}]*>?|(?<=[}\w\"'])>")


class _Colours(QSyntaxHighlighter):
    """What is filled in, orders and remarks stand out; the tags of HTML stand back."""

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        self._colour(_TAGS, text, "dim")
        for role, pattern in _PARTS:
            self._colour(pattern, text, role)

    def _colour(self, pattern: re.Pattern[str], text: str, role: str) -> None:
        style = QTextCharFormat()
        style.setForeground(theme.color(role))
        for found in pattern.finditer(text):
            self.setFormat(found.start(), found.end() - found.start(), style)


class _Numbers(QWidget):
    """The column of line numbers."""

    def __init__(self, area: CodeArea) -> None:
        super().__init__(area)
        self._area = area

    def sizeHint(self) -> QSize:
        """As wide as its largest number."""
        return QSize(self._area.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines in sight."""
        self._area.paint_numbers(event)


class CodeArea(QPlainTextEdit):
    """Plain text in letters of one width. Ctrl+Enter is left to the form; F6 and Shift+Tab lead out."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("code_area")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(_one_width())
        self.wrong_line = 0
        self._numbers = _Numbers(self)
        self._colours = _Colours(self.document())
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scrolled)
        self.cursorPositionChanged.connect(self._mark)
        theme.notifier.changed.connect(self._dress)
        self._make_room()
        self._mark()

    # --- line numbers

    def numbers_width(self) -> int:
        """Pixels the numbers take."""
        digits = max(2, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + theme.SPACE_M

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)
        self._place()

    def _place(self) -> None:
        room = self.contentsRect()
        self._numbers.setGeometry(QRect(room.left(), room.top(), self.numbers_width(), room.height()))

    def _scrolled(self, rect: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers go down to the end."""
        super().resizeEvent(event)
        self._place()

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines in sight, the wrong one in its colour."""
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), theme.color("sidebar"))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        here = self.textCursor().blockNumber()
        width = self._numbers.width() - theme.SPACE_S
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > event.rect().bottom():
                break
            number = block.blockNumber()
            role = "overdue" if number + 1 == self.wrong_line else "text" if number == here else "dim"
            painter.setPen(theme.color(role))
            painter.drawText(QRect(0, int(place.top()), width, int(place.height())),
                             Qt.AlignmentFlag.AlignRight, str(number + 1))  # fmt: skip
            block = block.next()

    # --- the wrong line

    def mark_wrong(self, line: int) -> None:
        """Show which line is wrong, from 1; 0 for none."""
        self.wrong_line = line
        self._mark()
        self._numbers.update()

    def _mark(self) -> None:
        marks = []
        if 0 < self.wrong_line <= self.blockCount():
            mark = QTextEdit.ExtraSelection()
            ground = QColor(theme.soft("overdue"))
            mark.format.setBackground(ground)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self.document().findBlockByNumber(self.wrong_line - 1))
            marks.append(mark)
        self.setExtraSelections(marks)
        self._numbers.update()

    def _dress(self) -> None:
        self._colours.rehighlight()
        self._mark()

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab indents, Enter keeps the indent, Shift+Tab and F6 lead out."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif event.key() == Qt.Key.Key_F6:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Backtab or (event.key() == Qt.Key.Key_Tab and self.isReadOnly()):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        elif event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.textCursor().insertText(INDENT)
        elif enter and not self.isReadOnly():
            line = self.textCursor().block().text()
            self.textCursor().insertText("\n" + line[: len(line) - len(line.lstrip(" "))])
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)


def _one_width() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(theme.font_points("text"))
    return font


class CodeEditor(Editor):
    """The text of a template as a field of a form. ``said`` when what is wrong with it changes."""

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = CodeArea(self)
        self._row(self.area)
        self._adopt(self.area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._setting = False
        self.area.textChanged.connect(self._edited)

    def value(self) -> str | None:
        """The text, None when there is nothing but blanks."""
        text = self.area.toPlainText()
        return text if text.strip() else None

    def set_value(self, value: Any) -> None:
        """Show a text; what was there cannot be undone into."""
        self._setting = True
        self.area.setPlainText(value or "")
        self._setting = False

    def replace_all(self, text: str) -> None:
        """Put another text in place of all, as the user would: it can be undone."""
        cursor = QTextCursor(self.area.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.area.moveCursor(QTextCursor.MoveOperation.Start)

    def insert(self, text: str) -> None:
        """Put a text where the cursor is, and go there; what goes over several lines begins on a line of its own."""
        if self.is_read_only():
            return
        cursor = self.area.textCursor()
        if "\n" in text and not cursor.atBlockStart():
            text = "\n" + text
        cursor.insertText(text)
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.ensureCursorVisible()

    def set_error(self, text: str | None) -> None:
        """Mark the wrong line alone: with all of it in red, one would look for it. The words stand in a line below."""
        self._error = text or None
        self.area.setAccessibleDescription(text or "")
        found = re.match(r"Línea (\d+):", text or "")
        self.area.mark_wrong(int(found[1]) if found else 0)
        self.said.emit(text or "")

    def _edited(self) -> None:
        if not self._setting:
            self.changed.emit()

    def _lock(self, locked: bool) -> None:
        self.area.setReadOnly(locked)
