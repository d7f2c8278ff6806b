"""``form_log_entry``: what is noted stays as it is; saved entries open to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize

from oficrm.corrections import COMMANDS
from oficrm.log import TABLE
from ui.context import Context
from ui.forms.record_window import RecordWindow

SIZE = QSize(760, 620)


class LogWindow(RecordWindow):
    """An entry is written once. Whatever asks to change a saved one shows it."""

    def __init__(self, context: Context, ident: int | None = None, **options: Any) -> None:
        if ident is not None and not options.get("duplicate"):
            options["read_only"] = True
        super().__init__(context, TABLE, ident, **options)

    def more_actions(self) -> Sequence[tuple[str, str, str, Callable[[], object], str]]:
        """Correcting makes another entry, so it is offered where this one is only read."""
        return (("correct_entry", "Corregir…", "edit", self.correct, ""),)

    def correct(self) -> None:
        """Open a new entry that corrects this one."""
        if self.form.ident is not None:
            self.actions_menu.commands.runner.run(COMMANDS[0], [self.form.ident])

    def _first_size(self) -> QSize:
        return SIZE

    def _fit(self) -> None:
        """The details have room from the beginning."""

    def _set_mode(self, read_only: bool) -> None:
        is_saved = self.form.ident is not None
        if is_saved and not self.form.read_only:
            self.form.set_read_only(True)
        super()._set_mode(read_only or is_saved)
        self.edit_button.setVisible(False)
