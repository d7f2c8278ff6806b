"""A field of a form: label above, editor, help and error below; and the grid such fields stand on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.editor import Editor

FULL = 0
"""Span of a field that takes the whole width."""


class FieldRow(QWidget):
    """Label, editor and messages of one column.

    The editor is named ``field_<column>``, the message ``error_<column>``. What the editor cannot read is said at
    once when it is left; other messages are set by the form, and go when the user changes the value.
    """

    def __init__(
        self,
        column: str,
        label: str,
        editor: Editor,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        help: str = "",
        tooltip: str = "",
    ) -> None:
        super().__init__(parent)
        self.column, self.editor = column, editor
        self.setObjectName(f"row_{column}")
        editor.setObjectName(f"field_{column}")
        editor.set_accessible_name(f"{label} (obligatorio)" if required else label)
        self.label = QLabel(self)
        theme.set_role(self.label, "label")
        self.label.setBuddy(editor)
        self._text, self._required = label, required
        self._write_label()
        self.error_label = self._message(f"error_{column}", "error")
        self.help_label = self._message(f"help_{column}", "small") if help else None
        if self.help_label is not None:
            self.help_label.setText(help)
            self.help_label.setVisible(True)
        if tooltip:
            self.label.setToolTip(tooltip)
            editor.setToolTip(tooltip)
        self._layout()
        self._own_problem = False
        editor.committed.connect(self._check)
        editor.changed.connect(self._forgive)
        editor.rejected.connect(self.set_error)

    def _message(self, name: str, role: theme.Role) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setVisible(False)
        theme.set_role(label, role)
        return label

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.label, self.editor, self.help_label, self.error_label):
            if part is not None:
                column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _write_label(self) -> None:
        text = self._text.replace("&", "&&")
        self.label.setText(f"{text} *" if self._required else text)

    def set_label(self, text: str, *, required: bool | None = None) -> None:
        """Other words above the field."""
        self._text = text
        self._required = self._required if required is None else required
        self._write_label()

    def error(self) -> str:
        """The message shown, or ""."""
        return self.error_label.text()

    def set_error(self, text: str | None) -> None:
        """Show a message beside the field, or take it away."""
        self._own_problem = False
        self.error_label.setText(text or "")
        self.error_label.setVisible(bool(text))
        if self.help_label is not None:
            self.help_label.setVisible(not text)
        self.editor.set_error(text)

    def _check(self) -> None:
        problem = self.editor.problem()
        if problem:
            self.set_error(problem)
            self._own_problem = True
        elif self._own_problem:
            self.set_error(None)

    def _forgive(self) -> None:
        if self.error():
            self.set_error(None)


class FormGrid(QWidget):
    """Fields on up to ``columns`` columns, fewer where there is little room. Hidden fields leave no hole."""

    def __init__(self, parent: QWidget | None = None, *, columns: int = 3, column_width: int = 210) -> None:
        super().__init__(parent)
        self._most, self._width = columns, column_width
        self._cells: list[tuple[QWidget, int, bool]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_M)
        self._grid.setVerticalSpacing(theme.SPACE_S)
        self._columns = self._row = self._at = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setSizePolicy(policy)

    def add(self, field: QWidget, span: int = 1, *, new_row: bool = False) -> None:
        """Append a field ``span`` columns wide (``FULL``: all); ``new_row`` begins a line."""
        self._cells.append((field, span, new_row))
        if self._columns:
            self._place(field, span, new_row)
        else:
            self._arrange(self._most)

    def fields(self) -> list[QWidget]:
        """What was added, in order."""
        return [cell[0] for cell in self._cells]

    def clear(self) -> None:
        """Take all fields away and delete them."""
        for field, _span, _new in self._cells:
            self._grid.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._cells.clear()
        self._row = self._at = 0

    def rearrange(self) -> None:
        """Close up after fields were hidden or shown."""
        self._arrange(self._columns)

    def columns(self) -> int:
        """How many columns stand side by side now."""
        return self._columns

    def _arrange(self, columns: int) -> None:
        """Put every field where it belongs. Moving an item in the layout keeps the widget and its focus."""
        for field, _span, _new in self._cells:
            self._grid.removeWidget(field)
        self._row = self._at = 0
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for field, span, new_row in self._cells:
            if not (field.isHidden() and field.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)):
                self._place(field, span, new_row)
        self.updateGeometry()

    def _place(self, field: QWidget, span: int, new_row: bool) -> None:
        """Put one field behind the last."""
        wide = self._columns if span == FULL else min(span, self._columns)
        if self._at and (new_row or self._at + wide > self._columns):
            self._row, self._at = self._row + 1, 0
        self._grid.addWidget(field, self._row, self._at, 1, wide, Qt.AlignmentFlag.AlignTop)
        self._at += wide

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as have room."""
        super().resizeEvent(event)
        fitting = (self.width() + theme.SPACE_M) // (self._width + theme.SPACE_M)
        columns = max(1, min(self._most, fitting))
        if columns != self._columns:
            self._arrange(columns)

    def minimumSizeHint(self) -> QSize:
        """One column wide: the others give way."""
        return QSize(self._width, super().minimumSizeHint().height())


class Card(QFrame):
    """A quiet card with a title: one section of a form. Put widgets in with ``add``."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_surface(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_M)
        column.setSpacing(theme.SPACE_S)
        self.title_label = QLabel(self)
        theme.set_role(self.title_label, "section")
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.SPACE_S)
        self.head.addWidget(self.title_label)
        self.head.addStretch(1)
        column.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.SPACE_S)
        column.addLayout(self.body, 1)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Name the section; "" shows none."""
        self.title_label.setText(title.upper().replace("&", "&&"))
        self.title_label.setVisible(bool(title))
        self.setAccessibleName(title)

    def add(self, part: QWidget, stretch: int = 0) -> None:
        """Append to the body."""
        self.body.addWidget(part, stretch)

    def add_to_head(self, part: QWidget) -> None:
        """Append to the right of the title: a button, a count."""
        self.head.addWidget(part)
