"""Does what the actions of a list ask for: mostly, asks the application through the page's signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from db.filed import FILES, key_of
from oficrm import loading
from oficrm.commands import Command
from oficrm.linking import Selection
from oficrm.related import Related
from ui.commands.asking import BarAsker
from ui.commands.runner import Runner

if TYPE_CHECKING:
    from ui.lists.page import ListPage


class RowWork(QObject):
    """Stands between the actions and the page."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self._page = page
        page.actions_.triggered.connect(self.run)
        page.actions_.command_asked.connect(self.run_command)
        page.actions_.related_asked.connect(self.add_related)
        page.actions_.select_asked.connect(self.select)
        page.actions_.take_asked.connect(self.take)
        self.runner = Runner(page.context, BarAsker(page.bar, page.busy), self)
        opening = page.actions_.tools.opening
        page.table.doubleClicked.connect(lambda index: self.run(opening) if index.isValid() else None)
        page.table.menu_asked.connect(page.actions_.show_row_menu)
        page.table.cell_asked.connect(lambda ident, _what: page.create_next_requested.emit(ident))

    def run(self, name: str) -> None:
        """Do one action with what is selected; without a selection, with the current row."""
        page = self._page
        if page.companion is not None and page.companion.run(name):
            return
        match name:
            case "add":
                page.add_requested.emit(page.table_name, loading.fixed_preset(page.table_name, page.fixed))
            case "select_all":
                page.table.selectAll()
            case "print" | "pdf" | "export_csv" | "export_xlsx":
                page.output.run(name.removeprefix("export_"), page, page.selected_ids())
            case _:
                self._with_rows(name)

    def _with_rows(self, name: str) -> None:
        page = self._page
        ids, current = page.selected_ids(), page.current_id()
        if ids and current not in ids:
            current = ids[0]
        if current is None:
            return
        ids = ids or [current]
        match name:
            case "edit" | "view":
                page.open_requested.emit(page.table_name, current, name == "view")
            case "delete":
                page.deletion.ask(ids)
            case "change_date":
                page.change_date_requested.emit(ids)
            case "mass_edit":
                page.mass_edit_requested.emit(page.table_name, ids)
            case "history":
                page.history_requested.emit(page.table_name, current)
            case "duplicate":
                page.duplicate_requested.emit(page.table_name, current)
            case "create_next":
                page.create_next_requested.emit(current)

    def run_command(self, command: Command) -> None:
        """Do what the module itself can do with the rows selected."""
        page = self._page
        current = page.current_id()
        self.runner.run(command, page.selected_ids() or ([current] if current is not None else []))

    def select(self, wanted: Selection) -> None:
        """Let existing records be chosen that are to hang on the current row."""
        from ui.commands.select_dialog import choose  # a list in a dialog is made when it is wanted

        ident = self._page.current_id()
        if ident is not None:
            choose(self._page.context, wanted, ident, self._page.window())

    def take(self, table: str) -> None:
        """Take files or mails in under the current row."""
        page = self._page
        ident = page.current_id()
        if ident is None:
            return
        if table == FILES:
            from ui.commands.taking import choose_files

            choose_files(page.context, page.table_name, ident)
        else:
            from ui.mail.import_dialog import open_import  # mail is loaded when somebody wants it

            open_import(page.context, (), (key_of(page.table_name, ident),))

    def add_related(self, relation: Related) -> None:
        """Ask for a new record of a related module that hangs on the current row."""
        page = self._page
        ident, table = page.current_id(), page.table_name
        if ident is not None:
            page.context.bridge.read(
                lambda session: loading.preset_for(session, relation, table, ident),
                lambda preset: page.add_requested.emit(relation.table, preset), self,
            )  # fmt: skip
