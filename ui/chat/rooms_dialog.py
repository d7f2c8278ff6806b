"""Traer de Rocket.Chat: which rooms, how far it is, and what became of each. Other windows go on meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from oficrm import keys
from oficrm.chat import connecting, importing
from oficrm.chat.importing import Report
from oficrm.chat.rocket import Room
from oficrm.chat.servers import host_of
from ui import icons, theme
from ui.chat import accounts
from ui.chat.network import Network
from ui.chat.rooms_model import COUNT, NAME, RESULT, WIDTHS, RoomsModel
from ui.chat.run import ChatRun
from ui.chat.server_dialog import ServerDialog
from ui.context import Context
from ui.forms import window_place
from ui.forms.message_bar import Answer, MessageBars
from ui.history.words import counted
from ui.widgets.bars import SearchField, StickyFoot
from ui.widgets.feedback import EmptyState
from ui.widgets.padded import PaddedDelegate

PLACE = "dialog_import_chat"
SIZE = QSize(940, 600)
NO_SERVER = "Diga primero cuál es su servidor de Rocket.Chat y quién es usted en él."
_open: list[RoomsDialog] = []


class RoomsDialog(QDialog):
    """``dialog_import_chat``. ``places`` are keys of records under which the channels are filed."""

    def __init__(self, context: Context, places: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(PLACE)
        self.setWindowTitle("Traer de Rocket.Chat")
        self.setWindowFlags(Qt.WindowType.Window)
        self._context, self._places = context, tuple(places)
        self._server = ""
        self._asked: list[Room] = []
        self.network = Network(context.bridge, self)
        self.run = ChatRun(context, self)
        self.bars = MessageBars(self)
        self.where = QLabel(self)
        self.server_button = QPushButton(icons.icon("settings"), "Servidor de chat…", self)
        self.search = SearchField(self, placeholder="Buscar canal", delay=0)
        self.gauge = QProgressBar(self)
        self.model = RoomsModel(self)
        self.table = QTableView(self)
        self.empty = EmptyState("chat", NO_SERVER, "Servidor de chat…", parent=self)
        self.stack = QStackedWidget(self)
        self.foot = StickyFoot(self)
        self.close_button = self.foot.add_button("Cerrar", name="button_cancel", shortcut="Esc")
        self.start_button = self.foot.add_button("Traer", name="button_accept", kind="primary", shortcut="Ctrl+Return")
        self._dress()
        self._lay_out()
        self._connect()
        self.setMinimumSize(720, 420)
        window_place.restore(self, context.memory, PLACE, SIZE)
        self._name_places()
        self.load()

    def _dress(self) -> None:
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setWordWrap(True)
        self.where.setObjectName("chat_where")
        self.server_button.setObjectName("button_server")
        self.server_button.setAutoDefault(False)
        self.gauge.setTextVisible(False)
        self.gauge.hide()
        table = self.table
        table.setObjectName("table")
        table.setAccessibleName("Canales del servidor")
        table.setModel(self.model)
        table.setItemDelegate(PaddedDelegate(table))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        table.horizontalHeader().setHighlightSections(False)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        table.horizontalHeader().setSectionResizeMode(RESULT, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setMinimumSectionSize(COUNT + 60)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_S)
        top.addWidget(self.where, 1)
        top.addWidget(self.search)
        top.addWidget(self.server_button)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_S)
        body.setSpacing(theme.SPACE_S)
        body.addLayout(top)
        body.addWidget(self.gauge)
        body.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.server_button.clicked.connect(self.open_server)
        self.empty.clicked.connect(self._empty_clicked)
        self.search.searched.connect(self._narrow)
        self.start_button.clicked.connect(self.start)
        self.close_button.clicked.connect(self._close_or_cancel)
        self.model.ticked.connect(self._show_state)
        self.table.doubleClicked.connect(lambda index: self._open_row(index.row()))
        self.run.stepped.connect(self._step)
        self.run.noted.connect(lambda text: self.foot.set_sentence(text) if text else self._show_state())
        self.run.grown.connect(self._grow)
        self.run.ended.connect(self._ended)

    def _name_places(self) -> None:
        if self._places:
            places = self._places
            self._context.bridge.read(
                lambda s: keys.titles(s, places),
                lambda found: self.setWindowTitle(f"Traer de Rocket.Chat · {', '.join(found.values())}"), self,
            )  # fmt: skip

    # --- the rooms

    def load(self) -> None:
        """Ask the server for its rooms."""
        self._server = accounts.server(self._context.memory)
        known = accounts.account(self._context.memory)
        self.bars.clear()
        self.model.show([])
        self.model.show_results({})
        who = f"{host_of(self._server)} · {known.username}" if known is not None else ""
        self.where.setText(who)
        if not self._server:
            self._show_empty("chat", NO_SERVER, "Servidor de chat…")
            return
        self._show_empty("busy", "Preguntando al servidor qué canales hay…")
        self.network.run(partial(connecting.rooms, self._server), self._loaded, self._not_loaded)

    def _loaded(self, found: tuple[list[Room], list[str]]) -> None:
        rooms, refused = found
        self.model.show(rooms)
        if refused:
            self.bars.show_message("refused", f"Faltan canales en la lista. {refused[0]}", "today")
        if rooms:
            self.stack.setCurrentWidget(self.table)
            self.table.setCurrentIndex(self.model.index(0, NAME))
            self.table.setFocus()
            self._show_state()
        else:
            self._show_empty("chat", "El servidor no enseña ningún canal a este usuario.", "Volver a preguntar")

    def _not_loaded(self, words: str) -> None:
        self._show_empty("error", words, "Volver a preguntar")

    def _show_empty(self, icon: str, sentence: str, button: str = "") -> None:
        self.empty.set(icon, sentence, button)
        self.stack.setCurrentWidget(self.empty)
        self._show_state()

    def _empty_clicked(self) -> None:
        if self._server:
            self.load()
        else:
            self.open_server()

    def _narrow(self, text: str) -> None:
        self.model.narrow(text)

    def open_server(self) -> None:
        """Which server, and who we are there."""
        dialog = ServerDialog(self._context, self)
        dialog.entered.connect(lambda _server: self.load())
        dialog.left.connect(self.load)
        dialog.open()

    # --- bringing them in

    def start(self) -> None:
        """Bring the rooms chosen in, or up to date."""
        chosen = self.model.chosen()
        if not chosen or self.run.is_running():
            return
        self.bars.clear()
        self.model.show_results({})
        self._asked = chosen
        self.gauge.setRange(0, 0)
        self.gauge.show()
        self.run.rooms(self._server, [importing.wanted(room, self._places) for room in chosen])
        self._show_state()

    def _step(self, done: int, total: int) -> None:
        self.gauge.setRange(0, total if total > done else 0)
        self.gauge.setValue(done)

    def _grow(self) -> None:
        self.model.show_results({room.id: row for room, row in zip(self._asked, self.run.report.rows, strict=False)})

    def _ended(self, report: Report) -> None:
        self._grow()
        self.gauge.hide()
        good = not report.was_cancelled and not report.problem
        self.bars.show_message("ended", report.sentence(), "done" if good else "today")
        if report.changes.operation_id is not None:
            self._context.notices.show(report.sentence(), report.changes.operation_id)
        self._show_state()

    def _open_row(self, place: int) -> None:
        row = self.model.results.get(self.model.rooms[place].id)
        if row is not None and row.channel_id is not None:
            self._context.opener.open_record("chat_channel", row.channel_id, parent=self)

    def _show_state(self) -> None:
        running, chosen = self.run.is_running(), len(self.model.chosen())
        self.search.setEnabled(self.stack.currentWidget() is self.table)
        self.server_button.setEnabled(not running)
        self.start_button.setEnabled(bool(chosen) and not running)
        self.foot.rename(self.close_button, "Cancelar" if running else "Cerrar")
        if running:
            words = "Trayendo mensajes. Puede seguir trabajando; esta ventana sigue sola."
        elif self.model.results:
            words = "Doble clic abre el canal."
        elif chosen:
            words = (
                f"Se traerá el historial de {counted(chosen, 'canal', 'canales')}; de los ya traídos, solo lo nuevo."
            )
        else:
            words = "Marque los canales que quiere tener aquí."
        self.foot.set_sentence(words)

    # --- leaving

    def _close_or_cancel(self) -> None:
        if self.run.is_running():
            self.run.cancel()
        else:
            self.close()

    def reject(self) -> None:
        """Escape is the button."""
        self._close_or_cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        """While it brings messages in, closing asks whether to stop."""
        if self.run.is_running():
            event.ignore()
            answers = [Answer("Interrumpir", self.run.cancel, "button_stop"),
                       Answer("Seguir", lambda: self.bars.hide_message("stop"), "button_go_on", True)]  # fmt: skip
            self.bars.show_message("stop", "Se están trayendo mensajes. Lo traído se conserva.", "today", answers)
            return
        self.network.cancel()
        window_place.remember(self, self._context.memory, PLACE)
        event.accept()  # the base class would ask ``reject`` again


def open_rooms(context: Context, places: Sequence[str] = ()) -> RoomsDialog:
    """Show the dialog; it belongs to the main window and outlives the one it is asked from."""
    main = next((each for each in QApplication.topLevelWidgets() if each.objectName() == "main_window"), None)
    dialog = RoomsDialog(context, places, main)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _open.append(dialog)
    dialog.destroyed.connect(lambda: _open.remove(dialog))
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
