"""The actions menu of the contact form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from oficrm import deleting
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.jobs import Done
from ui.context import Context
from ui.forms.message_bar import Answer

if TYPE_CHECKING:
    from ui.contact.form import ContactWindow


class Actions(QObject):
    """Histórico, Cambiar fecha, the client's card, Duplicar, Borrar; each where the contact exists."""

    def __init__(self, window: ContactWindow, context: Context) -> None:
        super().__init__(window)
        self._window, self._context = window, context
        add = window.head.add_action
        self._client = add("action_open_client", "Ficha del cliente", "client")
        self._files = add("action_add_document", "Añadir archivos…", "add_file")
        self._history = add("action_history", "Histórico", "history", "Ctrl+H")
        self._date = add("action_change_date", "Cambiar fecha…", "change_date", "Ctrl+D")
        self._copy = add("action_duplicate", "Duplicar", "copy")
        window.head.menu.addSeparator()
        self._delete = add("action_delete", "Borrar", "delete")
        self._client.triggered.connect(self._open_client)
        self._files.triggered.connect(window.pages.files.choose)
        self._history.triggered.connect(self._show_history)
        self._date.triggered.connect(self._change_date)
        self._copy.triggered.connect(self._duplicate)
        self._delete.triggered.connect(lambda: self._remove(frozenset()))
        window.head.menu.aboutToShow.connect(self.refresh)
        window.form.loaded.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer what makes sense now."""
        form = self._window.form
        exists = form.ident is not None and not (form.content and form.content.deleted)
        for action in (self._history, self._date, self._copy, self._delete):
            action.setEnabled(exists)
        self._files.setEnabled(exists and self._window.pages.files.takes())
        self._client.setEnabled(isinstance(form.value("client"), int))

    def set_own_keys(self, active: bool) -> None:
        """While a list is open, the keys that it has too are its own."""
        for action, key in ((self._history, "Ctrl+H"), (self._date, "Ctrl+D")):
            action.setShortcut(key if active else QKeySequence())

    def _ident(self) -> int:
        ident = self._window.form.ident
        assert ident is not None
        return ident

    def _open_client(self) -> None:
        self._context.opener.open_record("client", self._window.form.value("client"), parent=self._window)

    def _show_history(self) -> None:
        self._context.opener.open_history("contact", self._ident(), parent=self._window)

    def _change_date(self) -> None:
        self._context.opener.open_change_date([self._ident()], parent=self._window)

    def _duplicate(self) -> None:
        self._context.opener.open_record("contact", self._ident(), duplicate=True, parent=self._window)

    def _remove(self, accepted: frozenset[str]) -> None:
        """Into the trash; the notice has Deshacer, so nothing is asked unless something hangs on it."""
        ident, form = self._ident(), self._window.form

        def done(result: Done[str]) -> None:
            form.discard()
            self._context.notices.show(result.value, result.changes.operation_id)

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsConfirmation):
                more = accepted | {error.code}
                answers = [
                    Answer(error.accept, lambda: self._remove(more), "button_delete_accept", True),
                    Answer("Cancelar", lambda: form.bars.hide_message("delete"), "button_delete_cancel"),
                ]
                form.bars.show_message("delete", error.text, "overdue", answers).focus()
            elif isinstance(error, Refused):
                form.bars.show_message("problem", str(error), "overdue")
            else:
                form.saving.report(error)

        self._context.bridge.write(
            lambda s: deleting.delete(s, "contact", [ident], accepted), done, form, failed=failed
        )
