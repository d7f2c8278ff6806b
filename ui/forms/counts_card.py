"""A card of figures that the program works out: one light widget paints them all, label above value.

A form with the counters of events, tasks and files would otherwise spend a third of its widgets on what nobody edits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from db.fields import NUMBER_KINDS, Field
from oficrm import display
from ui import theme

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm

KINDS = NUMBER_KINDS | {"day", "instant", "choice"}
NONE = "—"
COLUMN = 150
"""Least width of a figure in pixels."""
_GAP = 2


def is_counted(fields: Sequence[Field]) -> bool:
    """Return whether a section holds nothing but figures that are worked out."""
    return len(fields) > 1 and all(field.is_computed and field.kind in KINDS for field in fields)


class Figure(QObject):
    """``field_<name>``: one of the figures, with its value and the text shown."""

    def __init__(self, field: Field, card: CountsGrid) -> None:
        super().__init__(card)
        self.setObjectName(f"field_{field.name}")
        self.field, self._card = field, card
        self._value: Any = None

    def value(self) -> Any:
        """What is shown."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show another value."""
        self._value = value

    def text(self) -> str:
        """The value in words, a dash for none."""
        return self._card.words(self.field, self._value)


class CountsGrid(QWidget):
    """Figures on as many columns as have room, updated whenever the form is filled or its counters are others."""

    def __init__(self, form: DraftForm, fields: Sequence[Field], columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form, self._most = form, max(1, columns)
        self._columns = self._most
        self.figures = [Figure(field, self) for field in fields]
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        form.loaded.connect(self.refresh)
        form.renumbered.connect(self.refresh)

    def refresh(self) -> None:
        """Show what the form knows now."""
        for figure in self.figures:
            figure.set_value(self._form.value(figure.field.name))
        said = ", ".join(f"{figure.field.label}: {figure.text()}" for figure in self.figures)
        self.setAccessibleDescription(said)
        self.update()

    def words(self, field: Field, value: Any) -> str:
        """A value as the program writes it."""
        kit = self._form.kit
        return display.show(field, value, kit.country, kit.currency) if value is not None else NONE

    # --- where the figures stand

    def _line(self) -> int:
        small, plain = theme.font("small"), theme.font()
        return _height(small) + _GAP + _height(plain)

    def _fitting(self, width: int) -> int:
        """Columns for a width: no more than make lines of about the same length, so that none is left with one."""
        room = max(1, min(self._most, (width + theme.SPACE_M) // (COLUMN + theme.SPACE_M)))
        lines = -(-len(self.figures) // room)
        return -(-len(self.figures) // lines)

    def heightForWidth(self, width: int) -> int:
        """As many lines as the columns that fit make."""
        lines = -(-len(self.figures) // self._fitting(width))
        return lines * (self._line() + theme.SPACE_S) - theme.SPACE_S

    def hasHeightForWidth(self) -> bool:
        """Fewer columns make more lines."""
        return True

    def sizeHint(self) -> QSize:
        """All columns side by side, or those that there is room for."""
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else self._most * COLUMN
        return QSize(self._most * COLUMN, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One column."""
        return QSize(COLUMN, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of columns wants another height."""
        super().resizeEvent(event)
        if self._fitting(self.width()) != self._columns:
            self._columns = self._fitting(self.width())
            self.updateGeometry()

    def place(self, at: int) -> QRect:
        """Where a figure is painted."""
        columns = self._fitting(self.width())
        width = (self.width() - (columns - 1) * theme.SPACE_M) // columns
        row, column = divmod(at, columns)
        return QRect(column * (width + theme.SPACE_M), row * (self._line() + theme.SPACE_S), width, self._line())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label above value."""
        painter = QPainter(self)
        small, plain = theme.font("small"), theme.tabular(theme.font())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine)
        for at, figure in enumerate(self.figures):
            room = self.place(at)
            painter.setFont(small)
            painter.setPen(theme.color("dim"))
            label = painter.fontMetrics().elidedText(figure.field.label, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, flags, label)
            room.setTop(room.top() + _height(small) + _GAP)
            painter.setFont(plain)
            painter.setPen(theme.color("dim" if not figure.value() else "text"))
            text = painter.fontMetrics().elidedText(figure.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, flags, text)

    # --- what can be asked of them

    def event(self, event: QEvent) -> bool:
        """The help of a figure, and its label where it has no room."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = [figure for at, figure in enumerate(self.figures) if self.place(at).contains(event.pos())]
            if found:
                QToolTip.showText(event.globalPos(), found[0].field.help or found[0].field.label, self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A figure can be copied."""
        found = [figure for at, figure in enumerate(self.figures) if self.place(at).contains(event.pos())]
        if found:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            copy = QAction("Copiar", menu)
            text = found[0].text()
            copy.triggered.connect(lambda _on=False: QGuiApplication.clipboard().setText(text))
            menu.addAction(copy)
            menu.popup(event.globalPos())


def _height(font: QFont) -> int:
    return QFontMetrics(font).height()
