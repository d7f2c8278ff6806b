"""The list of a related module inside a record window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from oficrm import linking
from oficrm.commands import Outcome
from oficrm.drafts import Values
from oficrm.linking import Selection
from oficrm.related import Related
from ui.commands.around import EMAILS
from ui.lists.page import ListPage

if TYPE_CHECKING:
    from ui.contact.form import ContactWindow
    from ui.forms.record_window import RecordWindow


class RelatedPage(QWidget):
    """``tab_<table>``: the records of a module that hang on the window's record; new ones are linked back to it."""

    def __init__(self, window: RecordWindow | ContactWindow, relation: Related) -> None:
        super().__init__(window)
        assert window.form.ident is not None
        self._window, self._relation = window, relation
        fixed = {relation.link: relation.value(window.form.table, window.form.ident)}
        self.list = ListPage(window.context, relation.table, fixed=fixed, compact=True, parent=self)
        self.list.use_opener(window.context.opener)
        self.list.add_requested.disconnect()
        self.list.add_requested.connect(self._add)
        if relation.table != EMAILS:  # which are imported
            self._name_adding()
        self._offer_links()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setFocusProxy(self.list.table)

    def _name_adding(self) -> None:
        """What is added is called as the menus call it."""
        action, words = self.list.actions_.all["add"], f"Agregar {self._relation.singular}"
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(words)
        action.setIconText(words)
        action.setToolTip(f"{words} ({keys})")

    def _offer_links(self) -> None:
        """Existing records can be chosen, and let go again."""
        table = self._window.form.table
        for wanted in linking.selections(self._relation, table):
            self.list.actions_.add_own(f"select_{wanted.name}", wanted.words, "link", partial(self._select, wanted))
        if linking.can_unlink(self._relation, table):
            self.list.actions_.add_own("unlink", "Quitar el vínculo", "take_off", self._unlink, needs_rows=True)

    def _select(self, wanted: Selection) -> None:
        from ui.commands.select_dialog import choose  # made when it is wanted

        ident = self._window.form.ident
        if ident is not None:
            choose(self._window.context, wanted, ident, self._window)

    def _unlink(self) -> None:
        relation, table, ident = self._relation, self._window.form.table, self._window.form.ident
        chosen = tuple(self.list.selected_ids())
        if ident is None or not chosen:
            return

        def job(session: Any, accepted: frozenset[str]) -> Outcome:
            return Outcome(linking.unlink(session, relation, table, ident, chosen, accepted))

        self.list.work.runner.write("Quitar el vínculo", job, len(chosen))

    def _add(self, table: str, preset: Values) -> None:
        """The link back, and what both have in common: the client of a person, the person of an opportunity."""
        if table == self._relation.table:
            preset = self._window.related_preset(self._relation) | preset
        self._window.context.opener.open_record(
            table, preset=preset, parent=self._window, then=lambda saved: self.list.reveal(saved.id)
        )
