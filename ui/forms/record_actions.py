"""The actions menu of a record window: everything that can be done from a record, each with its shortcut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from oficrm import clients, deleting
from oficrm.errors import EnvironmentProblem, NeedsConfirmation, Refused
from oficrm.jobs import Done
from oficrm.papers import templates
from ui import icons
from ui.commands.menus import Menu
from ui.forms.message_bar import Answer
from ui.forms.record_commands import RecordCommands
from ui.papers.menu import PaperMenu

if TYPE_CHECKING:
    from ui.forms.record_window import RecordWindow


class RecordActions:
    """Builds the menu and does what it offers. The actions belong to the window, so that their keys work in it."""

    def __init__(self, window: RecordWindow) -> None:
        self._window = window
        self.menu = Menu(parent=window)
        self.menu.setToolTipsVisible(True)
        self._all: list[QAction] = []
        form = window.form
        self.commands = RecordCommands(window, self.menu)
        self.import_mail = self.commands.import_mail
        if templates.prints(form.table):
            self._add("print", "Imprimir…", "print", window.print_paper, "Ctrl+P")
            self._add("pdf", "Guardar como PDF…", "pdf", window.save_pdf, "Ctrl+Shift+P")
            self._all += PaperMenu(window, self.menu).actions
        if form.table == "client":
            self._add("copy_card", "Copiar ficha", "copy", self.copy_card, "Ctrl+Shift+C")
        for name, text, icon, run, shortcut in window.more_actions():
            self._add(name, text, icon, run, shortcut)
        if form.model.screens.made_by_hand:
            self._add("duplicate", "Duplicar", "copy", self.duplicate)
        self._add("history", "Histórico", "history", self.history, "Ctrl+H")
        self.menu.addSeparator()
        self._add("delete", "Borrar", "delete", self.delete, "Ctrl+Shift+Del")
        window.head.menu_button.setMenu(self.menu)

    def _add(self, name: str, text: str, icon: str, run: Callable[[], object], shortcut: str = "") -> None:
        action = QAction(icons.icon(icons.known(icon)), text, self._window)
        action.setObjectName(f"action_{name}")
        action.triggered.connect(lambda _on=False: run())
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutVisibleInContextMenu(True)
        self.menu.addAction(action)
        self._window.addAction(action)
        self._all.append(action)

    def set_history_key(self, active: bool) -> None:
        """While a related list is open, Ctrl+H is its own."""
        action = next(each for each in self._all if each.objectName() == "action_history")
        action.setShortcut(QKeySequence("Ctrl+H") if active else QKeySequence())

    def refresh(self) -> None:
        """Nothing can be done with a record that is not saved yet; a trashed one has its history."""
        form = self._window.form
        is_saved = form.ident is not None
        trashed = bool(form.content and form.content.deleted)
        for action in self._all:
            action.setEnabled(is_saved and (not trashed or action.objectName() == "action_history"))
        self.commands.refresh()
        self._window.head.menu_button.setVisible(is_saved)

    def history(self) -> None:
        """Open the Histórico of the record."""
        form = self._window.form
        if form.ident is not None:
            self._window.context.opener.open_history(form.table, form.ident, parent=self._window)

    def duplicate(self) -> None:
        """Open a new record filled from this one."""
        form = self._window.form
        self._window.context.opener.open_record(form.table, form.ident, duplicate=True, parent=self._window)

    def copy_card(self) -> None:
        """Put the card of a client on the clipboard as text."""
        form = self._window.form
        ident = form.ident
        assert ident is not None

        def copy(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._window.context.notices.show("Ficha copiada al portapapeles.")

        form.context.bridge.read(lambda s: clients.card_text(s, ident), copy, form)

    def delete(self, accepted: frozenset[str] = frozenset()) -> None:
        """Move the record to the trash; what hangs on it is named first."""
        form = self._window.form
        ident = form.ident
        assert ident is not None
        form.bars.hide_message("delete")

        def gone(done: Done[str]) -> None:
            form.context.notices.show(done.value, done.changes.operation_id)
            form.discard()

        def failed(error: Exception) -> None:
            match error:
                case NeedsConfirmation():
                    self._ask(error, accepted)
                case Refused() | EnvironmentProblem():
                    form.bars.show_message(
                        "delete", str(error), "overdue", [Answer("Entendido", self._dismiss, "button_delete_refused")]
                    ).focus()
                case _:
                    form.saving.report(error)

        form.context.bridge.write(
            lambda s: deleting.delete(s, form.table, [ident], accepted), gone, form, failed=failed
        )

    def _ask(self, question: NeedsConfirmation, accepted: frozenset[str]) -> None:
        answers = [Answer(question.accept, lambda: self.delete(accepted | {question.code}), "button_delete_accept",
                          True),
                   Answer("Cancelar", self._dismiss, "button_delete_cancel")]  # fmt: skip
        self._window.form.bars.show_message("delete", question.text, "today", answers).focus()

    def _dismiss(self) -> None:
        self._window.form.bars.hide_message("delete")
