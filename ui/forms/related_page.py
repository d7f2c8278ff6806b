"""The list of a related module inside a record window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from oficrm.related import Related

if TYPE_CHECKING:
    from ui.forms.record_window import RecordWindow


def make(window: RecordWindow, relation: Related) -> QWidget:
    """Return the list of the records of a related module that hang on the window's record."""
    from ui.lists.page import ListPage

    assert window.form.ident is not None
    return ListPage(window.context, relation.table, fixed={relation.link: window.form.ident}, compact=True)
