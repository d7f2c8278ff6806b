"""The card around the lines of a record."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.record import Record
from ui.forms.draft_form import DraftForm
from ui.forms.lines_grid import LinesGrid
from ui.forms.quote_lines import QuoteLines
from ui.widgets.field_row import Card

_GRIDS: dict[str, type[LinesGrid]] = {"quote_line": QuoteLines}


def lines_card(form: DraftForm, child: type[Record], parent: QWidget | None = None) -> Card:
    """Make the grid of a line table, bind it to the form, and put it on a card."""
    grid = _GRIDS.get(child.module.table, LinesGrid)(form, child)
    form.bind_lines(child.module.table, grid)
    card = Card(child.module.plural, parent)
    card.add(grid)
    return card
