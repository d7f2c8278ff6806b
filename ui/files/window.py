"""The window of a file: what is known of it, its records, and at the side what it looks like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping
from oficrm.jobs import Done
from ui.context import Context
from ui.files.opening import Opening
from ui.files.preview import Preview
from ui.files.saving import SavingOut
from ui.files.versions import VersionsDialog
from ui.forms.record_window import RecordWindow
from ui.lists.ask_bar import AskBar

SIDE = 330
SIZE = QSize(1240, 700)


class DocumentWindow(RecordWindow):
    """``form_document``: the generic window with the file's own actions and a preview."""

    def __init__(self, context: Context, ident: int, **options: Any) -> None:
        self._is_previewed = False
        super().__init__(context, "document", ident, **options)
        self.opening = Opening(context, self.form.bars, self)
        self.opening.failed.connect(self._say)
        self.ask_bar = AskBar(self)
        self.saving = SavingOut(context, self.ask_bar, self)
        self.preview = Preview(context, self)
        self.preview.setFixedWidth(SIDE)
        self.preview.open_asked.connect(lambda _ident: self.open_file())
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.form.bars), self.ask_bar)
        at = column.indexOf(self.tabs)
        column.removeWidget(self.tabs)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.tabs, 1)
        row.addWidget(self.preview)
        column.insertLayout(at, row, 1)
        self.preview.shown.connect(self._previewed)
        self.preview.show_file(ident, 1)

    def _add_buttons(self) -> None:
        self.open_button = self.foot.add_button("Abrir", name="button_open_file", shortcut="Ctrl+Shift+O")
        self.open_button.clicked.connect(lambda _on=False: self.open_file())
        super()._add_buttons()

    def is_ready(self) -> bool:
        """True once the record and the look of the file are shown."""
        return super().is_ready() and self._is_previewed

    def _previewed(self) -> None:
        self._is_previewed = True

    def more_actions(self) -> Sequence[tuple[str, str, str, Callable[[], object], str]]:
        """What can be done with the file itself."""
        return (
            ("open_file", "Abrir", "open", self.open_file, ""),
            ("save_file", "Guardar como…", "save_as", lambda: self.saving.save([self._ident()]), "Ctrl+Shift+S"),
            ("versions", "Versiones…", "versions", self.show_versions, "Ctrl+Shift+H"),
            ("validate", "Validar", "validate", lambda: self._write(keeping.validate), "F7"),
            ("reopen", "Dejar pendiente", "reopen", lambda: self._write(keeping.reopen), "F9"),
        )

    def _first_size(self) -> QSize:
        return SIZE

    def _fit(self) -> None:
        """The preview takes what height there is."""

    def _ident(self) -> int:
        ident = self.form.ident
        assert ident is not None
        return ident

    def open_file(self) -> None:
        """Open the file with its program."""
        self.opening.open(self._ident(), read_only=self.form.read_only)

    def show_versions(self) -> None:
        """Show all versions of the file."""
        dialog = VersionsDialog(self.context, self._ident(), self, read_only=self.form.read_only)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _write(self, job: Callable[[Any, Sequence[int]], str]) -> None:
        ident = self._ident()

        def done(result: Done[str]) -> None:
            self.context.notices.show(result.value, result.changes.operation_id)

        def failed(error: Exception) -> None:
            if isinstance(error, Refused | EnvironmentProblem):
                self._say(str(error))
            else:
                self.form.saving.report(error)

        self.context.bridge.write(lambda session: job(session, [ident]), done, self, failed=failed)

    def _say(self, text: str) -> None:
        self.form.bars.show_message("file", text, "overdue")
