"""Files in a list page, be it Archivos or the tab of a record: its bars, its preview, and what its actions do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from oficrm import keys
from oficrm.files.sources import Source
from ui.files import dragging, intake
from ui.files.actions import FILES
from ui.files.adding import Adding
from ui.files.asking import MAILS, ask_file, ask_files
from ui.files.bars import LineBar, Report
from ui.files.counts import Counts
from ui.files.drop import DropTarget
from ui.files.edited import watch_edits
from ui.files.keys import OwnKeys
from ui.files.opening import Opening
from ui.files.preview import Preview
from ui.files.saving import SavingOut
from ui.files.side import Side
from ui.files.work import FileWork
from ui.forms.message_bar import MessageBars
from ui.lists.companions import Companion
from ui.lists.emptiness import Emptiness

if TYPE_CHECKING:
    from ui.lists.page import ListPage

MOST_AT_ONCE = 10
"""Files opened by one Enter; more are a slip of the hand."""

_WITH_FILES = ("open", "save_as", "rename", "delete", "new_version", "versions", "validate", "reject", "reopen")


class FilesPart(Companion):
    """Makes a list page of ``document`` a place to keep files in."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self.page, self.bar = page, page.bar
        self._read_only = False
        self._title = ""
        self.bars = MessageBars(page)
        self.line_bar = LineBar(page)
        self.report = Report(page)
        self.above = QWidget(page)
        column = QVBoxLayout(self.above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for part in (self.bars, self.line_bar, self.report):
            column.addWidget(part)
        self.corner = self.counts = Counts(page)
        self.work, self.adding = FileWork(self), Adding(self)
        self.opening = Opening(page.context, self.bars, self)
        self.saving = SavingOut(page.context, page.bar, self)
        self.preview = Preview(page.context, page)
        self.drops = DropTarget(page, self.add, may=self.may_write, sentence=self.drop_sentence)
        self.choose_files: Callable[[str], list[Path]] = self._ask_files
        self.choose_file: Callable[[], Path | None] = self._ask_file
        self._connect()

    def _connect(self) -> None:
        page = self.page
        self.opening.failed.connect(lambda text: self.bar.say(text, good=False))
        for bar in (self.line_bar, self.report):
            bar.closed.connect(page.focus_table)
        page.table.chosen.connect(self._chosen)
        OwnKeys(page.table, [page.actions_.all[spec.name] for spec in FILES.specs])
        self.row_drag = dragging.RowDrag(page.table)
        self.row_drag.asked.connect(lambda: dragging.drag_out(self, page.selected_ids()))
        page.ready.connect(self._read_title)
        empty = page.stack.empty
        empty.button.addAction(page.actions_.all["paste"])
        empty.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        empty.customContextMenuRequested.connect(lambda at: page.actions_.show_row_menu(empty.mapToGlobal(at)))
        self.preview.open_asked.connect(lambda ident: self.open([ident]))
        self.counts.follow(self)
        watch_edits(page.context)

    @property
    def place(self) -> str | None:
        """The key of the record whose files these are, None for all files."""
        return self.page.fixed.get("records")

    def body(self, rows: QWidget) -> QWidget:
        """The rows and the preview."""
        return Side(rows, self.preview, self.page, self.page.actions_.all["preview"])

    def hidden_columns(self) -> tuple[str, ...]:
        """In a tab the name needs the room; beside it stands the preview."""
        return ("folder",) if self.page.compact else ()

    def emptiness(self, state: Emptiness) -> Emptiness:
        """Files can be dropped too."""
        if self._read_only:
            return Emptiness(state.icon, "Sin archivos.")
        sentence = "Todavía no hay archivos. Añádalos, péguelos (Ctrl+V) o suéltelos aquí."
        return Emptiness(state.icon, sentence, "Añadir archivos…", "add")

    # --- where we are

    def may_write(self) -> bool:
        """Whether files may come, go and change."""
        return not self._read_only

    def set_read_only(self, read_only: bool) -> None:
        """Consultar: files can be looked at, opened and saved."""
        self._read_only = read_only
        self.page.actions_.set_read_only(read_only)
        self.page.table.chosen.emit()
        self.page.stack.refresh()

    def drop_sentence(self) -> str:
        """Where what is dropped will go."""
        return f"Suelte aquí para adjuntar a {self._title}" if self._title else "Suelte aquí para añadir"

    def _read_title(self) -> None:
        """The name of the record; asked again where the place changes."""
        self.counts.refresh()
        place = self.place
        if place is None:
            return

        def show(found: dict[str, str]) -> None:
            self._title = found.get(place, "")

        self.page.context.bridge.read(lambda session: keys.titles(session, [place]), show, self, purpose="title")

    def place_changed(self) -> None:
        """The page shows the files of another record."""
        self._title = ""
        self._read_title()

    def _chosen(self) -> None:
        ids = self.page.selected_ids()
        current = self.page.current_id()
        self.preview.show_file(current if current in ids else ids[0] if ids else None, len(ids))

    # --- actions

    def run(self, name: str) -> bool:
        """Do an action of files; those of every list are left to the page."""
        match name:
            case "add" | "add_mail" | "paste":
                self._take(name)
            case "preview":
                pass  # the side follows its action
            case _ if name in _WITH_FILES:
                self._with_files(name)
            case _:
                return False
        return True

    def _take(self, name: str) -> None:
        match name:
            case "add":
                self.add([Source(path=path) for path in self.choose_files("")])
            case "add_mail":
                self.add([Source(path=path) for path in self.choose_files(MAILS)])
            case "paste":
                self.paste()

    def _with_files(self, name: str) -> None:
        ids, current = self.page.selected_ids(), self.page.current_id()
        if not ids:
            return
        one = current if current in ids else ids[0]
        assert one is not None
        match name:
            case "open":
                self.open(ids)
            case "save_as":
                self.saving.save(ids)
            case "rename":
                self.work.rename(one)
            case "delete":
                self.work.take_off(ids)
            case "new_version":
                self._ask_version(one)
            case "versions":
                self.show_versions(one)
            case "validate":
                self.work.validate(ids)
            case "reject":
                self.work.reject(ids)
            case "reopen":
                self.work.reopen(ids)

    def add(self, sources: Sequence[Source]) -> None:
        """Take files in under the record of this place."""
        if self.may_write():
            self.adding.add(sources)

    def paste(self) -> None:
        """Take in what is on the clipboard, or say that there is nothing."""
        sources = intake.on_clipboard()
        if sources:
            self.add(sources)
        else:
            self.bar.say("No hay nada que pegar: copie archivos, una imagen o un texto.", good=False)

    def open(self, ids: Sequence[int]) -> None:
        """Open with the programs of the system."""
        if len(ids) > MOST_AT_ONCE:
            self.bar.say(f"Son {len(ids)} archivos: abra como mucho {MOST_AT_ONCE} a la vez.", good=False)
            return
        for ident in ids:
            self.opening.open(ident, read_only=self._read_only)

    def show_versions(self, ident: int) -> None:
        """The versions of a file in a dialog."""
        from ui.files.versions import VersionsDialog

        dialog = VersionsDialog(self.page.context, ident, self.page.window(), read_only=self._read_only)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _ask_version(self, ident: int) -> None:
        path = self.choose_file()
        if path is not None:
            self.work.new_version(ident, Source(path=path))

    def _ask_files(self, pattern: str) -> list[Path]:
        return ask_files(self.page, self.page.context.memory, pattern)

    def _ask_file(self) -> Path | None:
        return ask_file(self.page, self.page.context.memory, "Nueva versión")
