"""The list of a related module inside a record window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from oficrm.drafts import Values
from oficrm.related import Related
from ui.commands import tab
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
        table = window.form.table
        fixed = {relation.link: relation.value(table, window.form.ident)}
        self.list = ListPage(window.context, relation.table, fixed=fixed, compact=True, parent=self)
        self.list.use_opener(window.context.opener)
        self.list.add_requested.disconnect()
        self.list.add_requested.connect(self._add)
        if relation.table != EMAILS:  # which are imported
            tab.name_adding(self.list, relation)
        tab.offer_selecting(self.list, relation, table, self._ident)
        tab.offer_unlinking(self.list, relation, table, self._ident)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setFocusProxy(self.list.table)

    def _ident(self) -> int | None:
        return self._window.form.ident

    def _add(self, table: str, preset: Values) -> None:
        """The link back, and what both have in common: the client of a person, the person of an opportunity."""
        if table == self._relation.table:
            preset = self._window.related_preset(self._relation) | preset
        self._window.context.opener.open_record(
            table, preset=preset, parent=self._window, then=lambda saved: self.list.reveal(saved.id)
        )
