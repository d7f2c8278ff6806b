"""The General tab of a record window: the sections of the declaration as cards, own fields, lines."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from db.fields import Field
from db.registry import module
from ui import theme
from ui.forms.card_columns import CardColumns
from ui.forms.counts_card import CountsGrid, is_counted
from ui.forms.draft_form import DraftForm
from ui.forms.lines_card import lines_card
from ui.widgets.field_row import FULL, Card, FormGrid

OWN_FIELDS = "Campos propios"
_TALL = {"long_text": 3, "image": 3}


class GeneralTab(QScrollArea):
    """Scrolls downwards only. ``build`` once the form knows its fields."""

    def __init__(self, form: DraftForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tab_general")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._form = form
        screens = form.model.screens
        self._alone = bool(screens.lines) or len(screens.form) < 3
        self.cards = CardColumns(self.viewport(), most=1 if self._alone else 2)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.timeout.connect(self._show_focus)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def build(self) -> None:
        """Make the cards and their editors, in tab order."""
        form = self._form
        sections = [(section.title, section.columns, [form.fields[name] for name in section.fields])
                    for section in form.model.screens.form]  # fmt: skip
        assert form.content is not None
        if form.content.own_fields:
            sections.append((OWN_FIELDS, 3, list(form.content.own_fields)))
        lines = list(form.model.screens.lines)
        for at, (title, columns, fields) in enumerate(sections):
            self._add_section(title, columns, fields)
            if at == 0:
                for table in lines:
                    self.cards.add(lines_card(form, module(table), self.cards), wide=True)

    def attach(self) -> None:
        """Show what was built; once it is filled, so that it is dressed once only."""
        if self.widget() is None:
            self.cards.arrange(self.viewport().width())
            self.setWidget(self.cards)
            QTimer.singleShot(0, self.cards, self.cards.show_rest)

    def _add_counts(self, title: str, columns: int, fields: Sequence[Field]) -> None:
        """Figures that are only worked out need no editors."""
        card = Card(title, self.cards)
        most = min(len(fields), max(columns, 4))
        card.add(CountsGrid(self._form, fields, most, card))
        self.cards.add(card, math.ceil(len(fields) / most) + 1)

    def _add_section(self, title: str, columns: int, fields: Sequence[Field]) -> None:
        if is_counted(fields):
            self._add_counts(title, columns, fields)
            return
        card = Card(title, self.cards)
        texts_only = all(field.kind == "long_text" for field in fields)
        count = len(fields) if texts_only else 4 if self._alone and len(fields) > 6 else columns if self._alone else 2
        grid = FormGrid(columns=count, column_width=300 if texts_only else 240 if self._alone else 180)
        for at, field in enumerate(fields):
            tall = field.kind == "yes_no"
            row = self._form.row(field.name, help=field.help if tall else "", tooltip="" if tall else field.help)
            if len(fields) == 1 and field.label == title:
                row.label.hide()
            named = at == 0 and count > 3 and field.kind == "text"
            span = FULL if field.kind == "long_text" else 2 if named else min(field.span, 2)
            grid.add(row, 1 if texts_only else span)
        card.add(grid)
        weight = sum(_TALL.get(field.kind, 1) for field in fields)
        self.cards.add(card, math.ceil(weight / count) + 1)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes to the next field also when its card was not shown yet."""
        self.cards.show_all()
        return super().focusNextPrevChild(next)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new):
            self._follow.start()

    def _show_focus(self) -> None:
        """The field with the focus is in view, its message too."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, theme.SPACE_XL, theme.SPACE_XL * 2)
