"""The card around the lines of a record."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.models.priced import PricedLine
from db.record import Record
from ui.forms.applied_lines import TABLES, AppliedLines
from ui.forms.draft_form import DraftForm
from ui.forms.lines_grid import LinesGrid
from ui.forms.priced_lines import PricedLines
from ui.widgets.field_row import Card


def lines_card(form: DraftForm, child: type[Record], parent: QWidget | None = None) -> Card:
    """Make the grid of a line table, bind it to the form, and put it on a card."""
    grid = _kind(child)(form, child)
    form.bind_lines(child.module.table, grid)
    card = Card(child.module.plural, parent)
    card.add(grid)
    return card


def _kind(child: type[Record]) -> type[LinesGrid]:
    """The grid that knows what its lines are about."""
    if issubclass(child, PricedLine):
        return PricedLines
    return AppliedLines if child.module.table in TABLES else LinesGrid
