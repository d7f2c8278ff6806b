"""Choosing a result proposes to close the contact today: a contact is done only with both, and one forgets the date."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QObject

from oficrm import clock
from oficrm.rules import dates
from ui import theme
from ui.forms.draft_form import DraftForm
from ui.widgets.chips import Chip
from ui.widgets.field_row import Card


class ClosingProposal(QObject):
    """Fills Fecha de cierre when a result is chosen, says so in a chip that takes it back, and asks only once.

    The proposal is an ordinary value: seen, editable, saved. It goes when the result is taken away again.
    """

    def __init__(self, form: DraftForm, card: Card) -> None:
        super().__init__(card)
        self._form = form
        self._proposed: dt.date | None = None
        self._is_ours = False
        self._declined = False
        self.chip = Chip("", theme.Kind.ACCENT, parent=card, removable=True)
        self.chip.setObjectName("chip_closing")
        self.chip.hide()
        self.chip.removed.connect(self._refuse)
        card.body.insertWidget(1, self.chip)
        form.edited.connect(self._edited)
        form.loaded.connect(self._reset)

    def _reset(self) -> None:
        self._proposed, self._declined = None, False
        self.chip.hide()

    def _edited(self, name: str) -> None:
        if name == "result":
            self._follow_result()
        elif name == "closed_on" and not self._is_ours:
            self._declined = self._form.value("closed_on") is None
            self._proposed = None
            self.chip.hide()

    def _follow_result(self) -> None:
        has_result = self._form.value("result") is not None
        if has_result and self._form.value("closed_on") is None and not self._declined:
            day = self._form.value("date")
            proposed = max(clock.today(), day) if isinstance(day, dt.date) else clock.today()
            self._put(proposed)
            words = "hoy" if proposed == clock.today() else dates.short_date(proposed, clock.today())
            self.chip.set(f"Cierre propuesto: {words}", theme.Kind.ACCENT)
            self.chip.show()
        elif not has_result and self._proposed is not None:
            self._put(None)
            self.chip.hide()

    def _put(self, day: dt.date | None) -> None:
        self._proposed, self._is_ours = day, True
        self._form.put("closed_on", day)
        self._is_ours = False

    def _refuse(self) -> None:
        self._put(None)
        self._declined = True
        self.chip.hide()
        self._form.editor("closed_on").focus()
