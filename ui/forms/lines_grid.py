"""The lines of a record inside its form: a grid to type in, buttons for the mouse, the first error in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QToolButton, QVBoxLayout, QWidget

from db.record import Record
from oficrm.drafts import LineDraft
from ui import icons, theme
from ui.forms.draft_form import DraftForm
from ui.forms.editors import Kit
from ui.forms.lines_model import LinesModel
from ui.forms.lines_view import LinesView

FEWEST, MOST = 3, 12
"""Lines shown without scrolling."""
_WIDTHS = {"link": 190, "either": 176, "day": 130, "clock": 80, "quantity": 90, "percent": 68, "money": 100,
           "text": 200, "integer": 100, "choice": 130}  # fmt: skip


class LinesGrid(QWidget):
    """Implements ``LinesPart`` for a child table with a grid."""

    changed = Signal()

    def __init__(self, form: DraftForm, child: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"lines_{child.module.table}")
        self.form, self.child = form, child
        self.model = LinesModel(child, self)
        self.view = LinesView(self.model, self._kit, self)
        self.view.setObjectName(f"grid_{child.module.table}")
        self.view.setAccessibleName(child.module.plural)
        self.error_label = QLabel(self)
        self.error_label.setObjectName(f"error_{child.module.table}")
        self.error_label.setWordWrap(True)
        self.error_label.hide()
        theme.set_role(self.error_label, "error")
        self.buttons = QWidget(self)
        self._add_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addWidget(self.view)
        column.addWidget(self.error_label)
        column.addWidget(self.buttons)
        self._set_widths()
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            signal.connect(self._fit)
        self.model.edited.connect(self._edited)

    def _kit(self, row: int) -> Kit:
        """Editors of a line see the line's other values."""
        of = self.form.kit
        return Kit(of.context, of.owner, of.country, self.currency(), partial(self.model.value, row))

    def currency(self) -> str:
        """The currency of the record these lines belong to."""
        chosen = self.form.value("currency")
        return chosen if isinstance(chosen, str) and len(chosen) == 3 else self.form.kit.currency

    def _add_buttons(self) -> None:
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        plan: tuple[tuple[str, str, str, Callable[[], Any]], ...] = (
            ("add", "Añadir línea", "Escriba en la última fila", self.add_line),
            ("delete", "Quitar", "Quitar la línea (Ctrl+Supr)", self.view.remove_line),
            ("collapse", "Subir", "Subir la línea (Alt+↑)", lambda: self.view.move_line(-1)),
            ("expand", "Bajar", "Bajar la línea (Alt+↓)", lambda: self.view.move_line(1)),
        )
        for icon, text, tip, run in plan if "position" in self.child.fields else plan[:2]:
            button = QToolButton(self.buttons)
            button.setIcon(icons.icon(icon))
            button.setText(text)
            button.setToolTip(tip)
            button.setObjectName(f"button_line_{icon}")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has its own way, inside the grid
            button.clicked.connect(lambda _on=False, run=run: run())
            row.addWidget(button)
        row.addStretch(1)

    def _set_widths(self) -> None:
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        texts = [at for at, of in enumerate(self.model.columns) if of.kind == "text"]
        for at, of in enumerate(self.model.columns):
            self.view.setColumnWidth(at, _WIDTHS.get(of.kind, 120))
        links = [at for at, of in enumerate(self.model.columns) if of.kind in ("link", "either")]
        if len(self.model.columns) == 1:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        elif links and not texts:
            header.setSectionResizeMode(links[0], QHeaderView.ResizeMode.Stretch)
        if texts:
            widest = max(texts, key=lambda at: self.model.columns[at].max_length or 0)
            header.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(56)

    def _fit(self) -> None:
        """As tall as its lines, within reason."""
        rows = max(FEWEST, min(MOST, self.model.rowCount()))
        header = self.view.horizontalHeader().sizeHint().height()
        self.view.setFixedHeight(header + rows * self.view.verticalHeader().defaultSectionSize() + 4)

    def add_line(self) -> None:
        """Write in the empty row."""
        self.view.edit_cell(len(self.model.rows), 0)

    # --- what a form asks of its parts

    def set_lines(self, lines: list[LineDraft], titles: list[dict[str, str]]) -> None:
        """Show lines."""
        content = self.form.content
        if content is not None:
            self.model.defaults = content.line_defaults.get(self.child.module.table, {})
        self.model.country, self.model.currency = self.form.kit.country, self.currency()
        self.model.set_lines(lines, titles)
        self._show_error()
        self.refreshed()

    def lines(self) -> list[LineDraft]:
        """The lines as they stand."""
        return self.model.lines()

    def titles(self) -> list[dict[str, str]]:
        """The texts of their links."""
        return [dict(row.titles) for row in self.model.filled()]

    def set_errors(self, errors: dict[str, list[str]]) -> None:
        """Mark the cells ("0.quantity") and say the first in words."""
        cells = {}
        for key, texts in errors.items():
            at, _, name = key.partition(".")
            cells[int(at), name or self.model.columns[0].name] = " ".join(texts)
        self.model.set_errors(cells)
        self._show_error()

    def _show_error(self) -> None:
        found = self.model.first_error()
        self.error_label.setVisible(found is not None)
        if found is not None:
            row, column, text = found
            self.error_label.setText(f"Línea {row + 1}, {self.model.columns[column].label}: {text}")

    def set_read_only(self, read_only: bool) -> None:
        """Look only: the empty row and the buttons go."""
        if self.model.read_only != read_only:
            self.model.beginResetModel()
            self.model.read_only = read_only
            self.model.endResetModel()
        self.buttons.setVisible(not read_only)

    def focus_error(self) -> None:
        """Go to the first wrong cell."""
        found = self.model.first_error()
        if found is not None:
            self.view.edit_cell(found[0], found[1])

    def refreshed(self) -> None:
        """The lines shown are others now; for those that add something below them."""

    def _edited(self) -> None:
        self._show_error()
        self.refreshed()
        self.changed.emit()
