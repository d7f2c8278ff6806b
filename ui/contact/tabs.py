"""The tabs of the contact form: General, Archivos, Emails; in the head, where they take no room from the form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from db.filed import FILES
from oficrm import related
from oficrm.files.sources import Source
from oficrm.jobs import Changes
from oficrm.related import Related
from ui.forms.file_drops import FileDrops
from ui.forms.files_tab import FilesTab
from ui.forms.related_tabs import GENERAL, RelatedTabs

if TYPE_CHECKING:
    from ui.contact.form import ContactWindow

TABLE = "contact"


class ContactTabs(QObject):
    """Owns the tabs of a contact window; the pages behind General are made when first looked at."""

    def __init__(self, window: ContactWindow, general: QWidget) -> None:
        super().__init__(window)
        self._window, self._form = window, window.form
        self.relations = related.related(TABLE)
        self.tabs = RelatedTabs(
            window.context.memory, TABLE, self.relations, general, self._make_page, window, in_head=True
        )
        self.files = FilesTab(window.form, self.tabs, window)
        self.drops = FileDrops(window, self.files.add, self.files.takes, self._sentence)
        window.head.add_tabs(self.tabs.top)  # the few there are stay whole; the title gives way
        self.tabs.opened.connect(self._opened)
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), window, partial(self.tabs.step, by))
        window.context.bridge.changed.connect(self._changed)

    def show_record(self) -> None:
        """Another contact is shown: begin with General."""
        is_new = self._form.ident is None
        if is_new:
            self.tabs.show_tab(GENERAL)
        self.tabs.set_new(is_new)
        self.files.refresh()
        self._count()

    def show_problems(self, wrong: set[str]) -> None:
        """Mark the tabs that hold something wrong, and go where the first of it is."""
        fields = wrong - {FILES}
        self.tabs.set_wrong(len(fields))
        self.tabs.set_wrong(len(wrong - fields), FILES)
        if wrong and self.tabs.current() not in ({GENERAL} if fields else {FILES}):
            self.tabs.reveal(GENERAL if fields else FILES)

    def _make_page(self, relation: Related) -> QWidget:
        if relation.table == FILES:
            return self.files.make_page()
        from ui.forms.related_page import RelatedPage  # lists are loaded when one is wanted

        return RelatedPage(self._window, relation)

    def _opened(self, name: str) -> None:
        """In a list of saved records its own keys hold."""
        self._window.set_own_keys(name == GENERAL or self._form.ident is None)

    def _count(self) -> None:
        form, ident = self._form, self._form.ident
        if ident is not None:
            form.context.bridge.read(
                lambda s: related.counts(s, TABLE, ident), self.tabs.set_counts, form, purpose="counts"
            )

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if self._form.content is not None and any(changes.shown(each.table) for each in self.relations):
            self._count()

    def _sentence(self) -> str:
        """Nothing is laid over a form that shows where to drop a mail."""
        return "" if self._window.mail.takes() else "Suelte aquí para añadirlo a Archivos"

    def take(self, sources: list[Source]) -> None:
        """Files dropped on the notes: a mail is taken over where the contact is one, the rest goes to Archivos."""
        if not self._window.mail.take(sources):
            self.files.add(sources)
