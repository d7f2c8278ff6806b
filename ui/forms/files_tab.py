"""Archivos in the window of a record: its tab, what is dropped on the window, and the files that wait for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.filed import FILES, key_of
from oficrm.files.sources import Source
from oficrm.related import related
from ui.forms.draft_form import DraftForm
from ui.forms.related_tabs import RelatedTabs

if TYPE_CHECKING:
    from ui.files.page import FilesPage


class FilesTab(QObject):
    """Joins the form of a window with the page of its files, which is made when it is first looked at."""

    def __init__(self, form: DraftForm, tabs: RelatedTabs, window: QWidget) -> None:
        super().__init__(window)
        self._form, self._tabs, self._window = form, tabs, window
        self._page: FilesPage | None = None
        self._has_tab = any(relation.table == FILES for relation in related(form.table))
        form.held.changed.connect(self._held_changed)
        form.loaded.connect(self.refresh)

    def make_page(self) -> QWidget:
        """Return the page of the tab."""
        from ui.files.page import FilesPage  # files are loaded when somebody wants them

        page = FilesPage(self._form.context, place=self._place(), window=self._window, parent=self._tabs.stack)
        self._page = page
        page.set_pending(self._form.held.files)
        page.set_read_only(self._form.read_only)
        page.pending_changed.connect(self._page_changed)
        return page

    def _place(self) -> str | None:
        ident = self._form.ident
        return None if ident is None else key_of(self._form.table, ident)

    def add(self, sources: Sequence[Source]) -> None:
        """Take files in: at once under a record that exists, with the record while it is new. Shows the tab."""
        if sources and self.takes():
            self._tabs.reveal(FILES)
            if self._page is not None:
                self._page.add(sources)

    def choose(self) -> None:
        """Ask for files to be taken in under a record that exists."""
        self._tabs.reveal(FILES)
        if self._page is not None and self._page.part is not None:
            self._page.part.run("add")

    def takes(self) -> bool:
        """Whether files may come now."""
        return self._has_tab and not self._form.read_only and self._form.content is not None

    def refresh(self) -> None:
        """Follow the record shown and whether it may be changed."""
        if self._page is not None:
            if self._page.place != self._place():
                self._page.set_place(self._place())
            self._page.set_read_only(self._form.read_only)
        self._tabs.set_waiting(FILES, len(self._form.held.files))

    def _held_changed(self) -> None:
        files = self._form.held.files
        self._tabs.set_waiting(FILES, len(files))
        if self._page is not None and self._page.place is None and self._page.pending() != files:
            self._page.set_pending(files)

    def _page_changed(self) -> None:
        if self._page is not None and self._page.place is None:
            self._form.held.set_files(self._page.pending())
