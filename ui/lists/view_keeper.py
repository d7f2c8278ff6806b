"""Saves, applies and deletes the named filters of a page."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from oficrm import views
from oficrm.errors import EnvironmentProblem, Refused, ValidationError
from oficrm.jobs import Done
from oficrm.lists import ListFilter
from oficrm.views import View

if TYPE_CHECKING:
    from ui.lists.page import ListPage


class ViewKeeper(QObject):
    """Stands between the menu of saved filters and the database."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self._page = page
        page.saved.picked.connect(self.apply)
        page.saved.save_asked.connect(self._save)
        page.saved.delete_asked.connect(self._delete)
        page.saved.at_open_changed.connect(lambda _on: page.remember())

    def apply(self, view: View) -> None:
        """Show a saved filter and load it."""
        page = self._page
        page.set_filter(ListFilter.from_json(page.table_name, view.value.get("filter", {})))
        if view.value.get("widths"):
            page.table.set_widths(view.value["widths"])
        page.show_columns([str(name) for name in view.value.get("columns", ())])
        page.saved.set_current(view.id)
        page.load()

    def _save(self, name: str) -> None:
        page = self._page
        value: dict[str, Any] = {
            "filter": page.list_filter().to_json(), "columns": page.table.shown_names(), "widths": page.table.widths(),
        }  # fmt: skip
        table = page.table_name

        def saved(done: Done[int]) -> None:
            page.saved.close_name()
            page.context.notices.show(f"Filtro «{' '.join(name.split())}» guardado.", done.changes.operation_id)
            page.mark_view(done.value)

        page.context.bridge.write(
            lambda session: views.save_view(session, table, name, value), saved, self, failed=self._failed
        )

    def _delete(self, view: View) -> None:
        def deleted(done: Done[None]) -> None:
            self._page.context.notices.show(f"Filtro «{view.name}» borrado.", done.changes.operation_id)

        self._page.context.bridge.write(
            lambda session: views.delete_view(session, view.id), deleted, self, failed=self._failed
        )

    def _failed(self, error: Exception) -> None:
        match error:
            case ValidationError():
                self._page.saved.show_error(" ".join(error.errors.get("name", [str(error)])))
            case Refused() | EnvironmentProblem():
                self._page.bar.say(str(error), good=False)
            case _:
                self._page.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
