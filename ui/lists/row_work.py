"""Does what the actions of a list ask for: mostly, asks the application through the page's signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from oficrm import loading, related

if TYPE_CHECKING:
    from ui.lists.page import ListPage


class RowWork(QObject):
    """Stands between the actions and the page."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self._page = page
        page.actions_.triggered.connect(self.run)
        page.actions_.related_asked.connect(self.add_related)
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

    def add_related(self, relation: related.Related) -> None:
        """Ask for a new record of a related module that hangs on the current row."""
        page = self._page
        ident, table = page.current_id(), page.table_name
        if ident is not None:
            page.context.bridge.read(
                lambda session: loading.preset_for(session, relation, table, ident),
                lambda preset: page.add_requested.emit(relation.table, preset), self,
            )  # fmt: skip
