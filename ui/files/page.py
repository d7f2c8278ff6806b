"""The files of a record: the list of those filed under it, or those that wait until a new record is saved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db.filed import FILES
from oficrm import keys, related
from oficrm.files.sources import Source
from ui.commands import tab
from ui.context import Context
from ui.files.part import FilesPart
from ui.files.waiting import Waiting
from ui.lists.page import ListPage


class FilesPage(QWidget):
    """``place`` is the key of a record ("client:5"), None while it is new: then files wait in ``pending``."""

    pending_changed = Signal()

    def __init__(self, context: Context, *, place: str | None, window: QWidget | None = None,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("files_page")
        self.context, self.place = context, place
        self._read_only = False
        self.list: ListPage | None = None
        self.waiting = Waiting(context, self)
        self.waiting.changed.connect(self.pending_changed)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        self.set_place(place)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard goes to the rows, unless it runs along the tabs."""
        super().showEvent(event)
        focused: QWidget | None = self.window().focusWidget()
        if focused is None or focused.objectName() != "tabs":
            self.setFocus()

    @property
    def part(self) -> FilesPart | None:
        """What is done with the files of a saved record; None while it is new."""
        companion = self.list.companion if self.list is not None else None
        return companion if isinstance(companion, FilesPart) else None

    def set_place(self, key: str | None) -> None:
        """Show the files of a record; None begins with a new one."""
        self.place = key
        if key is None:
            self.stack.setCurrentWidget(self.waiting)
            self.setFocusProxy(self.waiting)
            return
        if self.list is None:
            self.list = ListPage(self.context, "document", fixed={"records": key}, compact=True, parent=self.stack)
            self.list.use_opener(self.context.opener)
            self._offer_selecting(self.list, key)
            self.stack.addWidget(self.list)
        elif self.list.fixed != {"records": key}:
            self.list.set_fixed({"records": key})
            assert self.part is not None
            self.part.place_changed()
        self.stack.setCurrentWidget(self.list)
        self.setFocusProxy(self.list.table)
        self.waiting.put(())
        self.set_read_only(self._read_only)

    def _offer_selecting(self, page: ListPage, key: str) -> None:
        """Files that are filed elsewhere already can be filed here too."""
        table = keys.parts(key)[0]
        for relation in related.related(table):
            if relation.table == FILES:
                tab.offer_selecting(page, relation, table, lambda: keys.parts(self.place)[1] if self.place else None)

    def add(self, sources: Sequence[Source]) -> None:
        """Take files in: at once under a record that exists, with the record while it is new."""
        if self._read_only:
            return
        if self.place is not None and self.part is not None:
            self.part.add(sources)
        else:
            self.waiting.add(sources)

    # --- files of a record that is not saved yet

    def pending(self) -> tuple[Source, ...]:
        """The files to be kept together with the record, in the order they came."""
        return self.waiting.sources()

    def set_pending(self, sources: Sequence[Source]) -> None:
        """Put these in their place, e.g. those of a form that is brought back."""
        self.waiting.put(sources)

    def set_read_only(self, read_only: bool) -> None:
        """Consultar: what is there can be opened and saved, not changed."""
        self._read_only = read_only
        self.waiting.set_read_only(read_only)
        if self.part is not None:
            self.part.set_read_only(read_only)

    def is_read_only(self) -> bool:
        """Whether nothing may be changed."""
        return self._read_only
