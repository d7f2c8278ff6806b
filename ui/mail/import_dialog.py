"""Importar correos: what, how far, and what became of every message. Works on while the user does other things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from oficrm import keys
from oficrm.files.sources import Source
from oficrm.mail.importing import Options, Outcome, Report, Row
from ui import icons, theme
from ui.context import Context
from ui.files.drop import DropTarget
from ui.forms import window_place
from ui.forms.message_bar import Answer, MessageBars
from ui.history.words import counted
from ui.keys import key_in
from ui.link_dialog import ChooseRecord
from ui.mail.import_head import ImportHead
from ui.mail.import_output import ReportOutput
from ui.mail.import_run import ImportRun
from ui.mail.import_sources import Held, Way, choose
from ui.mail.report import ReportModel, ReportTable
from ui.widgets.bars import SegmentedButtons, StickyFoot
from ui.widgets.feedback import EmptyState
from ui.widgets.flow import FlowLayout

PLACE = "dialog_import_mail"
SIZE = QSize(980, 620)
ALL = "all"
NOTHING = "Elija archivos .eml o .msg, una carpeta o un buzón mbox, o suéltelos aquí."
READY = "Aquí se verá qué ha sido de cada mensaje."
DROP = "Suelte aquí los correos para importarlos"
_PARTS = {ALL: ("Todos", ""), Outcome.FILED.name: ("Archivados", "done"), Outcome.ALREADY.name: ("Ya estaban", "info"),
          Outcome.NO_CLIENT.name: ("Sin cliente", "client"),
          Outcome.UNREADABLE.name: ("No leídos", "error")}  # fmt: skip
_open: list[ImportDialog] = []


class ImportDialog(QDialog):
    """``dialog_import_mail``. ``places`` are keys of records under which all messages are filed."""

    def __init__(self, context: Context, places: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(PLACE)
        self.setWindowTitle("Importar correos")
        self.setWindowFlags(Qt.WindowType.Window)
        self._context, self._places = context, tuple(places)
        self._paths: list[Path] = []
        self._held = Held()
        self._seen = 0
        self._files: Report = Report()
        self._refiling = self._is_done = False
        self.choose: Callable[[Way], list[Path]] = lambda way: choose(context.memory, way, self)
        self.run = ImportRun(context, self)
        self.bars = MessageBars(self)
        self.head = ImportHead(self, has_place=bool(places))
        self.gauge = QProgressBar(self)
        self.gauge.setTextVisible(False)
        self.gauge.hide()
        self.parts = SegmentedButtons(self)
        for key, (words, icon) in _PARTS.items():
            self.parts.add(key, words, name=f"part_{key.lower()}", icon=icon)
        self.model = ReportModel(self)
        self.table = ReportTable(self.model, self)
        self.empty = EmptyState("import", NOTHING, parent=self)
        self.output = ReportOutput(context, self)
        self.drops = DropTarget(self, self.take, may=lambda: not self.run.is_running(), sentence=lambda: DROP)
        self.foot = StickyFoot(self)
        self._add_buttons()
        self._lay_out()
        self._connect()
        self.setMinimumSize(720, 420)
        window_place.restore(self, context.memory, PLACE, SIZE)
        self._show_state()
        self._name_place()

    def _add_buttons(self) -> None:
        add = self.foot.add_button
        self.file_button = self._tool("Archivar en…", "link", "button_file_in", "Ctrl+L")
        self.save_button = self._tool("Guardar informe…", "save", "button_save_report", "Ctrl+S")
        self.close_button = add("Cerrar", name="button_cancel", shortcut="Esc")
        self.start_button = add("Importar", name="button_accept", kind="primary", shortcut="Ctrl+Return")

    def _tool(self, text: str, icon: str, name: str, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setShortcut(key)
        button.setToolTip(f"{text.rstrip('…')} ({key})")
        return button

    def _lay_out(self) -> None:
        self.tools = tools = QWidget(self)
        flow = FlowLayout(tools)
        for part in (self.parts, self.file_button, self.save_button):
            flow.addWidget(part)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        tools.setSizePolicy(policy)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_S)
        body.setSpacing(theme.SPACE_S)
        body.addWidget(self.head)
        body.addWidget(self.gauge)
        body.addWidget(tools)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        body.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.head.asked.connect(self._choose)
        self.head.unknown.toggled.connect(self._changed_mind)
        self.start_button.clicked.connect(self.start)
        self.close_button.clicked.connect(self._close_or_cancel)
        self.save_button.clicked.connect(lambda: self.output.save(self.model.shown()))
        self.file_button.clicked.connect(self.file_in)
        self.parts.changed.connect(self._narrow)
        self.run.stepped.connect(self._step)
        self.run.grown.connect(self._grow)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(self._broke)
        self.table.doubleClicked.connect(lambda index: self._open_row(self.model.row(index.row())))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_state())
        for key in ("Return", "Enter"):
            key_in(key, self.table, self._open_current, whole=False)
        self.output.said.connect(self._say)

    # --- the messages to import

    def take(self, sources: Sequence[Source]) -> None:
        """Offer these: what was dropped, or chosen before the dialog was opened."""
        try:
            self.set_paths(self._held.paths(sources))
        except OSError as error:
            self._say(f"No se pudo guardar lo soltado: {error.strerror or error}.", False)

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Offer files, folders and mailboxes."""
        if not self.run.is_running():
            self._paths, self._is_done = list(paths), False
            self.head.show_paths(self._paths)
            self._show_state()
            if self._paths:
                self.start_button.setFocus()

    def _choose(self, way: Way) -> None:
        paths = self.choose(way)
        if paths:
            self.set_paths(paths)

    def _changed_mind(self) -> None:
        self._is_done = False
        self._show_state()

    def _name_place(self) -> None:
        if self._places:
            places = self._places
            self._context.bridge.read(
                lambda s: keys.titles(s, places),
                lambda found: self.head.show_places([found.get(key, key) for key in places]), self,
            )  # fmt: skip

    # --- on its way

    def start(self) -> None:
        """Import what was chosen."""
        if not self._paths or self.run.is_running():
            return
        self.bars.clear()
        self.model.clear()
        self._seen, self._refiling = 0, False
        self.parts.set_current(ALL)
        self.model.narrow(None)
        self._begin()
        self._files = self.run.start(self._paths, Options(self.head.files_unknown(), self._places))
        self._show_state()

    def _begin(self) -> None:
        self.gauge.setRange(0, 0)
        self.gauge.show()

    def _step(self, done: int, total: int) -> None:
        self.gauge.setRange(0, 1000)
        self.gauge.setValue(1000 * done // max(total, 1))

    def _grow(self) -> None:
        if self._refiling:
            return
        rows = self.run.report.rows
        if len(rows) > self._seen:
            fresh = rows[self._seen :]
            self._seen += len(fresh)
            self.model.extend(fresh)
        counts = self.run.report.counts
        self.parts.set_count(ALL, sum(counts.values()))
        for outcome in Outcome:
            self.parts.set_count(outcome.name, counts[outcome])
        self._show_state()

    def _ended(self, report: Report) -> None:
        self._grow()
        self.gauge.hide()
        if self._refiling:
            self._refiled(report)
        good = not report.was_cancelled and not report.problem
        self.bars.show_message("ended", report.sentence(), "done" if good else "today")
        if report.changes.operation_id is not None:
            self._context.notices.show(report.sentence(), report.changes.operation_id)
        self._refiling, self._is_done = False, True
        self._show_state()
        if report.counts[Outcome.NO_CLIENT]:
            self.parts.set_current(Outcome.NO_CLIENT.name)
            self._narrow(Outcome.NO_CLIENT.name)
        self.table.setFocus()

    def _broke(self, _report: Report) -> None:
        self.gauge.hide()
        self._refiling = False
        self._say("La importación no ha llegado al final; lo archivado se conserva.", False)
        self._show_state()

    def _close_or_cancel(self) -> None:
        if self.run.is_running():
            self.run.cancel()
        else:
            self.close()

    # --- afterwards

    def _narrow(self, key: str) -> None:
        self.model.narrow(None if key == ALL else Outcome[key])
        self._show_state()

    def _open_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self._open_row(self.model.row(index.row()))

    def _open_row(self, row: Row) -> None:
        if row.email_id is not None:
            self._context.opener.open_record("email_message", row.email_id, parent=self)

    def _lonely(self) -> list[Row]:
        """The messages selected that nobody known has written or got."""
        return [row for row in self.table.selected() if row.outcome is Outcome.NO_CLIENT and row.own_id]

    def file_in(self) -> None:
        """Archivar en…: file the messages selected under a record chosen now."""
        rows = self._lonely()
        if not rows or self.run.is_running():
            return
        what = counted(len(rows), "correo", "correos")
        dialog = ChooseRecord(self._context, "Archivar en…", f"Archivar {what} en:", "Archivar", self)
        dialog.chosen.connect(lambda key, _title: self._file(rows, key))
        dialog.open()

    def _file(self, rows: Sequence[Row], key: str) -> None:
        self._refiling = True
        self._begin()
        only = frozenset(row.own_id for row in rows)
        self.run.start(self._files.files_of(rows), Options(True, (key,)), only)
        self._show_state()

    def _refiled(self, report: Report) -> None:
        self.model.replace(report.rows)
        all_rows = self.model.all()
        for outcome in Outcome:
            self.parts.set_count(outcome.name, sum(row.outcome is outcome for row in all_rows))

    def _say(self, text: str, good: bool) -> None:
        answers = [Answer("Cerrar", lambda: self.bars.hide_message("said"), "button_said")]
        self.bars.show_message("said", text, "done" if good else "overdue", answers)

    def _show_state(self) -> None:
        running, rows = self.run.is_running(), len(self.model.all())
        self.head.set_running(running)
        self.empty.set("import", READY if self._paths else NOTHING)
        self.stack.setCurrentWidget(self.table if rows or running else self.empty)
        self.tools.setVisible(bool(rows) or running)
        self.start_button.setEnabled(bool(self._paths) and not running and not self._is_done)
        self.foot.rename(self.close_button, "Cancelar" if running else "Cerrar")
        self.save_button.setEnabled(bool(rows) and not running)
        self.file_button.setEnabled(bool(self._lonely()) and not running)
        if running:
            words = "Importando. Puede seguir trabajando; esta ventana sigue sola."
        elif rows:
            words = "Doble clic abre el correo. Los que no tienen cliente se pueden seleccionar y archivar."
        else:
            words = "Se lee cada mensaje y se busca su cliente por las direcciones."
        self.foot.set_sentence(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        """While it imports, closing asks whether to stop."""
        if self.run.is_running():
            event.ignore()
            self._ask_stop()
            return
        window_place.remember(self, self._context.memory, PLACE)
        self._held.forget()
        event.accept()  # the base class would ask ``reject`` again

    def reject(self) -> None:
        """Escape is the button."""
        self._close_or_cancel()

    def _ask_stop(self) -> None:
        def stop() -> None:
            self.bars.hide_message("stop")
            self.run.cancel()

        answers = [Answer("Interrumpir", stop, "button_stop"),
                   Answer("Seguir", lambda: self.bars.hide_message("stop"), "button_go_on", True)]  # fmt: skip
        self.bars.show_message("stop", "Se están importando correos. Lo archivado se conserva.", "today", answers)


def open_import(context: Context, sources: Sequence[Source] = (), places: Sequence[str] = ()) -> ImportDialog:
    """Show the dialog, offering ``sources``; it belongs to the main window and outlives the one it is asked from."""
    main = next((each for each in QApplication.topLevelWidgets() if each.objectName() == "main_window"), None)
    dialog = ImportDialog(context, places, main)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _open.append(dialog)
    dialog.destroyed.connect(lambda: _open.remove(dialog))
    if sources:
        dialog.take(sources)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
