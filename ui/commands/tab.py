"""What a related tab offers besides its list: existing records to be linked, and links to be taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence

from oficrm import linking
from oficrm.commands import Outcome
from oficrm.linking import Selection
from oficrm.related import Related
from ui.lists.page import ListPage

Ident = Callable[[], int | None]


def name_adding(page: ListPage, relation: Related) -> None:
    """Call what is added as the menus call it, in the bar and where there is nothing yet."""
    action, words = page.actions_.all["add"], f"Agregar {relation.singular}"
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setText(words)
    action.setIconText(words)
    action.setToolTip(f"{words} ({keys})")
    page.stack.relation = relation


def offer_selecting(page: ListPage, relation: Related, table: str, ident: Ident) -> None:
    """Let existing records be chosen for the record of ``table`` that the tab belongs to."""
    for wanted in linking.selections(relation, table):
        page.actions_.add_own(f"select_{wanted.name}", wanted.words, "link", partial(_select, page, wanted, ident))


def offer_unlinking(page: ListPage, relation: Related, table: str, ident: Ident) -> None:
    """Let the selected rows go, where that is possible without deleting them."""
    if linking.can_unlink(relation, table):
        run = partial(_unlink, page, relation, table, ident)
        page.actions_.add_own("unlink", "Quitar el vínculo", "take_off", run, needs_rows=True)


def _select(page: ListPage, wanted: Selection, ident: Ident) -> None:
    from ui.commands.select_dialog import choose  # a list in a dialog is made when it is wanted

    there = ident()
    if there is not None:
        choose(page.context, wanted, there, page.window())


def _unlink(page: ListPage, relation: Related, table: str, ident: Ident) -> None:
    there, chosen = ident(), tuple(page.selected_ids())
    if there is None or not chosen:
        return

    def job(session: Any, accepted: frozenset[str]) -> Outcome:
        return Outcome(linking.unlink(session, relation, table, there, chosen, accepted))

    page.work.runner.write("Quitar el vínculo", job, len(chosen))
