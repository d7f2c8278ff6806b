"""Connects what a list page asks for to the application's opener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oficrm import contacts
from oficrm.drafts import Draft
from oficrm.errors import Refused
from ui.context import Opener

if TYPE_CHECKING:
    from ui.lists.page import ListPage


def connect(page: ListPage, opener: Opener) -> None:
    """Open what the page asks for through ``opener``; a record added there is shown in the list afterwards."""

    def add(table: str, preset: dict[str, object]) -> None:
        own = table == page.table_name
        opener.open_record(table, preset=preset, then=(lambda saved: page.reveal(saved.id)) if own else None)

    page.open_requested.connect(lambda table, ident, locked: opener.open_record(table, ident, read_only=locked))
    page.add_requested.connect(add)
    page.duplicate_requested.connect(lambda table, ident: opener.open_record(table, ident, duplicate=True))
    page.history_requested.connect(opener.open_history)
    page.change_date_requested.connect(lambda ids: opener.open_change_date(ids, page, page.loaded_ids()))
    page.mass_edit_requested.connect(lambda table, ids: opener.open_mass_edit(table, ids, page))
    page.create_next_requested.connect(lambda ident: _create_next(page, ident, opener))


def _create_next(page: ListPage, ident: int, opener: Opener) -> None:
    """Open the form of a contact's missing next one."""

    def show(draft: Draft) -> None:
        opener.open_record("contact", preset=draft.values | draft.preset, then=lambda saved: page.reveal(saved.id))

    def failed(error: Exception) -> None:
        if isinstance(error, Refused):
            page.bar.say(str(error), good=False)
            page.loader.refresh_rows()

    page.context.bridge.read(lambda session: contacts.require_follow_up(session, ident), show, page, failed=failed)
