"""The commands of a record's module and what can be hung on it, in the actions menu of its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from db.filed import key_of
from oficrm.commands import Command, commands
from oficrm.linking import Selection
from oficrm.related import Related
from ui import icons
from ui.commands.around import EMAILS, Around
from ui.commands.asking import FormAsker
from ui.commands.fitting import fits, state_field
from ui.commands.menus import add_groups
from ui.commands.runner import Runner

if TYPE_CHECKING:
    from ui.forms.record_window import RecordWindow


class RecordCommands:
    """Puts its actions into the menu of a window; ``refresh`` follows the record."""

    def __init__(self, window: RecordWindow, menu: QMenu) -> None:
        self._window, self._menu = window, menu
        self._is_there = False
        self._table = window.form.table
        self.runner = Runner(window.context, FormAsker(window.form.bars), window)
        self._commands = [(command, self._make(command)) for command in commands(self._table)]
        menu.addSeparator()
        self._around: Around | None = None
        self._end = menu.addSeparator()
        self._shown: list[QMenu] = []
        menu.aboutToShow.connect(self._show_groups)
        # Some sixty actions of a client: the first picture of its window does not wait for them.
        window.form.loaded.connect(lambda: QTimer.singleShot(0, menu, lambda: self.around))

    @property
    def around(self) -> Around:
        """What can be hung on the record."""
        if self._around is None:
            made = self._around = Around(self._table, self._window)
            made.add_asked.connect(self.add_related)
            made.select_asked.connect(self.select)
            made.take_asked.connect(self._take)
            self._allow()
        return self._around

    def _make(self, command: Command) -> QAction:
        action = QAction(icons.icon(icons.known(command.icon)), command.text, self._window)
        action.setObjectName(f"action_{command.name}")
        if command.key:
            action.setShortcut(QKeySequence(command.key))
            action.setShortcutVisibleInContextMenu(True)
        action.triggered.connect(lambda _on=False: self.run(command))
        self._menu.addAction(action)
        self._window.addAction(action)
        return action

    def _show_groups(self) -> None:
        """The submenus stand in the order that the tabs have now."""
        for menu in self._shown:
            self._menu.removeAction(menu.menuAction())
            menu.deleteLater()
        self._shown = add_groups(self._menu, self.around.groups(self._window.context.memory), self._end)

    def refresh(self) -> None:
        """Offer the commands that fit the state of the saved record."""
        form = self._window.form
        trashed = bool(form.content and form.content.deleted)
        there = form.ident is not None and not trashed
        self._is_there = there
        name = state_field(self._table)
        state = form.content.draft.values.get(name) if form.content is not None and name else None
        for command, action in self._commands:
            fit = there and not form.read_only and fits(command, [state], 1)
            action.setEnabled(fit)
            action.setVisible(fit)
        if self._around is not None:
            self._allow()

    def _allow(self) -> None:
        self.around.allow(self._is_there, may_write=not self._window.form.read_only)

    # --- what they do

    def run(self, command: Command) -> None:
        """Do a command with the record; what is not saved yet is saved first."""
        form = self._window.form
        if form.is_dirty() and not form.read_only:
            form.save(lambda saved: self.runner.run(command, [saved.id]))
        elif form.ident is not None:
            self.runner.run(command, [form.ident])

    def add_related(self, relation: Related) -> None:
        """Open a new related record with the link back already filled in."""
        window = self._window
        window.context.opener.open_record(relation.table, preset=window.related_preset(relation), parent=window)

    def select(self, wanted: Selection) -> None:
        """Let existing records be chosen that are to hang on this one."""
        from ui.commands.select_dialog import choose  # a list in a dialog is made when it is wanted

        ident = self._window.form.ident
        if ident is not None:
            choose(self._window.context, wanted, ident, self._window)

    def _take(self, table: str) -> None:
        if table == EMAILS:
            self.import_mail()
        else:
            self._window.files.choose()

    def import_mail(self) -> None:
        """Import messages that are filed under the record."""
        from ui.mail.import_dialog import open_import  # mail is loaded when somebody wants it

        form = self._window.form
        assert form.ident is not None
        open_import(form.context, (), (key_of(form.table, form.ident),))
