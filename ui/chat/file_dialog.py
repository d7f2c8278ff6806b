"""Importar mensajes: files that Rocket.Chat has exported, and what of them was brought in or left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QListWidgetItem, QProgressBar, QVBoxLayout, QWidget

from oficrm.chat.bringing import Into
from oficrm.chat.importing import Outcome, Report
from ui import folders, icons, theme
from ui.chat.rooms_model import LOOKS
from ui.chat.run import ChatRun
from ui.context import Context
from ui.forms.message_bar import MessageBars
from ui.widgets.bars import StickyFoot

MEMORY = "chat_import_folder"
FILES = "Mensajes exportados (*.json *.html *.htm *.csv *.zip);;Todos los archivos (*)"
SIZE = QSize(640, 400)


def choose(context: Context, parent: QWidget) -> list[Path]:
    """Ask for exported files; none where the user gives up."""
    start = str(folders.last(context.memory, MEMORY))
    files, _filter = QFileDialog.getOpenFileNames(parent, "Importar mensajes exportados", start, FILES)
    found = [Path(file) for file in files]
    if found:
        folders.remember(context.memory, MEMORY, found[0])
    return found


class FileDialog(QDialog):
    """``dialog_import_chat_files``: brings files in as soon as it is shown."""

    def __init__(self, context: Context, paths: Sequence[Path], into: Into, where: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_import_chat_files")
        self.setWindowTitle(f"Importar mensajes · {where}" if where else "Importar mensajes")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self.bars = MessageBars(self)
        self.gauge = QProgressBar(self)
        self.gauge.setTextVisible(False)
        self.gauge.setRange(0, 0)
        self.list = QListWidget(self)
        self.list.setObjectName("report")
        self.list.setAccessibleName("Resultado por canal")
        self.list.setWordWrap(True)
        theme.set_kind(self.list, "plain")
        self.list.itemDoubleClicked.connect(self._open)
        self.foot = StickyFoot(self)
        self.close_button = self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
        self.close_button.clicked.connect(self.reject)
        self.run = ChatRun(context, self)
        self.run.grown.connect(self._show_rows)
        self.run.ended.connect(self._ended)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_S)
        body.setSpacing(theme.SPACE_S)
        body.addWidget(self.gauge)
        body.addWidget(self.list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        column.addWidget(self.foot)
        self.resize(SIZE)
        self.foot.set_sentence("Leyendo los archivos.")
        self.run.files(paths, into)

    def _show_rows(self) -> None:
        rows = self.run.report.rows
        for at, row in enumerate(rows):
            item = self.list.item(at) if at < self.list.count() else QListWidgetItem(self.list)
            icon, colour = LOOKS[row.outcome]
            item.setIcon(icons.icon(icon, colour))
            item.setText(f"{row.name}\n{row.words()}")
            item.setData(Qt.ItemDataRole.UserRole, row.channel_id)

    def _ended(self, report: Report) -> None:
        self._show_rows()
        self.gauge.hide()
        good = (
            not report.was_cancelled and not report.problem and all(row.outcome is Outcome.DONE for row in report.rows)
        )
        self.bars.show_message("ended", report.sentence(), "done" if good else "today")
        if report.changes.operation_id is not None:
            self._context.notices.show(report.sentence(), report.changes.operation_id)
        self.foot.rename(self.close_button, "Cerrar")
        self.foot.set_sentence("Doble clic abre el canal." if report.changes.tables else "No se ha traído nada nuevo.")

    def _open(self, item: QListWidgetItem) -> None:
        ident = item.data(Qt.ItemDataRole.UserRole)
        if ident is not None and not self.run.is_running():
            self._context.opener.open_record("chat_channel", ident, parent=self)

    def reject(self) -> None:
        """Stop what goes on; then leave."""
        if self.run.is_running():
            self.run.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross is the button."""
        if self.run.is_running():
            self.run.cancel()
            event.ignore()
        else:
            super().closeEvent(event)


def open_file_import(
    context: Context, parent: QWidget, *, channel_id: int | None = None, name: str = "", places: Sequence[str] = ()
) -> FileDialog | None:
    """Ask for files and bring them into a channel, or into one of its own for each conversation in them."""
    paths = choose(context, parent)
    if not paths:
        return None
    dialog = FileDialog(context, paths, Into(channel_id, tuple(places)), name, parent)
    dialog.open()
    return dialog
